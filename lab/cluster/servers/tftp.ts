import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { encryptConfig } from "../../encrypted-config";
import type { LabCluster, LabPhone } from "../cluster";
import type { LabNode } from "../node";
import { DEFAULT_LOAD } from "../options";
import { defaultConfiguration, phoneConfiguration } from "../phone-config";
import { buildItl, signFile } from "../pki/trust-files";
import type { Requests } from "../requests";

/** Files that exist whether or not a phone does. */
const DEFAULTS = ["SPDefault.cnf.xml", "XMLDefault.cnf.xml"] as const;

/**
 * Cisco Tftp of one node, over HTTP (6970). The ITL and the configurations are built and signed by this node when
 * the service starts; the CTL is the cluster's, as it was then. A configuration that the phone's profile encrypts is
 * `.enc.sgn`, for the key that the database knows; under the usual names there is a bare one then.
 */
export class Tftp {
  private readonly server: Server;
  private itl: Buffer | null = null;
  private ctl: Buffer | null = null;
  /** By name, with what was built from. */
  private readonly built = new Map<string, { readonly from: string; readonly bytes: Buffer }>();

  constructor(
    private readonly cluster: LabCluster,
    private readonly node: LabNode,
    private readonly requests: Requests,
  ) {
    this.server = createServer((request, response) => this.handle(request, response));
  }

  accept(socket: Socket): void {
    this.server.emit("connection", socket);
  }

  /** What the service does when it starts: everything is built anew. */
  rebuild(): void {
    const { rollbackParameter, rollbackTrue } = this.cluster.drawn.spellings;
    const rollback = rollbackTrue.includes(this.cluster.parameters.get(rollbackParameter) ?? "");
    this.itl = buildItl(this.cluster, this.node, { rollback });
    this.node.itl = createHash("sha256").update(this.itl).digest("hex");
    this.built.clear();
    this.loadCtl();
  }

  loadCtl(): void {
    this.ctl = this.node.ctl;
  }

  /** The bytes of a served file, or null. */
  file(name: string): Buffer | null {
    const device = /^(?:CTL|ITL)?(SEP[0-9A-F]{12})/.exec(name)?.[1];
    if (/^CTL(?:File|SEP[0-9A-F]{12})\.tlv$/.test(name)) return this.ctl;
    if (/^ITL(?:File|SEP[0-9A-F]{12})\.tlv$/.test(name)) return this.itl;
    if (name === "ConfigFileCacheList.txt") return Buffer.from(this.list(), "latin1");
    if (name.endsWith(".loads")) return this.manifest(name.slice(0, -".loads".length));
    const plain = name.replace(/(?:\.enc)?\.sgn$/, "");
    const phone = device === undefined ? undefined : this.cluster.phones.get(device);
    if (phone !== undefined && name === `${device}.cnf.xml.enc.sgn`) return this.encrypted(name, phone);
    const content = this.content(plain, phone);
    if (content === null || name.endsWith(".enc.sgn")) return null;
    return plain === name
      ? Buffer.from(content, "utf8")
      : this.signed(name, content, () => Buffer.from(content, "utf8"));
  }

  /** What names the images of a firmware load; there are no images. */
  private manifest(load: string): Buffer | null {
    const { load: usual = DEFAULT_LOAD, lacksLoad = false } = this.cluster.options;
    return load === usual && !lacksLoad ? Buffer.from(`${load}.sbn\n`) : null;
  }

  private content(name: string, phone: LabPhone | undefined): string | null {
    if ((DEFAULTS as readonly string[]).includes(name)) return defaultConfiguration(this.cluster);
    return phone !== undefined && name === `${phone.name}.cnf.xml`
      ? phoneConfiguration(this.cluster, phone, !phone.encryptedConfig)
      : null;
  }

  private encrypted(name: string, phone: LabPhone): Buffer | null {
    const { lsc } = phone;
    if (!phone.encryptedConfig || lsc === null) return null;
    const content = phoneConfiguration(this.cluster, phone, true);
    const payload = () => encryptConfig(Buffer.from(content, "utf8"), lsc.publicKey);
    return this.signed(name, lsc.sha256 + content, payload);
  }

  private signed(name: string, from: string, payload: () => Buffer): Buffer {
    const known = this.built.get(name);
    const bytes = known?.from === from ? known.bytes : signFile(this.cluster, this.node, name, payload());
    this.built.set(name, { from, bytes });
    return bytes;
  }

  /** First field of each line: a file's name. */
  private list(): string {
    const names: string[] = [...DEFAULTS, "ITLFile.tlv"];
    const encrypted: string[] = [];
    if (this.ctl !== null) names.push("CTLFile.tlv");
    for (const device of this.cluster.phones.keys()) {
      names.push(`ITL${device}.tlv`, `${device}.cnf.xml`);
      if (this.file(`${device}.cnf.xml.enc.sgn`) !== null) encrypted.push(`${device}.cnf.xml.enc.sgn`);
      if (this.ctl !== null) names.push(`CTL${device}.tlv`);
    }
    return names
      .flatMap((name) => (name.endsWith(".xml") ? [name, `${name}.sgn`] : [name]))
      .concat(encrypted)
      .map((name) => `${name}\t${this.file(name)?.length ?? 0}\t0\n`)
      .join("");
  }

  private handle(request: IncomingMessage, response: ServerResponse): void {
    const name = decodeURIComponent(new URL(request.url ?? "/", "http://node").pathname.slice(1));
    if (!this.requests.record(this.cluster.name, this.node.name, "tftp", name)) {
      request.socket.destroy();
      return;
    }
    const bytes = request.method === "GET" ? this.file(name) : null;
    if (bytes === null) {
      response.writeHead(404, { "Content-Length": "0", Connection: "close" });
      response.end();
      return;
    }
    response.writeHead(200, {
      "Content-length": String(bytes.length),
      "Cache-Control": "no-store",
      "Content-type": "*/*",
    });
    response.end(bytes);
  }
}
