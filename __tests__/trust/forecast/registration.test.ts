import type { Certificate } from "../../../trust/certificate";
import { explainReason } from "../../../trust/forecast/explain";
import { forecastFleet } from "../../../trust/forecast/fleet";
import { forecastReturn } from "../../../trust/forecast/forecast";
import type { Cluster, Device } from "../../../trust/forecast/situation";
import { Role } from "../../../trust/roles";
import { certificate, impostor, type Records } from "./paper";
import { chain, forecastOf, returnOf, situation } from "./support";
import { changeDevice } from "./world";

/** The phone's row at the destination, and the destination's CAPF. */
function enrolling(device: Partial<Device>, capf: Partial<NonNullable<Cluster["capf"]>> = {}) {
  const { ends, phone } = situation();
  const row = ends.to.devices.get(phone.name)!;
  return {
    devices: new Map([[phone.name, { ...row, ...device }]]),
    capf: { reachable: true, certificate: certificate("destination", "capf"), trust: [], ...capf },
  };
}
function trustingOnly({ callManagers }: Cluster, sides: readonly ("source" | "destination")[]): void {
  for (const { callManagerTrust } of callManagers)
    (callManagerTrust as Certificate[]).splice(
      0,
      callManagerTrust.length,
      ...sides.map((side) => certificate(side, "capf")),
    );
}
const result = (...args: Parameters<typeof enrolling>) => chain(forecastOf({ to: enrolling(...args) }))[0];
const encrypted = { encryptedConfig: true, enrolment: "null string" } as const;

test("an encrypted configuration needs CAPF first, in a mode that needs nobody", () => {
  expect(result(encrypted)).toBe("registers");
  expect(result({ ...encrypted, enrolment: "authentication string" })).toBe("follows: capf-needs-a-person");
  expect(result({ ...encrypted, enrolment: null })).toBe("follows: public-key-unknown");
  expect(result(encrypted, { reachable: false })).toBe("follows: capf-unreachable");
  expect(result(encrypted, { certificate: impostor("destination", "rogue") })).toBe(
    "follows: capf-not-in-lists",
  );
});

test("a CAPF that the lists do not name is trusted where TVS vouches for it in that role", () => {
  const renewed = certificate("destination", "oldCapf");
  const asked = (roles: readonly number[] | null) => {
    const { ends } = situation();
    const tvs = ends.to.tvs.map((node) => {
      const answers = new Map(node.answers);
      if (roles === null) answers.delete(renewed.mapId);
      else answers.set(renewed.mapId, { kind: "vouches", roles, certificate: renewed });
      return { ...node, answers };
    });
    const to = { ...enrolling(encrypted, { certificate: renewed }), tvs };
    const world = (w: ReturnType<typeof situation>["world"]) => {
      for (const node of w.clusters.destination.callManagers) node.callManagerTrust.push(renewed);
    };
    return forecastOf({ world, to });
  };
  expect(asked([Role.CAPF]).outcome).toBe("registers");
  expect(asked([Role.TFTP])).toMatchObject({ outcome: "follows", reason: "capf-not-in-lists" });
  const doubtful = asked(null);
  expect(doubtful).toMatchObject({ outcome: "uncertain", expected: "follows" });
  expect(explainReason(doubtful)).toContain("whether TVS vouches for");
});

test("where it was before, the database has its public key, unless it was enrolled elsewhere since", () => {
  const before = { encryptedConfig: true, enrolment: null, publicKey: "from before" } as const;
  const there = certificate("destination", "capf");
  const lsc = { issuer: there.subject, issuedBy: there };
  expect(chain(forecastOf({ to: enrolling(before), phone: { lsc } }))[0]).toBe("registers");
  expect(result(before)).toBe("follows: public-key-unknown");
  const doubted = { ...lsc, doubt: "it still shows the LSC of the destination" };
  const told = forecastOf({ to: enrolling(before), phone: { lsc: doubted } });
  expect(told).toMatchObject({ outcome: "uncertain", expected: "registers" });
  expect(explainReason(told)).toContain("whether the phone still has the key that the database knows");
});

