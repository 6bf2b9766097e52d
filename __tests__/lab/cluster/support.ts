import { createHash, randomInt } from "node:crypto";
import { once } from "node:events";
import { request as httpsRequest } from "node:https";
import { connect as tcpConnect } from "node:net";
import { type TLSSocket, connect as tlsConnect } from "node:tls";
import { Client, type ClientChannel } from "ssh2";
import type { LabOptions } from "../../../lab/cluster/options";
import { type RunningClusters, startClusters } from "../../../lab/cluster/start";
import type { State } from "../../../lab/cluster/state";
import {
  encodeMessage,
  LineReader,
  type NodeMessage,
  type PhoneMessage,
  parseNodeMessage,
} from "../../../lab/registration";
import { decodeTvsMessage, encodeTvsMessage, type TvsMessage } from "../../../trust/tvs-message";
import { LAB_KEYS } from "../lab-keys";

export const PHONES = ["SEP001122334401", "SEP001122334402", "SEP001122334403"] as const;
export const STALE = PHONES[2];

export const ACCOUNTS = {
  source: {
    platform: { username: "osadmin", password: "os-source" },
    application: { username: "app", password: "app-source" },
  },
  destination: {
    platform: { username: "osadmin", password: "os-dest" },
    application: { username: "app", password: "app-dest" },
  },
} as const;

type Overrides = Omit<Partial<LabOptions>, "clusters"> & {
  readonly source?: Partial<LabOptions["clusters"]["source"]>;
  readonly destination?: Partial<LabOptions["clusters"]["destination"]>;
};

/** Both clusters with short delays, though long enough to see what has not happened yet. */
export function startLab({ source, destination, ...overrides }: Overrides = {}): Promise<RunningClusters> {
  return startClusters({
    clusters: {
      source: { version: "10.5.2.11900-3", ...ACCOUNTS.source, ...source },
      destination: { version: "11.0.1.10000-10", ...ACCOUNTS.destination, ...destination },
    },
    network: `127.${randomInt(64, 250)}`,
    pki: LAB_KEYS,
    phones: PHONES,
    stale: [STALE],
    delays: {
      replication: [0.2, 0.4],
      serviceStop: [0.1, 0.2],
      serviceStart: [0.2, 0.3],
      tvsReload: [0.2, 0.3],
      cliBanner: [0.01, 0.05],
      cliCommand: [0, 0.01],
    },
    ...overrides,
  });
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly cookie: string | undefined;
}

/** One HTTPS request with a pinned certificate. `auth` is `user:password` or null. */
export function post(
  address: string,
  port: number,
  pin: string,
  path: string,
  body: string,
  auth: string | null,
  headers: { readonly [name: string]: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        host: address,
        port,
        path,
        method: "POST",
        auth: auth ?? undefined,
        rejectUnauthorized: false,
        agent: false,
        headers,
      },
      async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk as Buffer);
        const cookie = response.headers["set-cookie"]?.[0]?.split(";")[0];
        resolve({ status: response.statusCode!, body: Buffer.concat(chunks).toString(), cookie });
      },
    );
    request.on("socket", (socket) =>
      socket.once("secureConnect", () => {
        const raw = (socket as TLSSocket).getPeerCertificate().raw;
        if (createHash("sha256").update(raw).digest("hex") !== pin)
          request.destroy(new Error("wrong certificate"));
      }),
    );
    request.on("error", reject);
    request.end(body);
  });
}

export function soap(namespace: string, content: string): string {
  return `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns="${namespace}"><soapenv:Body>${content}</soapenv:Body></soapenv:Envelope>`;
}

