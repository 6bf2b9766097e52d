import { randomUUID } from "node:crypto";
import { Certificate } from "../../trust/certificate";
import { parseTrustList } from "../../trust/trust-list";
import type { RunningCluster } from "./build";
import type { BulkStep } from "./bulk";
import type { Clusters } from "./control";
import { faultProblem } from "./fault-fields";
import type { Host, PortName } from "./host";
import { CLUSTER_NAMES, type ClusterName } from "./options";
import { cucmName, otherTvs, validity } from "./pki/identities";
import { issue } from "./pki/issue";
import { buildCtl } from "./pki/trust-files";
import type { RequestKind, Requests } from "./requests";
import type { PlatformFault } from "./servers/platform";
import type { LabSftp } from "./servers/sftp";
import { SERVICE } from "./services";
import { STORES, type Store } from "./stores";

/** One damage, or its repair. `node` is a name or an address; left out it means every node of the cluster. */
export type Fault =
  /** Power off and on. */
  | { readonly kind: "node"; readonly cluster: ClusterName; readonly node?: string; readonly up: boolean }
  /** A port refuses connections although its service runs. */
  | {
      readonly kind: "port";
      readonly cluster: ClusterName;
      readonly node?: string;
      readonly port: PortName;
      readonly open: boolean;
    }
  /** Any service by name, e.g. `Cisco Trust Verification Service`. */
  | {
      readonly kind: "service";
      readonly cluster: ClusterName;
      readonly node?: string;
      readonly service: string;
      readonly order: "Start" | "Stop" | "Restart";
    }
  /** A feature service is deactivated or activated, e.g. `Cisco Tftp`. */
  | {
      readonly kind: "activation";
      readonly cluster: ClusterName;
      readonly node?: string;
      readonly service: string;
      readonly activated: boolean;
    }
  /**
   * An entry vanishes: `scope` "cluster" everywhere, "node" from the node's files and its replica of the database,
   * "files" from the node's files only. TVS restarted afterwards by hand or by `reload`.
   */
  | {
      readonly kind: "remove-trust";
      readonly cluster: ClusterName;
      readonly node?: string;
      readonly store: Store;
      readonly sha256: string;
      readonly scope: "cluster" | "node" | "files";
      readonly reload?: boolean;
    }
  /** An entry that was there all along: a PEM, or one that is made for a common name. */
  | {
      readonly kind: "plant-trust";
      readonly cluster: ClusterName;
      readonly store: Store;
      readonly pem?: string;
      readonly commonName?: string;
      readonly ageDays?: number;
    }
  /** A new TVS certificate; phones' ITLs do not know it. `rebuildItl` also restarts Cisco Tftp. */
  | {
      readonly kind: "replace-tvs";
      readonly cluster: ClusterName;
      readonly node?: string;
      readonly rebuildItl?: boolean;
    }
  /** The CallManager certificate was renewed and has run out; lists and configurations are signed with it all the same. */
  | { readonly kind: "expire-signer"; readonly cluster: ClusterName; readonly node?: string }
  /** One byte of the signature of the served CTL is wrong, or right again. */
  | {
      readonly kind: "corrupt-ctl";
      readonly cluster: ClusterName;
      readonly node?: string;
      readonly corrupt: boolean;
    }
  /** Requests of one kind (and operation, by its beginning) are lost without an answer. */
  | {
      readonly kind: "drop";
      readonly cluster: ClusterName;
      readonly node?: string;
      readonly request: RequestKind;
      readonly operation?: string;
      readonly count: number;
    }
  /**
   * The next answers (of one operation) of certificate REST or of OS administration: an HTTP status, a page where JSON is due, an answer
   * that takes seconds; or the end of all sessions.
   */
  | {
      readonly kind: "platform";
      readonly cluster: ClusterName;
      readonly node?: string;
      readonly interface: "rest" | "web";
      /** Beginning of method and path, e.g. `POST certificateUpload.do`. */
      readonly operation?: string;
      readonly answer: PlatformFault;
      readonly count: number;
    }
  | { readonly kind: "ris-rate"; readonly cluster: ClusterName; readonly perMinute: number }
  /** An enterprise parameter, e.g. ClusterSecurityMode or RollBackToPreGrayback, in the cluster's own encoding. */
  | {
      readonly kind: "parameter";
      readonly cluster: ClusterName;
      readonly name: string;
      readonly value: string;
    }
  /** A step of a bulk exchange that says that it was done does nothing, or works again. */
  | {
      readonly kind: "bulk";
      readonly cluster: ClusterName;
      readonly step: BulkStep;
      readonly works: boolean;
    }
  /** `utils ctl update CTLFile` says that it was done and does nothing, or works again. */
  | { readonly kind: "ctl-update"; readonly cluster: ClusterName; readonly works: boolean }
  /** The registration for export-controlled functionality is lost, or there again: `utils ctl` needs it. */
  | { readonly kind: "export-control"; readonly cluster: ClusterName; readonly allowed: boolean }
  /** What the SFTP server lets its clients do; what is left out stays as it is. */
  | {
      readonly kind: "sftp";
      readonly readOnly?: boolean;
      readonly directory?: boolean;
      readonly login?: boolean;
    }
  /** A device disappears from the database. */
  | { readonly kind: "delete-phone"; readonly cluster: ClusterName; readonly device: string }
  /** Nodes up, ports open, services started, CTL right, nothing dropped, bulk exchanges and updates of the CTL work. Certificates stay. */
  | { readonly kind: "heal" };

