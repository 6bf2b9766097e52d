import { DhcpError, type Scope, scopeText } from "../backend";
import { command, type KeaAnswer, refusal } from "./command";
import type { DeltaCommand } from "./delta";
import { KeaDocument } from "./document";
import {
  canonical,
  items,
  JsonTextError,
  member,
  numberOf,
  parseJsonText,
  type Span,
  shallowMembers,
  stringOf,
} from "./json-text";
import { type Rules, type ScopeView, viewScope } from "./scope-view";
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
  private known: Promise<ReadonlySet<string>> | undefined;
  private tags: Promise<boolean | null> | undefined;

  constructor(
    readonly name: string,
    readonly transport: Transport,
    readonly pilotsBy: Rules["pilotsBy"],
  ) {}

  get label(): string {
    return this.transport.label;
  }

  async snapshot(signal: AbortSignal): Promise<Snapshot> {
    const answer = await this.send("config-get", signal);
    if (answer.result !== 0) {
      const refused = refusal(this.name, this.transport, "config-get", answer);
      throw (await this.isAway(signal)) ? awayBehindAgent(refused) : refused;
    }
    const text = answer.argumentsText ?? "";
    // Without a hash in it there is nothing to look for.
    if (/^\{\s*"Dhcp4"/.test(text) && !text.includes('"hash"'))
      return { document: new KeaDocument(text), hash: undefined };
    const members = shallowMembers(text);
    if (!members?.has("Dhcp4"))
      throw new DhcpError(
        this.name,
        `DHCP server "${this.name}" is not a Kea DHCPv4 server`,
        `${this.label}: its configuration has no Dhcp4. Is this the socket of another daemon, or of an agent without one?`,
        "answer",
      );
    const span = members.get("hash");
    if (!span) return { document: new KeaDocument(text), hash: undefined };
    // config-set refuses the hash that config-get adds.
    const hash = stringOf(parseJsonText(text.slice(span.start, span.end)));
    return { document: new KeaDocument(withoutMember(text, "hash", span)), hash };
  }

  /** @throws DhcpError kind "scope" when the server has no such scope. */
  async view({ document }: Snapshot, scope: Scope, signal: AbortSignal): Promise<ScopeView> {
    const view = this.understood(() => viewScope(document, scope, this.rules(true)));
    if (!view)
      throw new DhcpError(
        this.name,
        `DHCP server "${this.name}" has no ${scopeText(scope)}`,
        `${this.label}: ${NOT_FOUND[scope.kind]}.`,
        "scope",
      );
    if (view.entries.length < 2) return view;
    return viewScope(document, scope, this.rules(await this.firstWins(signal))) ?? view;
  }

  private understood<T>(look: () => T): T {
    try {
      return look();
    } catch (cause) {
      if (!(cause instanceof JsonTextError)) throw cause;
      throw new DhcpError(
        this.name,
        `DHCP server "${this.name}" does not answer like Kea`,
        `${this.label}: its configuration is not JSON: ${cause.message}.`,
        "answer",
      );
    }
  }

  rules(firstWins: boolean): Rules {
    return { firstWins, pilotsBy: this.pilotsBy };
  }

  /**
   * Whether elements of option-data may be for a class only: asked of config-test, with a document that has nothing
   * else. null when it does not say.
   */
  async knowsClassTags(signal: AbortSignal): Promise<boolean | null> {
    this.tags ??= this.send("config-test", signal, TAGGED).then(({ result, text }) =>
      result === 0 ? true : aboutTags(text) ? false : null,
    );
    this.tags.catch(() => {
      this.tags = undefined;
    });
    return this.tags;
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
    if (answer.result === 0) return;
    const refused = refusal(this.name, this.transport, "config-test", answer, document.root);
    if (!aboutTags(answer.text)) throw refused;
    throw new DhcpError(refused.server, refused.summary, `${refused.detail} ${TAGS_ADVICE}`, refused.kind);
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

  /** The daemon's commands, of its hook libraries too: what it can do is asked, not guessed from its version. */
  async commands(signal: AbortSignal): Promise<ReadonlySet<string>> {
    this.known ??= this.send("list-commands", signal).then(
      (answer) => new Set(items(answer.arguments).map((c) => stringOf(c) ?? "")),
    );
    this.known.catch(() => {
      this.known = undefined;
    });
    return this.known;
  }

  run(delta: DeltaCommand, signal: AbortSignal): Promise<KeaAnswer> {
    return this.send(delta.name, signal, delta.args);
  }

  /** Whether there is a reservation in a database of the server, which its configuration does not show. */
  async hasHost(subnetId: string, mac: string, signal: AbortSignal): Promise<boolean> {
    const args = `{ "subnet-id": ${subnetId}, "identifier-type": "hw-address", "identifier": "${mac}" }`;
    return (await this.send("reservation-get", signal, args)).result === 0;
  }

  /**
   * When the server was configured, newest first, as far as it remembers; null when it does not tell. Kea sets this
   * statistic to 0 each time that it takes a configuration, and keeps a number of samples.
   */
  async configurations(signal: AbortSignal): Promise<readonly string[] | null> {
    const answer = await this.send("statistic-get", signal, `{ "name": "${COUNTED_ANEW}" }`);
    const samples = member(answer.arguments, COUNTED_ANEW);
    if (answer.result !== 0 || samples?.kind !== "array") return null;
    return samples.items.flatMap((sample) => {
      const [value, time] = items(sample);
      return numberOf(value) === 0 ? [stringOf(time) ?? ""] : [];
    });
  }

  /** Saves the running configuration to the file that the server was started with. */
  async write(signal: AbortSignal): Promise<void> {
    await this.demand("config-write", signal);
  }

  /** Whether an agent answers in place of the daemon: no daemon that lives refuses to tell its version. */
  private async isAway(signal: AbortSignal): Promise<boolean> {
    return this.transport.namesService && (await this.send("version-get", signal)).result !== 0;
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

/** The agent's own word is kept, and is not what tells that the daemon is away. */
const awayBehindAgent = (refused: DhcpError): DhcpError =>
  new DhcpError(
    refused.server,
    `DHCP server "${refused.server}" cannot be reached`,
    `${refused.detail} The control agent answers, and kea-dhcp4 does not behind it: is it running, and does the agent's control-sockets name its socket?`,
    "unreachable",
  );

const TAGGED =
  '{ "Dhcp4": { "option-data": [ { "code": 150, "space": "dhcp4", "csv-format": false, "data": "C0000201", "client-classes": [ "option-150" ] } ] } }';
/** Measured on 2.2 and 2.6: "spurious 'client-classes' parameter". */
const aboutTags = (text: string): boolean => /spurious 'client-classes'/.test(text);
export const TAGS_ADVICE =
  'Kea knows options for a class in a subnet since 2.7, and this one does not. Set pilots_by to "reservation", or leave it out: a pilot gets a reservation then.';

/** Changes for phones that decline an address only, which is rare. */
const COUNTED_ANEW = "declined-addresses";

const NOT_FOUND: { readonly [kind in Scope["kind"]]: string } = {
  subnet: "check the prefix; a subnet is found by its address and length, also inside a shared network",
  pool: "check the first and the last address; they have to be those of one pool of that subnet",
  "shared-network": "check the name",
  global: "its configuration has no Dhcp4",
  reservation: "check the prefix of the subnet; the phone itself needs no reservation",
};

export function sameDocument(a: KeaDocument, b: KeaDocument): boolean {
  if (a.text === b.text) return true;
  try {
    return canonical(a.root) === canonical(b.root);
  } catch (cause) {
    if (cause instanceof JsonTextError) return false;
    throw cause;
  }
}

/** A member of an object taken out, with one comma. */
function withoutMember(text: string, key: string, value: Span): string {
  const start = text.lastIndexOf(JSON.stringify(key), value.start);
  const before = text.slice(0, start);
  const after = text.slice(value.end);
  const comma = /,\s*$/;
  return comma.test(before) ? before.replace(comma, "") + after : before + after.replace(/^\s*,\s*/, "");
}
