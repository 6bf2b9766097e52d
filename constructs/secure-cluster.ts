import { Token } from "cdktf";
import { Construct } from "constructs";
import { isHost, isIpv4 } from "./addresses";
import { absolute, type ClientCertificate } from "./client-certificate";
import { ConfigurationError } from "./configuration-error";
import type { EnvironmentCredentials } from "./credentials";
import { wrongPin } from "./fingerprints";
import { DataCucmCluster, DataCucmSigners } from "./generated/cucm";
import { checkProperties, type PropertiesOf } from "./properties";
import { StackProviders } from "./stack-providers";

/**
 * How the cluster's nodes prove who they are: SSH by a pin, TLS by a pin, a CA, or both. There is no way around it
 * (but with `certificateTransport: "web"` SSH is used for bulk exchanges only).
 */
export interface ClusterIdentity {
  /** SHA-256 (hex) of accepted TLS certificates, by node address; `*` for any node. */
  readonly tlsSha256?: { readonly [address: string]: readonly string[] };
  /** Accepted SSH host keys as `SHA256:...`, by node address; `*` for any node. */
  readonly sshSha256?: { readonly [address: string]: readonly string[] };
  /** CA certificates (PEM) for the Tomcat certificates of nodes without a pin. */
  readonly caPem?: string;
}

/** Ports, where a lab or a port-forward changes CUCM's own. */
export interface ClusterPorts {
  readonly ssh?: number;
  /** AXL, Control Center and RIS. */
  readonly https?: number;
  readonly tftpHttp?: number;
  readonly tvs?: number;
  /** Phones' web servers. */
  readonly phoneHttp?: number;
  /** Certificate Management REST and OS administration. */
  readonly platform?: number;
}

/** What no public document spells; each has a default in docs/assumptions.md, and a cluster may differ. */
export interface ClusterSpellings {
  /** Unit of `set cert import trust`, by trust store. */
  readonly importUnit?: { readonly [store: string]: string };
  readonly pasteEnd?: "newline" | "empty-line" | "ctrl-d";
  /** `set cert delete` with `{store}`, `{unit}` and `{file}` filled in. */
  readonly deleteCommand?: string;
  /** `service` of the Certificate Management REST interface, by trust store. */
  readonly restService?: { readonly [store: string]: string };
  /** The pages of OS administration: paths, fields, words on buttons. */
  readonly webForms?: {
    readonly loginPath?: string;
    /** With `{page}` for the number of the page. */
    readonly listPath?: string;
    readonly uploadPath?: string;
    readonly storeField?: string;
    readonly fileField?: string;
    readonly deleteButton?: string;
    readonly downloadButton?: string;
  };
  /** Unit of `set cert bulk export`, `consolidate` and `import`. */
  readonly bulkUnit?: string;
  /** What `set cert bulk sftp` asks for, in its order; left out or empty: each question is answered by its words. */
  readonly bulkSftpOrder?: readonly ("address" | "port" | "user" | "password" | "directory")[];
  readonly rollbackParameter?: string;
  readonly rollbackTrue?: readonly string[];
  readonly rollbackFalse?: readonly string[];
  /** Paths of the web page where a phone shows its CTL and ITL. */
  readonly trustListPages?: readonly string[];
  /** SELECT of `name` and `status` (of its ITL) of devices, with `{phones}` for their quoted names. */
  readonly itlStatusQuery?: string;
  readonly itlStatusCurrent?: readonly string[];
  readonly itlStatusOther?: readonly string[];
}

const SPELLINGS: PropertiesOf<ClusterSpellings> = {
  importUnit: "optional",
  pasteEnd: "optional",
  deleteCommand: "optional",
  restService: "optional",
  webForms: "optional",
  bulkUnit: "optional",
  bulkSftpOrder: "optional",
  rollbackParameter: "optional",
  rollbackTrue: "optional",
  rollbackFalse: "optional",
  trustListPages: "optional",
  itlStatusQuery: "optional",
  itlStatusCurrent: "optional",
  itlStatusOther: "optional",
};

const WEB_FORMS: PropertiesOf<NonNullable<ClusterSpellings["webForms"]>> = {
  loginPath: "optional",
  listPath: "optional",
  uploadPath: "optional",
  storeField: "optional",
  fileField: "optional",
  deleteButton: "optional",
  downloadButton: "optional",
};

