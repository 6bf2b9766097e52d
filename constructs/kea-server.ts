import { Token } from "cdktf";
import { Construct } from "constructs";
import { isIpv4 } from "./addresses";
import { absolute, type ClientCertificate } from "./client-certificate";
import { ConfigurationError } from "./configuration-error";
import type { EnvironmentCredentials } from "./credentials";
import { wrongPin } from "./fingerprints";
import { checkProperties, type PropertiesOf } from "./properties";
import type { ScopePlace } from "./scope-place";
import { StackProviders } from "./stack-providers";

export interface KeaServerProps {
  /** Control sockets: `unix:///path`, `https://host:port`, or `http://` on loopback. More than one is an HA set. */
  readonly endpoints: readonly string[];
  /** How an HTTPS endpoint proves who it is. */
  readonly identity?: { readonly tlsSha256?: readonly string[]; readonly caPem?: string };
  /** Basic authentication, from {@link fromEnv}. @default none */
  readonly credentials?: EnvironmentCredentials;
  /** Where the server demands one. @default none */
  readonly clientCertificate?: ClientCertificate;
  /**
   * Whether a switch is written to the server's configuration file. Without it a restart of Kea reverts the switch.
   * @default "none"
   */
  readonly persist?: "none" | "config-write";
  /**
   * What gives a single phone (`VoiceScope` with `phone`) an option 150 of its own: a reservation, or a class of the
   * pilots, which Kea knows since 2.7.
   * @default "reservation"
   */
  readonly pilotsBy?: "reservation" | "class";
}

const PROPERTIES: PropertiesOf<KeaServerProps> = {
  endpoints: "needed",
  identity: "optional",
  credentials: "optional",
  clientCertificate: "optional",
  persist: "optional",
  pilotsBy: "optional",
};

/** What a {@link VoiceScope} needs of a DHCP server of any kind. */
export interface IDhcpServer {
  /** The name that resources use for it. */
  readonly serverName: string;
  /**
   * Why this kind of server has no place of that kind, and what to name instead; undefined when it has.
   * @default it has every kind of place
   */
  placeProblem?(place: ScopePlace): readonly [problem: string, fix: string] | undefined;
}

/** An ISC Kea DHCPv4 server, or an HA set that must agree. The construct's id is its name. */
export class KeaServer extends Construct implements IDhcpServer {
  constructor(scope: Construct, id: string, props: KeaServerProps) {
    super(scope, id);
    checkProperties(this, "", props, PROPERTIES);
    checkProperties(this, "identity", props.identity ?? {}, { tlsSha256: "optional", caPem: "optional" });
    if (props.endpoints.length === 0)
      throw new ConfigurationError(
        this,
        "endpoints is empty.",
        "Name at least one control socket, e.g. unix:///run/kea/kea4-ctrl-socket.",
      );
    for (const endpoint of Token.isUnresolved(props.endpoints) ? [] : props.endpoints) {
      const problem = endpointProblem(endpoint);
      if (problem)
        throw new ConfigurationError(
          this,
          `endpoint "${endpoint}" ${problem}`,
          "Write unix:///path or https://host:port.",
        );
    }
    const { tlsSha256 = [], caPem } = props.identity ?? {};
    const wrong = wrongPin("tls", "identity.tlsSha256", tlsSha256);
    if (wrong !== undefined) throw new ConfigurationError(this, wrong.problem, wrong.fix);
    const unproven = props.endpoints.find((endpoint) => endpoint.startsWith("https:"));
    if (unproven !== undefined && tlsSha256.length === 0 && caPem === undefined)
      throw new ConfigurationError(
        this,
        `identity says nothing of how ${unproven} proves who it is.`,
        "Add tlsSha256 (of the server's certificate) or caPem (of the CA that signed it).",
      );
    const variable = (name: string) =>
      props.credentials ? `DHCP_${props.credentials.prefix}_${name}` : undefined;
    StackProviders.of(this).addDhcpServer(this, {
      kea: {
        endpoints: [...props.endpoints],
        tlsSha256: props.identity?.tlsSha256 ? [...props.identity.tlsSha256] : undefined,
        caPem: props.identity?.caPem,
        usernameEnv: variable("USERNAME"),
        passwordEnv: variable("PASSWORD"),
        clientCertificateFile: absolute(props.clientCertificate?.certificateFile),
        clientKeyFile: absolute(props.clientCertificate?.keyFile),
        persist: props.persist,
        pilotsBy: props.pilotsBy,
      },
    });
  }

  get serverName(): string {
    return this.node.id;
  }
}

const isLoopback = (host: string) =>
  host === "localhost" || host === "[::1]" || (isIpv4(host) && host.startsWith("127."));

function endpointProblem(endpoint: string): string | undefined {
  if (Token.isUnresolved(endpoint)) return undefined;
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (!url) return "is no URL.";
  if (url.protocol === "unix:")
    return url.pathname.startsWith("/") && url.host === "" ? undefined : "has no absolute path.";
  if (url.protocol === "https:") return undefined;
  if (url.protocol === "http:")
    return isLoopback(url.hostname) ? undefined : "is not encrypted; http is for loopback only.";
  return `has scheme ${url.protocol}, which is not known.`;
}