test("an LSC of which only the issuer's name is known is told by that", () => {
  const before = { encryptedConfig: true, enrolment: null, publicKey: "from before" } as const;
  const by = (side: "source" | "destination") =>
    chain(
      forecastOf({
        to: enrolling(before),
        phone: { lsc: { issuer: certificate(side, "capf").subject } },
      }),
    )[0];
  expect(by("source")).toBe("follows: public-key-unknown");
  expect(by("destination")).toBe("registers");
});

test("a new LSC that the CallManagers would not trust makes it matter whether an operation waits", () => {
  const world = (w: ReturnType<typeof situation>["world"]) => {
    for (const node of w.clusters.destination.callManagers)
      node.callManagerTrust = [certificate("source", "capf")];
  };
  expect(forecastOf({ world, to: enrolling({ enrolment: "unknown" }) })).toMatchObject({
    outcome: "uncertain",
    expected: "registers",
    hangsOn: [{ id: "enrolment" }],
  });
});

test("a new LSC has another key than the one that the database of the source knows", () => {
  const { phone, ends } = situation({ to: enrolling({ enrolment: "null string" }) });
  for (const node of ends.from.callManagers)
    (node.callManagerTrust as Certificate[]).push(certificate("destination", "capf"));
  const back = (encryptedConfig: boolean) => {
    const row = { ...ends.from.devices.get(phone.name)!, encryptedConfig, publicKey: "from before" } as const;
    const from = { ...ends.from, devices: new Map([[phone.name, row]]) };
    return forecastReturn(phone, { ...ends, from });
  };
  expect(back(false).outcome).toBe("registers");
  expect(back(true)).toMatchObject({ outcome: "follows", reason: "public-key-unknown" });
});

test("the way back hangs on whether an operation waits there, whose LSC or key the source would not know", () => {
  const back = (encryptedConfig: boolean, enrolment: Device["enrolment"]) => {
    const { phone, ends } = situation({ to: enrolling({ enrolment }) });
    trustingOnly(ends.from, encryptedConfig ? ["source", "destination"] : ["source"]);
    const row = { ...ends.from.devices.get(phone.name)!, encryptedConfig, publicKey: "from before" } as const;
    const from = { ...ends.from, devices: new Map([[phone.name, row]]) };
    return forecastReturn(phone, { ...ends, from });
  };
  for (const encryptedConfig of [false, true]) {
    expect(back(encryptedConfig, null).outcome).toBe("registers");
    expect(back(encryptedConfig, "null string")).toMatchObject({
      outcome: "follows",
      reason: encryptedConfig ? "public-key-unknown" : "issuer-not-trusted",
    });
    expect(back(encryptedConfig, "unknown")).toMatchObject({
      outcome: "uncertain",
      expected: "registers",
      hangsOn: [{ id: "enrolment" }],
    });
  }
});

test("an operation that waits there is none that waits where it comes back to", () => {
  const { phone, ends } = situation({ to: enrolling({ enrolment: "unknown" }) });
  trustingOnly(ends.from, ["source"]);
  const row = { ...ends.from.devices.get(phone.name)!, enrolment: "unknown" } as const;
  const from = { ...ends.from, devices: new Map([[phone.name, row]]) };
  const said = forecastReturn(phone, { ...ends, from });
  expect(said.hangsOn.map(({ id, words }) => `${id}: ${words}`)).toEqual([
    expect.stringMatching(/^enrolment: whether .* at the cluster that it goes to/),
    expect.stringMatching(/^enrolment-back: whether .* at the cluster that it comes back to/),
  ]);
});

test("enrolment by existing certificate needs its issuer in CAPF-trust", () => {
  const existing = { ...encrypted, enrolment: "existing certificate" } as const;
  expect(result(existing)).toBe("follows: capf-refuses");
  expect(result(existing, { trust: [certificate("source", "capf")] })).toBe("registers");
});