export class FaultError extends Error {
  override readonly name = "FaultError";
}

type Handlers = {
  [kind in Fault["kind"]]: (
    fault: Extract<Fault, { kind: kind }>,
    clusters: Clusters,
    requests: Requests,
    sftp: LabSftp | null,
  ) => void | Promise<void>;
};

const HANDLERS: Handlers = {
  node: async (fault, clusters) => {
    for (const host of hostsOf(fault, clusters)) await host.power(fault.up);
  },
  port: async (fault, clusters) => {
    for (const host of hostsOf(fault, clusters)) await host.block(fault.port, !fault.open);
  },
  service: (fault, clusters) => {
    for (const { node } of hostsOf(fault, clusters)) {
      const result = node.services.control(fault.service, fault.order);
      if (result !== "accepted") throw new FaultError(`${fault.service} of ${node.name}: ${result}`);
    }
  },
  activation: (fault, clusters) => {
    for (const { node } of hostsOf(fault, clusters)) {
      const result = node.services.activate(fault.service, fault.activated);
      if (result !== "accepted") throw new FaultError(`${fault.service} of ${node.name}: ${result}`);
    }
  },
  "remove-trust": (fault, clusters) => {
    if (!STORES.includes(fault.store)) throw new FaultError(`no store ${fault.store}`);
    const hosts = hostsOf(fault, clusters);
    const { cluster } = clusterOf(fault.cluster, clusters);
    if (!hosts.some(({ node }) => node.fileOf(fault.store, fault.sha256) !== null)) {
      throw new FaultError(`no ${fault.sha256} in ${fault.store}`);
    }
    if (fault.scope === "cluster") cluster.damage(fault.store, fault.sha256, null, false);
    else
      for (const { node } of hosts) cluster.damage(fault.store, fault.sha256, node, fault.scope === "files");
    if (fault.reload) for (const host of hosts) host.tvs.cache.reload();
  },
  "plant-trust": async (fault, clusters) => {
    const running = clusterOf(fault.cluster, clusters);
    const certificate =
      fault.pem === undefined
        ? await made(running, fault.commonName ?? "planted", fault.ageDays ?? 10)
        : Certificate.fromPem(fault.pem);
    running.cluster.plant(fault.store, certificate, running.cluster.publisher.name);
  },
  "replace-tvs": async (fault, clusters) => {
    const { cluster, keys, organisation } = clusterOf(fault.cluster, clusters);
    for (const host of hostsOf(fault, clusters)) {
      const { node } = host;
      const former = node.identity("TVS").certificate;
      const identity = await otherTvs(node, keys, organisation, 0);
      node.identities.set("TVS", identity);
      for (const one of cluster.nodes) {
        one.removeRow("TVS", former.sha256);
        one.putRow("TVS", {
          pkid: randomUUID(),
          certificate: identity.certificate,
          serverName: node.name,
        });
      }
      host.tvs.start();
    }
    if (fault.rebuildItl)
      for (const { node, tftp } of hostsOf({ cluster: fault.cluster }, clusters))
        if (node.tftp) tftp.rebuild();
  },
  "expire-signer": (fault, clusters) => {
    const { cluster, hosts, organisation } = clusterOf(fault.cluster, clusters);
    for (const { node } of hostsOf(fault, clusters)) {
      const { certificate, key } = node.identity("CallManager");
      const expired = issue({
        subject: cucmName(node.fqdn, organisation),
        key,
        ...validity(...UNTIL_YESTERDAY),
      });
      node.identities.set("CallManager", expired);
      for (const one of cluster.nodes) {
        one.removeRow("CallManager", certificate.sha256);
        one.putRow("CallManager", {
          pkid: randomUUID(),
          certificate: expired.certificate,
          serverName: node.name,
        });
      }
    }
    const ctl = buildCtl(cluster);
    for (const { node, tftp } of hosts) {
      node.ctl = ctl;
      if (node.tftp) tftp.rebuild();
    }
  },
  "corrupt-ctl": (fault, clusters) => {
    for (const host of hostsOf(fault, clusters)) corruptCtl(host, fault.corrupt);
  },
  drop: (fault, clusters, requests) => {
    const node = fault.node === undefined ? undefined : hostsOf(fault, clusters)[0]!.node.name;
    requests.drop({
      cluster: fault.cluster,
      node,
      kind: fault.request,
      operation: fault.operation,
      count: fault.count,
    });
  },
  platform: (fault, clusters) => {
    for (const { tomcat } of hostsOf(fault, clusters)) tomcat.platform.spoil(fault);
  },
  "ris-rate": (fault, clusters) => {
    clusterOf(fault.cluster, clusters).risRate.perMinute = fault.perMinute;
  },
  parameter: (fault, clusters) => {
    const { cluster, hosts } = clusterOf(fault.cluster, clusters);
    cluster.parameters.set(fault.name, fault.value);
    for (const { node, tftp } of hosts) if (node.tftp) tftp.rebuild();
  },
  bulk: (fault, clusters) => {
    const { bulkIdle } = clusterOf(fault.cluster, clusters).cluster;
    if (fault.works) bulkIdle.delete(fault.step);
    else bulkIdle.add(fault.step);
  },
  "ctl-update": (fault, clusters) => {
    clusterOf(fault.cluster, clusters).cluster.ctlIdle = !fault.works;
  },
  "export-control": (fault, clusters) => {
    clusterOf(fault.cluster, clusters).cluster.exportAllowed = fault.allowed;
  },
  sftp: (fault, _clusters, _requests, sftp) => {
    if (sftp === null) throw new FaultError("this lab has no SFTP server");
    if (fault.readOnly !== undefined) sftp.readOnly = fault.readOnly;
    if (fault.directory !== undefined) sftp.setThere(fault.directory);
    if (fault.login !== undefined) sftp.refuses = !fault.login;
  },
  "delete-phone": (fault, clusters) => {
    if (!clusterOf(fault.cluster, clusters).cluster.phones.delete(fault.device))
      throw new FaultError(`no ${fault.device}`);
  },
  heal: async (_fault, clusters, requests, sftp) => {
    requests.heal();
    if (sftp) Object.assign(sftp, { readOnly: false, refuses: false }).setThere(true);
    for (const name of CLUSTER_NAMES) {
      clusters[name].cluster.bulkIdle.clear();
      clusters[name].cluster.ctlIdle = false;
      clusters[name].cluster.exportAllowed = true;
    }
    for (const host of CLUSTER_NAMES.flatMap((name) => clusters[name].hosts)) {
      corruptCtl(host, false);
      host.tomcat.platform.heal();
      for (const port of ["ssh", "https", "tftpHttp", "tvs", "registration", "capf", "platform"] as const)
        await host.block(port, false);
      if (!host.node.up) await host.power(true);
      if (host.node.tftp) host.node.services.activate(SERVICE.tftp, true);
      for (const name of Object.values(SERVICE)) host.node.services.control(name, "Start");
    }
  },
};

