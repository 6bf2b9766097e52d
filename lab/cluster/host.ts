import type { KeyObject } from "node:crypto";
import { join } from "node:path";
import type { LabCluster } from "./cluster";
import type { LabNode } from "./node";
import type { Ports } from "./options";
import type { Organisation } from "./pki/identities";
import type { Requests } from "./requests";
import { CallManager } from "./servers/call-manager";
import { Capf } from "./servers/capf";
import { Listener } from "./servers/listener";
import type { RisRate } from "./servers/ris";
import { Ssh } from "./servers/ssh";
import { Tftp } from "./servers/tftp";
import { Tomcat } from "./servers/tomcat";
import { Tvs } from "./servers/tvs";
import { TvsLog } from "./servers/tvs-log";
import { SERVICE } from "./services";

export type PortName = keyof Ports;

/** The service whose state opens and closes a port; SSH and Tomcat live as long as the node. */
const SERVICE_OF: { readonly [port in PortName]: string | null } = {
  ssh: null,
  https: null,
  tftpHttp: SERVICE.tftp,
  tvs: SERVICE.tvs,
  registration: SERVICE.callManager,
  capf: SERVICE.capf,
  platform: null,
};

export interface HostOptions {
  readonly hostKey: KeyObject;
  readonly requests: Requests;
  readonly risRate: RisRate;
  readonly keepalive: number;
  readonly logs: string | null;
  readonly organisation: Organisation;
  readonly reset: (device: string, kind: "reset" | "restart" | "apply") => void;
}

/** One node on the network: its servers, and which of its ports are open just now. */
export class Host {
  readonly ssh: Ssh;
  readonly tftp: Tftp;
  readonly tvs: Tvs;
  readonly tvsLog: TvsLog;
  readonly callManager: CallManager;
  readonly tomcat: Tomcat;
  private readonly listeners: ReadonlyMap<PortName, Listener>;
  /** Ports that a fault keeps closed. */
  private readonly blocked = new Set<PortName>();
  private closing = false;

  constructor(
    readonly cluster: LabCluster,
    readonly node: LabNode,
    options: HostOptions,
  ) {
    const { requests } = options;
    this.tvsLog = new TvsLog(options.logs === null ? null : join(options.logs, `${node.name}-tvs.log`));
    this.tftp = new Tftp(cluster, node, requests);
    this.tvs = new Tvs(cluster, node, requests, this.tvsLog);
    this.callManager = new CallManager(cluster, node, requests, options.keepalive);
    const { reset, risRate } = options;
    this.tomcat = new Tomcat({ cluster, node, reset, risRate, tvsLog: this.tvsLog }, requests);
    const served = (name: string) => (node.tftp ? this.tftp.file(name) : null);
    this.ssh = new Ssh(cluster, node, served, requests, options.hostKey);
    const servers: { readonly [port in PortName]?: { accept(socket: import("node:net").Socket): void } } = {
      ssh: this.ssh,
      https: this.tomcat,
      tftpHttp: this.tftp,
      tvs: this.tvs,
      registration: this.callManager,
      ...(node.identities.has("CAPF") && { capf: new Capf(cluster, node, requests, options.organisation) }),
      platform: this.tomcat,
    };
    this.listeners = new Map(
      (Object.keys(servers) as PortName[]).map((port) => [
        port,
        new Listener(node.address, cluster.ports[port], (socket) => servers[port]?.accept(socket)),
      ]),
    );
    node.services.on("up", (name) => {
      this.serviceStarts(name);
      void this.refresh();
    });
    node.services.on("down", () => void this.refresh());
    this.serviceStarts(SERVICE.tftp);
    this.serviceStarts(SERVICE.tvs);
  }

  /** Opens and closes what has to be open and closed. */
  async refresh(): Promise<void> {
    await Promise.all(
      [...this.listeners].map(([port, listener]) => {
        const service = SERVICE_OF[port];
        const serves = service === null || this.node.services.isUp(service);
        return listener.set(!this.closing && this.node.up && serves && !this.blocked.has(port));
      }),
    );
  }

  async block(port: PortName, blocked: boolean): Promise<void> {
    if (blocked) this.blocked.add(port);
    else this.blocked.delete(port);
    await this.refresh();
  }

  /** Power off, or on again: a node that boots starts its services anew. */
  async power(up: boolean): Promise<void> {
    this.cluster.setUp(this.node, up);
    if (up) {
      this.serviceStarts(SERVICE.tftp);
      this.serviceStarts(SERVICE.tvs);
    }
    await this.refresh();
  }

  openPorts(): PortName[] {
    return [...this.listeners].filter(([, listener]) => listener.isOpen).map(([port]) => port);
  }

  async close(): Promise<void> {
    this.closing = true;
    await this.refresh();
    this.tomcat.close();
    this.tvs.close();
    this.ssh.close();
  }

  private serviceStarts(name: string): void {
    if (name === SERVICE.tftp && this.node.tftp) this.tftp.rebuild();
    if (name === SERVICE.tvs) this.tvs.start();
  }
}
