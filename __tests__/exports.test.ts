/** Projects that `cdktf init` makes resolve modules as Node once did: their compiler reads no `exports`. */
import { exports, typesVersions } from "../package.json";

test("types of a part of the package are found without `exports`, too", () => {
  const parts = Object.entries(exports).flatMap(([part, file]) =>
    typeof file === "string" || part === "." ? [] : [[part.replace(/^\.\//, ""), [file.types]]],
  );
  expect(typesVersions).toEqual({ "*": Object.fromEntries(parts) });
});
