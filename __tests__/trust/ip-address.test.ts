import { BlockList, isIPv6 } from "node:net";
import fc from "fast-check";
import { addressBytes, addressText } from "../../trust/ip-address";

test.each([
  ["10.48.47.153", "0a302f99"],
  ["0.0.0.0", "00000000"],
  ["2001:db8::1", "20010db8000000000000000000000001"],
  ["::", "00000000000000000000000000000000"],
  ["::1", "00000000000000000000000000000001"],
  ["fe80::", "fe800000000000000000000000000000"],
  ["1:0:2:3:4:5:6:7", "00010000000200030004000500060007"],
])("%s", (text, hex) => {
  expect(addressBytes(text)?.toString("hex")).toBe(hex);
  expect(addressText(Buffer.from(hex, "hex"))).toBe(text);
});

test("the end of an IPv6 address may be written as IPv4", () => {
  expect(addressBytes("::ffff:10.1.2.3")?.toString("hex")).toBe("00000000000000000000ffff0a010203");
  expect(addressBytes("::ffff:10.1.2.300")).toBeUndefined();
});

test.each([
  "",
  "1.2.3",
  "1.2.3.4.5",
  "1.2.3.256",
  "1.2.3.x",
  "1::2::3",
  "1:2",
  "1:2:3:4:5:6:7:8::",
  "g::",
  ":1:2:3:4:5:6:7",
  "cucm",
])("%j is no address", (text) => {
  expect(addressBytes(text)).toBeUndefined();
});

test("other lengths are no address", () => {
  expect(addressText(Buffer.alloc(5))).toBeUndefined();
});

test("every 16 bytes have a text that Node reads as the same address", () => {
  const bytes16 = fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(bytes16, (groups) => {
      const bytes = Buffer.from(groups.map((g) => g.toString(16).padStart(4, "0")).join(""), "hex");
      const text = addressText(bytes)!;
      expect(isIPv6(text)).toBe(true);
      expect(addressBytes(text)).toEqual(bytes);
      const list = new BlockList();
      list.addAddress(groups.map((g) => g.toString(16)).join(":"), "ipv6");
      expect(list.check(text, "ipv6")).toBe(true);
    }),
  );
});