test("a new LSC makes up for one that is not trusted; on the way back it is what the source must trust", () => {
  const world = (w: ReturnType<typeof situation>["world"]) => {
    for (const node of w.clusters.destination.callManagers)
      node.callManagerTrust = [certificate("destination", "capf")];
  };
  expect(forecastOf({ world }).outcome).toBe("follows");
  const to = enrolling({ enrolment: "null string" });
  expect(forecastOf({ world, to }).outcome).toBe("registers");
  expect(returnOf({ world, to }).outcome).toBe("registers");
  const distrusting = (w: Parameters<typeof world>[0]) => {
    world(w);
    for (const node of w.clusters.source.callManagers)
      node.callManagerTrust = [certificate("source", "capf")];
  };
  expect(returnOf({ world: distrusting, to })).toMatchObject({
    outcome: "follows",
    reason: "issuer-not-trusted",
  });
});

test("a phone that cannot check the encrypted file follows, though the bare one needs no signature", () => {
  const world = (w: ReturnType<typeof situation>["world"]) => {
    const { phone, clusters } = w;
    phone.itl = null;
    phone.ctl = null;
    const bare = <F extends { records: Records } | null>(file: F): F =>
      file && { ...file, records: file.records.filter(([role]) => role !== Role.CCM_TFTP) };
    const { nodes } = clusters.destination;
    for (const i of [0, 1] as const)
      nodes[i] = { ...nodes[i], ctl: bare(nodes[i].ctl), itl: bare(nodes[i].itl) };
    changeDevice(w, "destination", { mode: 1, encrypted: true, enrolment: "null string" });
  };
  const said = forecastOf({ world });
  expect(chain(said)).toEqual([
    "follows: tvs-miss",
    "ctl first-use",
    expect.stringMatching(/^itl /),
    "configuration unsigned",
    "configuration -tvs-miss",
  ]);
  // Those whom it asks are of the configuration that it has just taken.
  const vouching = (w: ReturnType<typeof situation>["world"]) => {
    world(w);
    for (const { answers } of w.clusters.destination.tvs)
      for (const one of (["cm0", "cm1"] as const).map((person) => certificate("destination", person)))
        answers.set(one.sha256, { roles: [Role.TFTP], certificate: one });
  };
  expect(chain(forecastOf({ world: vouching }))).toEqual([
    "registers",
    "ctl first-use",
    expect.stringMatching(/^itl /),
    "configuration unsigned",
    "configuration tvs",
    "registration no-tls",
  ]);
});

test("an enrolment that fails and was needed is the reason", () => {
  const world = (w: ReturnType<typeof situation>["world"]) => {
    for (const node of w.clusters.destination.callManagers) node.callManagerTrust = [];
  };
  expect(chain(forecastOf({ world, to: enrolling({ enrolment: "authentication string" }) }))[0]).toBe(
    "follows: capf-needs-a-person",
  );
  // Not needed: the LSC that it has is trusted.
  expect(result({ enrolment: "authentication string" })).toBe("registers");
});

test("a phone that asks for an encrypted configuration takes the signed one when there is none", () => {
  expect(chain(forecastOf({ phone: { asksForEncrypted: true } }))).toContain("configuration local-ctl");
  const { ends } = situation();
  const tftp = ends.to.tftp.map((node) => ({
    ...node,
    configuration: { ...node.configuration, encrypted: { kind: "malformed", why: "cut" } as const },
  }));
  const given = (device: Partial<Device>) =>
    chain(
      forecastOf({
        phone: { asksForEncrypted: true },
        to: { ...enrolling(device), tftp },
        switches: { fallbackWhenConfigBad: "cached" },
      }),
    )[0];
  expect(given({ encryptedConfig: true, publicKey: "from before" })).toBe("locked out: malformed");
  // What is there is another phone's.
  expect(given({ encryptedConfig: false, publicKey: "from before" })).toBe("registers");
  expect(given({ ...encrypted, publicKey: "none" })).toBe("registers");
});

