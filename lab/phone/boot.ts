/**
 * One boot of one phone, in the order of Cisco's logs: DHCP, CTL, ITL, configuration, CAPF where that orders it. A
 * list that is accepted replaces the old one at once and is what the next file is checked against; a refused one
 * changes nothing and the boot goes on.
 */
import type { Certificate } from "../../trust/certificate";
import { Role } from "../../trust/roles";
import { parseTrustList } from "../../trust/trust-list";
import { type CapfOrder, type CapfReply, enrol, type IsTrusted } from "./capf";
import { type Endpoint, type PhoneConfig, parsePhoneConfig } from "./config-file";
import type { Console } from "./console";
import {
  type Capabilities,
  isListedTftp,
  type Lists,
  type Reason,
  type Switches,
  servesSignedFiles,
} from "./decide";
import type { Lease } from "./dhcp-client";
import type { Remembered } from "./flash";
import type { Fetched } from "./tftp-client";
import type { TvsQuestion, TvsReply } from "./tvs-client";
import { isVouchedFor, TvsCache, type Verifier, verifyConfig, verifyList } from "./verify";
import { STATUS } from "./wording";

/** Everything outside the phone's head. */
export interface BootIo {
  readonly console: Console;
  lease(requested: string | null): Promise<Lease | null>;
  fetch(address: string, name: string): Promise<Fetched>;
  askTvs(
    server: Endpoint,
    question: TvsQuestion,
    isTrusted: (shown: Certificate) => boolean,
  ): Promise<TvsReply>;
  /** One try. What CAPF issues is in the phone's memory when it resolves. */
  askCapf(order: CapfOrder, isTrusted: IsTrusted): Promise<CapfReply>;
  /** Between two tries. */
  pause(): Promise<void>;
  /** With the key of the phone's certificate; null when it is encrypted for another one, or there is none. */
  decrypt(payload: Buffer): Buffer | null;
  keep(name: "ctl.tlv" | "itl.tlv" | "config.xml", bytes: Buffer): void;
  erase(name: "ctl.tlv" | "itl.tlv"): void;
}

export interface Before {
  /** `SEP` and 12 hex digits. */
  readonly name: string;
  readonly model: string;
  readonly lists: Lists;
  readonly config: PhoneConfig | null;
  readonly remembered: Remembered;
  readonly switches: Switches;
  readonly caps: Capabilities;
  /** TFTP servers that somebody typed in: they count, whatever option 150 says. */
  readonly alternateTftp: readonly string[] | null;
  /** Restart and apply do without. */
  readonly dhcp: boolean;
}

export type Step = "dhcp" | "tftp" | "ctl" | "itl" | "config" | "capf" | "registration";

export interface Failure {
  readonly step: Step;
  readonly reason: Reason;
}

export interface After {
  readonly lists: Lists;
  readonly config: PhoneConfig | null;
  readonly remembered: Remembered;
  /** Last status message on the phone's screen. */
  readonly status: string;
  /** All status messages of this boot, the oldest first. */
  readonly messages: readonly string[];
  /** First step that failed and why; null when all went well. */
  readonly failed: Failure | null;
  /** All of them, in order. */
  readonly failures: readonly Failure[];
  /** Whom to register with. */
  readonly callManagers: readonly Endpoint[];
}

/** A phone knows two TFTP servers. */
const TFTP_SERVERS = 2;

export async function boot(before: Before, io: BootIo): Promise<After> {
  return new Boot(before, io).run();
}

class Boot {
  private lists: Lists;
  private config: PhoneConfig | null;
  private remembered: Remembered;
  private status: string = STATUS.trustListUpdated;
  private readonly messages: string[] = [];
  private readonly failures: Failure[] = [];
  private verifier: Verifier;

  constructor(
    private readonly before: Before,
    private readonly io: BootIo,
  ) {
    this.lists = before.lists;
    this.config = before.config;
    this.remembered = before.remembered;
    this.verifier = {
      deviceName: `${before.model}-${before.name}`,
      switches: before.switches,
      caps: before.caps,
      tvs: before.config?.tvs ?? [],
      cache: new TvsCache(),
      console: io.console,
      askTvs: (server, question, isTrusted) => io.askTvs(server, question, isTrusted),
    };
  }

