import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** RSA keys that labs of tests share, since making them takes long. */
export const LAB_KEYS = join(tmpdir(), `phone-migration-keys-${userInfo().uid}`);
