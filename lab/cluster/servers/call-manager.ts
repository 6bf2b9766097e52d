import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import {
  encodeMessage,
  LineReader,
  type NodeMessage,
  type PhoneMessage,
  parsePhoneMessage,
  type RefusalReason,
} from "../../registration";
import type { LabCluster } from "../cluster";
import type { LabNode, RisRecord } from "../node";
import type { Requests } from "../requests";
import { hangUp } from "./listener";
import { StoreTls } from "./store-tls";

/** RIS StatusReason values that are in public use. */
const REASON = { none: 0, connectivityError: 6, keepAliveTimeout: 13, configurationMismatch: 14 } as const;

interface Connection {
  readonly socket: TLSSocket;
  readonly register: Extract<PhoneMessage, { type: "register" }>;
  timer: NodeJS.Timeout | null;
}

/** A connection that was refused, for people who wonder why a phone is not there. */
export interface Refusal {
  readonly at: string;
  readonly peer: string;
  readonly subject: string;
  readonly why: string;
}

/**
 * The secure port of CallManager on one node. It asks for the phone's certificate and accepts any that chains to a
 * certificate of this node's CallManager-trust.
 */
export class CallManager {
  readonly refusals: Refusal[] = [];
  private readonly tls: StoreTls;
  private readonly connections = new Map<string, Connection>();

  constructor(
    private readonly cluster: LabCluster,
    private readonly node: LabNode,
    private readonly requests: Requests,
    private readonly keepalive: number,
  ) {
    this.tls = new StoreTls(node, "CallManager", (socket) => this.serve(socket));
  }

  accept(socket: Socket): void {
    this.tls.accept(socket);
  }

  devices(): string[] {
    return [...this.connections.keys()];
  }

  /** @returns false when the device is not registered on this node. */
  reset(device: string, kind: "reset" | "restart" | "apply"): boolean {
    const connection = this.connections.get(device);
    connection?.socket.write(encodeMessage({ type: "reset", kind }));
    return connection !== undefined;
  }

  private serve(socket: TLSSocket): void {
    socket.on("error", () => socket.destroy());
    const shown = socket.getPeerCertificate();
    const subject = String(shown.subject?.CN ?? "");
    if (!socket.authorized) {
      const issuer = shown.issuer?.CN ?? "";
      const why =
        subject === ""
          ? "no certificate"
          : `certificate of issuer ${issuer} is not trusted (${socket.authorizationError})`;
      this.note(socket, subject, why);
      this.requests.record(this.cluster.name, this.node.name, "registration", "tls-refused");
      hangUp(socket);
      return;
    }
    const reader = new LineReader();
    let device: string | null = null;
    socket.on("data", (chunk) => {
      try {
        for (const line of reader.push(chunk))
          device = this.handle(socket, subject, device, parsePhoneMessage(line));
      } catch (error) {
        this.refuse(socket, subject, "protocol-error", (error as Error).message);
      }
    });
    socket.on("close", () => {
      if (device !== null) this.leave(device, socket, REASON.connectivityError);
    });
  }

  /** @returns the device that the connection belongs to from now on. */
  private handle(
    socket: TLSSocket,
    subject: string,
    device: string | null,
    message: PhoneMessage,
  ): string | null {
    if (!this.requests.record(this.cluster.name, this.node.name, "registration", message.type)) {
      socket.destroy();
      return device;
    }
    if (message.type === "register") {
      if (device !== null) throw new Error("already registered on this connection");
      return this.register(socket, subject, message) ? message.device : null;
    }
    if (device === null) throw new Error("not registered");
    if (message.type === "keepalive") {
      this.watch(device);
      send(socket, { type: "keepalive-ack" });
    } else {
      this.leave(device, socket, message.statusReason);
      socket.end();
    }
    return device;
  }

  private register(socket: TLSSocket, subject: string, message: Connection["register"]): boolean {
    const phone = this.cluster.phones.get(message.device);
    const refuse = (reason: RefusalReason, text: string) => {
      this.refuse(socket, subject, reason, text);
      if (reason === "configuration-mismatch") {
        this.report(message, "Rejected", REASON.configurationMismatch);
      }
      return false;
    };
    if (phone === undefined) return refuse("unknown-device", `${message.device} is not in the database`);
    if (!subject.endsWith(`-${message.device}`)) {
      return refuse("certificate-mismatch", `the certificate of ${subject} is not that of ${message.device}`);
    }
    const secure = this.cluster.parameters.get("ClusterSecurityMode") === "1";
    if (message.securityMode !== (secure ? phone.securityMode : 1)) {
      return refuse(
        "configuration-mismatch",
        `device security mode ${message.securityMode} is not that of the profile`,
      );
    }
    const former = this.connections.get(message.device);
    this.connections.set(message.device, { socket, register: message, timer: null });
    if (former !== undefined) {
      if (former.timer !== null) clearTimeout(former.timer);
      former.socket.destroy();
    }
    this.watch(message.device);
    this.report(message, "Registered", REASON.none);
    send(socket, { type: "registered", keepalive: this.keepalive });
    return true;
  }

  private watch(device: string): void {
    const connection = this.connections.get(device);
    if (connection === undefined) return;
    if (connection.timer !== null) clearTimeout(connection.timer);
    connection.timer = setTimeout(() => {
      this.leave(device, connection.socket, REASON.keepAliveTimeout);
      connection.socket.destroy();
    }, this.keepalive * 3000);
    connection.timer.unref();
  }

  private leave(device: string, socket: TLSSocket, reason: number): void {
    const connection = this.connections.get(device);
    if (connection === undefined || connection.socket !== socket) return;
    if (connection.timer !== null) clearTimeout(connection.timer);
    this.connections.delete(device);
    this.report(connection.register, "UnRegistered", reason);
  }

  private report(register: Connection["register"], status: RisRecord["status"], statusReason: number): void {
    this.node.ris.set(register.device, {
      device: register.device,
      status,
      statusReason,
      ip: register.ip,
      load: register.load,
      downloadServer: register.downloadServer ?? "",
      httpd: register.httpd ?? false,
      itl: register.itl ?? "",
      timestamp: Math.floor(Date.now() / 1000),
    });
  }

  private refuse(socket: TLSSocket, subject: string, reason: RefusalReason, text: string): void {
    this.note(socket, subject, text);
    send(socket, { type: "refused", reason, text });
    socket.end();
  }

  private note(socket: TLSSocket, subject: string, why: string): void {
    this.refusals.push({ at: new Date().toISOString(), peer: socket.remoteAddress ?? "", subject, why });
    if (this.refusals.length > 200) this.refusals.shift();
  }
}

function send(socket: TLSSocket, message: NodeMessage): void {
  socket.write(encodeMessage(message));
}
