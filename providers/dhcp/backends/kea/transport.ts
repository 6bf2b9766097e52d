import { DhcpError, type DhcpErrorKind } from "../backend";

/** One request and its answer over Kea's control channel, each on a connection of its own. */
export interface Transport {
  /** The endpoint as it is printed. */
  readonly label: string;
  /** Whether commands name the daemon that they are for: they pass through an agent, or may. */
  readonly namesService: boolean;
  /**
   * Sends `request` and returns the whole answer, both as Latin-1 text (bytes).
   * @throws DhcpError
   */
  exchange(request: string, o: ExchangeOptions): Promise<Exchanged>;
}

export interface ExchangeOptions {
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly timeout: number;
}

export interface Exchanged {
  readonly body: string;
  /** Status of HTTP; undefined on a unix socket. */
  readonly status?: number;
}

/** Kea's own time-out of a control connection, 10 s, cannot be configured. */
export const COMMAND_TIMEOUT = 10_000;
/** config-test and config-set read the lease file: longer with very many leases. */
export const CONFIG_TIMEOUT = 60_000;
/** 300 subnets with 20 reservations each are 1.4 MB. */
export const MAX_ANSWER = 64 * 1024 * 1024;

export class Failures {
  constructor(
    readonly server: string,
    readonly label: string,
  ) {}

  error(kind: DhcpErrorKind, what: string, detail: string): DhcpError {
    return new DhcpError(
      this.server,
      `DHCP server "${this.server}" ${what}`,
      `${this.label}: ${detail}`,
      kind,
    );
  }
  unreachable(cause: unknown): DhcpError {
    return this.error("unreachable", "cannot be reached", reason(cause));
  }
  timeout(ms: number): DhcpError {
    return this.error("timeout", "does not answer", `no answer within ${ms / 1000} s`);
  }
  cancelled(): DhcpError {
    return this.error("cancelled", "was not asked to the end", "the operation was cancelled");
  }
  tooLong(): DhcpError {
    return this.error(
      "answer",
      "answers too much",
      `the answer is longer than ${MAX_ANSWER / 1024 / 1024} MiB`,
    );
  }
}

const REASONS: { readonly [code: string]: string } = {
  ENOENT: "there is no such socket: the server is not running, or its control socket has another name",
  ECONNREFUSED: "nobody listens there",
  EACCES: "this user may not open the control socket: Kea lets only its own user (3.0: also its group) in",
  ENOTFOUND: "the host name is not known",
};

/** The system's error code and what it means here; never its message, which may quote what was sent. */
export function reason(cause: unknown): string {
  const code = (cause as { code?: unknown } | null)?.code;
  if (typeof code !== "string") return "the connection failed";
  return REASONS[code] ? `${REASONS[code]} (${code})` : `the connection failed (${code})`;
}

/** Collects an answer up to {@link MAX_ANSWER}; false when it is longer. */
export class Collector {
  private readonly chunks: Buffer[] = [];
  private length = 0;
  constructor(private readonly max = MAX_ANSWER) {}

  add(chunk: Buffer): boolean {
    this.length += chunk.length;
    if (this.length > this.max) return false;
    this.chunks.push(chunk);
    return true;
  }
  get empty(): boolean {
    return this.length === 0;
  }
  text(): string {
    return Buffer.concat(this.chunks).toString("latin1");
  }
}

/** Runs `start` until it settles, the time is up or the signal aborts; `stop` ends whatever is still open. */
export function bounded<T>(
  failures: Failures,
  o: ExchangeOptions,
  start: (settle: { resolve: (value: T) => void; reject: (error: Error) => void }) => { stop: () => void },
): Promise<T> {
  if (o.signal.aborted) return Promise.reject(failures.cancelled());
  return new Promise<T>((resolve, reject) => {
    let running: { stop: () => void } | undefined;
    const done = () => {
      clearTimeout(timer);
      o.signal.removeEventListener("abort", abort);
      running?.stop();
    };
    const settle = {
      resolve: (value: T) => {
        done();
        resolve(value);
      },
      reject: (error: Error) => {
        done();
        reject(error);
      },
    };
    const abort = () => settle.reject(failures.cancelled());
    const timer = setTimeout(() => settle.reject(failures.timeout(o.timeout)), o.timeout);
    o.signal.addEventListener("abort", abort, { once: true });
    running = start(settle);
  });
}
