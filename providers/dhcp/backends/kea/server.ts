import { DhcpError, type Scope, scopeText } from "../backend";
import { command, type KeaAnswer, refusal } from "./command";
import { KeaDocument } from "./document";
import { applyEdits, canonical, member, removeElement, slice, stringOf } from "./json-text";
import { type ScopeView, viewScope } from "./scope-view";
import type { Transport } from "./transport";

/** A server's whole configuration at one moment. */
export interface Snapshot {
  readonly document: KeaDocument;
  /** What Kea 2.4 and later calls this configuration. */
  readonly hash: string | undefined;
}

/** One Kea daemon's commands, as far as they are needed. */
export class KeaServer {
  private version: Promise<string> | undefined;

  constructor(
    readonly name: string,
    readonly transport: Transport,
  ) {}

  get label(): string {
    return this.transport.label;
  }

  async snapshot(signal: AbortSignal): Promise<Snapshot> {
    const answer = await this.demand("config-get", signal);
    const args = answer.arguments;
    if (args?.kind !== "object" || member(args, "Dhcp4")?.kind !== "object")
      throw new DhcpError(
        this.name,
        `DHCP server "${this.name}" is not a Kea DHCPv4 server`,
        `${this.label}: its configuration has no Dhcp4. Is this the socket of another daemon, or of an agent without one?`,
        "answer",
      );
    const hash = args.members.findIndex((m) => m.key === "hash");
    // config-set refuses the hash that config-get adds.
    const edits = hash < 0 ? [] : [removeElement(args, hash)];
    const text = slice(applyEdits(answer.raw, edits), {
      start: args.start,
      end: args.end - edits.reduce((cut, e) => cut + (e.end - e.start), 0),
    });
    return { document: new KeaDocument(text), hash: stringOf(member(args, "hash")) };
  }

  /** @throws DhcpError kind "scope" when the server has no such subnet. */
  async view({ document }: Snapshot, scope: Scope, signal: AbortSignal): Promise<ScopeView> {
    const view = viewScope(document, scope, true);
    if (!view)
      throw new DhcpError(
        this.name,
        `DHCP server "${this.name}" has no ${scopeText(scope)}`,
        `${this.label}: check the prefix; a subnet is found by its address and length, also inside a shared network.`,
        "scope",
      );
    if (view.entries.length < 2) return view;
    return viewScope(document, scope, await this.firstWins(signal)) ?? view;
  }

  /** Of several elements for one option the first is served since 2.7, the last before (measured: 2.2, 2.6; 3.0). */
  async firstWins(signal: AbortSignal): Promise<boolean> {
    this.version ??= this.demand("version-get", signal).then((a) => a.text);
    this.version.catch(() => {
      this.version = undefined;
    });
    const [major = 0, minor = 0] = (await this.version).split(".").map(Number);
    return major > 2 || (major === 2 && minor >= 7);
  }

  /** @throws DhcpError kind "refused" when Kea would not accept the document. */
  async test(document: KeaDocument, signal: AbortSignal): Promise<void> {
    const answer = await this.send("config-test", signal, document.text);
    if (answer.result !== 0) throw refusal(this.name, this.transport, "config-test", answer, document.root);
  }

  /** Whether the configuration is still the one of the snapshot. There is no compare-and-set in Kea. */
  async unchanged(since: Snapshot, signal: AbortSignal): Promise<boolean> {
    if (since.hash !== undefined) {
      const answer = await this.send("config-hash-get", signal);
      const hash = stringOf(member(answer.arguments, "hash"));
      if (answer.result === 0 && hash !== undefined) return hash === since.hash;
    }
    return sameDocument((await this.snapshot(signal)).document, since.document);
  }

  set(document: KeaDocument, signal: AbortSignal): Promise<KeaAnswer> {
    return this.send("config-set", signal, document.text);
  }

  /** Saves the running configuration to the file that the server was started with. */
  async write(signal: AbortSignal): Promise<void> {
    await this.demand("config-write", signal);
  }

  private send(name: string, signal: AbortSignal, args?: string): Promise<KeaAnswer> {
    return command(this.transport, this.name, name, signal, args);
  }
  private async demand(name: string, signal: AbortSignal): Promise<KeaAnswer> {
    const answer = await this.send(name, signal);
    if (answer.result !== 0) throw refusal(this.name, this.transport, name, answer);
    return answer;
  }
}

export const sameDocument = (a: KeaDocument, b: KeaDocument): boolean =>
  a.text === b.text || canonical(a.root) === canonical(b.root);
