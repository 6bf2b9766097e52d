import { entry } from "./fake-kea";

/** Each kind of scope of the fake server's configuration. */
export const SUBNET = "10.1.20.0/24";
export const MAC = "02:00:00:00:00:42";
export const PHONE = { kind: "reservation", subnet: SUBNET, mac: MAC } as const;
export const POOL = { kind: "pool", subnet: SUBNET, pool: "10.1.20.10-10.1.20.200" } as const;
export const NETWORK = { kind: "shared-network", network: "floor 1" } as const;
export const GLOBAL = { kind: "global" } as const;
export const own = entry("192.0.2.21,  192.0.2.22");
export const inNetwork = (options: unknown[], subnet4: unknown[] = []) => ({
  "shared-networks": [{ name: "floor 0" }, { name: "floor 1", "option-data": options, subnet4 }],
});
