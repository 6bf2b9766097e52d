import { createHash } from "node:crypto";
import type { Certificate } from "../../../trust/certificate";
import type { LabCluster, LabPhone } from "../cluster";
import type { LabNode } from "../node";
import { DEFAULT_LOAD } from "../options";
import { devicePools } from "../phone-config";
import { CERTIFICATE_SERVICES, rolesOf, serialHex } from "../stores";
import { stableId } from "./stable-id";

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly [column: string]: string | null }[];
}
export type Tables = { readonly [name: string]: Table };

const ROLE_NAMES: { readonly [role: string]: string } = {
  0: "SAST",
  1: "CallManager",
  2: "CallManagerTFTP",
  3: "TFTP",
  4: "CAPF",
  7: "APPLICATION_SERVER",
  21: "TVS",
};

/** The row of table processnode that stands for the cluster, not for a server. */
const ENTERPRISE_WIDE = { pkid: "00000000-1111-0000-0000-000000000000", name: "EnterpriseWideData" };

/** The tables as one node's replica has them. Names of tables and columns are those that Cisco's documents query. */
export function tablesOf(cluster: LabCluster, node: LabNode): Tables {
  const tables = ownTables(cluster, node);
  return { ...tables, ...catalogue(tables) };
}

/** What Informix says of the tables themselves. */
function catalogue(tables: Tables): Tables {
  const numbered = Object.entries(tables).map(([name, table], i) => ({
    name,
    table,
    tabid: String(100 + i),
  }));
  return {
    systables: {
      columns: ["tabname", "tabid"],
      rows: numbered.map(({ name, tabid }) => ({ tabname: name, tabid })),
    },
    syscolumns: {
      columns: ["colname", "tabid"],
      rows: numbered.flatMap(({ table, tabid }) => table.columns.map((colname) => ({ colname, tabid }))),
    },
  };
}

