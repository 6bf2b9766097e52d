/** Functions of a module that a test may replace while it runs: how mutations are put in. */
type Functions = { [name: string]: (...args: never[]) => unknown };

const patches = new Map<string, Functions>();

/** The module with every exported function looked up at each call. */
export function patchable<M extends object>(module: string, actual: M): M {
  const entries = Object.entries(actual).map(([name, value]) => {
    if (typeof value !== "function" || /^[A-Z]/.test(name)) return [name, value];
    return [name, (...args: never[]) => (patches.get(module)?.[name] ?? value)(...args)];
  });
  return Object.fromEntries(entries) as M;
}

/** While `run` runs, `replacement` gets the true functions and yields what stands for some of them. */
export async function withPatch<T>(module: string, functions: Functions, run: () => Promise<T>): Promise<T> {
  patches.set(module, functions);
  try {
    return await run();
  } finally {
    patches.delete(module);
  }
}

/** A parser that reads the same bytes once: reading is not what is compared, and it takes most of the time. */
export function readOnce<A extends object | string, R>(parse: (input: A) => R): (input: A) => R {
  const objects = new WeakMap<object, R>();
  const texts = new Map<string, R>();
  return (input) => {
    const known = typeof input === "string" ? texts.get(input) : objects.get(input);
    if (known !== undefined) return known;
    const result = parse(input);
    if (typeof input === "string") texts.set(input, result);
    else objects.set(input, result);
    return result;
  };
}
