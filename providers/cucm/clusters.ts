/** The provider's attribute `clusters`, and the cluster configurations that it declares. */
import { readFileSync } from "node:fs";
import { DiagnosticError } from "../framework/diagnostic";
import { attr, type StateOf, type UnknownConfigOf } from "../framework/schema/attribute";
import { type AttributePath, UNKNOWN } from "../framework/schema/value";
import type { DeclaredClusters } from "./client";
import { TRUST_STORES } from "./cluster/cluster";
import {
  type ClusterConfig,
  DEFAULT_PORTS,
  DEFAULT_SPELLINGS,
  DEFAULT_TIMEOUTS,
  DEFAULT_WEB_FORMS,
  RESETS_PER_MINUTE,
  SFTP_ANSWERS,
  type SftpAnswer,
  type WebForms,
} from "./cluster/config";
import { LEGACY, MODERN } from "./cluster/transports/cryptography";

const port = (service: string) =>
  attr.number({
    optional: true,
    description: `Port of ${service}.`,
    validate: [
      (n) =>
        Number.isInteger(n) && n > 0 && n < 65536 ? undefined : "A port is a whole number from 1 to 65535.",
    ],
  });
const wholeRate = (n: number) =>
  Number.isInteger(n) && n > 0 ? undefined : "Must be a whole number greater than 0.";

const seconds = (what: string, standard: number) =>
  attr.number({
    optional: true,
    description: `Seconds that ${what} may take. Default: \`${standard}\`.`,
    validate: [(n) => (n > 0 ? undefined : "Must be greater than 0.")],
  });
const environment = (what: string, suffix: string) =>
  attr.string({
    optional: true,
    description: `Name of the environment variable that holds the ${what}. Default: \`CUCM_<NAME>_${suffix}\`, with the cluster's name in upper case.`,
    validate: [
      (name) =>
        /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
          ? undefined
          : "This is the name of an environment variable, not a value.",
    ],
  });

const storesOnly = (spelled: { readonly [store: string]: unknown }) =>
  Object.keys(spelled).every((store) => TRUST_STORES.some((one) => one === store))
    ? undefined
    : `Its keys are ${TRUST_STORES.join(", ")}.`;

const webForm = (what: string) => attr.string({ optional: true, description: `${what}.` });

