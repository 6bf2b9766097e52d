import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { TerraformProvider, TerraformStack } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { ConfigurationError } from "./configuration-error";
import { CucmProvider, type CucmProviderClusters, type CucmProviderSftpServers } from "./generated/cucm";
import { DhcpProvider, type DhcpProviderServers } from "./generated/dhcp";
import { layProvidersAtSynthesis } from "./local-providers";

const ID = "phone-migration-providers";

/**
 * The provider configurations of a stack: one per provider, with named members, so that one process serves every
 * cluster and shares its connections and rate budgets. Made when the first cluster or server is declared.
 */
export class StackProviders extends Construct {
  private cucm: CucmProvider | undefined;
  private dhcp: DhcpProvider | undefined;
  private readonly clusters = new Map<
    string,
    { readonly construct: IConstruct; readonly config: CucmProviderClusters }
  >();
  private readonly sftpServers = new Map<string, CucmProviderSftpServers>();
  private readonly servers = new Map<string, DhcpProviderServers>();

  static of(construct: IConstruct): StackProviders {
    const stack = TerraformStack.of(construct);
    return (stack.node.tryFindChild(ID) as StackProviders | undefined) ?? new StackProviders(stack);
  }

  private constructor(private readonly stack: TerraformStack) {
    super(stack, ID);
    layProvidersAtSynthesis(this, stack);
  }

  addCluster(construct: IConstruct, config: CucmProviderClusters): void {
    const name = construct.node.id;
    if (this.clusters.has(name))
      throw new ConfigurationError(
        construct,
        `Another cluster of this stack is named "${name}".`,
        "Give one of them another id.",
      );
    for (const [other, declared] of this.clusters) {
      const shared = addressesOf(config).find((address) => addressesOf(declared.config).includes(address));
      if (shared !== undefined)
        throw new ConfigurationError(
          construct,
          `${shared} is also a node of "${other}" [${declared.construct.node.path}].`,
          "Source and destination must be two clusters: correct one of the addresses.",
        );
    }
    this.clusters.set(name, { construct, config });
    const clusters = Object.fromEntries([...this.clusters].map(([key, declared]) => [key, declared.config]));
    if (this.cucm) this.cucm.clusters = clusters;
    else this.cucm = new CucmProvider(this, "cucm", { clusters });
  }

  /** For clusters that are declared already. */
  addSftpServer(construct: IConstruct, config: CucmProviderSftpServers): string {
    const name = construct.node.id;
    if (this.sftpServers.has(name))
      throw new ConfigurationError(
        construct,
        `The SFTP server of another construct in this stack is named "${name}".`,
        "Give one of them another id.",
      );
    this.sftpServers.set(name, config);
    this.cucm!.sftpServers = Object.fromEntries(this.sftpServers);
    return name;
  }

  addDhcpServer(construct: IConstruct, config: DhcpProviderServers): void {
    const name = construct.node.id;
    if (this.servers.has(name))
      throw new ConfigurationError(
        construct,
        `Another DHCP server of this stack is named "${name}".`,
        "Give one of them another id.",
      );
    this.servers.set(name, config);
    const servers = Object.fromEntries(this.servers);
    if (this.dhcp) this.dhcp.servers = servers;
    else this.dhcp = new DhcpProvider(this, "dhcp", { servers });
  }

  /** For the gates; a null provider that the user has declared is used as it is. */
  requireNullProvider(): void {
    if (!this.stack.node.findAll().some(isNullProvider)) new NullProvider(this, "null");
  }
}

/** Not by its class: the user's bindings may be another copy or version. */
const isNullProvider = (construct: IConstruct) =>
  TerraformProvider.isTerraformProvider(construct) && construct.terraformResourceType === "null";

const addressesOf = ({ publisher, nodeAddresses }: CucmProviderClusters) => [
  ...new Set([publisher, ...Object.values(nodeAddresses ?? {})].map((address) => address.toLowerCase())),
];
