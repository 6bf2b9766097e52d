/**
 * Pauses of `cluster/budget` that take no time, while the clock shows that they did. To be mocked in:
 * `jest.mock("<...>/providers/cucm/cluster/budget", () => require("<...>/virtual-clock").budget)`.
 */
const real = Date.now;
let slept = 0;

beforeAll(() => jest.spyOn(Date, "now").mockImplementation(() => real() + slept));
afterAll(() => jest.restoreAllMocks());

export const later = (seconds: number) => {
  slept += seconds * 1000;
};

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => setImmediate(resolve));
  if (signal.aborted) throw signal.reason;
  slept += ms;
}

export const budget = { ...jest.requireActual("../../../providers/cucm/cluster/budget"), sleep };