const cluster = {
  publisher: attr.string({ required: true, description: "Address of the publisher." }),
  decommissioned: attr.bool({
    optional: true,
    description:
      "The cluster is switched off for good: nothing is read from it or written to it, resources about it keep what is " +
      "known and may be removed, and no phone is registered there. Needs no credentials. Default: `false`.",
  }),
  node_addresses: attr.map("string", {
    optional: true,
    description: "Addresses of nodes whose name in the server table cannot be resolved from here.",
  }),
  ports: attr.object(
    {
      ssh: port(`the OS CLI (${DEFAULT_PORTS.ssh})`),
      https: port(`AXL, Control Center and RIS (${DEFAULT_PORTS.https})`),
      tftp_http: port(`TFTP over HTTP (${DEFAULT_PORTS.tftpHttp})`),
      tvs: port(`TVS (${DEFAULT_PORTS.tvs})`),
      phone_http: port(`phones' web servers (${DEFAULT_PORTS.phoneHttp})`),
      platform: port(`Certificate Management REST and OS administration (${DEFAULT_PORTS.platform})`),
    },
    { optional: true, description: "Ports, where they are not CUCM's own." },
  ),
  identities: attr.mapOf(
    {
      tls_sha256: attr.list("string", {
        optional: true,
        description: "SHA-256 (hex) of accepted TLS certificates.",
      }),
      ssh_sha256: attr.list("string", {
        optional: true,
        description: "Accepted SSH host keys, `SHA256:...` as ssh-keygen prints.",
      }),
    },
    { optional: true, description: "Pinned host identities by node address; `*` for any node." },
  ),
  ca_pem: attr.string({
    optional: true,
    description: "CA certificates (PEM) for the Tomcat certificates of nodes without a pin.",
  }),
  platform_username_env: environment("OS administrator's name", "PLATFORM_USERNAME"),
  platform_password_env: environment("OS administrator's password", "PLATFORM_PASSWORD"),
  application_username_env: environment(
    "application user's name (AXL, Control Center, RIS)",
    "APPLICATION_USERNAME",
  ),
  application_password_env: environment("application user's password", "APPLICATION_PASSWORD"),
  tvs_client_certificate_file: attr.string({
    optional: true,
    description: "PEM file with the certificate to show to TVS, if it demands one.",
  }),
  tvs_client_key_file: attr.string({ optional: true, description: "PEM file with its key." }),
  spellings: attr.object(
    {
      import_unit: attr.map("string", {
        optional: true,
        description: "Unit of `set cert import trust`, by trust store.",
        validate: [storesOnly],
      }),
      paste_end: attr.string({
        optional: true,
        oneOf: ["newline", "empty-line", "ctrl-d"],
        description: "What ends a pasted certificate.",
      }),
      delete_command: attr.string({
        optional: true,
        description: "`set cert delete` with `{store}`, `{unit}` and `{file}` filled in.",
      }),
      rest_service: attr.map("string", {
        optional: true,
        description: "`service` of the Certificate Management REST interface, by trust store.",
        validate: [storesOnly],
      }),
      web_forms: attr.object(
        {
          login_path: webForm("Path that takes the login"),
          list_path: webForm("Path of the list, with `{page}` for the number of the page"),
          upload_path: webForm("Path of the upload"),
          store_field: webForm("Field of the upload that chooses the store"),
          file_field: webForm("Field of the upload that takes the file"),
          delete_button: webForm("Link or button that deletes, on the page of a certificate"),
          download_button: webForm("Link or button that fetches it, on the same page"),
        },
        {
          optional: true,
          description: 'The pages of OS administration, for `certificate_transport = "web"`.',
        },
      ),
      bulk_unit: attr.string({
        optional: true,
        description: "Unit of `set cert bulk export`, `consolidate` and `import`: `tftp` or `all`, say.",
      }),
      bulk_sftp_order: attr.list("string", {
        optional: true,
        description:
          "What `set cert bulk sftp` asks for, in its order, from " +
          `${SFTP_ANSWERS.map((a) => `\`${a}\``).join(", ")}. Default: each question is answered by its words.`,
        validate: [
          (order) =>
            (order as readonly string[]).every((a) => SFTP_ANSWERS.includes(a as SftpAnswer))
              ? undefined
              : `Name only ${SFTP_ANSWERS.join(", ")}.`,
        ],
      }),
      rollback_parameter: attr.string({
        optional: true,
        description: "Database name of the rollback parameter.",
      }),
      rollback_true: attr.list("string", { optional: true, description: "Its values that mean True." }),
      rollback_false: attr.list("string", { optional: true, description: "Its values that mean False." }),
      trust_list_pages: attr.list("string", {
        optional: true,
        description: "Paths of the web page where a phone shows its CTL and ITL.",
      }),
      itl_status_query: attr.string({
        optional: true,
        description:
          "SELECT that answers `name` and `status` (of its ITL) of devices, with `{phones}` for their quoted names. " +
          "Default: none, since no document tells where newer releases record it.",
        validate: [
          (text) =>
            /^\s*select\s/i.test(text) && text.includes("{phones}")
              ? undefined
              : "Write a SELECT with {phones} where the quoted names of the devices go.",
        ],
      }),
      itl_status_current: attr.list("string", {
        optional: true,
        description: "Its values that mean that a phone has the ITL that is served.",
      }),
      itl_status_other: attr.list("string", {
        optional: true,
        description: "Its values that mean that it has not.",
      }),
    },
    { optional: true, description: "What no public document spells; see docs/assumptions.md." },
  ),
  cryptography: attr.string({
    optional: true,
    oneOf: ["modern", "legacy"],
    description:
      "What TLS and SSH may negotiate. `legacy` also speaks TLS 1.0, SHA-1 and CBC, which is all that 8.x and 9.x " +
      "have, and 10.x whose Tomcat has no TLS 1.2. Identities are verified all the same. Default: `modern`.",
  }),
  certificate_transport: attr.string({
    optional: true,
    oneOf: ["auto", "cli", "rest", "web"],
    description:
      "What reads and writes the certificates of nodes: `cli` (OS CLI over SSH), `rest` (Certificate Management REST, 14 " +
      "and later; deletes go through the CLI) or `web` (the forms of OS administration). `auto` takes REST where release " +
      "and node offer it, otherwise the CLI. Default: `auto`.",
  }),
  replication_timeout: seconds("replication to all nodes", DEFAULT_TIMEOUTS.replication),
  restart_timeout: seconds("a service restart", DEFAULT_TIMEOUTS.restart),
  request_timeout: seconds("one request", DEFAULT_TIMEOUTS.request),
  ris_per_minute: attr.number({
    optional: true,
    description: "Enterprise parameter *Allowed Device Queries Per Minute*. Default: `15`.",
    validate: [wholeRate],
  }),
  resets_per_minute: attr.number({
    optional: true,
    description: `Phones that are reset within a minute, whatever wave they are in. Default: \`${RESETS_PER_MINUTE}\`, which is ours: no document names a rate.`,
    validate: [wholeRate],
  }),
} as const;

