import type { Change } from "../../../../../providers/dhcp/backends/backend";
import { DESTINATION, op } from "../../support/backend";
import { CONFIGURATION, DIRECTORY, dhcpdOn, failing, host, MAIN, PILOTS } from "../../support/fake-dhcpd";

describe("one phone", () => {
  const PHONE = { kind: "reservation", subnet: "10.1.20.0/24", mac: "02:00:00:00:00:42" } as const;
  const pilot: Change = { answer: DESTINATION, expected: ["inherited"], unsaved: "undo" };
  const back: Change = { answer: "inherited", expected: [DESTINATION], unsaved: "keep" };

  test("gets a declaration beside the others, and loses it to the byte", async () => {
    const h = host();
    h.files.set(PILOTS, "# pilots of the voice team\n");
    const dhcpd = dhcpdOn([h]);
    const other = { ...PHONE, mac: "02:00:00:00:00:43" };
    await dhcpd.apply(other, pilot, op());
    const before = h.files.get(PILOTS);
    const { original } = await dhcpd.read(PHONE, op());
    await dhcpd.apply(PHONE, pilot, op());
    expect(h.served.get(PILOTS)).toBe(
      `${before}host option150-020000000042 {\n  hardware ethernet 02:00:00:00:00:42;\n  option cisco-tftp ${DESTINATION.join(", ")};\n}\n`,
    );
    await dhcpd.apply(PHONE, { ...back, restore: original }, op());
    expect(h.served.get(PILOTS)).toBe(before);
    await dhcpd.apply(other, back, op());
    expect(h.served.get(PILOTS)).toBe("# pilots of the voice team\n");
  });

  const theirs = (inside: string) =>
    `${CONFIGURATION}\nhost reception { hardware ethernet 2:0:0:0:0:42; fixed-address 10.1.20.7; ${inside} }\n`;
  const HOST_FILE = `${DIRECTORY}/option150-02-00-00-00-00-42.conf`;

  test("that somebody has declared takes an include in that declaration", async () => {
    const h = host();
    h.files.set(MAIN, theirs(""));
    const { findings } = await dhcpdOn([h]).read(PHONE, op());
    expect(findings).toContainEqual(
      expect.objectContaining({
        kind: "not-included",
        value: `${HOST_FILE} is not included in ${MAIN} line 14, in the declaration of host reception`,
      }),
    );
    expect(await failing(dhcpdOn([h]).apply(PHONE, pilot, op()))).toMatchObject({ kind: "refused" });
    h.files.set(MAIN, theirs(`include "${HOST_FILE}";`)).set(HOST_FILE, "");
    expect((await dhcpdOn([h]).apply(PHONE, pilot, op())).answer).toEqual(DESTINATION);
    expect(h.served.get(PILOTS)).toBe("");
  });

  test("that somebody has declared since it was a pilot is told of", async () => {
    const h = host();
    await dhcpdOn([h]).apply(PHONE, pilot, op());
    h.files.set(MAIN, theirs(`include "${HOST_FILE}";`)).set(HOST_FILE, "");
    const { answer, findings } = await dhcpdOn([h]).read(PHONE, op());
    expect(answer).toBe("inherited");
    expect(findings).toContainEqual(
      expect.objectContaining({
        kind: "duplicate",
        value: `host option150-020000000042 in ${PILOTS}, beside host reception`,
      }),
    );
  });

  test("whose declaration is for another subnet gets one of ours", async () => {
    const h = host();
    h.files.set(MAIN, theirs("").replace("10.1.20.7", "10.1.99.7"));
    await dhcpdOn([h]).apply(PHONE, pilot, op());
    expect(h.served.get(PILOTS)).toContain("host option150-020000000042");
  });

  test.each([
    ["deny known-clients;", 1],
    ["allow unknown clients;", 1],
    ["allow unknown-clients; allow known-clients;", 0],
    ["deny unknown-clients;", 0],
  ])("whom a pool with %s would not serve as a pilot", async (statements, count) => {
    const h = host();
    h.files.set(MAIN, CONFIGURATION.replace("pool {", `pool { ${statements}`));
    const known = async () =>
      (await dhcpdOn([h]).read(PHONE, op())).findings.filter((f) => f.kind === "known-clients");
    expect(await known()).toHaveLength(count);
    h.files.set(PILOTS, "host a { hardware ethernet 02:00:00:00:00:42; }");
    expect(await known()).toEqual([]);
  });
});
