import { Token } from "cdktf";
import { Construct } from "constructs";
import { ConfigurationError } from "./configuration-error";
import type { EnvironmentCredentials } from "./credentials";
import { wrongPin } from "./fingerprints";
import type { IDhcpServer } from "./kea-server";
import { checkProperties, type PropertiesOf } from "./properties";
import type { ScopePlace } from "./scope-place";
import { StackProviders } from "./stack-providers";

export interface IosXeServerProps {
  /** `https://host` or `https://host:port`, with RESTCONF. More than one is a pair that must agree. */
  readonly endpoints: readonly string[];
  /** How the device proves who it is. */
  readonly identity: { readonly tlsSha256?: readonly string[]; readonly caPem?: string };
  /** A user of privilege 15, from {@link fromEnv}. */
  readonly credentials: EnvironmentCredentials;
  /** Whose pools are meant. @default pools without a VRF */
  readonly vrf?: string;
  /**
   * Where the YANG of the release has the addresses of an option; `hex-new` keeps their order in any release.
   * @default by the version that the device tells
   */
  readonly addressLeaf?: "ip-ordered" | "ip-new" | "ip" | "hex-new";
  /**
   * Whether the running configuration, all of it, is copied to startup after a switch. Without it a reload reverts the
   * switch.
   * @default false
   */
  readonly saveConfig?: boolean;
}

const PROPERTIES: PropertiesOf<IosXeServerProps> = {
  endpoints: "needed",
  identity: "needed",
  credentials: "needed",
  vrf: "optional",
  addressLeaf: "optional",
  saveConfig: "optional",
};

const LEAVES = ["ip-ordered", "ip-new", "ip", "hex-new"];

/** The DHCP server of a Cisco IOS-XE device, or of a pair that must agree. The construct's id is its name. */
export class IosXeServer extends Construct implements IDhcpServer {
  constructor(scope: Construct, id: string, props: IosXeServerProps) {
    super(scope, id);
    checkProperties(this, "", props, PROPERTIES);
    checkProperties(this, "identity", props.identity, { tlsSha256: "optional", caPem: "optional" });
    this.check(props);
    const { endpoints, identity, credentials, vrf, addressLeaf, saveConfig } = props;
    StackProviders.of(this).addDhcpServer(this, {
      iosXe: {
        endpoints: [...endpoints],
        tlsSha256: identity.tlsSha256 ? [...identity.tlsSha256] : undefined,
        caPem: identity.caPem,
        usernameEnv: `DHCP_${credentials.prefix}_USERNAME`,
        passwordEnv: `DHCP_${credentials.prefix}_PASSWORD`,
        vrf,
        addressLeaf,
        saveConfig,
      },
    });
  }

  get serverName(): string {
    return this.node.id;
  }

  placeProblem({ pool, sharedNetwork, global }: ScopePlace): readonly [string, string] | undefined {
    if (pool !== undefined)
      return [
        "IOS-XE keeps option 150 with a whole subnet, and not with a pool of it.",
        "Leave pool out: the subnet is its `ip dhcp pool`.",
      ];
    if (sharedNetwork === undefined && global === undefined) return undefined;
    return [
      `IOS-XE has no ${global ? "options of the whole server" : "shared networks"}.`,
      "Name each subnet in a scope of its own.",
    ];
  }

  private check({ endpoints, identity, vrf, addressLeaf }: IosXeServerProps): void {
    const fail = (problem: string, fix: string) => new ConfigurationError(this, problem, fix);
    if (endpoints.length === 0) throw fail("endpoints is empty.", "Name the device, e.g. https://10.1.20.1.");
    for (const endpoint of Token.isUnresolved(endpoints) ? [] : endpoints) {
      const problem = endpointProblem(endpoint);
      if (problem)
        throw fail(`endpoint "${endpoint}" ${problem}`, "Write https://host or https://host:port.");
    }
    const { tlsSha256 = [], caPem } = identity;
    const wrong = wrongPin("tls", "identity.tlsSha256", tlsSha256);
    if (wrong !== undefined) throw fail(wrong.problem, wrong.fix);
    if (tlsSha256.length === 0 && caPem === undefined)
      throw fail(
        `identity says nothing of how ${endpoints[0]} proves who it is.`,
        "Add tlsSha256 (of the device's certificate) or caPem (of the CA that signed it).",
      );
    if (vrf?.trim() === "") throw fail("vrf is empty.", "Name it, or leave vrf out for pools without one.");
    if (addressLeaf !== undefined && !Token.isUnresolved(addressLeaf) && !LEAVES.includes(addressLeaf))
      throw fail(`addressLeaf is "${addressLeaf}".`, `Write one of ${LEAVES.join(", ")}.`);
  }
}

function endpointProblem(endpoint: string): string | undefined {
  if (Token.isUnresolved(endpoint)) return undefined;
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (!url) return "is no URL.";
  if (url.protocol !== "https:") return "is not HTTPS, as RESTCONF of IOS-XE is.";
  if (url.username !== "" || url.password !== "") return "has credentials in it.";
  return url.pathname === "/" && url.search === "" && url.hash === "" ? undefined : "has a path.";
}
