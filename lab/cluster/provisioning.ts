import { createPublicKey } from "node:crypto";
import type { RunningCluster } from "./build";
import { issueLsc, makeMic, otherTvs } from "./pki/identities";
import type { Identity } from "./pki/issue";
import { buildItl } from "./pki/trust-files";

export interface PemIdentity {
  readonly certificate: string;
  readonly key: string;
}

/** What a phone that is registered with the source carries: enough to build one that boots. */
export interface PhoneProvisioning {
  readonly name: string;
  readonly model: string;
  readonly load: string;
  /** PEM. The phone's locally significant certificate, issued by the CAPF of the source's publisher. */
  readonly lsc: PemIdentity | null;
  /** The certificate that it was made with, where it has no LSC. */
  readonly mic: PemIdentity | null;
  /** Base64 of the files as the source's publisher served them to this phone. */
  readonly ctl: string | null;
  readonly itl: string;
  readonly config: string;
  /** `SEP<MAC>.cnf.xml.sgn`, or `.enc.sgn` */
  readonly configName: string;
  /** Address of the TFTP server that they came from. */
  readonly tftpServer: string;
  /** The ITL is from before the source's TVS certificates were regenerated. */
  readonly stale: boolean;
}

const DAY = 24 * 3600 * 1000;

export interface Kinds {
  readonly stale: ReadonlySet<string>;
  readonly withoutLsc: ReadonlySet<string>;
  /** Of MICs; null when every phone has an LSC. */
  readonly maker: Identity | null;
  readonly lscKeys: number | null;
}

export async function provisionPhones(
  source: RunningCluster,
  phones: readonly string[],
  { stale, withoutLsc, maker, lscKeys }: Kinds,
): Promise<PhoneProvisioning[]> {
  const { cluster, hosts, keys, organisation } = source;
  const { publisher } = cluster;
  const tftp = hosts[0]!.tftp;
  const formerItl = stale.size === 0 ? null : await itlBeforeRegeneration(source);
  const shared = await Promise.all(
    Array.from({ length: lscKeys ?? 0 }, (_, i) => keys.rsa(`lsc-shared-${i}`)),
  );
  return Promise.all(
    phones.map(async (name, i): Promise<PhoneProvisioning> => {
      const phone = cluster.phones.get(name);
      if (phone === undefined) throw new Error(`the source does not know ${name}`);
      const mic = maker !== null && withoutLsc.has(name) ? await makeMic(name, keys, maker) : null;
      const key = mic === null ? (shared[i % shared.length] ?? (await keys.rsa(`lsc-${name}`))) : null;
      const lsc = key && {
        key,
        certificate: issueLsc(name, createPublicKey(key), publisher, organisation),
      };
      cluster.phones.set(name, { ...phone, lsc: lsc?.certificate ?? null });
      const configName = `${name}.cnf.xml.${phone.encryptedConfig ? "enc.sgn" : "sgn"}`;
      const config = tftp.file(configName);
      if (config === null) throw new Error(`${name} needs an LSC for an encrypted configuration`);
      const itl = stale.has(name) ? formerItl! : tftp.file(`ITL${name}.tlv`)!;
      return {
        name,
        model: "CP-8861",
        load: phone.load,
        lsc: lsc && pem(lsc),
        mic: mic && pem(mic),
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

function pem({ certificate, key }: Identity): PemIdentity {
  return {
    certificate: certificate.pem,
    key: key.export({ type: "pkcs8", format: "pem" }) as string,
  };
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
