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

const COMPUTED_ONCE = /^(?:parse|verify)/;

/**
 * The module with its parsers and signature checks computing the same thing once: they are not what is compared,
 * and take most of the time.
 */
export function computedOnce<M extends object>(actual: M): M {
  const entries = Object.entries(actual).map(([name, value]) =>
    typeof value === "function" && COMPUTED_ONCE.test(name) ? [name, memo(value)] : [name, value],
  );
  return Object.fromEntries(entries) as M;
}

/** By the identity of up to two arguments. */
function memo(compute: (a: unknown, b?: unknown) => unknown) {
  const known = new Map<unknown, Map<unknown, unknown>>();
  return (a: unknown, b?: unknown) => {
    const results = known.get(a) ?? new Map<unknown, unknown>();
    known.set(a, results);
    if (!results.has(b)) results.set(b, compute(a, b));
    return results.get(b);
  };
}