function ownTables(cluster: LabCluster, node: LabNode): Tables {
  const rows = [...node.rows.values()];
  const { itlRecord } = cluster.drawn;
  const ownTable = itlRecord.table !== "device";
  return {
    processconfig: {
      columns: ["pkid", "paramname", "paramvalue"],
      rows: [...cluster.parameters].map(([paramname, paramvalue]) => ({
        pkid: stableId(paramname),
        paramname,
        paramvalue,
      })),
    },
    processnode: {
      columns: [
        "pkid",
        "name",
        "description",
        "systemnode",
        "isactive",
        "nodeid",
        "tknodeusage",
        "tkprocessnoderole",
      ],
      rows: [
        {
          ...ENTERPRISE_WIDE,
          description: "",
          systemnode: "t",
          isactive: "t",
          nodeid: "1",
          tknodeusage: "1",
          tkprocessnoderole: "1",
        },
        ...cluster.nodes.map((one, i) => ({
          pkid: stableId(one.name),
          name: one.name,
          description: "",
          systemnode: "f",
          isactive: "t",
          nodeid: String(i + 2),
          tknodeusage: one.role === "publisher" ? "0" : "1",
          tkprocessnoderole: "1",
        })),
      ],
    },
    device: deviceTable(cluster, ownTable ? undefined : itlRecord.column),
    // "Device Defaults".
    defaults: {
      columns: ["pkid", "tkmodel", "tkdeviceprotocol", "loadinformation"],
      rows: [...new Set([...cluster.phones.values()].map(({ model }) => modelNumber(model)))].map(
        (model) => ({
          pkid: stableId(`default ${model}`),
          tkmodel: model,
          tkdeviceprotocol: SIP,
          loadinformation: cluster.options.load ?? DEFAULT_LOAD,
        }),
      ),
    },
    ...featureTables(cluster),
    ...(ownTable && {
      [itlRecord.table]: {
        columns: ["pkid", "fkdevice", itlRecord.column],
        rows: [...cluster.phones.values()].map(({ name, pkid }) => ({
          pkid: stableId(`registration ${name}`),
          fkdevice: pkid,
          [itlRecord.column]: itlStatus(cluster, name),
        })),
      },
    }),
    callmanager: {
      columns: ["pkid", "name", "fkprocessnode"],
      rows: cluster.nodes.map(({ name }) => ({
        pkid: stableId(`CM_${name}`),
        name: `CM_${name}`,
        fkprocessnode: stableId(name),
      })),
    },
    callmanagergroup: {
      columns: ["pkid", "name"],
      rows: devicePools(cluster).map(({ name }) => ({ pkid: stableId(`group ${name}`), name })),
    },
    callmanagergroupmember: {
      columns: ["pkid", "fkcallmanagergroup", "fkcallmanager", "priority"],
      rows: devicePools(cluster).flatMap(({ name, group }) =>
        group.map((one, i) => ({
          pkid: stableId(`member ${name} ${one.name}`),
          fkcallmanagergroup: stableId(`group ${name}`),
          fkcallmanager: stableId(`CM_${one.name}`),
          priority: String(i),
        })),
      ),
    },
    certificate: {
      columns: [
        "pkid",
        "servername",
        "subjectname",
        "issuername",
        "serialnumber",
        "certificate",
        "ipv4address",
        "ipv6address",
        "timetolive",
      ],
      rows: rows.map(({ pkid, certificate, serverName }) => ({
        pkid,
        servername: serverName,
        subjectname: storedName(certificate.subject),
        issuername: storedName(certificate.issuer),
        serialnumber: serialHex(certificate),
        certificate: certificate.pem,
        ipv4address: cluster.node(serverName)?.address ?? null,
        ipv6address: null,
        timetolive: null,
      })),
    },
    certificateservicecertificatemap: {
      columns: ["pkid", "fkcertificate", "tkcertificateservice"],
      rows: rows.flatMap(({ pkid, services }) =>
        [...services].map((service) => ({
          pkid: stableId(pkid + service),
          fkcertificate: pkid,
          tkcertificateservice: String(CERTIFICATE_SERVICES[service]),
        })),
      ),
    },
    certificatetrustrolemap: {
      columns: ["pkid", "fkcertificate", "tktrustrole"],
      rows: rows.flatMap((row) =>
        rolesOf(row).map((role) => ({
          pkid: stableId(`${row.pkid}${role}`),
          fkcertificate: row.pkid,
          tktrustrole: String(role),
        })),
      ),
    },
    certificatehashmap: {
      columns: ["pkid", "fkcertificate", "hash"],
      rows: rows.map(({ pkid, certificate }) => ({
        pkid: stableId(`${pkid}hash`),
        fkcertificate: pkid,
        hash: createHash("sha1").update(certificate.der).digest("base64"),
      })),
    },
    typecertificateservice: {
      columns: ["enum", "name", "moniker"],
      rows: Object.entries(CERTIFICATE_SERVICES).map(([name, number]) => ({
        enum: String(number),
        name,
        moniker: null,
      })),
    },
    typetrustrole: {
      columns: ["enum", "name", "moniker"],
      rows: Object.entries(ROLE_NAMES).map(([number, name]) => ({ enum: number, name, moniker: null })),
    },
  };
}

/** Of the last registration of a device; null when it never had one. */
function itlStatus({ nodes, drawn: { itlRecord } }: LabCluster, device: string): string | null {
  const reports = nodes.flatMap(({ ris }) => ris.get(device) ?? []);
  const [last] = reports.sort((a, b) => b.timestamp - a.timestamp);
  if (last === undefined) return null;
  return nodes.some(({ itl }) => itl !== "" && itl === last.itl) ? itlRecord.current : itlRecord.other;
}

/** Numbers of `typemodel`. Any two will do: who wants a name has to join. */
const MODELS: readonly (readonly [name: string, number: string])[] = [
  ["Cisco 8861", "683"],
  ["Cisco 7960", "7"],
  ["Cisco 7942", "434"],
];
/** Number of `typedeviceprotocol`. */
const SIP = "11";
const modelNumber = (model: string) => MODELS.find(([name]) => name === model)?.[1] ?? "999";

