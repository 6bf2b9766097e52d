import { connect } from "node:net";
import { bounded, Collector, type ExchangeOptions } from "../exchange";
import { Failures } from "../failures";
import { type Exchanged, MAX_ANSWER, REASONS, type Transport } from "./transport";

/** Kea's unix control socket: one JSON object in, one back, then the server closes. */
export class UnixTransport implements Transport {
  readonly namesService = false;
  private readonly failures: Failures;

  constructor(
    server: string,
    readonly label: string,
    private readonly path: string,
  ) {
    this.failures = new Failures(server, label, REASONS);
  }

  exchange(request: string, o: ExchangeOptions): Promise<Exchanged> {
    return bounded(this.failures, o, ({ resolve, reject }) => {
      const collector = new Collector(MAX_ANSWER);
      const socket = connect(this.path, () => socket.write(Buffer.from(request, "latin1")));
      socket.on("data", (chunk: Buffer) => {
        if (!collector.add(chunk)) reject(this.failures.tooLong(MAX_ANSWER));
      });
      socket.on("error", (cause) => reject(this.failures.unreachable(cause)));
      socket.on("end", () => {
        // Closed without a word: who knows whether the command was carried out.
        if (collector.empty) reject(this.failures.unreachable(undefined));
        else resolve({ body: collector.bytes().toString("latin1") });
      });
      socket.on("close", () => reject(this.failures.unreachable(undefined)));
      return { stop: () => socket.destroy() };
    });
  }
}
