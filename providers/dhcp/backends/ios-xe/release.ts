import { type AddressLeaf, leafFor } from "./config";

/** What a device's release means for how option 150 is written. */
export interface Release {
  /** null when the device does not tell, or was not asked because the leaf is set. */
  readonly version: string | null;
  /** null: not known. */
  readonly leaf: AddressLeaf | null;
}

export const releaseOf = (version: string | null, set: AddressLeaf | null): Release => ({
  version,
  leaf: set ?? (version === null ? null : leafFor(version)),
});
