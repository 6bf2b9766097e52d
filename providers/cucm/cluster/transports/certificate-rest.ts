/**
 * Certificate Management REST (CUCM 14 and later; developer.cisco.com/docs/certificate-management): each node answers
 * for itself. One snapshot has all that is read. The call that deletes is not documented, so the CLI deletes.
 */
import type { Certificate } from "../../../../trust/certificate";
import { Shared } from "../budget";
import type { CertificateAccess, ListedCertificate } from "../certificate-access";
import { ClusterError, type TrustEntry, type TrustStore } from "../cluster";
import type { Spellings } from "../config";
import { linesToSet } from "../lines-to-set";
import { OTHER_WAY, restServices } from "../plausible";
import { TrustFiles } from "../trust-files";
import { parseSnapshot, type Snapshot, type SnapshotEntry, SnapshotError } from "./certificate-snapshot";
import type { HttpAnswer } from "./http";
import { isPage, NotOffered, type PlatformRequest, type PlatformServer } from "./platform-server";

const BASE = "/platformcom/api/v1/certmgr/config";
const DELETES_BY_CLI =
  "Certificates are deleted through the CLI, since no delete of the REST interface is documented; " +
  'certificate_transport = "web" deletes by the forms of OS administration.';
const SNAPSHOT = "the certificate snapshot";

export class CertificateRest implements CertificateAccess {
  lastAnswer: string | null = null;
  readonly #snapshot = new Shared<Snapshot>();

  constructor(
    private readonly server: PlatformServer,
    private readonly services: Spellings["restService"],
    /** For deletes. */
    private readonly cli: CertificateAccess,
  ) {}

  async list(which: "own" | "trust", signal: AbortSignal): Promise<readonly ListedCertificate[]> {
    const listed = (await this.#read(signal))[which];
    // Every node has certificates of both kinds: none at all is an answer that we do not understand.
    if (listed.length === 0) throw this.#odd(SNAPSHOT, `it has no ${which} certificate`);
    return listed;
  }

  async show(
    which: "own" | "trust",
    { unit, file }: ListedCertificate,
    signal: AbortSignal,
  ): Promise<Certificate | null> {
    const found = (await this.#read(signal))[which].find(
      (each: SnapshotEntry) => each.unit === unit && each.file === file,
    );
    if (found === undefined) return null;
    if (found.certificate !== undefined) return found.certificate;
    throw this.#odd(SNAPSHOT, `the certificate ${unit}/${file} cannot be read (${found.problem})`);
  }

  async importTrust(store: TrustStore, certificate: Certificate, signal: AbortSignal): Promise<void> {
    const service = this.services[store];
    const operation = `the import into ${store}`;
    const answer = await this.#send(
      {
        operation,
        method: "POST",
        path: `${BASE}/trust/certificates`,
        body: JSON.stringify({
          service: [service],
          certificates: [certificate.pem],
          description: "phone migration",
        }),
        write: true,
      },
      signal,
    );
    const said = answer.body.toString("utf8");
    if (isPage(said) || (answer.status >= 300 && answer.status < 400)) throw this.#page(operation, answer);
    this.lastAnswer = `HTTP ${answer.status}: ${this.server.quote(reasonIn(said))}`;
    if (answer.status < 300) return;
    throw this.server.failure(
      "refused",
      `does not take a certificate for ${store}`,
      `It was given as service "${service}" and the answer was ${this.lastAnswer}. ` +
        `${await this.#names(signal)}This release spells the store otherwise. ` +
        linesToSet(this.server.at.cluster, [
          ...restServices(store, service),
          { certificate_transport: "cli" },
          OTHER_WAY,
        ]),
    );
  }

  async deleteTrust(entry: TrustEntry, signal: AbortSignal): Promise<void> {
    this.lastAnswer = "(the CLI does not list it)";
    try {
      // The CLI may list the same certificate under another name.
      const files = await new TrustFiles(this.cli).entries(entry.store, [entry.certificate], signal);
      const file = files.find(({ certificate }) => certificate.sha256 === entry.certificate.sha256);
      if (file === undefined) return;
      await this.cli.deleteTrust(file, signal);
      this.lastAnswer = this.cli.lastAnswer;
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      const { cluster, node, summary, detail, kind } = error;
      throw new ClusterError(cluster, node, summary, `${detail} ${DELETES_BY_CLI}`, kind);
    }
  }

  /** All that one answer has. @throws ClusterError, or NotOffered */
  snapshot(signal: AbortSignal): Promise<Snapshot> {
    return this.#read(signal);
  }

  refresh(): void {
    this.#snapshot.drop();
  }

  #read(signal: AbortSignal): Promise<Snapshot> {
    return this.#snapshot.get(signal, async (inner) => {
      const answer = await this.#send(
        { operation: SNAPSHOT, method: "GET", path: `${BASE}/snapshot/server` },
        inner,
      );
      const said = answer.body.toString("utf8");
      if (isPage(said)) throw this.#page(SNAPSHOT, answer);
      if (answer.status !== 200)
        throw this.#odd(SNAPSHOT, `HTTP ${answer.status}: ${this.server.quote(reasonIn(said))}`);
      try {
        return parseSnapshot(said, this.services);
      } catch (error) {
        if (!(error instanceof SnapshotError)) throw error;
        throw this.#odd(SNAPSHOT, `${error.message}: ${this.server.quote(said)}`);
      }
    });
  }

  /** The names that would have been right, when they can be had. */
  async #names(signal: AbortSignal): Promise<string> {
    try {
      return `The stores that it lists are called ${(await this.#read(signal)).services.join(", ")}. `;
    } catch {
      return "";
    }
  }

  #send(request: PlatformRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const { credentials, refused } = this.server.options;
    const basic = Buffer.from(`${credentials.username}:${credentials.password}`, "utf8").toString("base64");
    return refused.guard(async () => {
      const answer = await this.server.send(
        {
          ...request,
          headers: {
            Authorization: `Basic ${basic}`,
            Accept: "application/json",
            ...(request.body === undefined ? {} : { "Content-Type": "application/json" }),
          },
        },
        signal,
      );
      switch (answer.status) {
        case 401:
          throw this.server.failure(
            "credentials",
            "refuses the credentials",
            `HTTP 401: name or password of the OS administrator is wrong, or the account is locked. ${this.server.account} ` +
              'If the same account works over SSH, set certificate_transport = "cli" for this cluster.',
          );
        case 403:
          throw this.server.failure(
            "authorization",
            `forbids ${request.operation}`,
            "HTTP 403: the OS administrator may not use Certificate Management REST.",
          );
        case 404:
          throw new NotOffered(
            this.server.failure(
              "refused",
              "is not there",
              `HTTP 404 for ${request.path}: releases before 14 do not have Certificate Management REST.`,
            ),
            true,
          );
      }
      return answer;
    });
  }

  #page(operation: string, { status, body }: HttpAnswer) {
    return this.#odd(
      operation,
      `HTTP ${status}, a page instead of JSON: ${this.server.quote(body.toString("utf8"))}`,
    );
  }

  #odd(operation: string, what: string) {
    return this.server.failure("answer", `answers ${operation} oddly`, `${what}.`);
  }
}

/** `message` or `error` of a JSON answer, as public clients read them; otherwise all of it. */
function reasonIn(body: string): string {
  try {
    const content: unknown = JSON.parse(body);
    if (typeof content !== "object" || content === null) return body;
    for (const [name, value] of Object.entries(content))
      if (["message", "error"].includes(name) && typeof value === "string") return value;
  } catch {
    // Not JSON: shown as it is.
  }
  return body;
}
