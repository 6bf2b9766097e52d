/** One phone of the lab without a phone's doubts: registers, asks TVS a question, and registers again when it is reset. */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type TLSSocket, connect as tlsConnect } from "node:tls";
import type { PhoneProvisioning } from "../../../../lab/cluster/start";
import { encodeMessage, LineReader, parseNodeMessage } from "../../../../lab/registration";
import type { Certificate } from "../../../../trust/certificate";
import { askTvs } from "../../../lab/cluster/support";

interface Place {
  readonly address: string;
  readonly registration: number;
  readonly tvs: number;
}

export class BenchPhone {
  resets = 0;
  #socket: TLSSocket | null = null;
  #closed = false;
  #registered: Promise<void> = Promise.resolve();

  constructor(
    private readonly identity: PhoneProvisioning,
    private readonly at: Place,
  ) {}

  /** Resolves when it was reset after so many times and is registered again, or was not reset for a while. */
  async after(resets: number): Promise<void> {
    for (let i = 0; i < 50 && this.resets === resets; i++) await sleep(20);
    await this.#registered;
  }

  async register(): Promise<void> {
    this.#registered = this.#register();
    await this.#registered;
  }

  close(): void {
    this.#closed = true;
    this.#socket?.destroy();
  }

  /** As a phone asks about a signer that it does not know: TVS's log has its name from then on. */
  async askTvs({ subject, issuer, serial }: Certificate): Promise<void> {
    const { address, tvs } = this.at;
    const deviceName = this.identity.name;
    await askTvs(address, tvs, { type: "query-request", session: 1, deviceName, subject, issuer, serial });
  }

  async #register(): Promise<void> {
    const { name: device, load, lsc } = this.identity;
    const socket = tlsConnect({
      host: this.at.address,
      port: this.at.registration,
      rejectUnauthorized: false,
      cert: lsc!.certificate,
      key: lsc!.key,
    });
    this.#socket = socket;
    await once(socket, "secureConnect");
    const reader = new LineReader();
    await new Promise<void>((resolve, reject) => {
      socket.on("data", (chunk) => {
        for (const message of reader.push(chunk).map(parseNodeMessage)) {
          if (message.type === "registered") resolve();
          if (message.type === "refused") reject(new Error(`the phone is refused: ${message.text}`));
          if (message.type === "reset") this.#reset(socket);
        }
      });
      socket.on("error", reject);
      socket.on("close", () => this.#closed || reject(new Error("the phone's connection was closed")));
      socket.write(encodeMessage({ type: "register", device, load, ip: "10.1.20.50", securityMode: 3 }));
    });
  }

  #reset(socket: TLSSocket): void {
    this.resets += 1;
    this.#registered = (async () => {
      socket.end(encodeMessage({ type: "unregister", statusReason: 8 }));
      if (!socket.destroyed) await once(socket, "close");
      if (!this.#closed) await this.#register();
    })();
    this.#registered.catch(() => {});
  }
}
