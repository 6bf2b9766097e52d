/** AXL on the publisher: the cluster's database. SOAP by hand, on whatever schema version the cluster speaks. */
import { orAborted, Shared } from "../budget";
import { asClusterError, type Endpoint, excerpt, failure } from "../failure";
import type { Log } from "../log";
import { SoapFault, type SoapServer, VersionRefused } from "./soap";
import { children, elements, text, type XmlContent, type XmlElement } from "./xml";

export interface ProcessNode {
  readonly name: string;
  readonly publisher: boolean;
}
export interface NodeService {
  readonly node: string;
  readonly service: string;
  readonly active: boolean;
}

/** `phone`, `phoneSecurityProfile`, `devicePool`: what of them AXL returns, by tag; a missing tag is empty. */
export type AxlRow = { readonly [tag: string]: string };

/** Where we begin; the publisher tells which versions it speaks if this is not one (HTTP 599). */
const FIRST_GUESS = "11.5";
const PAGE = 1000;
/** More than the largest cluster can have: a listing that goes on beyond has no end. */
const FLEET = 100_000;
/** Up to here each device is asked for by name; beyond, pages of a wildcard are fewer requests. */
const BY_NAME = 25;

export class Axl {
  #version = FIRST_GUESS;
  /** Settles with the first call. */
  #first: Promise<void> | null = null;
  /** Whole fleets, by what was asked. */
  readonly #fleets = new Map<string, Shared<readonly XmlElement[]>>();
  constructor(
    private readonly server: SoapServer,
    private readonly at: Endpoint,
    private readonly log: Log,
  ) {}

  /** CUCM's version, e.g. `10.5.2.10000-5`. */
  async version(signal: AbortSignal): Promise<string> {
    const answer = await this.#call("getCCMVersion", {}, signal);
    const version = text(children(children(answer, "return")[0], "componentVersion")[0], "version");
    if (version) return version;
    throw this.#odd("getCCMVersion", "no version in it");
  }