type ByStore = { readonly [store in "CallManager-trust" | "Phone-SAST-trust" | "CAPF-trust"]?: string };
const STORES: PropertiesOf<ByStore> = {
  "CallManager-trust": "optional",
  "Phone-SAST-trust": "optional",
  "CAPF-trust": "optional",
};

const IDENTITY: PropertiesOf<ClusterIdentity> = {
  tlsSha256: "optional",
  sshSha256: "optional",
  caPem: "optional",
};
const PORTS: PropertiesOf<ClusterPorts> = {
  ssh: "optional",
  https: "optional",
  tftpHttp: "optional",
  tvs: "optional",
  phoneHttp: "optional",
  platform: "optional",
};

/** Seconds. */
export interface ClusterTimeouts {
  /** Replication of a trust store to all nodes. @default 2400 */
  readonly replication?: number;
  /** A service restart. @default 600 */
  readonly restart?: number;
  /** One request. @default 60 */
  readonly request?: number;
}

export interface SecureClusterProps {
  /** Address of the publisher. */
  readonly publisher: string;
  readonly identity: ClusterIdentity;
  /** From {@link fromEnv}. */
  readonly credentials: EnvironmentCredentials;
  /**
   * What option 150 answers for this cluster, in order.
   * @default the addresses of the nodes that run TFTP, the publisher first
   */
  readonly tftpAddresses?: readonly string[];
  /** Addresses of nodes whose name in the server table cannot be resolved from here. */
  readonly nodeAddresses?: { readonly [name: string]: string };
  /** @default CUCM's own ports */
  readonly ports?: ClusterPorts;
  readonly spellings?: ClusterSpellings;
  /** To show to TVS, where it demands one: a phone's LSC, say. @default none */
  readonly tvsClientCertificate?: ClientCertificate;
  readonly timeouts?: ClusterTimeouts;
  /**
   * `legacy` also speaks TLS 1.0, SHA-1 and CBC: all that 8.x and 9.x have, and 10.x whose Tomcat has no TLS 1.2.
   * @default "modern"
   */
  readonly cryptography?: "modern" | "legacy";
  /**
   * What reads and writes the certificates of nodes: the OS CLI, Certificate Management REST (14 and later; deletes go
   * through the CLI), or the forms of OS administration.
   * @default "auto": REST where release and node offer it, otherwise the CLI
   */
  readonly certificateTransport?: "auto" | "cli" | "rest" | "web";
  /**
   * Enterprise parameter "Allowed Device Queries Per Minute".
   * @default 15
   */
  readonly risPerMinute?: number;
  /**
   * Phones that are reset within a minute, whatever wave they are in. It has no counterpart in CUCM.
   * @default 120
   */
  readonly resetsPerMinute?: number;
  /**
   * The source is switched off for good, and every wave is on the destination: plans and deploys do not contact it any
   * more, what the state knows of it stays or is forgotten, and there is no way back. Its credentials are not needed.
   * @default false
   */
  readonly decommissioned?: boolean;
}

const TIMEOUTS: PropertiesOf<ClusterTimeouts> = {
  replication: "optional",
  restart: "optional",
  request: "optional",
};

const PROPERTIES: PropertiesOf<SecureClusterProps> = {
  publisher: "needed",
  identity: "needed",
  credentials: "needed",
  tftpAddresses: "optional",
  nodeAddresses: "optional",
  ports: "optional",
  spellings: "optional",
  tvsClientCertificate: "optional",
  timeouts: "optional",
  cryptography: "optional",
  certificateTransport: "optional",
  risPerMinute: "optional",
  resetsPerMinute: "optional",
  decommissioned: "optional",
};

/** A secure (mixed-mode) CUCM cluster. The construct's id is its name in plans and messages. */
export class SecureCluster extends Construct {
  readonly publisher: string;
  /** What the cluster is: version, nodes, security mode. Read at plan. */
  readonly facts: DataCucmCluster;
  /** The certificates that phones must trust to follow its files. Read at plan. */
  readonly signers: DataCucmSigners;
  /** Whether the publisher's SSH host key is pinned: bulk exchanges go through its CLI. */
  readonly pinsSsh: boolean;
  /** Whether it is switched off for good. */
  readonly decommissioned: boolean;
  private readonly declaredTftp: readonly string[] | undefined;

