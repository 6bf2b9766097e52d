/** What takes the place of a transcript's placeholders: the same value for the same placeholder, and never a real one. */
import type { KeyObject } from "node:crypto";
import { sign } from "node:crypto";
import type { FileFacts } from "../../../../providers/cucm/doctor/file-facts";
import type { Transcript } from "../../../../providers/cucm/doctor/transcript";
import { buildSignedFile } from "../../../../trust/signed-file";
import { buildTrustList, parseTrustList } from "../../../../trust/trust-list";
import { type Identity, identity, name } from "../../../trust/authority";

const PLACEHOLDER = /<([a-z0-9-]+)-(\d+)>|<certificate (\d+): [^<>]*>/g;
const TIMES = { "java-date": "Sat Nov 28 09:52:18 EST 2026", "iso-date": "2026-11-28 09:52:18" } as const;

const padded = (n: number, size: number) => n.toString(16).toUpperCase().padStart(size, "0");
const VALUES: { readonly [kind: string]: (n: number) => string } = {
  address: (n) => `192.0.2.${n}`,
  serial: (n) => `5E${padded(n, 14)}`,
  hex: (n) => `ABCDEF${padded(n, 6)}`,
  md5: (n) => padded(n, 32),
  sha1: (n) => padded(n, 40),
  sha256: (n) => padded(n, 64),
  id: (n) => `00000000-0000-0000-0000-${padded(n, 12)}`,
  mac: (n) => `00:00:5E:00:53:${padded(n, 2)}`,
  device: (n) => `SEP${padded(n, 12)}`,
  number: (n) => String(1000 + n),
  "java-date": () => TIMES["java-date"],
  "iso-date": () => TIMES["iso-date"],
};

type Files = Extract<FileFacts, { readonly file: "trust list" | "signed file" }>;

export class StandIns {
  readonly #identities = new Map<number, Identity>();
  readonly #signers: ReadonlySet<number>;

  constructor(private readonly transcript: Transcript) {
    const lists = transcript.exchanges.flatMap(({ answer }) =>
      "body" in answer && typeof answer.body === "object" && answer.body.file === "trust list"
        ? [answer.body]
        : [],
    );
    this.#signers = new Set(
      lists.flatMap(({ signer, records }) => numberOf(records[signer ?? -1]?.certificate ?? "") ?? []),
    );
  }

  text(text: string): string {
    try {
      return JSON.stringify(this.#deep(JSON.parse(text)));
    } catch {
      return this.#plain(text);
    }
  }

  identity(label: string): Identity {
    const number = numberOf(label)!;
    const known = this.#identities.get(number) ?? this.#make(number);
    this.#identities.set(number, known);
    return known;
  }

  /** A file of that form, signed anew by its own signer. */
  file(facts: FileFacts): Buffer {
    if (facts.file === "other") return Buffer.alloc(facts.bytes);
    const timestamp = new Date("2015-03-06T18:45:13Z");
    const version = facts.version as "1.2";
    const digest = facts.digest as "sha1";
    if (facts.file === "signed file") {
      const { certificate, privateKey } = once("configuration", identity);
      const filename = "SPDefault.cnf.xml.sgn";
      return buildSignedFile({
        signer: certificate,
        privateKey,
        version,
        digest,
        timestamp,
        filename,
        payload: Buffer.from("<x/>"),
      });
    }
    const records = facts.records.map(({ role, certificate }) => ({
      role,
      ...(certificate !== null && { certificate: this.identity(certificate).certificate }),
    }));
    const label = facts.records[facts.signer ?? -1]?.certificate;
    const { certificate, privateKey } =
      label == null ? identity({ key: 8 * facts.signature }) : this.identity(label);
    const kind = facts.name === "CTL" ? "CTL" : "ITL";
    const list = buildTrustList({
      kind,
      signer: certificate,
      privateKey,
      version,
      digest,
      timestamp,
      records,
    });
    return patched(list, facts, privateKey);
  }

  #deep(value: unknown): unknown {
    if (typeof value === "string") return this.#plain(value);
    if (Array.isArray(value)) return value.map((each) => this.#deep(each));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [this.#plain(key), this.#deep(each)]),
    );
  }

  #plain(text: string): string {
    return text.replace(PLACEHOLDER, (whole, kind: string | undefined, number: string) => {
      if (kind === undefined) return this.identity(whole).certificate.pem;
      return (VALUES[kind] ?? ((n: number) => `${kind.replace("-", "")}${n}`))(Number(number));
    });
  }

  #make(number: number): Identity {
    const { subject, issuer, serial, selfSigned } = this.transcript.certificates[number - 1]!;
    const parts = (text: string) =>
      this.#plain(text)
        .split(";")
        .reverse()
        .map((part) => part.split("="))
        .flatMap(([type, value = ""]) => name({ [type as "CN"]: value }));
    // What signs a list needs a key of the size that the list says.
    const key = this.#signers.has(number) ? 2048 : ("P-256" as const);
    return once(`${subject} ${issuer} ${serial} ${key}`, () =>
      identity({
        subject: parts(subject),
        serial: this.#plain(serial),
        key,
        ...(!selfSigned && { issuer: { name: parts(issuer), key: identity({ key: "P-256" }).privateKey } }),
      }),
    );
  }
}

/** Keys take long. */
const made = new Map<string, Identity>();
function once(what: string, make: () => Identity): Identity {
  const known = made.get(what) ?? make();
  made.set(what, known);
  return known;
}

const numberOf = (label: string) => {
  const found = /^<certificate (\d+): /.exec(label)?.[1];
  return found === undefined ? undefined : Number(found);
};

/** Two bytes of the header as the facts have them, and the signature over them; a wrong one where it was wrong. */
function patched(list: Buffer, facts: Files & { readonly verifies: boolean }, key: KeyObject): Buffer {
  const header = parseTrustList(list);
  const set = (tag: number, value: number) => {
    const at = list.indexOf(Buffer.from([tag, 0, 1]));
    list[at + 3] = value;
  };
  set(10, facts.signatureAlgorithm);
  set(11, facts.modulusCode);
  const { signedBytes } = parseTrustList(list);
  const field = header.tlvs.find(({ tag }) => tag === 12)!;
  sign(facts.digest, facts.verifies ? signedBytes : Buffer.from("another file"), key).copy(list, field.start);
  return list;
}
