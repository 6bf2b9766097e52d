import { resolve } from "node:path";
import { Token } from "cdktf";

/** A certificate to show to a server that demands one, and its key. */
export interface ClientCertificate {
  /** PEM file, from here. */
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** Providers run in the folder of their stack, so a path from here would lead them astray. */
export const absolute = (file: string | undefined): string | undefined =>
  file === undefined || Token.isUnresolved(file) ? file : resolve(file);