  constructor(scope: Construct, id: string, props: SecureClusterProps) {
    super(scope, id);
    this.checkProperties(props);
    this.check(props);

    this.publisher = props.publisher;
    this.pinsSsh = isPinned(props.identity.sshSha256, props.publisher);
    this.decommissioned = props.decommissioned ?? false;
    this.declaredTftp = props.tftpAddresses;
    const { identity, credentials } = props;
    const variable = (name: string) => `CUCM_${credentials.prefix}_${name}`;
    const addresses = [
      ...new Set([...Object.keys(identity.tlsSha256 ?? {}), ...Object.keys(identity.sshSha256 ?? {})]),
    ];
    StackProviders.of(this).addCluster(this, {
      publisher: props.publisher,
      decommissioned: props.decommissioned,
      nodeAddresses: props.nodeAddresses,
      ports: props.ports,
      identities: Object.fromEntries(
        addresses.map((address) => [
          address,
          {
            tlsSha256: [...(identity.tlsSha256?.[address] ?? [])],
            sshSha256: [...(identity.sshSha256?.[address] ?? [])],
          },
        ]),
      ),
      caPem: identity.caPem,
      platformUsernameEnv: variable("PLATFORM_USERNAME"),
      platformPasswordEnv: variable("PLATFORM_PASSWORD"),
      applicationUsernameEnv: variable("APPLICATION_USERNAME"),
      applicationPasswordEnv: variable("APPLICATION_PASSWORD"),
      spellings: props.spellings && {
        ...props.spellings,
        bulkSftpOrder: props.spellings.bulkSftpOrder && [...props.spellings.bulkSftpOrder],
        rollbackTrue: props.spellings.rollbackTrue && [...props.spellings.rollbackTrue],
        rollbackFalse: props.spellings.rollbackFalse && [...props.spellings.rollbackFalse],
        trustListPages: props.spellings.trustListPages && [...props.spellings.trustListPages],
        itlStatusCurrent: props.spellings.itlStatusCurrent && [...props.spellings.itlStatusCurrent],
        itlStatusOther: props.spellings.itlStatusOther && [...props.spellings.itlStatusOther],
      },
      tvsClientCertificateFile: absolute(props.tvsClientCertificate?.certificateFile),
      tvsClientKeyFile: absolute(props.tvsClientCertificate?.keyFile),
      replicationTimeout: props.timeouts?.replication,
      restartTimeout: props.timeouts?.restart,
      requestTimeout: props.timeouts?.request,
      cryptography: props.cryptography,
      certificateTransport: props.certificateTransport,
      risPerMinute: props.risPerMinute,
      resetsPerMinute: props.resetsPerMinute,
    });
    this.facts = new DataCucmCluster(this, "facts", { cluster: id });
    this.signers = new DataCucmSigners(this, "signers", { cluster: id });
  }

  /** The name that resources use for it. */
  get clusterName(): string {
    return this.node.id;
  }

  /** What a lab's file says of a cluster has its identity in it, beside all else, and may be spread whole. */
  private checkProperties({ identity, ...others }: SecureClusterProps): void {
    const beside = Object.entries(others).filter(
      ([name, value]) =>
        !Object.hasOwn(IDENTITY, name) || identity?.[name as keyof ClusterIdentity] !== value,
    );
    const stray = beside.find(([name]) => Object.hasOwn(IDENTITY, name))?.[0];
    if (stray !== undefined)
      throw new ConfigurationError(
        this,
        `${stray} stands beside identity, and is not what identity has.`,
        `Write identity: { ${stray}: ... }, and leave out the one beside it: an object that is spread there, as in ...lab.source, brings it along.`,
      );
    checkProperties(this, "", { identity, ...Object.fromEntries(beside) } as SecureClusterProps, PROPERTIES);
    const known = Object.entries(identity).filter(([name]) => !Object.hasOwn(others, name));
    checkProperties(this, "identity", Object.fromEntries(known), IDENTITY);
  }