  /** The server table, without the virtual entry and without IM and Presence servers. */
  async processNodes(signal: AbortSignal): Promise<readonly ProcessNode[]> {
    const rows = await this.#list(
      "listProcessNode",
      {
        searchCriteria: { name: "%" },
        returnedTags: { name: "", nodeUsage: "", processNodeRole: "" },
      },
      "processNode",
      signal,
    );
    return rows
      .map((row) => ({
        name: text(row, "name") ?? "",
        publisher: /^publisher$/i.test(text(row, "nodeUsage") ?? ""),
        role: text(row, "processNodeRole") ?? "",
      }))
      .filter(({ name, role }) => name !== "" && name !== "EnterpriseWideData" && !/presence/i.test(role))
      .map(({ name, publisher }) => ({ name, publisher }));
  }

  /** @param node server-table name, or `%` for all */
  async nodeServices(node: string, signal: AbortSignal): Promise<readonly NodeService[]> {
    const rows = await this.#list(
      "listProcessNodeService",
      {
        searchCriteria: { processNodeName: node },
        returnedTags: { processNodeName: "", service: "", isActive: "" },
      },
      "processNodeService",
      signal,
    );
    return rows.map((row) => ({
      node: text(row, "processNodeName") ?? "",
      service: text(row, "service") ?? "",
      active: /^(t|true|1)$/i.test(text(row, "isActive") ?? ""),
    }));
  }

  /** Enterprise parameters of these names, by name. A name that the database does not have is absent. */
  async parameters(names: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const list = names.map(sqlLiteral).join(",");
    const rows = await this.sql(
      `select paramname,paramvalue from processconfig where paramname in (${list})`,
      signal,
    );
    const found = new Map<string, string>();
    for (const row of rows) {
      const [name, value] = [row.paramname ?? "", row.paramvalue ?? ""];
      if (found.has(name) && found.get(name) !== value) {
        throw this.#odd("executeSQLQuery", `the parameter ${name} has more than one value`);
      }
      found.set(name, value);
    }
    return found;
  }

  async sql(
    statement: string,
    signal: AbortSignal,
  ): Promise<readonly { readonly [column: string]: string }[]> {
    const rows = await this.#list("executeSQLQuery", { sql: statement }, "row", signal);
    return rows.map((row) =>
      Object.fromEntries(Object.keys(row).map((column) => [column.toLowerCase(), text(row, column) ?? ""])),
    );
  }

  /** Which of these (validated) device names exist. */
  async existingPhones(names: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
    return new Set((await this.phones(names, [], signal)).keys());
  }

  /** Lists fleets anew. */
  drop(): void {
    this.#fleets.clear();
  }

  /**
   * These tags of each of these (validated) device names that exists.
   *
   * @param keeps whether a listing of all phones serves whoever asks the same later, until {@link drop}
   */
  async phones(
    names: readonly string[],
    tags: readonly string[],
    signal: AbortSignal,
    keeps = false,
  ): Promise<ReadonlyMap<string, AxlRow>> {
    const wanted = new Set(names);
    const found = new Map<string, AxlRow>();
    const keep = (rows: readonly XmlElement[]) => {
      for (const row of rows) {
        const name = text(row, "name") ?? "";
        if (wanted.has(name)) found.set(name, rowOf(row, tags));
      }
    };
    if (wanted.size <= BY_NAME) {
      await Promise.all([...wanted].map(async (name) => keep(await this.#phones(name, tags, {}, signal))));
      return found;
    }
    // `SEP%` and whatever other beginnings there are.
    for (const prefix of new Set([...wanted].map((name) => name.slice(0, 3)))) {
      if (keeps) keep(await this.#fleet(`${prefix}%`, tags, signal));
      else await this.#pages(`${prefix}%`, tags, keep, signal);
    }
    return found;
  }

  /** These tags of all devices whose names begin so (validated); kept until {@link drop}. */
  async fleet(prefix: string, tags: readonly string[], signal: AbortSignal): Promise<readonly AxlRow[]> {
    const rows = await this.#fleet(`${prefix}%`, tags, signal);
    return rows.map((row) => rowOf(row, ["name", ...tags]));
  }

  /** All objects of a kind that AXL lists by name: `PhoneSecurityProfile`, `DevicePool`. */
  async objects(kind: string, tags: readonly string[], signal: AbortSignal): Promise<readonly AxlRow[]> {
    const request = { searchCriteria: { name: "%" }, returnedTags: tagsOf(tags) };
    const row = kind.charAt(0).toLowerCase() + kind.slice(1);
    const rows = await this.#list(`list${kind}`, request, row, signal);
    return rows.map((each) => rowOf(each, ["name", ...tags]));
  }

  /** Resets one (validated) device. */
  async resetPhone(name: string, signal: AbortSignal): Promise<void> {
    await this.#call("resetPhone", { name }, signal, true);
  }

  #fleet(criteria: string, tags: readonly string[], signal: AbortSignal): Promise<readonly XmlElement[]> {
    const key = `${criteria} ${tags}`;
    const shared = this.#fleets.get(key) ?? new Shared<readonly XmlElement[]>();
    this.#fleets.set(key, shared);
    return shared.get(signal, async (inner) => {
      const all: XmlElement[] = [];
      await this.#pages(criteria, tags, (rows) => all.push(...rows), inner);
      return all;
    });
  }

  async #pages(
    criteria: string,
    tags: readonly string[],
    keep: (rows: readonly XmlElement[]) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const seen = new Set<string>();
    for (let skip = 0, first = PAGE; ; ) {
      let rows: readonly XmlElement[];
      try {
        rows = await this.#phones(criteria, tags, { skip: String(skip), first: String(first) }, signal, true);
      } catch (error) {
        const fewer = error instanceof SoapFault ? suggestedRows(error.faultString) : null;
        if (fewer === null || fewer >= first) throw this.#explain("listPhone", error);
        first = fewer;
        continue;
      }
      keep(rows);
      const before = seen.size;
      for (const row of rows) seen.add(text(row, "name") ?? "");
      // The last page, or a release that pays no heed to paging and repeats itself.
      if (rows.length < first || seen.size === before) return;
      skip += rows.length;
      if (skip > FLEET) throw this.#odd("listPhone", `more than ${FLEET} phones`);
    }
  }

  #phones(
    name: string,
    tags: readonly string[],
    page: XmlContent,
    signal: AbortSignal,
    raiseFault = false,
  ): Promise<readonly XmlElement[]> {
    const request = { searchCriteria: { name }, returnedTags: tagsOf(tags), ...page };
    return this.#list("listPhone", request, "phone", signal, raiseFault);
  }

  async #list(
    operation: string,
    request: XmlContent,
    row: string,
    signal: AbortSignal,
    raiseFault = false,
  ): Promise<readonly XmlElement[]> {
    const answer = await this.#call(operation, request, signal, false, raiseFault);
    return children(children(answer, "return")[0], row);
  }

  /** The first call finds out the version; those that come meanwhile wait for it. */
  async #call(
    operation: string,
    request: XmlContent,
    signal: AbortSignal,
    write = false,
    raiseFault = false,
  ): Promise<XmlElement> {
    const first = this.#first;
    if (first !== null) await orAborted(first, signal);
    const call = this.#negotiated(operation, request, signal, write).catch((error: unknown) => {
      throw raiseFault && error instanceof SoapFault ? error : this.#explain(operation, error);
    });
    const settled = () => {};
    this.#first ??= call.then(settled, settled);
    return call;
  }

  async #negotiated(
    operation: string,
    request: XmlContent,
    signal: AbortSignal,
    write: boolean,
  ): Promise<XmlElement> {
    for (let again = false; ; again = true) {
      const version = this.#version;
      try {
        return await this.server.call(
          {
            operation,
            path: "/axl/",
            soapAction: `CUCM:DB ver=${version} ${operation}`,
            namespace: `http://www.cisco.com/AXL/API/${version}`,
            body: `<ns:${operation}>${elements(request)}</ns:${operation}>`,
            versioned: true,
            write,
          },
          signal,
        );
      } catch (error) {
        if (!(error instanceof VersionRefused)) throw error;
        // Another call may have found the version meanwhile.
        if (this.#version === version || again) this.#version = this.#choose(error.message, again);
      }
    }
  }

  #choose(html: string, again: boolean): string {
    const choice = newestVersion(html);
    if (choice === null || again || choice === this.#version) {
      throw failure(
        this.at,
        "answer",
        `AXL of ${this.at.address} refuses version ${this.#version}`,
        `HTTP 599, and no other version could be read from: ${excerpt(html)}`,
      );
    }
    this.log("AXL: version chosen", { address: this.at.address, version: choice });
    return choice;
  }

  #explain(operation: string, error: unknown) {
    if (!(error instanceof SoapFault)) return asClusterError(this.at, "AXL", error);
    const code = error.code === "" ? "" : ` (AXL code ${error.code})`;
    return failure(
      this.at,
      "refused",
      `AXL of ${this.at.address} refuses ${operation}`,
      `${excerpt(error.faultString)}${code}.`,
    );
  }

  #odd(operation: string, what: string) {
    return failure(this.at, "answer", `AXL of ${this.at.address} answers ${operation} oddly`, `${what}.`);
  }
}

