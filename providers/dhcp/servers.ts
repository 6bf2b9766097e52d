/** The provider's attribute `servers`, and the DHCP servers that it declares. */
import { readFileSync } from "node:fs";
import { DiagnosticError } from "../framework/diagnostic";
import { attr, type StateOf, type UnknownConfigOf } from "../framework/schema/attribute";
import { type AttributePath, UNKNOWN } from "../framework/schema/value";
import { type DhcpBackend, DhcpError } from "./backends/backend";
import { KeaBackend } from "./backends/kea/backend";
import { Claims } from "./claims";
import { fromEnvironment, variable } from "./environment";
import { iosXeAttributes, iosXeBackend } from "./ios-xe";
import { iscDhcpdAttributes, iscDhcpdBackend } from "./isc-dhcpd";
import { endpointsRules, normalPin, tlsAttributes } from "./tls";
import { Relays } from "./wire/relay";

const kea = {
  endpoints: attr.list("string", {
    required: true,
    description:
      "Control channels of all servers that must agree: Kea's high availability synchronises leases, not configuration. " +
      "`unix:///path`, `https://host:port` (the control agent, or Kea 3.0 itself), or `http://` to this machine.",
    validate: endpointsRules,
  }),
  ...tlsAttributes,
  username_env: variable("user name for basic authentication"),
  password_env: variable("password for basic authentication"),
  client_certificate_file: attr.string({
    optional: true,
    description: "PEM file with the certificate to show to a server that demands one.",
  }),
  client_key_file: attr.string({ optional: true, description: "PEM file with its key." }),
  pilots_by: attr.string({
    optional: true,
    oneOf: ["reservation", "class"],
    description:
      "What gives a single phone an option 150 of its own. `reservation` (default): one by its MAC address. " +
      "`class`: a class of the pilots, and an option for its members only in the subnet (Kea 2.7 and later); the phone needs no reservation, and stays unknown to those that ask.",
  }),
  persist: attr.string({
    optional: true,
    oneOf: ["none", "config-write"],
    description:
      "`none` (default): the change lives in the running server, and a restart brings back what its file says. " +
      "`config-write`: Kea writes its file anew, without comments and includes.",
  }),
} as const;

export const serverAttributes = {
  servers: attr.mapOf(
    {
      kea: attr.object(kea, { optional: true, description: "ISC Kea, 2.2 or later." }),
      isc_dhcpd: attr.object(iscDhcpdAttributes, {
        optional: true,
        description: "ISC dhcpd 4.x on a machine that is reached by SSH.",
      }),
      ios_xe: attr.object(iosXeAttributes, {
        optional: true,
        description: "The DHCP server of Cisco IOS-XE, over RESTCONF.",
      }),
    },
    {
      required: true,
      description: "The DHCP servers, by a name that resources use. Each is of exactly one kind.",
    },
  ),
} as const;

type Declared = StateOf<typeof serverAttributes>["servers"][string];
type Configuration = UnknownConfigOf<typeof serverAttributes>;

/** What the hooks are given: the declared servers by name; each is one backend for the whole process. */
export class DhcpServers {
  readonly claims = new Claims();
  /** Which sockets the questions on the wire share. */
  readonly relays = new Relays();
  /** By resource id: how the source's answer was written in a scope that this process has moved to the destination. */
  readonly moved = new Map<string, string>();
  private readonly open = new Map<string, DhcpBackend>();
  constructor(private readonly declared: Configuration["servers"]) {}

  /** @throws DiagnosticError when the server is not declared, or its configuration is incomplete or not known yet. */
  backend(name: string): DhcpBackend {
    const existing = this.open.get(name);
    if (existing) return existing;
    const backend = this.connect(name);
    this.open.set(name, backend);
    return backend;
  }

