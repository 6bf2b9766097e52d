// Loaded before main.ts (cdktf.json): of an error that is the declaration's, whose stack is only its message, node
// would also print the line that throws it. Any other is printed as ever.
process.on("uncaughtException", (error) => {
  const isPlain = error instanceof Error && error.stack === `${error.name}: ${error.message}`;
  console.error(isPlain ? error.message : error);
  process.exit(1);
});
