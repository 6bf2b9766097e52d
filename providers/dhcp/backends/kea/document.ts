import { canonicalSubnet } from "../subnet";
import {
  isTrue,
  items,
  type JsonNode,
  type JsonObject,
  member,
  numberOf,
  parseJsonText,
  slice,
  stringOf,
} from "./json-text";

/** The number of the option, and the space that Kea keeps it in. No version of Kea predefines it. */
export const CODE = 150;
export const SPACE = "dhcp4";

/** The definition of option 150; found by code and space, since it may have any name. */
export interface Definition {
  readonly name: string;
  /** Must be `ipv4-address`. */
  readonly type: string;
  /** Must be true: without it Kea serves the first address only, and says nothing. */
  readonly array: boolean;
}

/** One element of an `option-data` list that sets option 150. */
export interface Entry {
  readonly node: JsonObject;
  /** Position in its list. */
  readonly index: number;
  readonly data: string;
  /** Comma-separated text when true, hexadecimal when false. */
  readonly csv: boolean;
  readonly neverSend: boolean;
  readonly alwaysSend: boolean;
  /** Kea 2.7 and later: served to members of these classes only. */
  readonly classes: readonly string[];
}

export interface SubnetPlace {
  readonly node: JsonObject;
  readonly network: JsonObject | null;
}

/** A server's configuration as `config-get` gave it, without the hash. Holds secrets: never shown, never kept. */
export class KeaDocument {
  private parsed: JsonNode | undefined;
  private defined: Definition | null | undefined;
  private subnets: ReadonlyMap<string, SubnetPlace> | undefined;

  /** @param text the arguments of `config-get` without `hash`, as `config-set` takes them. */
  constructor(readonly text: string) {}

  /** Parsed at first use: most comparisons need the text only, and it may be megabytes. */
  get root(): JsonNode {
    this.parsed ??= parseJsonText(this.text);
    return this.parsed;
  }
  get dhcp4(): JsonNode | undefined {
    return member(this.root, "Dhcp4");
  }
  get definition(): Definition | null {
    if (this.defined === undefined) this.defined = this.findDefinition();
    return this.defined;
  }

  /** The subnet with this prefix, also inside a shared network; null when there is none. */
  subnet(prefix: string): SubnetPlace | null {
    this.subnets ??= this.indexed();
    return this.subnets.get(canonicalSubnet(prefix) ?? "") ?? null;
  }

  /** All subnets, those of shared networks too. */
  allSubnets(): readonly SubnetPlace[] {
    return [...subnetsOf(this.dhcp4, null), ...this.networks().flatMap((n) => subnetsOf(n, n))];
  }
  networks(): readonly JsonObject[] {
    return objects(member(this.dhcp4, "shared-networks"));
  }

  /** Every element for option 150 in the `option-data` of `scope` (the server's root, a subnet, a pool, ...). */
  entries(scope: JsonNode | undefined): Entry[] {
    return items(member(scope, "option-data")).flatMap((node, index) => {
      if (node.kind !== "object" || !this.sets150(node)) return [];
      const csvFormat = member(node, "csv-format");
      return [
        {
          node,
          index,
          data: stringOf(member(node, "data")) ?? "",
          // Unset, Kea takes text when there is a definition and hexadecimal when there is none.
          csv: csvFormat ? isTrue(csvFormat) : this.definition !== null,
          neverSend: isTrue(member(node, "never-send")),
          alwaysSend: isTrue(member(node, "always-send")),
          classes: items(member(node, "client-classes")).map((c) => stringOf(c) ?? ""),
        },
      ];
    });
  }

  slice(node: JsonNode): string {
    return slice(this.text, node);
  }

  /** Looked up for hundreds of scopes. Of two with one prefix, which Kea refuses, the first counts. */
  private indexed(): ReadonlyMap<string, SubnetPlace> {
    const index = new Map<string, SubnetPlace>();
    for (const place of this.allSubnets()) {
      const prefix = canonicalSubnet(stringOf(member(place.node, "subnet")) ?? "");
      if (prefix !== null && !index.has(prefix)) index.set(prefix, place);
    }
    return index;
  }

  private sets150(entry: JsonObject): boolean {
    const space = stringOf(member(entry, "space")) ?? SPACE;
    if (space !== SPACE) return false;
    const code = numberOf(member(entry, "code"));
    if (code !== undefined) return code === CODE;
    return this.definition !== null && stringOf(member(entry, "name")) === this.definition.name;
  }

  private findDefinition(): Definition | null {
    for (const node of items(member(this.dhcp4, "option-def"))) {
      if (numberOf(member(node, "code")) !== CODE) continue;
      if ((stringOf(member(node, "space")) ?? SPACE) !== SPACE) continue;
      return {
        name: stringOf(member(node, "name")) ?? "",
        type: stringOf(member(node, "type")) ?? "",
        array: isTrue(member(node, "array")),
      };
    }
    return null;
  }
}

/** The elements of a list that are objects. */
export const objects = (list: JsonNode | undefined): readonly JsonObject[] =>
  items(list).filter((node): node is JsonObject => node.kind === "object");

const subnetsOf = (owner: JsonNode | undefined, network: JsonObject | null): SubnetPlace[] =>
  objects(member(owner, "subnet4")).map((node) => ({ node, network }));