  private connect(name: string): DhcpBackend {
    if (this.declared === UNKNOWN) throw notKnown([{ attribute: "servers" }]);
    const declared = this.declared[name];
    if (declared === undefined) {
      const names =
        Object.keys(this.declared)
          .map((n) => `"${n}"`)
          .join(", ") || "none";
      throw new DiagnosticError(
        `No DHCP server "${name}" in the provider's configuration`,
        `Declared are: ${names}. Name one of these, or add "${name}" to the provider's attribute servers.`,
        [{ attribute: "server" }],
      );
    }
    const unknown = firstUnknown(declared, [{ attribute: "servers" }, { key: name }]);
    if (unknown) throw notKnown(unknown);
    return backendOf(name, declared as Declared);
  }
}

const KINDS = ["kea", "isc_dhcpd", "ios_xe"] as const;

/** A server is of exactly one kind: what is wrong otherwise; null for an attribute that is not known yet. */
export function kindProblem(declared: { readonly [K in (typeof KINDS)[number]]: unknown }) {
  const set = KINDS.filter((kind) => declared[kind] !== null);
  if (set.length === 1) return null;
  return {
    summary: set.length === 0 ? "is of no kind" : `is of ${set.length} kinds`,
    detail: `Set one of ${KINDS.join(", ")}: what kind of server it is.${set.length > 1 ? " Two servers have two names." : ""}`,
  };
}

function backendOf(name: string, declared: Declared): DhcpBackend {
  const problem = kindProblem(declared);
  if (problem) throw new DiagnosticError(`DHCP server "${name}" ${problem.summary}`, problem.detail);
  if (declared.isc_dhcpd !== null) return iscDhcpdBackend(name, declared.isc_dhcpd);
  if (declared.ios_xe !== null) return iosXeBackend(name, declared.ios_xe);
  return keaBackend(name, declared.kea!);
}

function keaBackend(name: string, k: NonNullable<Declared["kea"]>): DhcpBackend {
  const basic = pair(name, "username_env", k.username_env, "password_env", k.password_env, fromEnvironment);
  const client = pair(
    name,
    "client_certificate_file",
    k.client_certificate_file,
    "client_key_file",
    k.client_key_file,
    readText,
  );
  try {
    return new KeaBackend({
      name,
      endpoints: k.endpoints,
      persist: k.persist ?? "none",
      pilotsBy: k.pilots_by ?? "reservation",
      security: {
        tlsSha256: (k.tls_sha256 ?? []).map(normalPin),
        caPem: k.ca_pem,
        basic: basic && { username: basic[0], password: basic[1] },
        clientCertificate: client && { cert: client[0], key: client[1] },
      },
    });
  } catch (error) {
    if (error instanceof DhcpError) throw new DiagnosticError(error.summary, error.detail);
    throw error;
  }
}

/** Two settings that make sense together only. */
function pair(
  server: string,
  first: string,
  a: string | null,
  second: string,
  b: string | null,
  read: (server: string, value: string) => string,
): readonly [string, string] | null {
  if (a === null && b === null) return null;
  if (a !== null && b !== null) return [read(server, a), read(server, b)];
  throw new DiagnosticError(
    `DHCP server "${server}" has ${a === null ? second : first}, but no ${a === null ? first : second}`,
    "Set both, or neither.",
  );
}

function readText(server: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "it failed";
    throw new DiagnosticError(`Cannot read ${file}`, `DHCP server "${server}" needs it for TLS: ${code}.`);
  }
}

function firstUnknown(value: unknown, path: AttributePath): AttributePath | undefined {
  if (value === UNKNOWN) return path;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, part] of Object.entries(value)) {
    const step = Array.isArray(value) ? { index: Number(key) } : { attribute: key };
    const found = firstUnknown(part, [...path, step]);
    if (found) return found;
  }
  return undefined;
}

function notKnown(path: AttributePath): DiagnosticError {
  const text = path.map((s) => ("attribute" in s ? s.attribute : "key" in s ? s.key : s.index)).join(".");
  return new DiagnosticError(
    `The attribute ${text} of provider "dhcp" is not known yet`,
    "It depends on something that is known only after apply, and the DHCP server is needed now. Give it a value that is known at plan.",
  );
}
