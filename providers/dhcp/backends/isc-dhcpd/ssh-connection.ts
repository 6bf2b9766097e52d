/** A login over SSH. The host key is verified before anything is sent. */
import { createHash } from "node:crypto";
import { connect, type Socket } from "node:net";
import type { AuthenticationType, Client, ParsedKey } from "ssh2";
import { DhcpError, type DhcpErrorKind } from "../backend";
import type { IscDhcpdConfig } from "./config";
import { DeadlineError, withDeadline } from "./deadline";
import { usableKey } from "./private-key";

/** TCP, and then all of the login. */
const CONNECT_MS = 10_000;
const LOGIN_MS = 30_000;

export interface SshConnection {
  readonly client: Client;
  close(): void;
}

/** @throws DhcpError */
export async function openConnection(
  config: IscDhcpdConfig,
  host: string,
  signal: AbortSignal,
): Promise<SshConnection> {
  try {
    return await withDeadline(LOGIN_MS, signal, (inner) => open(config, host, inner));
  } catch (error) {
    throw asDhcpError(config, host, error);
  }
}

async function open(config: IscDhcpdConfig, host: string, signal: AbortSignal): Promise<SshConnection> {
  const { Client, utils } = await import("ssh2");
  const { credentials } = config;
  const secret =
    "privateKey" in credentials
      ? { key: usableKey(utils.parseKey, config, credentials) }
      : { password: credentials.password };
  const socket = await tcp(host, config.port, signal);
  const client = new Client();
  const close = () => {
    client.end();
    socket.destroy();
  };
  try {
    await new Promise<void>((resolve, reject) => {
      let identity: DhcpError | null = null;
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      // Stays: what happens to a connection that nobody uses must not end the process.
      client.on("error", (error) => reject(identity ?? refusedLogin(config, host, error) ?? error));
      client.on("close", () =>
        reject(identity ?? Object.assign(new Error("closed during login"), { code: "ECONNRESET" })),
      );
      client.on("ready", resolve);
      client.connect({
        sock: socket,
        username: credentials.username,
        readyTimeout: 0,
        authHandler: once({ username: credentials.username, ...secret }) as never,
        hostVerifier: (key: Buffer) => {
          identity = hostKeyProblem(config, host, key);
          return identity === null;
        },
      });
    });
  } catch (error) {
    close();
    throw error;
  }
  return { client, close };
}

function tcp(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const socket = connect({ host, port, noDelay: true });
    const stop = () => socket.destroy(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    socket.setTimeout(CONNECT_MS, () => socket.destroy(Object.assign(new Error(), { code: "ETIMEDOUT" })));
    socket.once("error", reject);
    socket.once("connect", () => {
      signal.removeEventListener("abort", stop);
      socket.setTimeout(0);
      socket.removeListener("error", reject);
      resolve(socket);
    });
  });
}

/** `SHA256:` and base64 without padding, as ssh-keygen prints it. */
const fingerprint = (key: Uint8Array) =>
  `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;

function hostKeyProblem({ name, hostKeys }: IscDhcpdConfig, host: string, key: Buffer): DhcpError | null {
  const presented = fingerprint(key);
  if (hostKeys.some((pin) => pin.trim().replace(/=+$/, "") === presented)) return null;
  if (hostKeys.length === 0)
    return new DhcpError(
      name,
      `The SSH host key of DHCP server ${host} cannot be verified`,
      `None is configured for it, so nothing was sent. It shows ${presented}. Compare that with the server (ssh-keygen -lf of its host key) and add to servers["${name}"].isc_dhcpd: ssh_sha256 = ["${presented}"] (constructs: sshSha256).`,
      "identity",
    );
  return new DhcpError(
    name,
    `DHCP server ${host} shows another SSH host key than the configured one`,
    `Nothing was sent to it. It shows ${presented}; accepted by servers["${name}"].isc_dhcpd.ssh_sha256: ${hostKeys.join(", ")}. If the server was reinstalled, compare the new key on its console and change the setting; otherwise somebody stands in between.`,
    "identity",
  );
}

type Login = { readonly username: string } & ({ readonly password: string } | { readonly key: ParsedKey });
type Answered = (answers: string[]) => void;

/** A refused password is not tried a second way: failed logins lock accounts. */
function once(login: Login) {
  let sent = false;
  const choose = (left: readonly AuthenticationType[] | null) => {
    if (left === null) return "none";
    if (sent) return false;
    sent = true;
    if ("key" in login) return { type: "publickey", ...login };
    const { username, password } = login;
    if (left.includes("password")) return { type: "password", username, password };
    if (!left.includes("keyboard-interactive")) return false;
    const prompt = (_n: string, _i: string, _l: string, prompts: readonly unknown[], finish: Answered) =>
      finish(prompts.map(() => password));
    return { type: "keyboard-interactive", username, prompt };
  };
  return (left: AuthenticationType[] | null, _partial: boolean | null, next: (choice: unknown) => void) =>
    next(choose(left));
}

function refusedLogin(config: IscDhcpdConfig, host: string, error: Error & { level?: string }) {
  if (error.level !== "client-authentication" && !/authentication methods failed/i.test(error.message))
    return null;
  const key = "privateKey" in config.credentials;
  return new DhcpError(
    config.name,
    `SSH (TCP ${config.port}) of DHCP server ${host} refuses the credentials`,
    key
      ? "The account does not exist, or its authorized_keys has not the public half of this key."
      : "User name or password is wrong, the account is locked, or the server takes no passwords (then give a private key).",
    "credentials",
  );
}

const REASONS: { readonly [code: string]: string } = {
  ECONNREFUSED: "Nothing listens there: is sshd running, and is this its port?",
  ECONNRESET: "The connection was reset",
  EPIPE: "The connection was closed",
  EHOSTUNREACH: "There is no route to it",
  ENETUNREACH: "There is no route to it",
  ETIMEDOUT: "The connection timed out: a firewall, or the machine is down",
  ENOTFOUND: "Its name cannot be resolved",
  EAI_AGAIN: "The name server does not answer",
};

/** From whatever a socket, ssh2 or a signal threw. */
export function asDhcpError({ name, port }: IscDhcpdConfig, host: string, error: unknown): DhcpError {
  if (error instanceof DhcpError) return error;
  const at = `SSH (TCP ${port}) of DHCP server ${host}`;
  const make = (summary: string, detail: string, kind: DhcpErrorKind) =>
    new DhcpError(name, summary, detail, kind);
  if (error instanceof DeadlineError) return make(`${at} does not answer`, error.message, "timeout");
  const { code, name: kind, message } = error as { code?: unknown; name?: string; message?: string };
  if (kind === "AbortError" || code === "ABORT_ERR")
    return make(`${at} was not waited for`, "The run was cancelled", "cancelled");
  const reason = REASONS[String(code)];
  if (reason !== undefined) return make(`Cannot reach ${at}`, reason, "unreachable");
  return make(`${at} failed`, message || String(error), "answer");
}
