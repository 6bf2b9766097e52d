/** How often a lost parent is looked for. */
const INTERVAL = 1_000;
/** How long a host may take to connect at first: it gives a provider as long to start. */
const START = 60_000;
/** How long a host may stay away before it is taken for dead. Its client reconnects well within this. */
const AWAY = 5_000;

export interface OrphanWatch {
  /** To be told how many connections there are, whenever that changes. */
  connections(open: number): void;
  stop(): void;
}

/**
 * Calls `orphaned` once when the host is gone: our parent is another process than at the start, or for a while there
 * has been no connection. A killed host cannot say goodbye, and may have been killed before we could look.
 */
export function watchForOrphaning(
  orphaned: (why: string) => void,
  { interval = INTERVAL, start = START, grace = AWAY, parent = () => process.ppid } = {},
): OrphanWatch {
  const first = parent();
  const lost = (why: string) => {
    stop();
    orphaned(why);
  };
  const poll = setInterval(() => {
    if (parent() !== first) lost("the process that started the provider has ended");
  }, interval);
  let away = setTimeout(() => lost("no host has connected"), start);
  // Neither timer keeps the process alive.
  poll.unref();
  away.unref();
  const stop = () => {
    clearInterval(poll);
    clearTimeout(away);
  };
  return {
    stop,
    connections: (open) => {
      clearTimeout(away);
      if (open > 0) return;
      away = setTimeout(lost, grace, "the host's connection has been closed");
      away.unref();
    },
  };
}
