import * as fc from "fast-check";
import type { PathStep } from "../../../../providers/framework/schema/value";
import { decodePath, encodePath } from "../../../../providers/framework/wire/attribute-path";
import { AttributePathMessage } from "../../../../providers/framework/wire/tfplugin6";

const step: fc.Arbitrary<PathStep> = fc.oneof(
  fc.record({ attribute: fc.string() }),
  fc.record({ key: fc.string() }),
  fc.record({ index: fc.nat() }),
);

test("a path survives the wire, the empty key and index 0 too", () => {
  fc.assert(
    fc.property(fc.array(step), (path) => {
      expect(decodePath(AttributePathMessage.decode(AttributePathMessage.encode(encodePath(path))))).toEqual(
        path,
      );
    }),
  );
});