/** Asks one message of a TVS and returns its answer and its certificate. */
export async function askTvs(
  address: string,
  port: number,
  message: TvsMessage,
): Promise<{ answer: TvsMessage; server: Buffer }> {
  const socket = tlsConnect({ host: address, port, rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const server = socket.getPeerCertificate().raw;
  socket.write(encodeTvsMessage(message));
  let bytes = Buffer.alloc(0);
  for await (const chunk of socket) {
    bytes = Buffer.concat([bytes, chunk as Buffer]);
    if (bytes.length >= 10 && bytes.length >= 10 + bytes.readUInt16BE(8)) break;
  }
  socket.destroy();
  return { answer: decodeTvsMessage(bytes), server };
}

export async function isRefused(address: string, port: number): Promise<boolean> {
  const socket = tcpConnect({ host: address, port });
  try {
    await once(socket, "connect");
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ECONNREFUSED";
  } finally {
    socket.destroy();
  }
}

export async function state(control: string): Promise<State> {
  return (await (await fetch(`${control}/state`)).json()) as State;
}

export async function fault(control: string, body: object): Promise<void> {
  const response = await fetch(`${control}/fault`, { method: "POST", body: JSON.stringify(body) });
  if (!response.ok) throw new Error(await response.text());
}

export async function until(what: () => boolean | Promise<boolean>, milliseconds = 5000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await what())) {
    if (Date.now() > end) throw new Error(`not so after ${milliseconds} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A terminal at the OS CLI. */
export class Shell {
  text = "";
  private constructor(
    readonly client: Client,
    private readonly channel: ClientChannel,
  ) {
    channel.on("data", (chunk: Buffer) => {
      this.text += chunk.toString("latin1");
    });
  }

  static async open(address: string, port: number, password: string, rows = 24): Promise<Shell> {
    const client = new Client();
    client.on("keyboard-interactive", (_name, _instructions, _lang, _prompts, finish) => finish([password]));
    await new Promise<void>((resolve, reject) => {
      client.once("ready", resolve);
      client.once("error", reject);
      client.connect({ host: address, port, username: "osadmin", tryKeyboard: true });
    });
    const channel = await new Promise<ClientChannel>((resolve, reject) =>
      client.shell({ term: "vt100", rows, cols: 200, width: 0, height: 0 }, (error, opened) =>
        error ? reject(error) : resolve(opened),
      ),
    );
    const shell = new Shell(client, channel);
    await shell.wait(/admin:$/);
    return shell;
  }

  type(text: string): void {
    this.channel.write(text);
  }

  async wait(pattern: RegExp): Promise<void> {
    await until(() => pattern.test(this.text));
  }

  /** Types a command and returns what stands between its echo and the next prompt. */
  async run(command: string): Promise<string> {
    this.text = "";
    this.type(`${command}\r`);
    await this.wait(/admin:$/);
    return this.plain()
      .replace(/^.*\n/, "")
      .replace(/admin:$/, "");
  }

  /** Without escapes and carriage returns. */
  plain(): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what is taken out
    return this.text.replace(/\x1b\[[?\d;]*[a-zA-Z]/g, "").replace(/\r/g, "");
  }

  close(): void {
    this.client.end();
  }
}

/** A phone's end of a registration. */
export class Registration {
  readonly messages: NodeMessage[] = [];
  closed = false;
  private constructor(readonly socket: TLSSocket) {
    const reader = new LineReader();
    socket.on("data", (chunk) => {
      for (const line of reader.push(chunk)) this.messages.push(parseNodeMessage(line));
    });
    socket.on("close", () => {
      this.closed = true;
    });
    socket.on("error", () => {});
  }

  static async open(
    address: string,
    port: number,
    lsc: { certificate: string; key: string } | null,
  ): Promise<Registration> {
    const identity = lsc === null ? {} : { cert: lsc.certificate, key: lsc.key };
    const socket = tlsConnect({ host: address, port, rejectUnauthorized: false, ...identity });
    const registration = new Registration(socket);
    await once(socket, "secureConnect");
    return registration;
  }

  send(message: PhoneMessage): void {
    this.socket.write(encodeMessage(message));
  }

  async next(): Promise<NodeMessage> {
    await until(() => this.messages.length > 0);
    return this.messages.shift()!;
  }
}
