/** What is asked of the machine that runs dhcpd. Every method may throw `DhcpError`. */
export interface HostSession {
  /** As sentences name it: its address. */
  readonly label: string;
  /** @param limit bytes; a larger file is an error */
  read(path: string, limit: number, signal: AbortSignal): Promise<HostFile>;
  /** A new file, mode 0644, on the disk when this returns. */
  create(path: string, bytes: Buffer, signal: AbortSignal): Promise<void>;
  /** In one step, also when `to` is there. */
  rename(from: string, to: string, signal: AbortSignal): Promise<void>;
  remove(path: string, signal: AbortSignal): Promise<void>;
  run(command: string, signal: AbortSignal): Promise<CommandResult>;
  /**
   * Held until the session ends; when the machine hears nothing any more, until some seconds later. Once it is lost,
   * every request fails. Its file says who has it (`holderIn`).
   *
   * @returns false when somebody else holds it for longer than `seconds`
   */
  lock(path: string, seconds: number, signal: AbortSignal): Promise<boolean>;
  close(): void;
}

export type HostFile =
  | { readonly kind: "bytes"; readonly bytes: Buffer }
  | { readonly kind: "missing" }
  /** In words, without its content. */
  | { readonly kind: "unreadable"; readonly why: string };

export interface CommandResult {
  /** The exit status; null when a signal ended it. */
  readonly status: number | null;
  /** What it printed on both, shortened. May repeat lines of the configuration: never shown as it is. */
  readonly output: string;
}