/** `tkcertificateoperation`, `tkcertificatestatus`: 1 is none, 2 an order and that it waits, 3 that an LSC was installed. */
function deviceTable(cluster: LabCluster, itlColumn: string | undefined): Table {
  const issuer = issuerColumn(cluster);
  const status = ({ enrolment, lsc }: LabPhone) => (enrolment !== null ? "2" : lsc === null ? "1" : "3");
  return {
    columns: [
      ...["pkid", "name", "description", "tkclass", "tkmodel", "tkdeviceprotocol", "specialloadinformation"],
      ...["tkcertificateoperation", "tkcertificatestatus", ...(issuer === null ? [] : ["lscissuername"])],
      ...(itlColumn === undefined ? [] : [itlColumn]),
    ],
    rows: [...cluster.phones.values()].map((phone) => ({
      pkid: phone.pkid,
      name: phone.name,
      description: phone.description,
      tkclass: "1",
      tkmodel: modelNumber(phone.model),
      tkdeviceprotocol: SIP,
      specialloadinformation: "",
      tkcertificateoperation: phone.enrolment === null ? "1" : "2",
      tkcertificatestatus: status(phone),
      ...(issuer !== null && { lscissuername: phone.lsc && issuer(phone.lsc) }),
      ...(itlColumn !== undefined && { [itlColumn]: itlStatus(cluster, phone.name) }),
    })),
  };
}

/** How an LSC's issuer is spelt; null before 11.5, which has no such column. */
function issuerColumn({ options, drawn }: LabCluster): ((lsc: Certificate) => string) | null {
  const [major = 0, minor = 0] = options.version.split(".").map(Number);
  if (major < 11 || (major === 11 && minor < 5)) return null;
  return ({ issuer }) =>
    drawn.lscIssuerName === "common name"
      ? (/(?:^|;)CN=([^;]*)/.exec(issuer)?.[1] ?? issuer)
      : issuer.replaceAll(";", ",");
}

/** As far as the phone feature list of Unified Reporting is asked for trust. */
const FEATURES: readonly (readonly [name: string, number: string, models: readonly string[]])[] = [
  ["Security By Default", "88", ["Cisco 8861", "Cisco 7942"]],
  ["3072/4096 RSA key size", "131", ["Cisco 8861"]],
];

function featureTables({ options }: LabCluster): Tables {
  const models = MODELS.some(([name]) => name === options.model)
    ? MODELS
    : [...MODELS, [options.model ?? "", modelNumber(options.model ?? "")] as const];
  return {
    typemodel: {
      columns: ["enum", "name", "moniker"],
      rows: models.map(([name, number]) => ({ enum: number, name, moniker: null })),
    },
    typesupportsfeature: {
      columns: ["enum", "name", "moniker"],
      rows: FEATURES.map(([name, number]) => ({ enum: number, name, moniker: null })),
    },
    productsupportsfeature: {
      columns: ["pkid", "tkmodel", "tksupportsfeature", "tkdeviceprotocol", "param"],
      rows: FEATURES.flatMap(([feature, number, supported]) =>
        supported.map((model) => ({
          pkid: stableId(`${feature} ${model}`),
          tkmodel: modelNumber(model),
          tksupportsfeature: number,
          tkdeviceprotocol: "11",
          param: null,
        })),
      ),
    },
  };
}

/** The order in which the database keeps a name: `L=..,ST=..,CN=..,OU=..,O=..,C=..`. */
function storedName(text: string): string {
  const order = ["L", "ST", "CN", "OU", "O", "C"];
  const rank = (part: string) => order.indexOf(part.slice(0, part.indexOf("=")));
  return text
    .split(";")
    .sort((a, b) => rank(a) - rank(b))
    .join(",");
}