  private check({
    publisher,
    nodeAddresses = {},
    tftpAddresses,
    identity,
    spellings = {},
    ports = {},
    timeouts = {},
    risPerMinute = 1,
    resetsPerMinute = 1,
    certificateTransport,
  }: SecureClusterProps) {
    const fail = (problem: string, fix: string) => new ConfigurationError(this, problem, fix);
    if (!/^[a-z][a-z0-9-]*$/.test(this.node.id))
      throw fail(
        `"${this.node.id}" cannot name a cluster.`,
        "Use lower-case letters, digits and -, beginning with a letter.",
      );
    if (!isHost(publisher))
      throw fail(`publisher "${publisher}" is no address.`, "Write an IPv4 address or a host name.");
    for (const [name, address] of Object.entries(nodeAddresses))
      if (!isHost(address))
        throw fail(
          `nodeAddresses has "${address}" for ${name}, which is no address.`,
          "Write an IPv4 address or a host name.",
        );
    if (tftpAddresses?.length === 0)
      throw fail(
        "tftpAddresses is empty.",
        "Name the TFTP nodes, or leave it out: they are read from the cluster.",
      );
    for (const address of Token.isUnresolved(tftpAddresses) ? [] : (tftpAddresses ?? []))
      if (!isIpv4(address))
        throw fail(
          `tftpAddresses names "${address}", which is no IPv4 address.`,
          "Option 150 carries IPv4 addresses only.",
        );
    checkProperties(this, "spellings", spellings, SPELLINGS);
    checkProperties(this, "spellings.webForms", spellings.webForms ?? {}, WEB_FORMS);
    for (const name of ["importUnit", "restService"] as const)
      checkProperties<ByStore>(this, `spellings.${name}`, spellings[name] ?? {}, STORES);
    checkProperties(this, "ports", ports, PORTS);
    checkProperties(this, "timeouts", timeouts, TIMEOUTS);
    for (const [what, seconds] of Object.entries(timeouts))
      if (seconds !== undefined && !Token.isUnresolved(seconds) && !(seconds > 0))
        throw fail(`timeouts.${what} is ${seconds}.`, "Write seconds, more than 0.");
    if (!Token.isUnresolved(risPerMinute) && (!Number.isInteger(risPerMinute) || risPerMinute < 1))
      throw fail(
        `risPerMinute is ${risPerMinute}.`,
        'Write what the enterprise parameter "Allowed Device Queries Per Minute" says, e.g. 15.',
      );
    if (!Token.isUnresolved(resetsPerMinute) && (!Number.isInteger(resetsPerMinute) || resetsPerMinute < 1))
      throw fail(`resetsPerMinute is ${resetsPerMinute}.`, "Write a whole number of phones, e.g. 120.");
    this.checkIdentity(identity, publisher, certificateTransport !== "web");
  }

  private checkIdentity(
    { tlsSha256 = {}, sshSha256 = {}, caPem }: ClusterIdentity,
    publisher: string,
    usesSsh: boolean,
  ) {
    const kinds = [
      { kind: "tls", name: "tlsSha256", pins: tlsSha256 },
      { kind: "ssh", name: "sshSha256", pins: sshSha256 },
    ] as const;
    for (const { kind, name, pins } of kinds)
      for (const [address, fingerprints] of Object.entries(pins)) {
        if (address !== "*" && !isHost(address))
          throw new ConfigurationError(
            this,
            `identity.${name} names "${address}", which is no address.`,
            "Name the node by its address, or * for any node.",
          );
        const wrong = wrongPin(kind, `identity.${name} of ${address}`, fingerprints);
        if (wrong !== undefined) throw new ConfigurationError(this, wrong.problem, wrong.fix);
      }
    if (usesSsh && !isPinned(sshSha256, publisher))
      throw new ConfigurationError(
        this,
        `identity says nothing of the SSH host key of the publisher, ${publisher}.`,
        "Add to sshSha256 what ssh-keygen -l prints of each node's host key, by node address.",
      );
    if (!isPinned(tlsSha256, publisher) && caPem === undefined)
      throw new ConfigurationError(
        this,
        `identity says nothing of the TLS certificate of the publisher, ${publisher}.`,
        "Add tlsSha256 (by node address) or caPem (the CA that signed the Tomcat certificates).",
      );
  }

  /** What option 150 answers when it serves this cluster. */
  get tftpAddresses(): string[] {
    return this.declaredTftp ? [...this.declaredTftp] : this.facts.tftpAddresses;
  }
}

/** Only the publisher's pin can be missed here: which other nodes there are is known at plan, from the publisher. */
function isPinned(pins: ClusterIdentity["sshSha256"] = {}, publisher: string): boolean {
  const its = Token.isUnresolved(publisher) ? Object.values(pins) : [pins[publisher], pins["*"]];
  return its.some((fingerprints = []) => fingerprints.length > 0);
}
