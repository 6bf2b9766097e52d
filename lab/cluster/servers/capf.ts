import { createPublicKey } from "node:crypto";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { type CapfAnswer, type CapfRefusal, encodeCapfMessage, parseEnrolMessage } from "../../capf";
import { LineReader } from "../../registration";
import type { LabCluster } from "../cluster";
import type { LabNode } from "../node";
import { issueLsc, type Organisation } from "../pki/identities";
import type { Requests } from "../requests";
import { StoreTls } from "./store-tls";

/**
 * Certificate Authority Proxy Function of one node (the publisher's is the one that runs). It carries out what is
 * ordered for a phone, once, and then the database has the phone's public key. By "existing certificate" it wants one
 * that chains to this node's CAPF-trust. The wire is the lab's own: `lab/capf.ts`.
 */
export class Capf {
  private readonly tls: StoreTls;

  constructor(
    private readonly cluster: LabCluster,
    private readonly node: LabNode,
    private readonly requests: Requests,
    private readonly organisation: Organisation,
  ) {
    this.tls = new StoreTls(node, "CAPF", (socket) => this.serve(socket));
  }

  accept(socket: Socket): void {
    this.tls.accept(socket);
  }

  private serve(socket: TLSSocket): void {
    socket.on("error", () => socket.destroy());
    const reader = new LineReader();
    socket.on("data", (chunk) => {
      try {
        for (const line of reader.push(chunk)) this.handle(socket, line);
      } catch (error) {
        this.answer(socket, refusal("protocol-error", (error as Error).message));
      }
    });
  }

  private handle(socket: TLSSocket, line: string): void {
    const { device, publicKey } = parseEnrolMessage(line);
    if (!this.requests.record(this.cluster.name, this.node.name, "capf", "enrol")) {
      socket.destroy();
      return;
    }
    this.answer(socket, this.enrol(socket, device, Buffer.from(publicKey, "base64")));
  }

  private enrol(socket: TLSSocket, device: string, der: Buffer): CapfAnswer {
    const phone = this.cluster.phones.get(device);
    if (phone === undefined) return refusal("unknown-device", `${device} is not in the database`);
    if (phone.enrolment === null) return refusal("no-operation", `nothing is ordered for ${device}`);
    if (phone.enrolment === "authentication string")
      return refusal("not-authenticated", "the authentication string is missing");
    const subject = String(socket.getPeerCertificate().subject?.CN ?? "");
    if (
      phone.enrolment === "existing certificate" &&
      !(socket.authorized && subject.endsWith(`-${device}`))
    ) {
      const why = subject === "" ? "no certificate" : `the certificate of ${subject}`;
      return refusal("not-authenticated", `${why} is not taken (${socket.authorizationError})`);
    }
    const key = createPublicKey({ key: der, format: "der", type: "spki" });
    const lsc = issueLsc(device, key, this.node, this.organisation);
    this.cluster.phones.set(device, { ...phone, enrolment: null, lsc });
    return { type: "issued", certificate: lsc.der.toString("base64") };
  }

  private answer(socket: TLSSocket, answer: CapfAnswer): void {
    socket.end(encodeCapfMessage(answer));
  }
}

function refusal(reason: CapfRefusal, text: string): CapfAnswer {
  return { type: "refused", reason, text };
}