test("whether a CAPF operation waits is asked only where the phone needs one", () => {
  const world = (w: ReturnType<typeof situation>["world"]) => {
    for (const node of w.clusters.destination.callManagers)
      node.callManagerTrust = [certificate("destination", "capf")];
  };
  const to = enrolling({ enrolment: "unknown" });
  expect(forecastOf({ to }).outcome).toBe("registers");
  expect(forecastOf({ world, to })).toMatchObject({
    outcome: "uncertain",
    expected: "follows",
    hangsOn: [{ id: "enrolment" }],
  });
  expect(forecastOf({ to: enrolling({ ...encrypted, enrolment: "unknown" }) })).toMatchObject({
    outcome: "uncertain",
    expected: "follows",
  });
});

test("a certificate that the phone only may have makes a secure registration uncertain, and no other one", () => {
  const lsc = { issuer: certificate("source", "capf").subject, doubt: "it has an LSC" };
  const said = forecastOf({ phone: { lsc } });
  expect(said).toMatchObject({ outcome: "uncertain", expected: "registers", reason: "no-phone-certificate" });
  expect(explainReason(said)).toBe("hangs on whether it has an LSC: false -> follows, true -> registers");
  const { devices } = enrolling({ mode: "non-secure" });
  expect(forecastOf({ phone: { lsc }, to: { devices } }).outcome).toBe("registers");
});

test("the reason of a phone that is at risk is one sentence with a remedy", () => {
  expect(explainReason(forecastOf())).toBe("");
  expect(explainReason(forecastOf({ phone: { alternateTftp: true } }))).toBe(
    "by alternate TFTP: option 150: refused, Alternate TFTP is on: the phone ignores option 150. To do: switch Alternate TFTP off on the phone, and take it out of alternateTftp of its wave",
  );
});

describe("an LSC that a former CAPF certificate may have issued", () => {
  const doubtful = (trusted: readonly ("capf" | "oldCapf")[]) => {
    const world = (w: ReturnType<typeof situation>["world"]) => {
      for (const node of w.clusters.destination.callManagers)
        node.callManagerTrust = trusted.map((one) => certificate("source", one));
    };
    const { issuer } = certificate("source", "capf");
    const lsc = {
      issuer,
      issuedBy: certificate("source", "capf"),
      orIssuedBy: [certificate("source", "oldCapf")],
    };
    return forecastOf({ world, phone: { lsc } });
  };

  it("hangs on it while the destination trusts one of them only", () => {
    const said = doubtful(["capf"]);
    expect(said).toMatchObject({ outcome: "uncertain", expected: "registers" });
    const { serial } = certificate("source", "oldCapf");
    expect(explainReason(said)).toBe(
      `hangs on whether source-capf (serial ${serial}) issued its LSC, and not source-capf (serial ${certificate("source", "capf").serial}): false -> registers, true -> follows`,
    );
    expect(doubtful(["oldCapf"])).toMatchObject({ outcome: "uncertain", expected: "follows" });
  });

  it("does not matter when all are trusted, or none; then the missing one is named", () => {
    expect(doubtful(["capf", "oldCapf"])).toMatchObject({ outcome: "registers", hangsOn: [] });
    const none = doubtful([]);
    expect(none).toMatchObject({ outcome: "follows", hangsOn: [] });
    expect(explainReason(none)).toContain(
      `does not trust the issuer of the phone's certificate, CN=source-capf;O=Stormin (serial ${certificate("source", "capf").serial}) (10.20.0.1`,
    );
  });

  it("makes phones different that differ in nothing else", () => {
    const { phone, ends } = situation({
      world: (w) => {
        for (const node of w.clusters.destination.callManagers)
          node.callManagerTrust = [certificate("source", "capf")];
      },
    });
    const old = { ...phone.lsc!, orIssuedBy: [certificate("source", "oldCapf")] };
    const outcomes = [...forecastFleet([phone, { ...phone, lsc: old }], ends)].map((one) => one.outcome);
    expect(outcomes).toEqual(["registers", "uncertain"]);
  });
});
