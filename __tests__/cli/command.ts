import { main } from "../../cli/main";

export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command in this process. */
export async function run(...args: readonly string[]): Promise<Ran> {
  const lines = { log: [] as string[], error: [] as string[] };
  const spies = (["log", "error"] as const).map((stream) =>
    jest.spyOn(console, stream).mockImplementation((...line: unknown[]) => {
      lines[stream].push(line.join(" "));
    }),
  );
  // The parser of the command line writes its own errors.
  const write = jest.spyOn(process.stderr, "write").mockImplementation((text) => {
    lines.error.push(String(text).trimEnd());
    return true;
  });
  try {
    const status = await main(args);
    return { status, out: lines.log.join("\n"), err: lines.error.join("\n") };
  } finally {
    for (const spy of [...spies, write]) spy.mockRestore();
  }
}
