/** What an examination asked and was answered, in a form that can be given away and replayed. */
import type { ClusterNode } from "../cluster/cluster";
import type { ClusterConfig, Spellings } from "../cluster/config";
import type { Finding, Verdict } from "./check";
import { certificatesIn, type FileFacts, fileFacts } from "./file-facts";
import type { Patient } from "./patient";
import type { RawAnswer, RawExchange } from "./recorder";
import { hostNames, type Known, namesOf, Redactor } from "./redact";

export const FORMAT = 1;

export type Answer =
  | { readonly text: string }
  | {
      readonly status: number;
      readonly type: string;
      readonly location: string | null;
      readonly body: string | FileFacts;
    }
  | { readonly known: boolean; readonly roles?: readonly number[]; readonly timeToLive?: number }
  /** Not answered. */
  | { readonly failed: string; readonly words: string };

export interface Exchange {
  /** `node-1`: the publisher, `node-2`: the next of `nodes`; `other-1`: none of them, a phone say. */
  readonly node: string;
  readonly transport: string;
  readonly request: string;
  /** The certificate that TVS was asked about. */
  readonly about?: string;
  readonly answer: Answer;
}

export interface Transcript {
  readonly format: typeof FORMAT;
  readonly release: string | null;
  readonly nodes: readonly { readonly node: string; readonly name: string; readonly address: string }[];
  readonly settings: {
    readonly spellings: Spellings;
    readonly certificateTransport: string;
    readonly tvsClient: boolean;
  };
  /** By number, from 1. */
  readonly certificates: readonly {
    readonly subject: string;
    readonly issuer: string;
    readonly serial: string;
    readonly selfSigned: boolean;
  }[];
  readonly verdicts: readonly {
    readonly assumption: string;
    readonly node: string | null;
    readonly verdict: Verdict;
  }[];
  readonly exchanges: readonly Exchange[];
}

export async function transcriptOf(
  patient: Patient,
  exchanges: readonly RawExchange[],
  findings: readonly Finding[],
): Promise<Transcript> {
  const { config } = patient;
  const nodes = await patient.nodes().catch((): readonly ClusterNode[] => []);
  const release = await patient.release().catch(() => null);
  const redactor = new Redactor();
  redactor.learn(knownOf(config, nodes));
  for (const { answer, about } of exchanges) {
    if (about !== null) redactor.learn(namesOf(about));
    for (const text of textsOf(answer)) redactor.learnFrom(text);
    for (const certificate of answer.kind === "http" ? certificatesIn(answer.body) : [])
      redactor.learn(namesOf(certificate));
  }
  const addresses = [config.publisher, ...nodes.filter((n) => n.role !== "publisher").map((n) => n.address)];
  const others = [...new Set(exchanges.map(({ address }) => address))].filter(
    (one) => !addresses.includes(one),
  );
  const labelOf = (address: string) =>
    addresses.includes(address)
      ? `node-${addresses.indexOf(address) + 1}`
      : `other-${others.indexOf(address) + 1}`;
  const nameOf = (address: string) => nodes.find((n) => addressOf(config, n) === address)?.name ?? address;
  const redacted = exchanges.map(
    ({ address, transport, request, about, answer }): Exchange => ({
      node: labelOf(address),
      transport,
      request: redactor.asked(request),
      ...(about !== null && { about: redactor.certificate(about) }),
      answer: answered(answer, redactor),
    }),
  );
  return {
    format: FORMAT,
    release: release === null ? null : redactor.text(release),
    nodes: addresses.map((address) => ({
      node: labelOf(address),
      name: redactor.text(nameOf(address)),
      address: redactor.text(address),
    })),
    settings: {
      spellings: deep(config.spellings, (text) => redactor.asked(text)),
      certificateTransport: config.certificateTransport ?? "auto",
      tvsClient: config.tvsClient !== null,
    },
    certificates: redactor.certificates.map(({ subject, issuer, serial }) => ({
      subject: redactor.text(subject),
      issuer: redactor.text(issuer),
      serial: redactor.text(serial),
      selfSigned: subject === issuer,
    })),
    verdicts: findings.map(({ assumption, node, verdict }) => {
      const found = nodes.find(({ name }) => name === node);
      return {
        assumption,
        node: node === null ? null : labelOf(found ? addressOf(config, found) : config.publisher),
        verdict,
      };
    }),
    exchanges: redacted,
  };
}

/** The publisher is reached as it is configured. */
const addressOf = ({ publisher }: ClusterConfig, { role, address }: ClusterNode) =>
  role === "publisher" ? publisher : address;

function knownOf(config: ClusterConfig, nodes: readonly ClusterNode[]): Known[] {
  const { platform, application } = config;
  const secret = (value: string): Known => ({ kind: "secret", value });
  const names = [config.publisher, ...Object.keys(config.nodeAddresses), ...nodes.map(({ name }) => name)];
  const addresses = [...Object.values(config.nodeAddresses), ...nodes.map(({ address }) => address)];
  return [
    secret(platform.password),
    secret(application.password),
    ...[platform, application].map(({ username, password }) =>
      secret(Buffer.from(`${username}:${password}`, "utf8").toString("base64")),
    ),
    { kind: "user", value: platform.username },
    { kind: "user", value: application.username },
    ...[...names, ...addresses]
      .flatMap(hostNames)
      .map((value): Known => ({ kind: /^[\d.]+$|:/.test(value) ? "address" : "name", value })),
    { kind: "name", value: config.name },
  ];
}

function textsOf(answer: RawAnswer): string[] {
  if (answer.kind === "text") return [answer.text];
  return answer.kind === "http" ? [answer.body.toString("utf8")] : [];
}

function answered(answer: RawAnswer, redactor: Redactor): Answer {
  switch (answer.kind) {
    case "text":
      return { text: redactor.text(answer.text) };
    case "tvs":
      return answer.answer.kind === "unknown"
        ? { known: false }
        : { known: true, roles: answer.answer.roles, timeToLive: answer.answer.timeToLive };
    case "failed":
      return { failed: redactor.text(answer.code), words: redactor.text(answer.words) };
    case "http": {
      const { status, type, location, body } = answer;
      return {
        status,
        type: redactor.text(type),
        location: location && redactor.text(location),
        body: isBinary(body)
          ? fileFacts(body, {
              certificate: (one) => redactor.certificate(one),
              text: (one) => redactor.text(one),
            })
          : redactor.text(body.toString("utf8")),
      };
    }
  }
}

/** Texts have no NUL. */
const isBinary = (body: Buffer) => body.includes(0);

function deep<T>(value: T, text: (text: string) => string): T {
  if (typeof value === "string") return text(value) as T;
  if (Array.isArray(value)) return value.map((each: unknown) => deep(each, text)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, deep(each, text)])) as T;
}
