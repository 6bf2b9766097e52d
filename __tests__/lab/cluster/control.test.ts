import { drawUnknowns } from "../../../lab/cluster/drawn";
import type { RequestCounts } from "../../../lab/cluster/requests";
import type { RunningClusters } from "../../../lab/cluster/start";
import { findSigner, parseTrustList, verifyTrustList } from "../../../trust/trust-list";
import { fault, isRefused, startLab, state } from "./support";

let lab: RunningClusters;
beforeAll(async () => {
  lab = await startLab();
}, 60_000);
afterAll(() => lab.close());

const served = async (address: string, name: string) =>
  Buffer.from(
    await (await fetch(`http://${address}:${lab.ready.source.ports.tftpHttp}/${name}`)).arrayBuffer(),
  );

describe("state", () => {
  it("is the same twice, and says what both clusters hold", async () => {
    const one = await state(lab.ready.control);
    expect(await state(lab.ready.control)).toEqual(one);
    const node = one.clusters.source.nodes["cucm10-sub1"]!;
    expect([...node.openPorts].sort()).toEqual([
      "https",
      "platform",
      "registration",
      "ssh",
      "tftpHttp",
      "tvs",
    ]);
    expect(node.stores["Phone-SAST-trust"]).toHaveLength(3);
    expect(node.stores["CAPF-trust"]).toHaveLength(2);
    expect(node.tvs.some((line) => line.endsWith("roles 0,2"))).toBe(true);
    expect(one.clusters.destination.parameters.ClusterSecurityMode).toBe("1");
  });

  it("holds no password and no key", async () => {
    const text = JSON.stringify(await state(lab.ready.control));
    for (const secret of ["os-source", "app-source", "PRIVATE KEY"]) expect(text).not.toContain(secret);
  });
});

describe("requests", () => {
  it("are counted by cluster, node, interface and operation", async () => {
    await fetch(`${lab.ready.control}/requests/reset`, { method: "POST" });
    await served(lab.ready.tftp.source[1]!, "ITLFile.tlv");
    await served(lab.ready.tftp.source[1]!, "ITLFile.tlv");
    const counts = (await (await fetch(`${lab.ready.control}/requests`)).json()) as RequestCounts;
    expect(counts).toEqual({ source: { "cucm10-sub1": { tftp: { "ITLFile.tlv": 2 } } } });
    const log = (await (await fetch(`${lab.ready.control}/requests/log`)).json()) as object[];
    expect(log).toHaveLength(2);
  });
});

