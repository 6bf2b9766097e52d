/** Encrypted configurations and CAPF, as a phone meets them when it boots. */
import { boot } from "../../../lab/phone/boot";
import { parsePhoneConfig } from "../../../lab/phone/config-file";
import { Role } from "../../../trust/roles";
import { parseTrustList } from "../../../trust/trust-list";
import { atSource, destination, io, NAME, source, type World, world } from "./boot-world";
import { identity } from "./fixtures";

const CAPF_ADDRESS = "10.20.0.11";

function told(full: boolean, mode: number): string {
  return destination.config.replace(
    "</device>",
    `<fullConfig>${full}</fullConfig><encrConfig>true</encrConfig><capfAuthMode>${mode}</capfAuthMode><capfList><capf><phonePort>3804</phonePort><processNodeName>${CAPF_ADDRESS}</processNodeName></capf></capfList></device>`,
  );
}

/** A destination whose database knows this key of the phone, and has that mode waiting. */
function encrypting(knows: string | null, mode = 0): World {
  const w = world();
  const at = (ending: string) => `${destination.address}/${NAME}.cnf.xml${ending}`;
  w.files[at(".sgn")] = destination.sgn("x", told(false, mode));
  if (knows !== null) w.files[at(".enc.sgn")] = destination.sgn("x", `${knows}|${told(true, mode)}`);
  return w;
}
/** Once a new LSC is issued, the database knows its key and nothing waits any more. */
function issuing(w: World): World {
  w.issued = () => {
    w.files[`${destination.address}/${NAME}.cnf.xml.enc.sgn`] = destination.sgn(
      "x",
      `new key|${told(true, 0)}`,
    );
  };
  return w;
}
/** Numbers of `capfAuthMode`: 1 authentication string, 2 null string, 3 existing certificate. */
const NULL_STRING = 2;
const asked = (w: World) => w.asked.map((one) => one.replace(/.*cnf\.xml/, "")).slice(3);
const cached = (encrypted: boolean) => {
  const config = { ...parsePhoneConfig(source.config), encrypted };
  return { ...atSource(), config };
};

test("reads the encrypted configuration once the bare one says that there is one", async () => {
  const w = encrypting("old key");
  const after = await boot(atSource(), io(w));
  expect(after).toMatchObject({ failed: null, callManagers: [{ address: destination.address }] });
  expect(asked(w)).toEqual([".sgn", ".enc.sgn"]);
});

test("asks for the encrypted one first when its own configuration was encrypted, and for the signed one if there is none", async () => {
  const w = encrypting("old key");
  expect(await boot(cached(true), io(w))).toMatchObject({ failed: null });
  expect(asked(w)).toEqual([".enc.sgn"]);
  const plain = world();
  expect(await boot(cached(true), io(plain))).toMatchObject({ failed: null });
  expect(asked(plain)).toEqual([".enc.sgn", ".sgn"]);
});

test("with a key that the database does not know it has a bare configuration, and registers nowhere", async () => {
  for (const knows of [null, "another key"]) {
    const w = encrypting(knows);
    const after = await boot(cached(true), io(w));
    expect(after).toMatchObject({
      failed: { step: "capf", reason: "public-key-unknown" },
      callManagers: [],
      config: { full: false },
    });
    expect(w.kept).toContain("config.xml");
  }
});

test("gets a new LSC from CAPF where that is ordered, and asks for the configuration again", async () => {
  const w = issuing(encrypting(null, NULL_STRING));
  const after = await boot(atSource(), io(w));
  expect(after).toMatchObject({ failed: null, callManagers: [{ address: destination.address }] });
  expect(after.messages).toContain("LSC installed");
  expect(asked(w)).toEqual([".sgn", ".enc.sgn", `capf ${CAPF_ADDRESS}:3804`, ".enc.sgn"]);
});

