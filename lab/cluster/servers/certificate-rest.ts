import { Certificate, CertificateError } from "../../../trust/certificate";
import type { ImportResult, LabCluster } from "../cluster";
import type { LabNode } from "../node";
import { STORES, type Store } from "../stores";
import { json, type PlatformReply, type PlatformRequest } from "./platform";

/** Certificate Management REST of one node, as far as public clients use it (CUCM 14 and later). */
export function certificateRest(request: PlatformRequest, cluster: LabCluster, node: LabNode): PlatformReply {
  const path = request.url.pathname.replace(/^.*\/certmgr\/config\//, "");
  switch (`${request.method} ${path}`) {
    case "GET snapshot/server":
      return json(200, snapshot(cluster, node));
    case "POST trust/certificates":
      return importTrust(request.body, cluster, node);
    default:
      return json(path === "trust/certificates" ? 405 : 404, { error: `no ${request.method} ${path}` });
  }
}

function snapshot({ drawn }: LabCluster, node: LabNode) {
  const name = (store: Store) => (drawn.rest.storeNames === "bare" ? store.replace(/-trust$/, "") : store);
  const filename = (file: string) =>
    drawn.rest.fileNames === "as-the-cli" ? file : file.replace(/\.pem$/, "");
  return {
    trackingId: "lab",
    server: node.fqdn,
    identities: node.units().map((service) => ({
      service: drawn.rest.unitNames === "as-the-cli" ? service : service.toLowerCase(),
      certificate: node.identity(service).certificate.pem,
      csr: null,
    })),
    trusts: STORES.map((store) => ({
      service: name(store),
      certificate_data: [...node.entries(store)].map(([file, certificate]) => ({
        filename: filename(file),
        certificate: certificate.pem,
      })),
    })),
    revokedCertificates: [],
  };
}

function importTrust(body: string, cluster: LabCluster, node: LabNode): PlatformReply {
  const { service, certificates } = parsed(body);
  if (!isTexts(service) || !isTexts(certificates)) return json(400, { message: "Invalid request body" });
  const stores = service.map((name) => storeOf(cluster, name));
  if (stores.includes(null)) return json(400, { message: `Invalid service: ${service.join(", ")}` });
  let imported: Certificate[];
  try {
    imported = certificates.map((pem) => Certificate.fromPem(pem));
  } catch (error) {
    if (error instanceof CertificateError) return json(400, { message: "Invalid certificate" });
    throw error;
  }
  const results = stores.flatMap((store) =>
    imported.map((certificate) => cluster.importTrust(node, store!, certificate)),
  );
  const status = Math.max(...results.map((result) => statusOf(result, cluster)));
  return json(status, { message: status < 300 ? "Success" : `Import failed: ${results.join(", ")}` });
}

function statusOf(result: ImportResult, { drawn }: LabCluster): number {
  if (result === "stored") return 201;
  if (result === "duplicate") return drawn.rest.duplicate;
  if (result === "older") return drawn.olderImport === "says-success" ? 200 : 400;
  return 500;
}

function storeOf(cluster: LabCluster, service: string): Store | null {
  const { restService } = cluster.drawn.spellings;
  return (
    STORES.find(
      (store) => restService[store] === service || (store === "tomcat-trust" && service === "tomcat"),
    ) ?? null
  );
}

function parsed(body: string): { readonly [name: string]: unknown } {
  try {
    const content: unknown = JSON.parse(body);
    return typeof content === "object" && content !== null ? { ...content } : {};
  } catch {
    return {};
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string");
}
