import { join } from "node:path";
import { layOutReadme } from "./readme";

/** The test with real cores that the README shows, run as it stands there. */

const { folder, remove } = layOutReadme();
afterAll(remove);

require(join(folder, "disk.core.test.ts"));
