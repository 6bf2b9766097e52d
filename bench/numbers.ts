export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** Prints one measurement. */
export function row(what: string, milliseconds: number, remark = ""): void {
  console.log(`  ${what.padEnd(42)} ${milliseconds.toFixed(0).padStart(6)} ms   ${remark}`.trimEnd());
}

export async function timed(run: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await run();
  return performance.now() - began;
}
