import fc from "fast-check";
import { childrenOf, DerError, oidText, readDer } from "../../trust/der";

const hex = (text: string) => Buffer.from(text, "hex");

test("an element, its content and where it ends", () => {
  expect(readDer(hex("3003020105ff"), 0)).toMatchObject({
    tag: 0x30,
    start: 0,
    end: 5,
    content: hex("020105"),
  });
  expect(childrenOf(readDer(hex("3006020105020106"), 0)).map((node) => node.content)).toEqual([
    hex("05"),
    hex("06"),
  ]);
});

test.each([
  ["nothing", ""],
  ["a tag alone", "30"],
  ["a tag of several bytes", "1f8101"],
  ["an indefinite length", "30800000"],
  ["a length of 4 bytes", "308400000001ff"],
  ["a cut length", "3082ff"],
  ["content that is cut", "300205"],
  ["a length that is not the shortest", "30810105"],
  ["a length with a zero in front", `30820080${"00".repeat(128)}`],
])("%s is refused", (_, text) => {
  expect(() => readDer(hex(text), 0)).toThrow(DerError);
});

test("object identifiers", () => {
  expect(oidText(readDer(hex("06092a864886f70d01010b"), 0))).toBe("1.2.840.113549.1.1.11");
  expect(oidText(readDer(hex("06022a03"), 0))).toBe("1.2.3");
  expect(oidText(readDer(hex("0603883703"), 0))).toBe("2.999.3");
  for (const bad of ["0600", "06022a83", `0610${"2a"}${"ff".repeat(14)}7f`]) {
    expect(() => oidText(readDer(hex(bad), 0))).toThrow(DerError);
  }
});

test("random bytes end in an element or a DerError", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        const node = readDer(Buffer.from(bytes), 0);
        expect(node.end).toBeLessThanOrEqual(bytes.length);
        childrenOf(node);
      } catch (error) {
        expect(error).toBeInstanceOf(DerError);
      }
    }),
    { numRuns: 2000 },
  );
});
