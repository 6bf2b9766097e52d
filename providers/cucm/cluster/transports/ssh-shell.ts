/**
 * An SSH session with a shell, as the platform CLI wants it: no exec channel, a terminal, keyboard-interactive
 * authentication. The host key is verified before anything is sent.
 */
import { createHash } from "node:crypto";
import { connect, type Socket } from "node:net";
import type { AuthenticationType, AuthHandlerMiddleware, ClientChannel } from "ssh2";
import { withDeadline } from "../budget";
import type { ClusterError } from "../cluster";
import { type Credentials, refusedAccount } from "../config";
import { asClusterError, type Endpoint, failure, messageOf } from "../failure";
import type { RefusedCredentials } from "../refused-credentials";
import type { Cryptography } from "./cryptography";

export interface SshTarget {
  readonly endpoint: Endpoint;
  readonly port: number;
  readonly credentials: Credentials;
  /** Shared by the sessions on all nodes. */
  readonly refused: RefusedCredentials;
  /** `SHA256:<base64>` as ssh-keygen prints it. */
  readonly hostKeys: readonly string[];
  readonly cryptography: Cryptography;
}

export interface SshShell {
  readonly channel: ClientChannel;
  /** Whether it keeps the process alive: only while a command runs. */
  busy(busy: boolean): void;
  close(): void;
}

/** TCP, and then all of the login. */
const CONNECT_MS = 10_000;
const LOGIN_MS = 30_000;

/** @throws ClusterError */
export async function openShell(target: SshTarget, signal: AbortSignal): Promise<SshShell> {
  const { endpoint, port } = target;
  try {
    return await withDeadline(LOGIN_MS, signal, (inner) => open(target, inner));
  } catch (error) {
    throw asClusterError(endpoint, `SSH (TCP ${port})`, error);
  }
}

async function open(target: SshTarget, signal: AbortSignal): Promise<SshShell> {
  const { endpoint, port, credentials } = target;
  const { Client } = await import("ssh2");
  const socket = await tcp(endpoint.address, port, signal);
  const client = new Client();
  const close = () => {
    client.end();
    socket.destroy();
  };
  try {
    return await new Promise<SshShell>((resolve, reject) => {
      const login = new Login(target);
      let identity: ClusterError | null = null;
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      client.on("error", (error) => reject(identity ?? login.explain(error) ?? error));
      client.on("close", () =>
        reject(
          identity ??
            Object.assign(new Error("the connection was closed during login"), { code: "ECONNRESET" }),
        ),
      );
      client.on("keyboard-interactive", (_name, instructions, _language, prompts, finish) =>
        finish(login.answers(instructions, prompts)),
      );
      client.on("ready", () =>
        client.shell({ term: "vt100", cols: 500, rows: 1000 }, (error, channel) => {
          if (error) return reject(error);
          resolve({
            channel,
            busy: (busy) => (busy ? socket.ref() : socket.unref()),
            close,
          });
        }),
      );
      client.connect({
        sock: socket,
        username: credentials.username,
        password: credentials.password,
        tryKeyboard: true,
        authHandler: login.next,
        readyTimeout: 0,
        keepaliveInterval: 0,
        algorithms: target.cryptography.ssh,
        hostVerifier: (key: Buffer) => {
          identity = hostKeyProblem(target, key);
          return identity === null;
        },
      });
    });
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * A connection that is ours to destroy, whatever the other side does.
 *
 * @throws what the socket threw, or the signal's reason
 */
export function tcp(host: string, port: number, signal: AbortSignal): Promise<Socket> {
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
export function hostKeyFingerprint(key: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

function hostKeyProblem({ endpoint, hostKeys }: SshTarget, key: Buffer): ClusterError | null {
  const presented = hostKeyFingerprint(key);
  const { address } = endpoint;
  if (hostKeys.map((pin) => pin.trim().replace(/=+$/, "")).includes(presented)) return null;
  return hostKeys.length === 0
    ? failure(
        endpoint,
        "identity",
        `The SSH host key of ${address} cannot be verified`,
        `No host key is configured for it, so nothing was sent. It shows ${presented}. Compare that with the node ` +
          `and add: identities = { "${address}" = { ssh_sha256 = ["${presented}"] } }`,
      )
    : failure(
        endpoint,
        "identity",
        `SSH of ${address} shows another host key than the configured one`,
        `Nothing was sent to it. It shows ${presented}; accepted by identities["${address}"].ssh_sha256: ${hostKeys.join(", ")}. ` +
          "If the node was reinstalled, compare the new key on its console and change the setting; otherwise somebody stands in between.",
      );
}

/**
 * Keyboard-interactive, or password where that is all there is. A refused password is not tried a second way:
 * failed logins lock accounts.
 */
class Login {
  #tried: AuthenticationType[] = [];
  #passwordSent = false;
  #problem: string | null = null;
  constructor(private readonly target: SshTarget) {}

  readonly next: AuthHandlerMiddleware = (left, _partial, next) => {
    // The types know no `false`, which ends the attempts.
    next(this.#choose(left ?? null) as AuthenticationType);
  };

  #choose(left: readonly AuthenticationType[] | null): AuthenticationType | false {
    // "none" asks which methods there are.
    if (left === null) return this.#try("none");
    if (this.#passwordSent || this.#problem !== null) return false;
    const offered = (method: AuthenticationType) => left.length === 0 || left.includes(method);
    if (offered("keyboard-interactive") && !this.#tried.includes("keyboard-interactive")) {
      return this.#try("keyboard-interactive");
    }
    if (offered("password") && !this.#tried.includes("password")) {
      this.#passwordSent = true;
      return this.#try("password");
    }
    return false;
  }

  #try(method: AuthenticationType): AuthenticationType {
    this.#tried.push(method);
    return method;
  }

  answers(instructions: string, prompts: readonly { readonly prompt: string }[]): string[] {
    if (prompts.length === 0) return [];
    const asked = [instructions, ...prompts.map(({ prompt }) => prompt)].join(" ");
    if (prompts.length > 1 || this.#passwordSent || /new password|retype|expired|change/i.test(asked)) {
      this.#problem ??= this.#passwordSent
        ? "The server asked again after the password"
        : "The server asks for more than the password: has it expired?";
      return prompts.map(() => "");
    }
    this.#passwordSent = true;
    return [this.target.credentials.password];
  }

  explain(error: Error & { level?: string }): ClusterError | null {
    if (error.level !== "client-authentication" && !/authentication methods failed/i.test(messageOf(error)))
      return null;
    const { endpoint, port } = this.target;
    const methods = this.#tried.filter((method) => method !== "none").join(", ") || "none";
    return failure(
      endpoint,
      "credentials",
      `SSH (TCP ${port}) of ${endpoint.address} refuses the credentials`,
      `User name or password of the platform administrator is wrong, or the account is locked. ${this.#problem ?? "Tried"}${this.#problem === null ? ` ${methods}` : ""}. ${refusedAccount(endpoint.cluster, this.target.credentials)}`,
    );
  }
}
