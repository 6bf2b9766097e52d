/** The block `ios_xe` of a declared server, and the backend that it makes. */
import { DiagnosticError } from "../framework/diagnostic";
import { attr, type StateOf } from "../framework/schema/attribute";
import { DhcpError } from "./backends/backend";
import { IosXeBackend } from "./backends/ios-xe/backend";
import { ADDRESS_LEAVES } from "./backends/ios-xe/config";
import { fromEnvironment, VARIABLE_NAME } from "./environment";
import { endpointsRules, normalPin, tlsAttributes } from "./tls";

const requiredVariable = (what: string) =>
  attr.string({
    required: true,
    description: `Name of the environment variable that holds the ${what}.`,
    validate: VARIABLE_NAME,
  });

export const iosXeAttributes = {
  endpoints: attr.list("string", {
    required: true,
    description:
      "`https://host[:port]` of all devices that must agree. One that does not answer: nothing is changed on any.",
    validate: endpointsRules,
  }),
  ...tlsAttributes,
  username_env: requiredVariable("user name: privilege 15, or what NACM rules permit"),
  password_env: requiredVariable("password"),
  vrf: attr.string({
    optional: true,
    description: "Pools of this VRF are meant. Left out: pools without a VRF.",
    validate: [(name) => (name.trim() === "" ? "Must be the name of a VRF." : undefined)],
  }),
  address_leaf: attr.string({
    optional: true,
    oneOf: [...ADDRESS_LEAVES],
    description:
      "Where the YANG of the device's release has the addresses of an option. Left out: by the version that it tells, `ip-ordered` from 17.15 on, `ip-new` from 17.3 on, `ip` before. `hex-new` keeps their order in any release.",
  }),
  save_config: attr.bool({
    optional: true,
    description:
      "`false` (default): the change lives in the running configuration, and a reload brings back what startup says. " +
      "`true`: the running configuration, all of it, is copied to startup after a change.",
  }),
} as const;

type Declared = StateOf<typeof iosXeAttributes>;

/** @throws DiagnosticError when credentials are missing, or an endpoint cannot be used */
export function iosXeBackend(name: string, d: Declared): IosXeBackend {
  try {
    return new IosXeBackend({
      name,
      endpoints: d.endpoints,
      security: {
        tlsSha256: (d.tls_sha256 ?? []).map(normalPin),
        caPem: d.ca_pem,
        username: fromEnvironment(name, d.username_env),
        password: fromEnvironment(name, d.password_env),
      },
      vrf: d.vrf,
      addressLeaf: d.address_leaf,
      saveConfig: d.save_config ?? false,
    });
  } catch (error) {
    if (error instanceof DhcpError) throw new DiagnosticError(error.summary, error.detail);
    throw error;
  }
}
