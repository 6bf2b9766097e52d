import type { Socket } from "node:net";
import { createServer, type Server, type TLSSocket } from "node:tls";
import { mapId } from "../../../trust/certificate";
import {
  encodeTvsMessage,
  TvsFrameReader,
  type TvsMessage,
  type TvsQueryRequest,
  TvsStatus,
  type TvsVerifyRequest,
} from "../../../trust/tvs-message";
import type { LabCluster } from "../cluster";
import type { LabNode } from "../node";
import { draw } from "../options";
import { pemsOf } from "../pki/issue";
import { hasOldCryptography, OLD_TLS } from "../releases";
import type { Requests } from "../requests";
import { hangUp } from "./listener";
import { TvsCache, type TvsEntry } from "./tvs-cache";
import type { TvsLog } from "./tvs-log";

/** Seconds that a phone may keep an answer. */
const TIME_TO_LIVE = 86_400;
const RESERVED = 0xf7;
const IDLE = 30_000;

/** Cisco Trust Verification Service of one node: TLS with the node's TVS certificate, binary messages inside. */
export class Tvs {
  readonly cache: TvsCache;
  private readonly server: Server;
  private reloadTimer: NodeJS.Timeout | null = null;

  constructor(
    private readonly cluster: LabCluster,
    private readonly node: LabNode,
    private readonly requests: Requests,
    private readonly log: TvsLog,
  ) {
    this.cache = new TvsCache(node);
    this.server = createServer(
      {
        ...this.credentials(),
        // Whoever shows a certificate may; CUCM of this age speaks no TLS 1.3.
        requestCert: true,
        rejectUnauthorized: false,
      },
      (socket) => this.serve(socket),
    );
    this.server.on("tlsClientError", (_, socket) => socket.destroy());
    node.on("rows", () => this.noticeChange());
  }

  accept(socket: Socket): void {
    this.server.emit("connection", socket);
  }

  /** What the service does when it starts: it reads its own certificate and everything that it vouches for. */
  start(): void {
    this.server.setSecureContext(this.credentials());
    this.cache.reload();
    this.log.debug(
      "TVS service started",
      `CertificateDBCACHE::refresh - ${this.cache.entries().length} entries`,
    );
  }

  close(): void {
    if (this.reloadTimer !== null) clearTimeout(this.reloadTimer);
    this.log.close();
  }

  private credentials() {
    return {
      ...pemsOf(this.node.identity("TVS")),
      ...(hasOldCryptography(this.cluster.options.version) ? OLD_TLS : { maxVersion: "TLSv1.2" as const }),
    };
  }

  private noticeChange(): void {
    if (!this.cluster.drawn.tvsNoticesChanges || this.reloadTimer !== null) return;
    this.reloadTimer = setTimeout(() => {
      this.reloadTimer = null;
      if (!this.node.services.isUp("Cisco Trust Verification Service")) return;
      this.log.debug("updateLocalDBCache : Refreshing the local DB certificate cache");
      this.cache.reload();
    }, draw(this.cluster.delays.tvsReload));
  }

  private serve(socket: TLSSocket): void {
    const peer = (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
    this.log.debug(
      `ipAddrStr (Phone) ${peer}`,
      `${peer}: tvsSSLHandShake Session ciphers - ${socket.getCipher().name}`,
      "TLS HS Done for ph_conn",
    );
    socket.on("error", () => socket.destroy());
    socket.setTimeout(IDLE, () => socket.destroy());
    const shown = socket.getPeerCertificate();
    if (this.cluster.options.tvsRequiresClientCertificate && Object.keys(shown).length === 0) {
      this.log.debug(`${peer}: no client certificate, closing`);
      hangUp(socket);
      return;
    }
    const reader = new TvsFrameReader();
    socket.on("data", (chunk) => {
      try {
        for (const message of reader.push(chunk)) this.handle(socket, peer, message);
      } catch (error) {
        this.log.debug(`tvsPhoneDecodeMsg - ${(error as Error).message}`);
        socket.destroy();
      }
    });
  }

  private handle(socket: TLSSocket, peer: string, message: TvsMessage): void {
    if (message.type !== "query-request" && message.type !== "verify-request") {
      throw new Error(`a client does not send ${message.type}`);
    }
    const operation = message.type === "query-request" ? "query" : "verify";
    if (!this.requests.record(this.cluster.name, this.node.name, "tvs", operation)) {
      socket.destroy();
      return;
    }
    this.log.hexDump("8:UNKNOWN:Incoming Phone Msg:", encodeTvsMessage(message));
    const answer = message.type === "query-request" ? this.query(message) : this.verify(message);
    const bytes = encodeTvsMessage(answer);
    const name = message.type === "query-request" ? "QUERY" : "VERIFY";
    this.log.debug(
      `8:UNKNOWN:Sending ${name}_CERT_RES msg`,
      `ReasonInfo : ${answer.status === 0 ? "00$" : "01$"}`,
    );
    this.log.hexDump("Sending TLS Msg ..", bytes);
    this.log.debug(`ipAddrStr (Phone) ${peer}`);
    socket.write(bytes);
  }

  private query(message: TvsQueryRequest) {
    const key = mapId(message.serial, message.issuer);
    this.log.debug(
      "MsgType : TVS_MSG_QUERY_CERT_REQ",
      "tvsHandleQueryCertReq",
      `tvsHandleQueryCertReq : Subject Name is: ${message.subject}`,
      `tvsHandleQueryCertReq : Issuer Name is: ${message.issuer}`,
      `tvsHandleQueryCertReq : Serial Number is: ${message.serial}`,
      `CertificateDBCACHE::getCertificateInformation - Looking up the certificate cache using Unique MAP ID : ${key}`,
    );
    const found = this.cache.get(key);
    this.logFound(found);
    const { session } = message;
    return found === null
      ? ({ type: "query-response", session, reserved: RESERVED, status: TvsStatus.INVALID } as const)
      : ({ type: "query-response", session, ...valid(found), certificate: found.certificate.der } as const);
  }

  private verify(message: TvsVerifyRequest) {
    this.log.debug("MsgType : TVS_MSG_VERIFY_CERT_REQ");
    const found = this.cache.getByDer(message.certificate);
    this.logFound(found);
    const { session } = message;
    return found === null
      ? ({ type: "verify-response", session, reserved: RESERVED, status: TvsStatus.INVALID } as const)
      : ({ type: "verify-response", session, ...valid(found) } as const);
  }

  private logFound(found: TvsEntry | null): void {
    if (found === null) {
      this.log.debug(
        "ERROR:CertificateDBCache::getCertificateInformation - Cannot find the certificate in the cache",
      );
      return;
    }
    const source = found.from === "database" ? "CertificateDBCACHE" : "CertificateCTLCache";
    this.log.debug(
      `${source}::getCertificateInformation - Found entry {rolecount : ${found.roles.length}}`,
      ...found.roles.map((role) => `${source}::getCertificateInformation - {role : ${role}}`),
    );
  }
}

function valid(found: TvsEntry) {
  return {
    reserved: RESERVED,
    status: TvsStatus.VALID,
    roles: found.roles,
    timeToLive: TIME_TO_LIVE,
  } as const;
}