/** @throws FaultError when the order makes no sense */
export async function applyFault(
  fault: Fault,
  clusters: Clusters,
  requests: Requests,
  sftp: LabSftp | null,
): Promise<void> {
  const problem = faultProblem(fault);
  if (problem !== null) throw new FaultError(problem);
  const handler = HANDLERS[fault.kind] as (
    fault: Fault,
    clusters: Clusters,
    requests: Requests,
    sftp: LabSftp | null,
  ) => void | Promise<void>;
  await handler(fault, clusters, requests, sftp);
}

function clusterOf(name: ClusterName, clusters: Clusters): RunningCluster {
  const running = clusters[name];
  if (running === undefined) throw new FaultError(`no cluster "${String(name)}"`);
  return running;
}

function hostsOf(fault: { cluster: ClusterName; node?: string }, clusters: Clusters): readonly Host[] {
  const { hosts } = clusterOf(fault.cluster, clusters);
  if (fault.node === undefined) return hosts;
  const found = hosts.filter(({ node }) => node.name === fault.node || node.address === fault.node);
  if (found.length === 0) throw new FaultError(`no node "${fault.node}"`);
  return found;
}

/** Valid later than what an installation makes, and no longer: until yesterday. */
const UNTIL_YESTERDAY = [30, 29] as const;

/** What was made of a host's CTL; another one may have come since. */
const corrupted = new WeakMap<Host, Buffer>();
const SIGNATURE = 12;

function corruptCtl(host: Host, corrupt: boolean): void {
  const { ctl } = host.node;
  if (ctl === null || (corrupted.get(host) === ctl) === corrupt) return;
  const signature = parseTrustList(ctl).tlvs.find(({ tag }) => tag === SIGNATURE)!;
  const changed = Buffer.from(ctl);
  const at = signature.offset + 3 + 100;
  changed[at] = changed[at]! ^ 0xff;
  host.node.ctl = changed;
  host.tftp.loadCtl();
  if (corrupt) corrupted.set(host, changed);
  else corrupted.delete(host);
}

async function made(
  { keys, organisation }: RunningCluster,
  commonName: string,
  age: number,
): Promise<Certificate> {
  const key = await keys.rsa("planted");
  return issue({ subject: cucmName(commonName, organisation), key, ...validity(age) }).certificate;
}