test.each([
  ["three tries of a CAPF that is silent", { capf: "down" as const }, "capf-unreachable", NULL_STRING],
  [
    "no other CAPF than that of the lists",
    { capf: shows(identity("rogue")) },
    "capf-not-in-lists",
    NULL_STRING,
  ],
  ["an answer that says no", { capf: shows(destination.capf, true) }, "capf-refuses", 3],
  ["nobody types a string", {}, "capf-needs-a-person", 1],
])("CAPF fails: %s", async (_, change, reason, mode) => {
  const w = Object.assign(encrypting(null, mode), change);
  const after = await boot(atSource(), io(w));
  expect(after).toMatchObject({ failed: { step: "capf", reason }, callManagers: [] });
  const tries = w.asked.filter((one) => one.startsWith("capf")).length;
  expect(tries).toBe(reason === "capf-unreachable" ? 3 : reason === "capf-needs-a-person" ? 0 : 1);
  expect(w.asked.filter((one) => one === "pause")).toHaveLength(Math.max(0, tries - 1));
});

test("a failed enrolment that the configuration does not need keeps nobody from registering", async () => {
  const w = world();
  w.files[`${destination.address}/${NAME}.cnf.xml.sgn`] = destination.sgn(
    "x",
    told(true, NULL_STRING).replace("<encrConfig>true", "<encrConfig>false"),
  );
  w.capf = "down";
  expect(await boot(atSource(), io(w))).toMatchObject({
    failed: { step: "capf", reason: "capf-unreachable" },
    callManagers: [{ address: destination.address }],
  });
});

test("trusts CAPF by its record in the ITL as well", async () => {
  const w = issuing(encrypting(null, NULL_STRING));
  const { callManager, capf } = destination;
  const record = (role: number, one: typeof capf) => ({ role, certificate: one.certificate });
  const signer = [record(Role.SAST, callManager), record(Role.CCM_TFTP, callManager)];
  w.files[`${destination.address}/CTL${NAME}.tlv`] = destination.list("CTL", signer);
  w.files[`${destination.address}/ITL${NAME}.tlv`] = destination.list("ITL", signer);
  expect(await boot(atSource(), io(w))).toMatchObject({ failed: { reason: "capf-not-in-lists" } });
  w.files[`${destination.address}/ITL${NAME}.tlv`] = destination.list("ITL", [
    ...signer,
    record(Role.CAPF, capf),
  ]);
  expect(await boot(atSource(), io(w))).toMatchObject({ failed: null });
});

test("asks TVS of its new configuration about a CAPF that its lists do not name", async () => {
  const renewed = identity("CAPF-renewed");
  const visit = async (certificate: typeof renewed.certificate, role: number, sbd = true) => {
    const w = Object.assign(issuing(encrypting(null, NULL_STRING)), { capf: shows(renewed) });
    w.destinationTvs = { certificate, roles: [role] };
    const before = atSource();
    const lists = sbd ? before.lists : { ...before.lists, ctl: parseTrustList(destination.ctl) };
    const after = await boot({ ...before, lists, caps: { ...before.caps, sbd } }, io(w));
    return after.failed?.reason ?? null;
  };
  expect(await visit(renewed.certificate, Role.CAPF)).toBeNull();
  expect(await visit(renewed.certificate, Role.TFTP)).toBe("capf-not-in-lists");
  expect(await visit(destination.capf.certificate, Role.CAPF)).toBe("capf-not-in-lists");
  expect(await visit(renewed.certificate, Role.CAPF, false)).toBe("capf-not-in-lists");
});

test("takes no encrypted configuration whose signer its lists do not name, though it takes an unsigned one", async () => {
  const w = encrypting("old key");
  const { callManager } = destination;
  const signer = [{ role: Role.SAST, certificate: callManager.certificate }];
  for (const kind of ["CTL", "ITL"] as const)
    w.files[`${destination.address}/${kind}${NAME}.tlv`] = destination.list(kind, signer);
  w.files[`${destination.address}/${NAME}.cnf.xml`] = Buffer.from(told(false, 0));
  const after = await boot(atSource(), io(w));
  expect(after).toMatchObject({ failed: { step: "config" }, config: { full: false }, callManagers: [] });
  expect((await boot(cached(true), io(w))).config?.tvs).toEqual(parsePhoneConfig(source.config).tvs);
});

function shows(shown: typeof destination.capf, refuses = false) {
  return { shown, refuses };
}
