import {
  afterTvs,
  DEFAULT_CAPABILITIES,
  DEFAULT_SWITCHES,
  isTrustedCallManager,
  isTrustedTvs,
  judgeConfig,
  judgeList,
  tvsFailure,
} from "../../../lab/phone/decide";
import { Role } from "../../../trust/roles";
import { parseSignedFile } from "../../../trust/signed-file";
import { parseTrustList } from "../../../trust/trust-list";
import { identity, paperCluster } from "./fixtures";

const cluster = paperCluster("source", "10.10.0.11");
const other = paperCluster("destination", "10.20.0.11");
const lists = { ctl: parseTrustList(cluster.ctl), itl: parseTrustList(cluster.itl) };
const judge = (
  which: "ctl" | "itl",
  bytes: Buffer,
  held = lists,
  switches = DEFAULT_SWITCHES,
  caps = DEFAULT_CAPABILITIES,
) => judgeList(which, parseTrustList(bytes), held, switches, caps);

test("a signer in the phone's own lists needs nobody else", () => {
  expect(judge("ctl", cluster.ctl)).toEqual({ kind: "accept", by: "local-ctl" });
  expect(judge("ctl", cluster.ctl, { ...lists, ctl: null as never })).toEqual({
    kind: "accept",
    by: "local-itl",
  });
  expect(judge("ctl", other.ctl)).toEqual({ kind: "ask-tvs" });
});

test("a subscriber's ITL is accepted by its CCM+TFTP record in the CTL, if phones do that; a CTL never is", () => {
  const subscriber = identity("source-sub1");
  const ctl = parseTrustList(
    cluster.list("CTL", [
      { role: Role.SAST, certificate: cluster.callManager.certificate },
      { role: Role.CCM_TFTP, certificate: subscriber.certificate },
    ]),
  );
  const records = [{ role: Role.SAST, certificate: subscriber.certificate }];
  const itl = cluster.list("ITL", records, subscriber);
  expect(judge("itl", itl, { ...lists, ctl })).toEqual({ kind: "accept", by: "local-ctl" });
  expect(judge("itl", itl, { ...lists, ctl }, { ...DEFAULT_SWITCHES, ctlRole2AcceptsItl: false })).toEqual({
    kind: "ask-tvs",
  });
  expect(judge("ctl", cluster.list("CTL", records, subscriber), { ...lists, ctl })).toEqual({
    kind: "ask-tvs",
  });
});

test("the first CTL of a phone that has only an ITL is verified, or trusted by switch", () => {
  const held = { ctl: null as never, itl: lists.itl };
  expect(judge("ctl", other.ctl, held)).toEqual({ kind: "ask-tvs" });
  expect(judge("ctl", other.ctl, held, { ...DEFAULT_SWITCHES, firstCtlWithItl: "trust" })).toEqual({
    kind: "accept",
    by: "first-use",
  });
});

test("models differ: no TVS, no digest, no large keys", () => {
  expect(judge("ctl", other.ctl, lists, DEFAULT_SWITCHES, { ...DEFAULT_CAPABILITIES, sbd: false })).toEqual({
    kind: "reject",
    reason: "no-tvs-capability",
  });
  expect(
    judge("ctl", cluster.ctl, lists, DEFAULT_SWITCHES, { ...DEFAULT_CAPABILITIES, digests: ["sha512"] }),
  ).toEqual({
    kind: "reject",
    reason: "digest-not-supported",
  });
  // Also where its signer is known: 1024 bits are what it takes, and not one more.
  const upTo = (maxKeyBits: number) =>
    judge("ctl", cluster.ctl, lists, DEFAULT_SWITCHES, { ...DEFAULT_CAPABILITIES, maxKeyBits });
  expect(upTo(1023)).toEqual({ kind: "reject", reason: "key-too-large" });
  expect(upTo(1024)).toEqual({ kind: "accept", by: "local-ctl" });
  const signed = parseSignedFile(cluster.sgn("SEP001122334455.cnf.xml.sgn"));
  expect(judgeConfig(signed, lists, { ...DEFAULT_CAPABILITIES, maxKeyBits: 512 })).toEqual({
    kind: "reject",
    reason: "key-too-large",
  });
});

test("servers are known by their very certificate, not by name", () => {
  expect(isTrustedTvs(cluster.tvs.certificate, lists)).toBe(true);
  expect(isTrustedTvs(identity("source-tvs").certificate, lists)).toBe(false);
  expect(isTrustedTvs(cluster.callManager.certificate, lists)).toBe(false);
  expect(isTrustedCallManager(cluster.callManager.certificate, lists, DEFAULT_SWITCHES)).toBe(true);
  expect(isTrustedCallManager(other.callManager.certificate, lists, DEFAULT_SWITCHES)).toBe(false);
  // Half moved: the ITL knows the CallManager, the CTL does not.
  const half = { ctl: lists.ctl, itl: parseTrustList(other.itl) };
  const byItl = { ...DEFAULT_SWITCHES, itlProvesCallManager: true };
  expect(isTrustedCallManager(other.callManager.certificate, half, DEFAULT_SWITCHES)).toBe(false);
  expect(isTrustedCallManager(other.callManager.certificate, half, byItl)).toBe(true);
});

test("TVS servers in order: a miss stops or not by switch; the reason is the most telling one", () => {
  expect(afterTvs(["unreachable", "miss"], DEFAULT_SWITCHES)).toBe("tvs-miss");
  expect(afterTvs(["miss"], { ...DEFAULT_SWITCHES, tvsTryNextOnMiss: true })).toBeNull();
  expect(tvsFailure([])).toBe("no-tvs-list");
  expect(tvsFailure(["unreachable", "unreachable"])).toBe("tvs-unreachable");
  expect(tvsFailure(["unreachable", "not-in-itl"])).toBe("tvs-not-in-itl");
  expect(tvsFailure(["miss", "unreachable"])).toBe("tvs-miss");
});
