/**
 * One phone: boots, registers, stays, and boots again when it is told to or when it has lost its way. Everything it
 * knows is in its directory; everything else it learns from the network.
 */
import { createHash, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import type { TrustList } from "../../trust/trust-list";
import { decryptConfig } from "../encrypted-config";
import { type After, type BootIo, boot, type Failure, type Step } from "./boot";
import type { CapfOrder, CapfReply, IsTrusted } from "./capf";
import { askCapf } from "./capf-client";
import type { Endpoint } from "./config-file";
import { ConsoleFile } from "./console";
import { type Capabilities, isTrustedCallManager, type Reason, type Switches } from "./decide";
import type { DhcpRelay } from "./dhcp-client";
import { Flash } from "./flash";
import { type Refusal, register, type Session } from "./register";
import { fetchFile } from "./tftp-client";
import { askTvs } from "./tvs-client";
import { PhoneWeb, type WebOptions } from "./web";
import { REASON_WORDS } from "./wording";

/** Milliseconds. */
export interface Timing {
  /** From the reset message to the boot. */
  readonly reset: number;
  /** Between two tries of the CallManager group, and of CAPF. */
  readonly retry: number;
  /** Tries of the group before the phone boots again. */
  readonly tries: number;
  /** Wait before such a boot: doubles from `retry` up to this. */
  readonly backoff: number;
  /** Each connection. */
  readonly network: number;
}

export const DEFAULT_TIMING: Timing = { reset: 200, retry: 1000, tries: 2, backoff: 5_000, network: 4000 };

export interface PhoneOptions {
  readonly name: string;
  readonly directory: string;
  readonly model: string;
  /** Address of the subnet that it sits in. @default that of its relay */
  readonly link?: string;
  readonly switches: Switches;
  readonly caps: Capabilities;
  readonly alternateTftp: readonly string[] | null;
  readonly timing: Timing;
  /** HTTP port of every TFTP server. */
  readonly tftpPort: number;
  /** Where its web server listens, when its configuration switches it on; null: nowhere. */
  readonly web: WebOptions | null;
}

export interface PhoneView {
  readonly name: string;
  readonly state: "booting" | "registered" | "unregistered" | "off";
  /** Where and since when (ISO 8601); null unless registered. */
  readonly registered: { readonly address: string; readonly port: number; readonly since: string } | null;
  /** Address from DHCP. */
  readonly address: string | null;
  /** Option 150 as last received, and the server that files were last asked of. */
  readonly tftp: readonly string[];
  readonly tftpInUse: string | null;
  /** Last status message. */
  readonly status: string;
  /** First step of the last boot or registration that failed; null when none did. */
  readonly failed: { readonly step: Step; readonly reason: Reason; readonly words: string } | null;
  readonly ctl: ListView | null;
  readonly itl: ListView | null;
  readonly boots: number;
}

export interface ListView {
  readonly signer: string;
  readonly serial: string;
  /** Lower-case hex of the file. */
  readonly sha256: string;
}

const makeKey = promisify(generateKeyPair);

export class Phone {
  private readonly flash: Flash;
  private readonly console: ConsoleFile;
  private session: Session | null = null;
  private since = "";
  private state: PhoneView["state"] = "booting";
  private status = "";
  private messages: { readonly at: Date; readonly text: string }[] = [];
  private readonly web: PhoneWeb | null;
  private failed: Failure | null = null;
  private boots = 0;
  private closed = false;
  /** Wakes the loop: a restart asked for on the control port, or the end. */
  private wake: (() => void) | null = null;
  private rebootAsked = false;
  private loop: Promise<void> | null = null;
  /** Made for a CAPF that has not issued an LSC for it yet. */
  private newKey: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } | null = null;

  constructor(
    private readonly options: PhoneOptions,
    private readonly relay: DhcpRelay,
  ) {
    this.flash = new Flash(options.directory);
    this.console = new ConsoleFile(this.flash.consoleFile);
    const old = this.flash.status();
    this.status = old?.status ?? "";
    if (this.status !== "") this.messages.push({ at: new Date(), text: this.status });
    this.web =
      options.web &&
      new PhoneWeb(options.web, () => ({ messages: this.messages, lists: this.flash.lists() }));
  }

  /** @param prepared registers with the configuration that it holds, without a boot */
  start(prepared: boolean): void {
    this.loop = this.run(prepared).catch((error: unknown) => {
      this.state = "off";
      this.console.line("ERR", `phone stopped: ${error instanceof Error ? error.stack : String(error)}`);
    });
  }

  reboot(): void {
    this.rebootAsked = true;
    this.wake?.();
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.session?.close(34);
    this.wake?.();
    await this.loop;
    await this.web?.close();
  }

  view(): PhoneView {
    const { ctl, itl } = this.flash.lists();
    const remembered = this.flash.status();
    const { session, failed } = this;
    return {
      name: this.options.name,
      state: this.state,
      registered: session === null ? null : { ...session.server, since: this.since },
      address: remembered?.address ?? null,
      tftp: remembered?.tftp ?? [],
      tftpInUse: remembered?.tftpInUse ?? null,
      status: this.status,
      failed: failed === null ? null : { ...failed, words: REASON_WORDS[failed.reason] },
      ctl: listView(ctl),
      itl: listView(itl),
      boots: this.boots,
    };
  }

  private async run(prepared: boolean): Promise<void> {
    let callManagers = prepared ? await this.resume() : await this.boot(true);
    let backoff = this.options.timing.retry;
    while (!this.closed) {
      const session = await this.findCallManager(callManagers);
      if (this.closed) {
        await session?.close(34);
        break;
      }
      if (session === null) {
        this.state = "unregistered";
        await this.pause(backoff);
        backoff = Math.min(backoff * 2, this.options.timing.backoff);
        if (!this.closed) callManagers = await this.boot(true);
        continue;
      }
      backoff = this.options.timing.retry;
      const next = await this.stay(session);
      if (next !== "retry" && !this.closed) callManagers = await this.boot(next === "boot");
    }
    this.state = "off";
  }

  /** Until something happens: `boot` with DHCP, `restart` without, `retry` the same group. */
  private async stay(session: Session): Promise<"boot" | "restart" | "retry"> {
    this.session = session;
    this.state = "registered";
    this.since = new Date().toISOString();
    this.console.line("NOT", `SIP-registered with [${session.server.address}]`);
    const asked = new Promise<"asked">((resolve) => {
      this.wake = () => resolve("asked");
      if (this.rebootAsked || this.closed) resolve("asked");
    });
    const event = await Promise.race([session.event, asked]);
    this.wake = null;
    this.session = null;
    this.state = "unregistered";
    if (event === "asked") {
      this.rebootAsked = false;
      await session.close(this.closed ? 34 : 8);
      return "boot";
    }
    if (event.kind === "lost") {
      this.console.line("WRN", `SIP-connection to [${session.server.address}] lost: ${event.why}`);
      await this.pause(this.options.timing.retry);
      return "retry";
    }
    this.console.line("NOT", `SIP-${event.how} received from [${session.server.address}]`);
    await session.close(8);
    await this.pause(this.options.timing.reset);
    return event.how === "reset" ? "boot" : "restart";
  }

  /** As after a boot some days ago: it has its files and an address, and only registers. */
  private async resume(): Promise<readonly Endpoint[]> {
    const old = this.flash.status();
    const lease = await this.io().lease(old?.address ?? null);
    if (old !== null && lease !== null) {
      this.flash.keep("status.json", JSON.stringify({ ...old, address: lease.address, tftp: lease.tftp }));
    }
    await this.web?.set(this.flash.config()?.webAccess ?? false);
    return this.flash.config()?.callManagers ?? [];
  }

  private async boot(dhcp: boolean): Promise<readonly Endpoint[]> {
    this.state = "booting";
    this.boots += 1;
    this.rebootAsked = false;
    this.console.line("NOT", `boot-${dhcp ? "reset" : "restart"}, boot ${this.boots}`);
    const { options, flash } = this;
    await this.web?.set(false);
    const old = flash.status();
    const after = await boot(
      {
        name: options.name,
        model: options.model,
        lists: flash.lists(),
        config: flash.config(),
        remembered: {
          address: old?.address ?? null,
          tftp: old?.tftp ?? [],
          tftpInUse: old?.tftpInUse ?? null,
        },
        switches: options.switches,
        caps: options.caps,
        alternateTftp: options.alternateTftp,
        dhcp,
      },
      this.io(),
    );
    this.settle(after);
    await this.web?.set(after.config?.webAccess ?? false);
    return after.callManagers;
  }

  private settle(after: After): void {
    this.status = after.status;
    this.messages = after.messages.map((text) => ({ at: new Date(), text }));
    this.failed = after.failed;
    const why = after.failures.map(({ reason }) => reason).join(", ");
    this.console.line("NOT", `status-${after.status}${why === "" ? "" : ` (${why})`}`);
    const status = {
      ...after.remembered,
      status: after.status,
      reason: this.failed?.reason ?? null,
      step: this.failed?.step ?? null,
    };
    this.flash.keep("status.json", `${JSON.stringify(status, null, 2)}\n`);
  }

  private io(): BootIo {
    const { options, flash, relay } = this;
    const mac = options.name
      .slice(3)
      .toLowerCase()
      .replace(/..(?=.)/g, "$&:");
    return {
      console: this.console,
      lease: (requested) => relay.lease(mac, requested, options.link),
      fetch: (address, name) => fetchFile({ address, port: options.tftpPort }, name, options.timing.network),
      askTvs: (server, question, isTrusted) =>
        askTvs(server, question, flash.identity(), isTrusted, options.timing.network),
      askCapf: (order, isTrusted) => this.enrol(order, isTrusted),
      pause: () => this.pause(options.timing.retry),
      decrypt: (payload) => {
        const key = flash.privateKey();
        return key === null ? null : decryptConfig(payload, key);
      },
      keep: (name, bytes) => flash.keep(name, bytes),
      erase: (name) => flash.erase(name),
    };
  }

  private async enrol({ server }: CapfOrder, isTrusted: IsTrusted): Promise<CapfReply> {
    const { flash, options } = this;
    this.newKey ??= await makeKey("rsa", { modulusLength: 2048 });
    const { publicKey, privateKey } = this.newKey;
    const reply = await askCapf(
      server,
      {
        device: options.name,
        publicKey: publicKey.export({ type: "spki", format: "der" }).toString("base64"),
        identity: flash.identity(),
        isTrusted,
        install: (lsc) => {
          flash.keep("lsc.key", privateKey.export({ type: "pkcs8", format: "pem" }));
          flash.keep("lsc.pem", lsc.pem);
          this.newKey = null;
        },
      },
      options.timing.network,
    );
    if (reply.kind !== "issued")
      this.console.line(
        "ERR",
        `CAPF-[${server.address}]: ${reply.kind}${"why" in reply ? `: ${reply.why}` : ""}`,
      );
    return reply;
  }

  /** Each member of the group in order, a few times. */
  private async findCallManager(group: readonly Endpoint[]): Promise<Session | null> {
    if (group.length === 0) this.note({ step: "registration", reason: "no-callmanager" });
    for (let attempt = 0; attempt < this.options.timing.tries && !this.closed; attempt++) {
      if (attempt > 0) await this.pause(this.options.timing.retry);
      for (const server of group) {
        if (this.closed || this.rebootAsked) return null;
        const found = await this.tryRegister(server);
        if ("event" in found) {
          if (this.failed?.step === "registration") this.failed = null;
          return found;
        }
        this.console.line(
          "ERR",
          `SIP-registration with [${server.address}] failed: ${found.reason}: ${found.text}`,
        );
        this.note({ step: "registration", reason: found.reason });
      }
    }
    return null;
  }

  /** A refused file explains more than the registration that fails after it; a refusal more than silence. */
  private note(failure: Failure): void {
    const old = this.failed;
    if (old !== null && old.step !== "registration") return;
    if (old !== null && failure.reason === "callmanager-unreachable") return;
    this.failed = failure;
  }

  private tryRegister(server: Endpoint): Promise<Session | Refusal> {
    const { flash, options } = this;
    const config = flash.config();
    const lists = flash.lists();
    const remembered = flash.status();
    return register(
      server,
      {
        type: "register",
        device: options.name,
        load: config?.load || "sip88xx.10-3-1-20",
        ip: (this.web?.isOpen ? this.web.options.address : remembered?.address) ?? "0.0.0.0",
        httpd: this.web?.isOpen ?? false,
        ...(lists.itl !== null && { itl: listView(lists.itl)!.sha256 }),
        securityMode: config?.securityMode ?? 1,
        ...(remembered?.tftpInUse ? { downloadServer: remembered.tftpInUse } : {}),
      },
      flash.identity(),
      (certificate) => isTrustedCallManager(certificate, lists, options.switches),
      options.timing.network,
    );
  }

  /** Ends early when the phone is told to boot or to end. */
  private async pause(milliseconds: number): Promise<void> {
    if (this.closed || this.rebootAsked) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = null;
  }
}

function listView(list: TrustList | null): ListView | null {
  if (list === null) return null;
  const sha256 = createHash("sha256").update(list.bytes).digest("hex");
  return { signer: list.signer.name, serial: list.signer.serial, sha256 };
}
