import { KeaBackend } from "../../../../providers/dhcp/backends/kea/backend";
import type { FakeKea } from "./fake-kea";

export const SOURCE = ["192.0.2.21", "192.0.2.22"];
export const DESTINATION = ["198.51.100.21", "198.51.100.22"];
export const SCOPE = { kind: "subnet", subnet: "10.1.20.0/24" } as const;
export const op = () => ({ signal: new AbortController().signal });

export const NO_SECURITY = { tlsSha256: [], caPem: null, basic: null, clientCertificate: null };

export function keaOn(
  servers: readonly (FakeKea | string)[],
  more: Partial<ConstructorParameters<typeof KeaBackend>[0]> = {},
): KeaBackend {
  return new KeaBackend({
    name: "kea",
    endpoints: servers.map((s) => (typeof s === "string" ? s : s.endpoint)),
    security: NO_SECURITY,
    persist: "none",
    pilotsBy: "reservation",
    ...more,
  });
}
