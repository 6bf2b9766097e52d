/** A transcript in the place of a cluster: the product's own classes ask it, and are answered as it was recorded. */
import { ClusterError } from "../../../../providers/cucm/cluster/cluster";
import type { CertificateTransport, ClusterConfig } from "../../../../providers/cucm/cluster/config";
import type { HttpAnswer } from "../../../../providers/cucm/cluster/transports/http";
import type { Wire } from "../../../../providers/cucm/cluster/transports/wire";
import type { Finding } from "../../../../providers/cucm/doctor/check";
import { examine } from "../../../../providers/cucm/doctor/examine";
import { Patient } from "../../../../providers/cucm/doctor/patient";
import { requestText } from "../../../../providers/cucm/doctor/recorder";
import type { Answer, Exchange, Transcript } from "../../../../providers/cucm/doctor/transcript";
import { config, live, silent } from "../cluster/fakes/setup";
import { StandIns } from "./stand-ins";

export type Verdicts = Transcript["verdicts"];

/** The verdicts of an examination of what was recorded. */
export async function replayed(transcript: Transcript): Promise<Verdicts> {
  return (await replayedFindings(transcript)).map(({ assumption, node, verdict }) => ({
    assumption,
    node,
    verdict,
  }));
}

/** With nodes as the transcript calls them. */
export async function replayedFindings(transcript: Transcript): Promise<readonly Finding[]> {
  const standIns = new StandIns(transcript);
  const wire = new Replay(transcript, standIns);
  const patient = new Patient(configOf(transcript, standIns), live(), silent, wire);
  try {
    const labels = new Map(transcript.nodes.map(({ node, name }) => [standIns.text(name), node]));
    return (await examine(patient)).map((finding) => ({
      ...finding,
      node: finding.node === null ? null : (labels.get(finding.node) ?? "node-1"),
    }));
  } finally {
    patient.close();
  }
}

function configOf({ nodes, settings }: Transcript, standIns: StandIns): ClusterConfig {
  const text = (value: string) => standIns.text(value);
  return config({
    publisher: text(nodes[0]!.address),
    nodeAddresses: Object.fromEntries(nodes.map(({ name, address }) => [text(name), text(address)])),
    spellings: JSON.parse(text(JSON.stringify(settings.spellings))),
    certificateTransport: settings.certificateTransport as CertificateTransport,
    tvsClient: settings.tvsClient ? { cert: "", key: "" } : null,
  });
}

class Replay implements Wire {
  readonly #answers = new Map<string, Answer[]>();
  /** What we ask may have words that were redacted: any will do there. */
  readonly #alike: { readonly pattern: RegExp; readonly key: string }[] = [];
  readonly #labels: ReadonlyMap<string, string>;

  constructor(
    transcript: Transcript,
    private readonly standIns: StandIns,
  ) {
    this.#labels = new Map(transcript.nodes.map(({ node, address }) => [standIns.text(address), node]));
    for (const exchange of transcript.exchanges) {
      const key = this.#key(exchange);
      this.#answers.set(key, [...(this.#answers.get(key) ?? []), exchange.answer]);
      this.#alike.push({ pattern: alike(exchange), key });
    }
  }

  http: Wire["http"] = (address, target) => ({
    send: async (request) => this.#heard(this.#next(address, target.service, requestText(request))),
    close: () => {},
  });

  cli: Wire["cli"] = ({ endpoint }) => ({
    run: async ({ line }) => {
      const answer = this.#next(endpoint.address, "CLI", line);
      return "text" in answer ? this.standIns.text(answer.text) : this.#fail(answer, endpoint.address);
    },
    close: () => {},
  });

  tvs: Wire["tvs"] = ({ address }) => ({
    ask: async (asked) => {
      const answer = this.#next(address, "TVS", "query");
      if (!("known" in answer)) return this.#fail(answer, address);
      if (!answer.known) return { kind: "unknown" };
      const { roles = [], timeToLive = 0 } = answer;
      return { kind: "vouched", certificate: asked, roles, timeToLive };
    },
  });

  #key({ node, transport, request }: Pick<Exchange, "node" | "transport" | "request">): string {
    return `${node} ${transport} ${this.standIns.text(request)}`;
  }

  /** In their order; the last one stays. */
  #next(address: string, service: string, request: string): Answer {
    const transport = service.replace(/ \(TCP \d+\)$/, "");
    const node = this.#labels.get(address) ?? "other-1";
    const exact = `${node} ${transport} ${request}`;
    const key = this.#alike.find(({ pattern }) => pattern.test(exact))?.key ?? "";
    const answers = this.#answers.get(exact) ?? this.#answers.get(key);
    if (answers === undefined) throw new Error(`The transcript has no answer to ${exact}`);
    return answers.length > 1 ? answers.shift()! : answers[0]!;
  }

  #heard(answer: Answer): HttpAnswer {
    if (!("status" in answer)) return this.#fail(answer, "");
    const { status, type, location, body } = answer;
    return {
      status,
      headers: {
        "content-type": this.standIns.text(type),
        ...(location !== null && { location: this.standIns.text(location) }),
      },
      body: typeof body === "string" ? Buffer.from(this.standIns.text(body)) : this.standIns.file(body),
    };
  }

  #fail(answer: Answer, address: string): never {
    if (!("failed" in answer)) throw new Error("The transcript has an answer of another transport.");
    const { failed, words } = answer;
    if (words === "") throw Object.assign(new Error(failed), { code: failed });
    const [summary = "", ...detail] = this.standIns.text(words).split(": ");
    throw new ClusterError("source", address, summary, detail.join(": "), failed as ClusterError["kind"]);
  }
}

function alike({ node, transport, request }: Exchange): RegExp {
  const parts = `${node} ${transport} ${request}`.split(/<[a-z0-9-]+-\d+>/);
  return new RegExp(
    `^${parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("[^<>&\\s]+")}$`,
  );
}
