/** A small SSH server with a terminal that echoes, prompts and pastes like the platform CLI. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Connection, Server, type ServerChannel, utils } from "ssh2";

export interface CliOptions {
  readonly username?: string;
  readonly password?: string;
  /** Offered authentication methods. @default keyboard-interactive only */
  readonly methods?: readonly ("keyboard-interactive" | "password")[];
  /** What keyboard-interactive asks. @default ["Password: "] */
  readonly prompts?: readonly string[];
  readonly startDelayMs?: number;
  readonly banner?: string;
  /** What a command does. @default knows nothing */
  readonly answer?: (line: string, terminal: Terminal) => Promise<string | undefined>;
}

const hostKey = utils.generateKeyPairSync("ecdsa", { bits: 256 });
/** The public half as OpenSSH writes it. */
export const HOST_KEY = Buffer.from(hostKey.public.split(" ")[1]!, "base64");

export class CliServer {
  /** Commands in the order in which they came, without the set-up of the session. */
  readonly commands: string[] = [];
  readonly attempts: { readonly method: string; readonly secret: string }[] = [];
  sessions = 0;
  #open = new Set<Connection>();
  readonly #server: Server;

  constructor(readonly options: CliOptions = {}) {
    this.#server = new Server({ hostKeys: [hostKey.private] }, (connection) => this.#connected(connection));
  }

  static async start(options: CliOptions = {}): Promise<CliServer> {
    const cli = new CliServer(options);
    cli.#server.listen(0, "127.0.0.1");
    await once(cli.#server, "listening");
    return cli;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends every session, as a node's idle timeout or reboot does. */
  drop(): void {
    for (const connection of this.#open) connection.end();
  }

  async stop(): Promise<void> {
    this.drop();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #connected(connection: Connection): void {
    this.#open.add(connection);
    connection.on("close", () => this.#open.delete(connection));
    connection.on("error", () => {});
    const { username = "admin", password = "secret", methods = ["keyboard-interactive"] } = this.options;
    connection.on("authentication", (context) => {
      const refuse = () => context.reject([...methods]);
      const decide = (secret: string) => {
        this.attempts.push({ method: context.method, secret });
        if (context.username === username && secret === password) context.accept();
        else refuse();
      };
      if (!methods.includes(context.method as "password")) return refuse();
      if (context.method === "password") return decide(context.password);
      if (context.method !== "keyboard-interactive") return refuse();
      const prompts = (this.options.prompts ?? ["Password: "]).map((prompt) => ({ prompt, echo: false }));
      return context.prompt(prompts, (answers) => decide(answers.join("|")));
    });
    connection.on("ready", () =>
      connection.on("session", (accept) => {
        const session = accept();
        session.on("pty", (ok) => ok?.());
        session.on("shell", (ok) => {
          this.sessions++;
          void this.#shell(new Terminal(ok(), connection));
        });
      }),
    );
  }

  async #shell(terminal: Terminal): Promise<void> {
    const { startDelayMs = 0, banner = "\n   Welcome to the Platform Command Line Interface\n\n" } =
      this.options;
    await sleep(startDelayMs, undefined, { ref: false });
    terminal.print(banner);
    for (;;) {
      terminal.print("admin:");
      const line = (await terminal.line()).trim();
      if (line === "") continue;
      if (line === "set cli pagination off") {
        terminal.print("Automatic pagination is turned off\n");
        continue;
      }
      this.commands.push(line);
      const answer = await this.options.answer?.(line, terminal);
      terminal.print(answer ?? "");
    }
  }
}

export class Terminal {
  #input = "";
  #wake: (() => void) | null = null;
  echo = true;

  constructor(
    private readonly channel: ServerChannel,
    private readonly connection: Connection,
  ) {
    channel.on("data", (chunk: Buffer) => {
      const text = chunk.toString("utf8");
      this.#input += text;
      if (this.echo) this.print(text.replace(/\r/g, "\n").replaceAll("\u0004", ""));
      this.#wake?.();
    });
    channel.on("error", () => {});
  }

  print(text: string): void {
    this.channel.write(text.replace(/\r?\n/g, "\r\n"));
  }

  /** As it is, without making line feeds pretty. */
  raw(text: string): void {
    this.channel.write(text);
  }

  hangUp(): void {
    this.connection.end();
  }

  line(): Promise<string> {
    return this.until(/[\r\n]/);
  }

  /** Input up to what the pattern matches. */
  async until(pattern: RegExp): Promise<string> {
    for (;;) {
      const match = pattern.exec(this.#input);
      if (match) {
        const text = this.#input.slice(0, match.index);
        this.#input = this.#input.slice(match.index + match[0].length);
        return text;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
