import type { RunningClusters } from "../../../lab/cluster/start";
import { Certificate } from "../../../trust/certificate";
import { Role } from "../../../trust/roles";
import { parseSignedFile, verifySignedFile } from "../../../trust/signed-file";
import { findSigner, parseTrustList, verifyTrustList } from "../../../trust/trust-list";
import { PHONES, STALE, startLab } from "./support";

let lab: RunningClusters;
beforeAll(async () => {
  lab = await startLab();
}, 60_000);
afterAll(() => lab.close());

async function get(
  address: string,
  name: string,
): Promise<{ status: number; bytes: Buffer; headers: Headers }> {
  const response = await fetch(`http://${address}:${lab.ready.source.ports.tftpHttp}/${name}`);
  return {
    status: response.status,
    bytes: Buffer.from(await response.arrayBuffer()),
    headers: response.headers,
  };
}

describe("TFTP over HTTP", () => {
  it("serves one CTL on every TFTP node, signed by the publisher's CallManager", async () => {
    for (const cluster of ["source", "destination"] as const) {
      const [publisher, subscriber] = lab.ready.tftp[cluster];
      const { bytes } = await get(publisher!, `CTL${PHONES[0]}.tlv`);
      expect((await get(subscriber!, "CTLFile.tlv")).bytes).toEqual(bytes);
      const list = parseTrustList(bytes);
      const signer = findSigner(list)!;
      expect(verifyTrustList(list, signer.certificate!)).toBe(true);
      expect(signer.dnsName).toMatch(/-pub$/);
      const roles = list.records.map(({ role, dnsName }) => `${role} ${dnsName.split("-")[1]}`);
      expect(roles.sort()).toEqual(
        [
          `${Role.SAST} pub`,
          `${Role.SAST} pub`,
          `${Role.CCM_TFTP} pub`,
          `${Role.CCM_TFTP} sub1`,
          `${Role.CCM_TFTP} sub2`,
          `${Role.CAPF} pub`,
        ].sort(),
      );
    }
  });

  it("signs the destination's CallManager certificates by a CA and the source's by themselves", async () => {
    const issuer = async (cluster: "source" | "destination") => {
      const list = parseTrustList((await get(lab.ready.tftp[cluster][0]!, "CTLFile.tlv")).bytes);
      const { certificate } = findSigner(list)!;
      return certificate!.issuer === certificate!.subject ? "self" : certificate!.issuer;
    };
    expect(await issuer("source")).toBe("self");
    expect(await issuer("destination")).toBe("CN=lab-ENTERPRISE-CA");
  });

  it("signs the ITL on each node with its own key, and lists every node's TVS", async () => {
    for (const address of lab.ready.tftp.source) {
      const list = parseTrustList((await get(address, `ITL${PHONES[0]}.tlv`)).bytes);
      const signer = findSigner(list)!;
      expect(verifyTrustList(list, signer.certificate!)).toBe(true);
      expect(signer.ipAddress).toBe(address);
      expect(list.records.filter(({ role }) => role === Role.TVS)).toHaveLength(3);
      expect(list.records.filter(({ role }) => role === Role.CAPF)).toHaveLength(1);
    }
  });

  it("signs a configuration that names TVS and CallManager nodes", async () => {
    const address = lab.ready.tftp.source[1]!;
    const { bytes, headers } = await get(address, `${PHONES[0]}.cnf.xml.sgn`);
    expect(headers.get("cache-control")).toBe("no-store");
    const file = parseSignedFile(bytes);
    const itl = parseTrustList((await get(address, "ITLFile.tlv")).bytes);
    expect(verifySignedFile(file, findSigner(itl)!.certificate!)).toBe(true);
    const xml = file.payload.toString();
    expect(xml).toContain("<deviceSecurityMode>3</deviceSecurityMode>");
    expect(xml.match(/<member priority="\d"><port>/g)).toHaveLength(3);
    expect(xml).toContain(`<port>${lab.ready.source.ports.tvs}</port>`);
    expect(xml).toContain(`<securedSipPort>${lab.ready.registrationPort}</securedSipPort>`);
  });

  it("answers 404 for what it has not, and nothing at all where TFTP is not activated", async () => {
    expect((await get(lab.ready.tftp.source[0]!, "SEPFFFFFFFFFFFF.cnf.xml.sgn")).status).toBe(404);
    expect((await get(lab.ready.tftp.source[0]!, `${PHONES[0]}.cnf.xml.enc.sgn`)).status).toBe(404);
    await expect(get(lab.ready.source.nodeAddresses["cucm10-sub2"]!, "CTLFile.tlv")).rejects.toThrow();
  });

  it("lists its files", async () => {
    const lines = (await get(lab.ready.tftp.source[0]!, "ConfigFileCacheList.txt")).bytes
      .toString()
      .trim()
      .split("\n");
    const names = lines.map((line) => line.split(/\s/)[0]);
    expect(names).toEqual(
      expect.arrayContaining(["CTLFile.tlv", `${PHONES[1]}.cnf.xml.sgn`, "XMLDefault.cnf.xml"]),
    );
  });
});

describe("what phones are provisioned with", () => {
  it("is what the source served to them", async () => {
    for (const phone of lab.ready.phones.filter(({ stale }) => !stale)) {
      const served = await get(phone.tftpServer, phone.configName);
      expect(Buffer.from(phone.config, "base64")).toEqual(served.bytes);
      expect(Buffer.from(phone.itl, "base64")).toEqual(
        (await get(phone.tftpServer, `ITL${phone.name}.tlv`)).bytes,
      );
      const lsc = Certificate.fromPem(phone.lsc!.certificate);
      expect(lsc.commonName).toBe(`CP-8861-${phone.name}`);
    }
  });

  it("holds an ITL with former TVS certificates for a stale phone, well signed", async () => {
    const stale = lab.ready.phones.find(({ name }) => name === STALE)!;
    const list = parseTrustList(Buffer.from(stale.itl, "base64"));
    const today = parseTrustList((await get(stale.tftpServer, "ITLFile.tlv")).bytes);
    expect(verifyTrustList(list, findSigner(list)!.certificate!)).toBe(true);
    const tvs = (one: typeof list) =>
      one.records.filter(({ role }) => role === Role.TVS).map(({ certificate }) => certificate!.sha256);
    expect(tvs(list)).toHaveLength(3);
    expect(tvs(list).filter((sha256) => tvs(today).includes(sha256))).toEqual([]);
  });
});