  async run(): Promise<After> {
    if (this.before.dhcp) await this.dhcp();
    const { alternateTftp } = this.before;
    if (alternateTftp !== null) this.remembered = { ...this.remembered, tftp: alternateTftp };
    const ctl = await this.findTftp();
    if (ctl === null) return this.end(this.cached());
    await this.takeCtl(ctl.fetched);
    if (this.before.caps.sbd)
      await this.takeList("itl", await this.get(`ITL${this.before.name}.tlv`, "/tmp/ITLFile.tlv"));
    if (this.lists.ctl === null && this.lists.itl === null) this.say(STATUS.noTrustList);
    if (this.before.switches.enforceTftpAddress && !isListedTftp(ctl.server, this.lists)) {
      this.fail("tftp", "tftp-not-authorized", STATUS.tftpNotAuthorized);
      return this.end(this.fallback(ctl.server));
    }
    if (!(await this.takeConfig())) return this.end(this.fallback(ctl.server));
    await this.visitCapf();
    return this.end(this.cached());
  }

  private end(callManagers: readonly Endpoint[]): After {
    const { lists, config, remembered, status, messages, failures } = this;
    const failed = failures[0] ?? null;
    return { lists, config, remembered, status, messages, failed, failures, callManagers };
  }

  /** A bare configuration names CallManagers too, but nothing that a phone could be there. */
  private cached(): readonly Endpoint[] {
    return this.config?.full ? this.config.callManagers : [];
  }

  private fallback(server: string): readonly Endpoint[] {
    const cached = this.cached();
    if (this.before.switches.fallbackWhenConfigBad === "cached") return cached;
    return [{ address: server, port: cached[0]?.port ?? 5061 }];
  }

  private fail(step: Step, reason: Reason, status: string): void {
    this.say(status);
    this.failures.push({ step, reason });
  }

  private say(status: string): void {
    this.messages.push(status);
    // The first failure explains the others.
    if (this.failures.length === 0) this.status = status;
  }

  private async dhcp(): Promise<void> {
    const lease = await this.io.lease(this.remembered.address);
    if (lease === null) {
      this.io.console.line("WRN", "DHCP-no answer, keeping the old values");
      // The boot goes on with what the phone had, which may well be what it should leave.
      return this.fail("dhcp", "dhcp-no-answer", STATUS.dhcpTimeout);
    }
    this.io.console.line("NOT", `DHCP-bound to ${lease.address}, option 150 [${lease.tftp.join(", ")}]`);
    this.remembered = { ...this.remembered, address: lease.address, tftp: lease.tftp };
  }

  /** The first of the two servers that answers; whether it has the file does not matter. */
  private async findTftp(): Promise<{ server: string; fetched: Fetched } | null> {
    const servers = this.remembered.tftp.slice(0, TFTP_SERVERS);
    if (servers.length === 0) {
      this.fail("dhcp", "no-option-150", STATUS.tftpTimeout);
      return null;
    }
    for (const server of servers) {
      this.remembered = { ...this.remembered, tftpInUse: server };
      const fetched = await this.get(`CTL${this.before.name}.tlv`, "/tmp/CTLFile.tlv");
      if (fetched.kind !== "unreachable") return { server, fetched };
    }
    this.fail("tftp", "tftp-unreachable", STATUS.tftpTimeout);
    return null;
  }

  private async get(name: string, destination: string): Promise<Fetched> {
    const server = this.remembered.tftpInUse ?? "";
    this.io.console.line(
      "NOT",
      `dgetfile(870)-GETXXTP [GT870] [src=${name}] [dest=${destination}] [serv=] [serv6=] [sec=0]`,
    );
    const fetched = await this.io.fetch(server, name);
    const code = { file: 100, "not-found": 404, unreachable: 1 }[fetched.kind];
    this.io.console.line("NOT", `dgetfile(851)-XXTP complete - status = ${code}`);
    this.io.console.line("NOT", `dgetfile(851)-XXTP actualserver [${server}]`);
    return fetched;
  }

  private async takeCtl(fetched: Fetched): Promise<void> {
    if (fetched.kind === "not-found") {
      this.say(STATUS.noCtl);
      if (this.before.switches.ctl404 === "erase" && this.lists.ctl !== null) {
        this.io.erase("ctl.tlv");
        this.lists = { ...this.lists, ctl: null };
      }
      return;
    }
    await this.takeList("ctl", fetched);
  }