const tagsOf = (tags: readonly string[]) => Object.fromEntries(["name", ...tags].map((tag) => [tag, ""]));

const rowOf = (row: XmlElement, tags: readonly string[]): AxlRow =>
  Object.fromEntries(tags.map((tag) => [tag, text(row, tag) ?? ""]));

/** Phones in one question about many. */
const QUOTED = 500;

/** One SELECT for each so many (validated) device names. */
export function aboutPhones(query: string, names: readonly string[]): string[] {
  const parts: string[] = [];
  for (let i = 0; i < names.length; i += QUOTED) {
    const list = names
      .slice(i, i + QUOTED)
      .map(sqlLiteral)
      .join(",");
    parts.push(query.replaceAll("{phones}", () => list));
  }
  return parts;
}

/** Text is quoted, quotes are doubled; control characters are refused. @throws RangeError */
export function sqlLiteral(value: string): string {
  if ([...value].some((char) => char < " " || char === "\u007f")) {
    throw new RangeError("control character in an SQL literal");
  }
  return `'${value.replaceAll("'", "''")}'`;
}

/**
 * From `Supported axl versions are 12.x, 14.0 and 15.0` the newest that is spelled out; when only families are given
 * (`11.x`), the newest family's `.0`.
 */
export function newestVersion(html: string): string | null {
  const list = /Supported axl versions? (?:are|is)\s+([^<]*)/i.exec(html)?.[1] ?? "";
  const found = [...list.matchAll(/(\d{1,2})\.(\d{1,2}|x)/gi)].map(([, major, minor]) => ({
    major: Number(major),
    minor: /x/i.test(minor!) ? -1 : Number(minor),
  }));
  const exact = found.filter(({ minor }) => minor >= 0);
  const best = (exact.length > 0 ? exact : found).sort((a, b) => b.major - a.major || b.minor - a.minor)[0];
  return best ? `${best.major}.${Math.max(0, best.minor)}` : null;
}

/** From `Query request too large. ... Suggested row fetch: less than 844 rows` (or `Suggestive Row Fetch`). */
export function suggestedRows(faultString: string): number | null {
  const rows = /Suggest(?:ive|ed) row fetch: less than (\d+)/i.exec(faultString)?.[1];
  return rows === undefined || Number(rows) < 2 ? null : Number(rows) - 1;
}
