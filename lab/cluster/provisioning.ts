import type { RunningCluster } from "./build";
import { issueLsc, otherTvs } from "./pki/identities";
import { buildItl } from "./pki/trust-files";

/** What a phone that is registered with the source carries: enough to build one that boots. */
export interface PhoneProvisioning {
  readonly name: string;
  readonly model: string;
  readonly load: string;
  /** PEM. The phone's locally significant certificate, issued by the CAPF of the source's publisher. */
  readonly lsc: { readonly certificate: string; readonly key: string };
  /** Base64 of the files as the source's publisher served them to this phone. */
  readonly ctl: string | null;
  readonly itl: string;
  readonly config: string;
  /** `SEP<MAC>.cnf.xml.sgn` */
  readonly configName: string;
  /** Address of the TFTP server that they came from. */
  readonly tftpServer: string;
  /** The ITL is from before the source's TVS certificates were regenerated. */
  readonly stale: boolean;
}

const DAY = 24 * 3600 * 1000;

export async function provisionPhones(
  source: RunningCluster,
  phones: readonly string[],
  stale: ReadonlySet<string>,
): Promise<PhoneProvisioning[]> {
  const { cluster, hosts, keys, organisation } = source;
  const { publisher } = cluster;
  const tftp = hosts[0]!.tftp;
  const formerItl = stale.size === 0 ? null : await itlBeforeRegeneration(source);
  return Promise.all(
    phones.map(async (name): Promise<PhoneProvisioning> => {
      const lsc = await issueLsc(name, keys, publisher, organisation);
      const configName = `${name}.cnf.xml.sgn`;
      const config = tftp.file(configName);
      if (config === null) throw new Error(`the source does not know ${name}`);
      const itl = stale.has(name) ? formerItl! : tftp.file(`ITL${name}.tlv`)!;
      return {
        name,
        model: "CP-8861",
        load: cluster.phones.get(name)!.load,
        lsc: {
          certificate: lsc.certificate.pem,
          key: lsc.key.export({ type: "pkcs8", format: "pem" }) as string,
        },
        ctl: tftp.file(`CTL${name}.tlv`)?.toString("base64") ?? null,
        itl: itl.toString("base64"),
        config: config.toString("base64"),
        configName,
        tftpServer: publisher.address,
        stale: stale.has(name),
      };
    }),
  );
}

/** The publisher's ITL as it was while every TVS still had its former certificate. */
async function itlBeforeRegeneration({ cluster, keys, organisation }: RunningCluster): Promise<Buffer> {
  const former = await Promise.all(
    cluster.nodes.map(
      async (node) => [node, (await otherTvs(node, keys, organisation, 1000)).certificate] as const,
    ),
  );
  return buildItl(cluster, cluster.publisher, {
    rollback: false,
    tvs: new Map(former),
    timestamp: new Date(Date.now() - 200 * DAY),
  });
}
