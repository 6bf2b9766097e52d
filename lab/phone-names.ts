/** The device names of the lab's own phones: those that `waves/hq.csv` begins with, whatever is edited there later. */
export const PHONE_NAMES: readonly string[] = Array.from(
  { length: 21 },
  (_, i) => `SEP0011223344${(i + 1).toString(16).toUpperCase().padStart(2, "0")}`,
);