export const clusterAttributes = {
  clusters: attr.mapOf(cluster, {
    required: true,
    description: "The clusters, by a name that resources use.",
  }),
} as const;

type Declared = StateOf<typeof cluster>;

/** Unknown parts do not fail here: data sources of the other clusters are still read. */
export function declaredClusters({ clusters }: UnknownConfigOf<typeof clusterAttributes>): DeclaredClusters {
  if (clusters === UNKNOWN) return { declared: new Map(), decommissioned: new Set(), unknown: true };
  const gone = Object.entries(clusters).filter(([, c]) => c !== UNKNOWN && c.decommissioned === true);
  return {
    unknown: false,
    decommissioned: new Set(gone.map(([name]) => name)),
    declared: new Map(
      Object.entries(clusters).map(([name, value]) => [
        name,
        () => {
          const unknown = firstUnknown(value, [{ attribute: "clusters" }, { key: name }]);
          if (unknown) throw notKnown(unknown);
          return clusterConfig(name, value as Declared);
        },
      ]),
    ),
  };
}

function clusterConfig(name: string, c: Declared): ClusterConfig {
  const prefix = `CUCM_${name.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`;
  const variables = {
    platform: [
      c.platform_username_env ?? `${prefix}_PLATFORM_USERNAME`,
      c.platform_password_env ?? `${prefix}_PLATFORM_PASSWORD`,
    ],
    application: [
      c.application_username_env ?? `${prefix}_APPLICATION_USERNAME`,
      c.application_password_env ?? `${prefix}_APPLICATION_PASSWORD`,
    ],
  } as const;
  const values = fromEnvironment(name, Object.values(variables).flat());
  const account = ([username, password]: readonly [string, string]) => ({
    username: values(username),
    password: values(password),
    from: `${username} and ${password}`,
  });
  const pins = (kind: "tls_sha256" | "ssh_sha256") =>
    Object.fromEntries(
      Object.entries(c.identities ?? {}).map(([address, pin]) => [address, pin[kind] ?? []]),
    );
  return {
    name,
    publisher: c.publisher,
    nodeAddresses: c.node_addresses ?? {},
    identity: { tlsSha256: pins("tls_sha256"), caPem: c.ca_pem, sshSha256: pins("ssh_sha256") },
    platform: account(variables.platform),
    application: account(variables.application),
    ports: {
      ssh: c.ports?.ssh ?? DEFAULT_PORTS.ssh,
      https: c.ports?.https ?? DEFAULT_PORTS.https,
      tftpHttp: c.ports?.tftp_http ?? DEFAULT_PORTS.tftpHttp,
      tvs: c.ports?.tvs ?? DEFAULT_PORTS.tvs,
      phoneHttp: c.ports?.phone_http ?? DEFAULT_PORTS.phoneHttp,
      platform: c.ports?.platform ?? DEFAULT_PORTS.platform,
    },
    spellings: {
      importUnit: { ...DEFAULT_SPELLINGS.importUnit, ...c.spellings?.import_unit },
      pasteEnd: c.spellings?.paste_end ?? DEFAULT_SPELLINGS.pasteEnd,
      deleteCommand: c.spellings?.delete_command ?? DEFAULT_SPELLINGS.deleteCommand,
      restService: { ...DEFAULT_SPELLINGS.restService, ...c.spellings?.rest_service },
      webForms: webForms(c.spellings?.web_forms ?? null),
      bulkUnit: c.spellings?.bulk_unit ?? DEFAULT_SPELLINGS.bulkUnit,
      bulkSftpOrder:
        (c.spellings?.bulk_sftp_order as readonly SftpAnswer[]) ?? DEFAULT_SPELLINGS.bulkSftpOrder,
      rollbackParameter: c.spellings?.rollback_parameter ?? DEFAULT_SPELLINGS.rollbackParameter,
      rollbackTrue: c.spellings?.rollback_true ?? DEFAULT_SPELLINGS.rollbackTrue,
      rollbackFalse: c.spellings?.rollback_false ?? DEFAULT_SPELLINGS.rollbackFalse,
      trustListPages: c.spellings?.trust_list_pages ?? DEFAULT_SPELLINGS.trustListPages,
      itlStatusQuery: c.spellings?.itl_status_query ?? DEFAULT_SPELLINGS.itlStatusQuery,
      itlStatusCurrent: c.spellings?.itl_status_current ?? DEFAULT_SPELLINGS.itlStatusCurrent,
      itlStatusOther: c.spellings?.itl_status_other ?? DEFAULT_SPELLINGS.itlStatusOther,
    },
    tvsClient: tvsClient(name, c),
    cryptography: c.cryptography === "legacy" ? LEGACY : MODERN,
    certificateTransport: c.certificate_transport ?? "auto",
    timeouts: {
      replication: c.replication_timeout ?? DEFAULT_TIMEOUTS.replication,
      restart: c.restart_timeout ?? DEFAULT_TIMEOUTS.restart,
      request: c.request_timeout ?? DEFAULT_TIMEOUTS.request,
    },
    risPerMinute: c.ris_per_minute ?? 15,
    ...(c.resets_per_minute !== null && { resetsPerMinute: c.resets_per_minute }),
  };
}