  private async takeList(which: "ctl" | "itl", fetched: Fetched): Promise<void> {
    if (fetched.kind === "unreachable") return this.fail("tftp", "tftp-unreachable", STATUS.tftpTimeout);
    if (fetched.kind === "not-found") return;
    const had = this.lists[which] !== null;
    const verified = await verifyList(which, fetched.bytes, this.lists, this.verifier);
    if (verified.kind === "rejected") return this.fail(which, verified.reason, STATUS.trustListFailed);

    const { console } = this.io;
    console.line("NOT", "SECUREAPP-updateFromFile: TL parse to table: CTL_SUCCESS");
    console.line("NOT", "SECUREAPP-updateFromFile: Updating master TL table");
    console.line("DEB", "SECUREAPP-TL file verified successfully.");
    console.line("INF", "SECUREAPP-TL file updated.");
    this.io.keep(`${which}.tlv`, fetched.bytes);
    this.lists = { ...this.lists, [which]: parseTrustList(fetched.bytes) };
    // Answers of TVS belong to the lists that they were asked with.
    this.verifier.cache.flush();
    const both = this.before.lists.ctl === null && this.lists.ctl !== null;
    const fresh = which === "ctl" ? STATUS.ctlInstalled : both ? STATUS.bothInstalled : STATUS.itlInstalled;
    this.say(had ? STATUS.trustListUpdated : fresh);
  }

  /** True when the phone has a configuration from this boot. */
  private async takeConfig(): Promise<boolean> {
    const plain = `${this.before.name}.cnf.xml`;
    const asksForEncrypted = this.config?.encrypted ?? false;
    if (asksForEncrypted) {
      const encrypted = await this.takeConfigFile(`${plain}.enc.sgn`);
      if (encrypted !== "not-there") return encrypted === "taken";
    }
    const taken = await this.takeConfigFile(servesSignedFiles(this.lists) ? `${plain}.sgn` : plain);
    if (taken === "not-there") this.fail("config", "file-not-found", STATUS.noConfiguration);
    if (taken !== "taken") return false;
    // It learned only now that there is an encrypted one.
    if (!asksForEncrypted && this.config?.encrypted) await this.takeConfigFile(`${plain}.enc.sgn`);
    return true;
  }

  /** An encrypted file that the phone cannot read is as good as none. */
  private async takeConfigFile(name: string): Promise<"taken" | "refused" | "not-there"> {
    const fetched = await this.get(name, `/tmp/${name}`);
    if (fetched.kind === "not-found") return "not-there";
    if (fetched.kind === "unreachable") return this.refuseConfig("tftp-unreachable", STATUS.tftpTimeout);
    let payload = fetched.bytes;
    if (name.endsWith(".sgn")) {
      const verified = await verifyConfig(fetched.bytes, this.lists, this.verifier);
      if (verified.kind === "rejected")
        return this.refuseConfig(verified.reason, `invalid file ${name}, authenticated fail`);
      payload = verified.file.payload;
    }
    if (name.endsWith(".enc.sgn")) {
      const plain = this.io.decrypt(payload);
      if (plain === null) {
        this.io.console.line("ERR", `config-${name} is encrypted for another key`);
        return "not-there";
      }
      payload = plain;
    }
    try {
      this.config = parsePhoneConfig(payload.toString("utf8"));
    } catch (error) {
      this.io.console.line("ERR", `config-${error instanceof Error ? error.message : String(error)}`);
      return this.refuseConfig("malformed", `invalid file ${name}`);
    }
    this.io.keep("config.xml", payload);
    // Whatever is checked next is checked by the TVS servers that it has learnt of just now.
    this.verifier = { ...this.verifier, tvs: this.config.tvs };
    return "taken";
  }

  private refuseConfig(reason: Reason, status: string): "refused" {
    this.fail("config", reason, status);
    return "refused";
  }

  /** As the configuration orders. With the new LSC, or for what is ordered next, the configuration is asked for again. */
  private async visitCapf(): Promise<void> {
    const order = this.config?.capf ?? null;
    if (order !== null) {
      const { address } = order.server;
      this.io.console.line("NOT", `CAPF-enrolment with [${address}] by ${order.mode}`);
      const failed = await enrol(order, this.lists, {
        ask: (...args) => this.io.askCapf(...args),
        isVouchedFor: (shown) => isVouchedFor(shown, Role.CAPF, this.lists, this.verifier),
        pause: () => this.io.pause(),
      });
      if (failed !== null) return this.fail("capf", failed, STATUS.lscFailed);
      this.say(STATUS.lscInstalled);
      await this.takeConfig();
    }
    if (!this.config?.full) this.fail("capf", "public-key-unknown", STATUS.lscFailed);
  }
}