describe("faults", () => {
  it("corrupt the CTL and make it right again", async () => {
    const address = lab.ready.tftp.destination[0]!;
    const good = await served(address, "CTLFile.tlv");
    await fault(lab.ready.control, { kind: "corrupt-ctl", cluster: "destination", corrupt: true });
    const list = parseTrustList(await served(address, "CTLFile.tlv"));
    expect(verifyTrustList(list, findSigner(list)!.certificate!)).toBe(false);
    await fault(lab.ready.control, { kind: "corrupt-ctl", cluster: "destination", corrupt: false });
    expect(await served(address, "CTLFile.tlv")).toEqual(good);
  });

  it("replace a TVS certificate behind the phones' back", async () => {
    const itl = await served(lab.ready.tftp.source[0]!, "ITLFile.tlv");
    const before = (await state(lab.ready.control)).clusters.source.nodes["cucm10-sub1"]!.identities.TVS;
    await fault(lab.ready.control, { kind: "replace-tvs", cluster: "source", node: "cucm10-sub1" });
    const after = (await state(lab.ready.control)).clusters.source.nodes["cucm10-sub1"]!.identities.TVS;
    expect(after).not.toBe(before);
    expect(await served(lab.ready.tftp.source[0]!, "ITLFile.tlv")).toEqual(itl);
    await fault(lab.ready.control, {
      kind: "replace-tvs",
      cluster: "source",
      node: "cucm10-sub1",
      rebuildItl: true,
    });
    const now = parseTrustList(await served(lab.ready.tftp.source[0]!, "ITLFile.tlv"));
    const current = (await state(lab.ready.control)).clusters.source.nodes["cucm10-sub1"]!.identities.TVS;
    expect(now.records.some(({ certificate }) => certificate?.sha256 === current)).toBe(true);
  });

  it("remove one entry on one node only", async () => {
    const { nodes } = (await state(lab.ready.control)).clusters.source;
    const { sha256 } = nodes["cucm10-sub1"]!.stores["Phone-SAST-trust"]![0]!;
    await fault(lab.ready.control, {
      kind: "remove-trust",
      cluster: "source",
      node: "cucm10-sub1",
      store: "Phone-SAST-trust",
      sha256,
      scope: "node",
      reload: true,
    });
    const after = (await state(lab.ready.control)).clusters.source.nodes;
    const has = (name: string) =>
      after[name]!.stores["Phone-SAST-trust"]!.some((entry) => entry.sha256 === sha256);
    expect([has("cucm10-pub"), has("cucm10-sub1"), has("cucm10-sub2")]).toEqual([true, false, true]);
    expect(after["cucm10-sub1"]!.tvs.some((line) => line.startsWith(sha256))).toBe(false);
  });

  it("take a node down and up", async () => {
    const address = lab.ready.source.nodeAddresses["cucm10-sub2"]!;
    const { ports } = lab.ready.source;
    await fault(lab.ready.control, { kind: "node", cluster: "source", node: "cucm10-sub2", up: false });
    for (const port of [ports.ssh, ports.https, ports.tvs]) expect(await isRefused(address, port)).toBe(true);
    await fault(lab.ready.control, { kind: "heal" });
    for (const port of [ports.ssh, ports.https, ports.tvs])
      expect(await isRefused(address, port)).toBe(false);
  });

  it("empty the ITL when the rollback parameter is set", async () => {
    const { rollbackParameter, rollbackTrue, rollbackFalse } = lab.ready.source.spellings;
    const set = (value: string) =>
      fault(lab.ready.control, { kind: "parameter", cluster: "source", name: rollbackParameter, value });
    await set(rollbackTrue[0]!);
    const empty = parseTrustList(await served(lab.ready.tftp.source[0]!, "ITLFile.tlv"));
    expect(empty.records.map(({ role }) => role)).toEqual([4]);
    await set(rollbackFalse[0]!);
  });

  it("deactivate a service until it is healed", async () => {
    const address = lab.ready.tftp.source[0]!;
    const { tftpHttp } = lab.ready.source.ports;
    const tftp = { kind: "activation", cluster: "source", service: "Cisco Tftp" } as const;
    await fault(lab.ready.control, { ...tftp, activated: false });
    expect(await isRefused(address, tftpHttp)).toBe(true);
    await fault(lab.ready.control, { kind: "heal" });
    expect(await isRefused(address, tftpHttp)).toBe(false);
  });

  it("let a signer expire that goes on signing", async () => {
    await fault(lab.ready.control, { kind: "expire-signer", cluster: "destination" });
    const ctl = parseTrustList(await served(lab.ready.tftp.destination[0]!, "CTLFile.tlv"));
    const signer = findSigner(ctl)!.certificate!;
    expect(signer.isExpired(new Date())).toBe(true);
    expect(verifyTrustList(ctl, signer)).toBe(true);
  });

  it("that make no sense are refused", async () => {
    await expect(fault(lab.ready.control, { kind: "earthquake" })).rejects.toThrow("no fault");
    await expect(fault(lab.ready.control, { kind: "node", cluster: "elsewhere", up: false })).rejects.toThrow(
      "no cluster",
    );
    await expect(
      fault(lab.ready.control, { kind: "node", cluster: "source", node: "x", up: false }),
    ).rejects.toThrow("no node");
    const incomplete = { kind: "corrupt-ctl", cluster: "destination" };
    await expect(fault(lab.ready.control, incomplete)).rejects.toThrow("corrupt-ctl: corrupt is missing");
    const misspelt = { kind: "node", cluster: "source", up: false, nod: "cucm10-sub1" };
    await expect(fault(lab.ready.control, misspelt)).rejects.toThrow(/node: no field .*nod/);
  });
});

describe("a start", () => {
  it("stays on loopback", async () => {
    await expect(startLab({ network: "10.1" })).rejects.toThrow("loopback");
  });

  it("serves no CTL in a non-secure cluster", async () => {
    const other = await startLab({ destination: { securityMode: "non-secure" } });
    const answer = await fetch(
      `http://${other.ready.tftp.destination[0]}:${other.ready.destination.ports.tftpHttp}/CTLFile.tlv`,
    );
    expect(answer.status).toBe(404);
    await other.close();
  }, 20_000);

  it("draws its spellings", async () => {
    const seen = new Set<string>();
    for (let i = 0; i < 200; i++) seen.add(JSON.stringify(drawUnknowns("10.5.2.11900-3")));
    expect(seen.size).toBeGreaterThan(50);
  });
});
