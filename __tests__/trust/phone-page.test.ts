import { createHash } from "node:crypto";
import { compareChecksums, shownChecksums, tellingTrustMessage } from "../../trust/phone-page";
import { buildTrustList, parseTrustList } from "../../trust/trust-list";
import { input } from "./lists";

const CTL = parseTrustList(buildTrustList(input()));
const ITL = parseTrustList(buildTrustList(input({ kind: "ITL" })));
const hash = (algorithm: string, { bytes }: typeof CTL) => createHash(algorithm).update(bytes).digest("hex");
const [CTL_MD5, ITL_MD5] = [hash("md5", CTL), hash("md5", ITL)];
const OLD = "0c05655de63fe2a042cf252d96c6d609";
const both = { ctl: CTL, itl: ITL };
const compared = (page: string, assumed: Parameters<typeof compareChecksums>[1] = both) =>
  compareChecksums(shownChecksums(page), assumed);

test("the message that tells how the trust lists are, in HTML and XML", () => {
  const html =
    "<html><b>Status messages</b><tr><td>[06:33:59 11/29/14] No Trust List Installed</td></tr>" +
    "<tr><td>[06:34:00 11/29/14] Trust List Updated</td></tr><tr><td>SEP.cnf.xml.sgn(HTTP)</td></tr></html>";
  expect(tellingTrustMessage(html)).toBe("[06:34:00 11/29/14] Trust List Updated");
  expect(tellingTrustMessage("<DeviceLog><status>1:02:03a ITL installed</status></DeviceLog>")).toBe(
    "1:02:03a ITL installed",
  );
  expect(tellingTrustMessage("No Trust List Installed<br>File Not Found &lt;CTLFile.tlv&gt;")).toBe(
    "No Trust List Installed",
  );
  expect(tellingTrustMessage("TFTP Timeout<br/>File not found &lt;Cfg File&gt;")).toBeUndefined();
});

test("one failure among the last two messages counts: the other is of the other list", () => {
  expect(tellingTrustMessage("Trust List Update Failed<br>Trust List updated")).toBe(
    "Trust List Update Failed",
  );
  expect(tellingTrustMessage("CTL not installed<br>ITL installed")).toBe("CTL not installed");
  const since = "Trust List Update Failed<br>CTL installed<br>ITL installed";
  expect(tellingTrustMessage(since)).toBe("ITL installed");
});

test("what a page says reaches nobody's terminal, and has an end", () => {
  const line = tellingTrustMessage(`\u001b]0;owned\u0007Trust List Updated\u202e ${"x".repeat(5000)}`)!;
  expect(line).toMatch(/^\?\]0;owned\?Trust List Updated\? x+$/);
  expect(line).toHaveLength(200);
  // Nor does it take long.
  for (const hostile of [
    "<".repeat(1 << 20),
    "<a ".repeat(1 << 18),
    "&amp".repeat(1 << 18),
    "ab:".repeat(1 << 18),
  ]) {
    const began = process.cpuUsage().user;
    tellingTrustMessage(hostile);
    shownChecksums(hostile);
    expect(process.cpuUsage().user - began).toBeLessThan(2e6);
  }
});

test("the checksums of all lists that are assumed: the same", () => {
  expect(compared(`CTL File</td><td>${CTL_MD5}</td> ITL File <td>${ITL_MD5.toUpperCase()}`)).toBe("same");
  expect(compared(`${hash("sha1", ITL)} ${hash("sha1", CTL).replace(/..(?=.)/g, "$&:")}`)).toBe("same");
  expect(compared(`CTL: ${CTL_MD5}`, { ctl: CTL, itl: null })).toBe("same");
});

test("one list of two proves nothing of the other", () => {
  expect(compared(`CTL File: ${CTL_MD5}`)).toBeUndefined();
  expect(compared("CTL File: not installed")).toBeUndefined();
});

test("another checksum behind the name of a list: other lists", () => {
  expect(compared(`<p>CTL File<p>${OLD}<p>ITL File<p>${ITL_MD5}`)).toBe("other");
  expect(compared(`<p>CTL signature ${OLD}<p>CTL File ${CTL_MD5}<p>ITL File ${ITL_MD5}`)).toBe("same");
});

test("a checksum behind the name of a list that the phone is assumed not to hold: other lists", () => {
  expect(compared(`CTL: ${OLD}<p>ITL: ${ITL_MD5}`, { ctl: null, itl: ITL })).toBe("other");
  expect(compared(`CTL: ${OLD}`, { ctl: null, itl: null })).toBe("other");
  expect(compared(`CTL: none<p>ITL: ${ITL_MD5}`, { ctl: null, itl: ITL })).toBe("same");
  expect(compared("CTL: none", { ctl: null, itl: null })).toBeUndefined();
});

test("a checksum that is not clearly a list's says nothing", () => {
  expect(compared(`Checksum ${OLD}`)).toBeUndefined();
  expect(compared(`CTL and ITL ${OLD}`)).toBeUndefined();
  expect(compared(`CTL serial ${OLD}ab`)).toBeUndefined();
  expect(compared(`<p>CTL ${OLD.slice(1)}<p>x`)).toBeUndefined();
});
