/**
 * What config-get answers: the document with Kea's defaults filled in and its keys in Kea's order (sorted). The
 * result is a fixed point: setting what was read, and reading again, gives the same bytes.
 */
import type { Json, JsonMap } from "./document";
import { STANDARD } from "./option-data";
import { versionOf } from "./version";

const ROOT: JsonMap = {
  authoritative: false,
  "boot-file-name": "",
  "calculate-tee-times": false,
  "decline-probation-period": 86400,
  "echo-client-id": true,
  "hooks-libraries": [],
  "match-client-id": true,
  "next-server": "0.0.0.0",
  "option-data": [],
  "option-def": [],
  "reservations-global": false,
  "reservations-in-subnet": true,
  "reservations-out-of-pool": false,
  "server-hostname": "",
  "shared-networks": [],
  subnet4: [],
  "t1-percent": 0.5,
  "t2-percent": 0.875,
  "valid-lifetime": 7200,
};

const DEFINITION: JsonMap = { array: false, encapsulate: "", "record-types": "", space: "dhcp4" };
const RESERVATION: JsonMap = {
  "boot-file-name": "",
  "client-classes": [],
  hostname: "",
  "next-server": "0.0.0.0",
  "option-data": [],
  "server-hostname": "",
};

export function withDefaults(dhcp4: JsonMap, keaVersion: string): JsonMap {
  const root: { [key: string]: Json | undefined } = { ...ROOT, ...dhcp4 };
  const definitions = each(root["option-def"], (d) => ({ ...DEFINITION, ...d }));
  const known = [
    ...definitions.map((d) => ({ name: d.name, code: d.code, space: d.space })),
    ...STANDARD,
  ] as readonly JsonMap[];
  const options = (value: Json | undefined) =>
    each(value, (o) => {
      const space = o.space ?? "dhcp4";
      const def = known.find(
        (d) => d.space === space && (o.code === undefined ? d.name === o.name : d.code === o.code),
      );
      return {
        "always-send": false,
        ...(versionOf(keaVersion).hashes ? { "never-send": false } : {}),
        code: def?.code,
        "csv-format": def !== undefined,
        name: def?.name,
        space,
        ...o,
      };
    });
  const lifetime = root["valid-lifetime"];
  const subnet = (s: JsonMap): JsonMap => ({
    "calculate-tee-times": false,
    "max-valid-lifetime": lifetime,
    "min-valid-lifetime": lifetime,
    relay: { "ip-addresses": [] },
    "store-extended-info": false,
    "t1-percent": 0.5,
    "t2-percent": 0.875,
    "valid-lifetime": lifetime,
    ...s,
    "option-data": options(s["option-data"]),
    pools: each(s.pools, (p) => ({
      ...p,
      pool: String(p.pool).replace(/\s*-\s*/, "-"),
      "option-data": options(p["option-data"]),
    })),
    reservations: each(s.reservations, (r) => ({
      ...RESERVATION,
      ...r,
      "option-data": options(r["option-data"]),
    })),
  });
  root["option-def"] = definitions;
  root["option-data"] = options(root["option-data"]);
  root.subnet4 = each(root.subnet4, subnet);
  root["shared-networks"] = each(root["shared-networks"], (n) => ({
    ...n,
    "option-data": options(n["option-data"]),
    subnet4: each(n.subnet4, subnet),
  }));
  // An empty list of classes is not printed.
  if ((root["client-classes"] as readonly Json[] | undefined)?.length === 0) delete root["client-classes"];
  if (versionOf(keaVersion).httpSocket && root["control-socket"] !== undefined) {
    root["control-sockets"] ??= [root["control-socket"]];
    delete root["control-socket"];
  }
  if (root["client-classes"] !== undefined) {
    root["client-classes"] = each(root["client-classes"], (c) => ({
      ...c,
      "option-data": options(c["option-data"]),
    }));
  }
  return sorted(root) as JsonMap;
}

function each(value: Json | undefined, change: (m: JsonMap) => JsonMap): readonly JsonMap[] {
  return ((value ?? []) as readonly JsonMap[]).map(change);
}

/** Kea prints maps in the order of their keys. */
function sorted(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((v) => sorted(v) as Json);
  if (typeof value !== "object" || value === null) return value;
  const m = value as JsonMap;
  return Object.fromEntries(
    Object.keys(m)
      .filter((key) => m[key] !== undefined)
      .sort()
      .map((key) => [key, sorted(m[key])]),
  );
}
