import fc from "fast-check";
import { Patch } from "../../../../../providers/dhcp/backends/kea/json-edit";
import {
  type JsonArray,
  type JsonObject,
  member,
  parseJsonText,
} from "../../../../../providers/dhcp/backends/kea/json-text";

const patched = (text: string, change: (patch: Patch, root: JsonArray & JsonObject) => void) => {
  const patch = new Patch();
  change(patch, parseJsonText(text) as JsonArray & JsonObject);
  return patch.apply(text);
};

test("a value is replaced, and numbers and key order stay as written", () => {
  const text = '{ "10": 1.0, "9": 9007199254740993, "e": 1E+2 }';
  expect(patched(text, (patch, root) => patch.replace(member(root, "e")!, "7"))).toBe(
    '{ "10": 1.0, "9": 9007199254740993, "e": 7 }',
  );
});

test("elements that come and go together in one list, as splicing would do it", () => {
  const lists = fc.uniqueArray(fc.integer(), { maxLength: 6 });
  const indices = fc.uniqueArray(fc.nat(5), { maxLength: 6 });
  fc.assert(
    fc.property(lists, indices, fc.array(fc.nat(8), { maxLength: 3 }), (list, removed, inserted) => {
      const gone = removed.filter((i) => i < list.length);
      const grown = patched(JSON.stringify(list).replaceAll(",", " , "), (patch, root) => {
        for (const index of gone) patch.remove(root, index);
        for (const [n, index] of inserted.entries()) patch.insert(root, index, `"new ${n}"`);
      });
      const before = (i: number) =>
        inserted.flatMap((at, n) => (Math.min(at, list.length) === i ? [`new ${n}`] : []));
      const expected = list.flatMap((value, i) => [...before(i), ...(gone.includes(i) ? [] : [value])]);
      expect(JSON.parse(grown)).toEqual([...expected, ...before(list.length)]);
    }),
  );
});

test("elements put in and taken out again leave the bytes as they were", () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), fc.nat(10), fc.boolean(), (list, at, twice) => {
      const text = JSON.stringify(list).replaceAll(",", " ,  ");
      const index = Math.min(at, list.length);
      const count = twice ? 2 : 1;
      const grown = patched(text, (patch, root) => {
        for (let n = 0; n < count; n++) patch.insert(root, index, '"new"');
      });
      const back = patched(grown, (patch, root) => {
        for (let n = 0; n < count; n++) patch.remove(root, index + n);
      });
      expect(back).toBe(text);
    }),
  );
});

test("a list that is not there is made once for all of its elements", () => {
  const grown = patched('{ "a": 1 }', (patch, root) => {
    patch.add(root, "list", 0, "1");
    patch.add(root, "list", 0, "2");
  });
  expect(grown).toBe('{ "a": 1, "list": [ 1, 2 ] }');
});

test("what is changed inside of something that goes, goes with it", () => {
  const text = '{ "list": [ 1, 2 ], "b": 3 }';
  const back = patched(text, (patch, root) => {
    patch.remove(member(root, "list") as JsonArray, 0);
    patch.remove(root, 0);
  });
  expect(back).toBe('{ "b": 3 }');
});
