import type { IncomingMessage } from "node:http";
import type { LabCluster } from "../cluster";
import type { LabNode, RisRecord } from "../node";
import { child, children, element, envelope, fault, type Reply, type SoapRequest, textOf } from "./soap";
import type { ServiceContext } from "./tomcat";

const NS = "http://schemas.cisco.com/ast/soap";

/** Enterprise parameter "Allowed Device Queries Per Minute", for the whole cluster. */
export class RisRate {
  private readonly recent: number[] = [];
  constructor(public perMinute: number) {}

  /** @returns false when this query is one too many. */
  take(now = Date.now()): boolean {
    while (this.recent.length > 0 && this.recent[0]! <= now - 60_000) this.recent.shift();
    if (this.recent.length >= this.perMinute) return false;
    this.recent.push(now);
    return true;
  }
}

/** Longest answer of each operation; what is beyond is cut without a word. */
const LIMITS: { readonly [operation: string]: number } = { selectCmDevice: 1000, selectCmDeviceExt: 2000 };

/** RISPort70 (Cisco's WSDL): what the nodes last knew of each device. */
export function ris(request: SoapRequest, _http: IncomingMessage, context: ServiceContext): Reply {
  const limit = LIMITS[request.operation];
  if (limit === undefined) return fault("soapenv:Server", `No such operation '${request.operation}'`);
  if (!context.risRate.take()) {
    // Cisco's spelling.
    return fault(
      "soapenv:Server.RateControl",
      `AxisFault: Exceeded allowed rate for Reatime information. Current allowed rate for realtime information is ${context.risRate.perMinute} requests per minute.`,
    );
  }
  const criteria = child(request.arguments, "CmSelectionCriteria");
  const wanted = Number(textOf(criteria, "MaxReturnedDevices") || "200");
  const wildcard = request.operation === "selectCmDevice";
  const matches = matcher(criteria, wildcard);
  let room = Math.min(Number.isFinite(wanted) && wanted > 0 ? wanted : limit, limit);
  let total = 0;
  const nodeName = textOf(criteria, "NodeName");
  const nodes = context.cluster.nodes.filter(
    (one) => nodeName === "" || [one.name, one.address].includes(nodeName),
  );
  const items = nodes.map((one) => {
    if (!one.up)
      return `<item>${element("ReturnCode", "NodeNotResponding")}${element("Name", one.name)}<NoChange>false</NoChange><CmDevices/></item>`;
    const found = [...one.ris.values()].filter(matches).slice(0, room);
    room -= found.length;
    total += found.length;
    const devices = found.map((record) => device(context.cluster, one, record)).join("");
    const code = found.length === 0 ? "NotFound" : "Ok";
    return `<item>${element("ReturnCode", code)}${element("Name", one.name)}<NoChange>false</NoChange><CmDevices>${devices}</CmDevices></item>`;
  });
  // The Ext operation shares the other one's output message.
  return {
    status: 200,
    body: envelope(
      `<selectCmDeviceResponse xmlns="${NS}"><selectCmDeviceReturn><SelectCmDeviceResult>${element(
        "TotalDevicesFound",
        total,
      )}<CmNodes>${items.join("")}</CmNodes></SelectCmDeviceResult>${element(
        "StateInfo",
        `<StateInfo ClusterId="${context.cluster.parameters.get("ClusterID")}"/>`,
      )}</selectCmDeviceReturn></selectCmDeviceResponse>`,
    ),
  };
}

type Xml = Parameters<typeof child>[0];

function matcher(criteria: Xml, wildcard: boolean): (record: RisRecord) => boolean {
  const by = textOf(criteria, "SelectBy") || "Name";
  const status = textOf(criteria, "Status") || "Any";
  const items = children(child(criteria, "SelectItems"), "item").map((one) =>
    textOf(one, "Item").toUpperCase(),
  );
  const patterns = items.flatMap((one) => one.split(",")).map((one) => one.trim());
  const value = (record: RisRecord) => (by === "IPV4Address" ? record.ip : record.device).toUpperCase();
  return (record) => {
    if (status !== "Any" && status !== record.status) return false;
    if (by !== "Name" && by !== "IPV4Address") return false;
    return patterns.some((pattern) => {
      if (pattern === "*" || pattern === "") return wildcard;
      if (pattern.endsWith("*")) return wildcard && value(record).startsWith(pattern.slice(0, -1));
      return value(record) === pattern;
    });
  };
}

function device(cluster: LabCluster, node: LabNode, record: RisRecord): string {
  const phone = cluster.phones.get(record.device);
  const registered = record.status === "Registered";
  const dirNumber = phone === undefined ? "" : `${extension(record.device)}-${record.status}`;
  return `<item>${[
    element("Name", record.device),
    element("DirNumber", dirNumber),
    element("DeviceClass", "Phone"),
    element("Model", 683),
    element("Product", 615),
    element("BoxProduct", 0),
    element("Httpd", registered ? (record.httpd ? "Yes" : "No") : "Unknown"),
    element("RegistrationAttempts", 1),
    element("IsCtiControllable", "true"),
    element("LoginUserId", registered ? (phone?.loginUser ?? "") : ""),
    element("Status", record.status),
    element("StatusReason", record.statusReason),
    element("PerfMonObject", 2),
    element("DChannel", 0),
    element("Description", phone?.description ?? ""),
    "<H323Trunk><ConfigName/><TechPrefix/><Zone/><RemoteCmServer1/><RemoteCmServer2/><RemoteCmServer3/><AltGkList/><ActiveGk/><CallSignalAddr/><RasAddr/></H323Trunk>",
    element("TimeStamp", record.timestamp),
    element("Protocol", "SIP"),
    element("NumOfLines", 1),
    `<LinesStatus><item>${element("DirectoryNumber", extension(record.device))}${element("Status", registered ? "Registered" : "UnRegistered")}</item></LinesStatus>`,
    element("ActiveLoadID", record.load),
    element("InactiveLoadID", ""),
    element("DownloadStatus", "Unknown"),
    element("DownloadFailureReason", ""),
    element("DownloadServer", record.downloadServer || node.address),
    `<IPAddress><item>${element("IP", record.ip)}${element("IPAddrType", "ipv4")}${element("Attribute", "Unknown")}</item></IPAddress>`,
  ].join("")}</item>`;
}

const extension = (name: string): string => String(1000 + (Number.parseInt(name.slice(-4), 16) % 9000));
