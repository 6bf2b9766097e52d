/** What is remembered is what would be read, and does not grow. */
import fc from "fast-check";
import { Recent } from "../../../trust/moves/recent";
import { Sayings } from "../../../trust/moves/sayings";

const text = fc.oneof(
  fc.string({ minLength: 0, maxLength: 12, unit: fc.constantFrom("a", "b") }),
  fc.string({ minLength: 250, maxLength: 260, unit: fc.constantFrom("a", "b") }),
  fc.constantFrom(
    "MsgType : TVS_MSG_QUERY_CERT_REQ",
    "MsgType : TVS_MSG_QUERY_CERT_RES",
    "{role : 0}",
    "{role : 3}",
  ),
);

test("the answer is that of the very text, wherever its bytes stand", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(text, fc.nat(9), fc.boolean()), { maxLength: 60 }), (all) => {
      const sayings = new Sayings((said) => ({ said }));
      const chunk = Buffer.alloc(300);
      for (const [said, at, isNew] of all) {
        // Mostly the memory of the text before is written over.
        const bytes = isNew ? Buffer.alloc(300) : chunk;
        bytes.fill(0x7a).write(said, at, "latin1");
        expect(sayings.of(bytes, at, at + said.length)).toEqual({ said });
      }
    }),
  );
});

test("what was said lately is read once; of many texts the last ones are remembered", () => {
  let reads = 0;
  const sayings = new Sayings((said) => {
    reads++;
    return said;
  });
  const say = (said: string) => sayings.of(Buffer.from(said), 0, said.length);
  for (let i = 0; i < 1000; i++) say("Sending QUERY_CERT_RES msg");
  expect(reads).toBe(1);
  for (let round = 0; round < 4; round++) for (let i = 0; i < 400; i++) say(`ipAddrStr (Phone) 10.0.0.${i}`);
  expect(reads).toBeLessThan(2 * 400);
  const others = Array.from({ length: 20_000 }, (_, i) => `text ${i}`);
  expect(others.filter((said) => say(said) !== said)).toEqual([]);
  expect(reads).toBeGreaterThan(others.length);
});

test("of what was set lately as much is there as is promised, and never more than twice of it", () => {
  const recent = new Recent<number>(10);
  for (let i = 0; i < 100; i++) {
    recent.set(String(i), i);
    const there = Array.from({ length: i + 1 }, (_, k) => recent.get(String(k))).filter(
      (one) => one !== undefined,
    );
    expect(there.slice(-Math.min(10, i + 1))).toEqual(
      Array.from({ length: Math.min(10, i + 1) }, (_, k) => i - Math.min(10, i + 1) + 1 + k),
    );
    expect(there.length).toBeLessThanOrEqual(20);
  }
  recent.set("99", -1);
  expect(recent.get("99")).toBe(-1);
});