function webForms(given: NonNullable<Declared["spellings"]>["web_forms"]): WebForms {
  return {
    loginPath: given?.login_path ?? DEFAULT_WEB_FORMS.loginPath,
    listPath: given?.list_path ?? DEFAULT_WEB_FORMS.listPath,
    uploadPath: given?.upload_path ?? DEFAULT_WEB_FORMS.uploadPath,
    storeField: given?.store_field ?? DEFAULT_WEB_FORMS.storeField,
    fileField: given?.file_field ?? DEFAULT_WEB_FORMS.fileField,
    deleteButton: given?.delete_button ?? DEFAULT_WEB_FORMS.deleteButton,
    downloadButton: given?.download_button ?? DEFAULT_WEB_FORMS.downloadButton,
  };
}

/**
 * Secrets are never values of the configuration: it names environment variables.
 *
 * @throws DiagnosticError that names all that are missing
 */
function fromEnvironment(cluster: string, names: readonly string[]): (name: string) => string {
  const values = new Map(names.map((name) => [name, process.env[name] ?? ""]));
  const missing = [...values].filter(([, value]) => value === "").map(([name]) => name);
  if (missing.length === 0) return (name) => values.get(name)!;
  const [are, it, credential] =
    missing.length === 1
      ? [`variable ${missing[0]} is`, "it", "a credential"]
      : [`variables ${missing.join(", ")} are`, "them", "credentials"];
  const never = missing.length === 1 ? "it never reaches" : "they never reach";
  throw new DiagnosticError(
    `Environment ${are} not set`,
    `Cluster "${cluster}" takes ${credential} from ${it}. Export ${it} before the run; ${never} the plan or the state.`,
    [{ attribute: "clusters" }, { key: cluster }],
  );
}

function tvsClient(name: string, c: Declared): ClusterConfig["tvsClient"] {
  const { tvs_client_certificate_file: cert, tvs_client_key_file: key } = c;
  if (cert === null && key === null) return null;
  const path: AttributePath = [{ attribute: "clusters" }, { key: name }];
  if (cert === null || key === null)
    throw new DiagnosticError(
      "A client certificate for TVS needs both files",
      "Set tvs_client_certificate_file and tvs_client_key_file, or neither.",
      path,
    );
  return { cert: read(cert, path), key: read(key, path) };
}

function read(file: string, path: AttributePath): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new DiagnosticError(
      `Cannot read ${file}`,
      `${error instanceof Error ? error.message : error}.`,
      path,
    );
  }
}

function firstUnknown(value: unknown, path: AttributePath): AttributePath | undefined {
  if (value === UNKNOWN) return path;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, part] of Object.entries(value)) {
    const found = firstUnknown(part, [...path, path.length === 2 ? { attribute: key } : { key }]);
    if (found) return found;
  }
  return undefined;
}

function notKnown(path: AttributePath): DiagnosticError {
  const text = path.map((s) => ("attribute" in s ? s.attribute : "key" in s ? s.key : s.index)).join(".");
  return new DiagnosticError(
    `The provider attribute ${text} is not known yet`,
    "It depends on something that is known only after apply, and the cluster is needed now. Give it a value that is known at plan.",
    path,
  );
}
