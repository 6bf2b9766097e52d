import { type After, boot } from "../../../lab/phone/boot";
import { DEFAULT_SWITCHES } from "../../../lab/phone/decide";
import { Role } from "../../../trust/roles";
import { parseTrustList } from "../../../trust/trust-list";
import { atSource, destination, io, NAME, source, world } from "./boot-world";
import { identity } from "./fixtures";

const goesTo = (after: After) => after.callManagers.map((one) => one.address);
const LOCKED_OUT = {
  status: "Trust List update failed",
  callManagers: [{ address: source.address, port: 5061 }],
};

test("follows the switch: CTL by TVS, ITL and configuration by the new CTL", async () => {
  const w = world();
  const after = await boot(atSource(), io(w));
  expect(after).toMatchObject({ status: "Trust List updated", failed: null });
  expect(goesTo(after)).toEqual([destination.address]);
  expect(w.kept).toEqual(["ctl.tlv", "itl.tlv", "config.xml"]);
  expect(w.asked).toEqual([
    `${destination.address}/CTL${NAME}.tlv`,
    `tvs ${source.address} CN=destination-pub`,
    `${destination.address}/ITL${NAME}.tlv`,
    `${destination.address}/${NAME}.cnf.xml.sgn`,
  ]);
  expect(after.remembered).toEqual({
    address: "10.1.20.100",
    tftp: [destination.address],
    tftpInUse: destination.address,
  });
});

test("is locked out when TVS does not know the signer, keeps its lists and goes back to the cached group", async () => {
  const w = world();
  w.tvs.answer = "miss";
  const after = await boot(atSource(), io(w));
  expect(after).toMatchObject({ ...LOCKED_OUT, failed: { step: "ctl", reason: "tvs-miss" } });
  expect(w.kept).toEqual([]);
  expect(after.lists.ctl?.bytes).toEqual(source.ctl);
});

test("is locked out with a stale ITL: it refuses the certificate that TVS shows", async () => {
  const w = world();
  w.tvs.shown = identity("source-tvs-new");
  const after = await boot(atSource(), io(w));
  expect(after).toMatchObject({ ...LOCKED_OUT, failed: { step: "ctl", reason: "tvs-not-in-itl" } });
});

test("is locked out when no TVS server answers", async () => {
  const w = world();
  w.tvs.answer = "down";
  expect(await boot(atSource(), io(w))).toMatchObject({
    ...LOCKED_OUT,
    failed: { reason: "tvs-unreachable" },
  });
});

test("does not take TVS's word for a role that signs no lists", async () => {
  const w = world();
  w.tvs.roles = [Role.CCM];
  expect(await boot(atSource(), io(w))).toMatchObject({
    ...LOCKED_OUT,
    failed: { step: "ctl", reason: "tvs-role" },
  });
});

test("asks no TVS about a forged CTL of a known signer", async () => {
  const w = world();
  const forged = Buffer.from(source.ctl);
  forged[forged.length - 1]! ^= 1;
  w.files[`${destination.address}/CTL${NAME}.tlv`] = forged;
  w.files[`${destination.address}/ITL${NAME}.tlv`] = source.itl;
  w.files[`${destination.address}/${NAME}.cnf.xml.sgn`] = source.sgn("x");
  const after = await boot(atSource(), io(w));
  expect(after.failed).toEqual({ step: "ctl", reason: "bad-signature" });
  expect(w.asked.filter((a) => a.startsWith("tvs"))).toEqual([]);
});

test("refuses a CTL whose signature is not that of the signer that TVS vouches for", async () => {
  const w = world();
  const forged = Buffer.from(destination.ctl);
  forged[forged.length - 1]! ^= 1;
  w.files[`${destination.address}/CTL${NAME}.tlv`] = forged;
  const after = await boot(atSource(), io(w));
  expect(after.failed).toEqual({ step: "ctl", reason: "bad-signature" });
  // The ITL and the configuration come through TVS all the same: the phone then has no CallManager in its CTL.
  expect(goesTo(after)).toEqual([destination.address]);
});

test("needs no TVS when its CTL already lists the destination's signer (CTL pre-provisioning)", async () => {
  const w = world();
  w.tvs.answer = "down";
  const records = [
    { role: Role.SAST, certificate: source.callManager.certificate },
    { role: Role.SAST, certificate: destination.callManager.certificate },
  ];
  const before = {
    ...atSource(),
    lists: { ...atSource().lists, ctl: parseTrustList(source.list("CTL", records)) },
  };
  const after = await boot(before, io(w));
  expect(after.failed).toBeNull();
  expect(goesTo(after)).toEqual([destination.address]);
});

test("tries the second TFTP server when the first does not answer, not when it lacks the file", async () => {
  const w = world();
  w.option150 = ["10.20.0.99", destination.address, "10.20.0.13"];
  w.files["10.20.0.99"] = "down";
  expect(goesTo(await boot(atSource(), io(w)))).toEqual([destination.address]);

  delete w.files["10.20.0.99"];
  const after = await boot(atSource(), io(w));
  expect(after.remembered.tftpInUse).toBe("10.20.0.99");
  expect(after.failed).toEqual({ step: "config", reason: "file-not-found" });
  expect(goesTo(after)).toEqual([source.address]);
});

test("keeps its values when DHCP is silent and says so", async () => {
  const w = world();
  w.option150 = null;
  const after = await boot(atSource(), io(w));
  expect(after).toMatchObject({
    status: "DHCP timeout",
    failed: { step: "dhcp", reason: "dhcp-no-answer" },
  });
  expect(goesTo(after)).toEqual([source.address]);
});

test("keeps its CTL when the server has none, or erases it where phones do", async () => {
  const w = world();
  delete w.files[`${destination.address}/CTL${NAME}.tlv`];
  const kept = await boot(atSource(), io(w));
  expect(kept.lists.ctl?.bytes).toEqual(source.ctl);
  const erased = await boot({ ...atSource(), switches: { ...DEFAULT_SWITCHES, ctl404: "erase" } }, io(w));
  expect(erased.lists.ctl).toBeNull();
});

test("a phone without lists trusts the first it meets", async () => {
  const w = world();
  const after = await boot({ ...atSource(), lists: { ctl: null, itl: null } }, io(w));
  expect(after).toMatchObject({ status: "CTL and ITL installed", failed: null });
});

test("a phone with the empty ITL of a prepared rollback cannot reach TVS and refuses a foreign CTL", async () => {
  const w = world();
  const empty = source.list("ITL", [{ role: Role.CAPF, certificate: source.capf.certificate }]);
  const after = await boot(
    { ...atSource(), lists: { ...atSource().lists, itl: parseTrustList(empty) } },
    io(w),
  );
  expect(after).toMatchObject({ ...LOCKED_OUT, failed: { step: "ctl", reason: "tvs-not-in-itl" } });
});

test("fallback to the TFTP server as CallManager is a switch", async () => {
  const w = world();
  w.tvs.answer = "miss";
  const switches = { ...DEFAULT_SWITCHES, fallbackWhenConfigBad: "tftpAsCcm" } as const;
  expect(goesTo(await boot({ ...atSource(), switches }, io(w)))).toEqual([destination.address]);
});

test("a restart asks no DHCP server: the phone goes where option 150 pointed at its last full boot", async () => {
  const w = world();
  const after = await boot({ ...atSource(), dhcp: false }, io(w));
  expect(after).toMatchObject({ failed: null, remembered: { tftpInUse: source.address } });
  expect(goesTo(after)).toEqual([source.address]);
});
