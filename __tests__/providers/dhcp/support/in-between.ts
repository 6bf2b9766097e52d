import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseJsonText } from "../../../../providers/dhcp/backends/kea/json-text";

/** A control socket before another one, where a test can act before each request is passed on. */
export class InBetween {
  /** Commands, in the order in which they came. */
  readonly commands: string[] = [];
  before: (command: string, nth: number) => Promise<void> = async () => {};
  /** What is passed on. */
  instead: (request: string, command: string, nth: number) => string = (request) => request;
  private readonly folder = mkdtempSync(join(tmpdir(), "ib-"));
  private readonly server: Server;

  constructor(to: string) {
    this.server = createServer({ allowHalfOpen: true }, (socket) => {
      let request = "";
      socket.on("error", () => {});
      socket.on("data", async (chunk) => {
        request += chunk.toString("latin1");
        if (!request.trimEnd().endsWith("}")) return;
        try {
          parseJsonText(request);
        } catch {
          return;
        }
        const { command } = JSON.parse(request);
        this.commands.push(command);
        const nth = this.commands.length;
        await this.before(command, nth);
        const passed = this.instead(request, command, nth);
        const onward = connect(to, () => onward.write(Buffer.from(passed, "latin1")));
        onward.pipe(socket);
      });
    });
  }

  get endpoint(): string {
    return `unix://${join(this.folder, "s")}`;
  }
  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(join(this.folder, "s"), resolve));
    return this;
  }
  async stop(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
