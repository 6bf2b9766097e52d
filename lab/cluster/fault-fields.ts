import type { Fault } from "./faults";

type Fields<T> = { readonly [name in keyof Required<T>]: undefined extends T[name] ? "optional" : "needed" };

const ofNodes = { cluster: "needed", node: "optional" } as const;

/** What each fault says. The compiler holds it complete. */
export const FAULT_FIELDS: {
  readonly [kind in Fault["kind"]]: Fields<Omit<Extract<Fault, { readonly kind: kind }>, "kind">>;
} = {
  node: { ...ofNodes, up: "needed" },
  port: { ...ofNodes, port: "needed", open: "needed" },
  service: { ...ofNodes, service: "needed", order: "needed" },
  activation: { ...ofNodes, service: "needed", activated: "needed" },
  "remove-trust": {
    ...ofNodes,
    store: "needed",
    sha256: "needed",
    scope: "needed",
    reload: "optional",
  },
  "plant-trust": {
    cluster: "needed",
    store: "needed",
    pem: "optional",
    commonName: "optional",
    ageDays: "optional",
  },
  "replace-tvs": { ...ofNodes, rebuildItl: "optional" },
  "expire-signer": ofNodes,
  "corrupt-ctl": { ...ofNodes, corrupt: "needed" },
  drop: { ...ofNodes, request: "needed", operation: "optional", count: "needed" },
  platform: {
    ...ofNodes,
    interface: "needed",
    operation: "optional",
    answer: "needed",
    count: "needed",
  },
  "ris-rate": { cluster: "needed", perMinute: "needed" },
  parameter: { cluster: "needed", name: "needed", value: "needed" },
  bulk: { cluster: "needed", step: "needed", works: "needed" },
  "ctl-update": { cluster: "needed", works: "needed" },
  "export-control": { cluster: "needed", allowed: "needed" },
  sftp: { readOnly: "optional", directory: "optional", login: "optional" },
  "delete-phone": { cluster: "needed", device: "needed" },
  heal: {},
};

/** What is wrong with a fault that came from outside, or null. */
export function faultProblem(fault: unknown): string | null {
  const { kind, ...given } = Object(fault) as { readonly kind?: unknown; readonly [field: string]: unknown };
  if (typeof kind !== "string" || !Object.hasOwn(FAULT_FIELDS, kind))
    return `no fault "${String(kind)}"; there are ${Object.keys(FAULT_FIELDS).join(", ")}`;
  const fields: { readonly [field: string]: string } = FAULT_FIELDS[kind as Fault["kind"]];
  const stray = Object.keys(given).find((field) => !Object.hasOwn(fields, field));
  if (stray !== undefined)
    return `${kind}: no field "${stray}"; there are ${Object.keys(fields).join(", ") || "none"}`;
  const missing = Object.entries(fields).find(
    ([field, need]) => need === "needed" && given[field] === undefined,
  );
  return missing ? `${kind}: ${missing[0]} is missing` : null;
}
