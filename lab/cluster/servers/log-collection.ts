import type { IncomingMessage } from "node:http";
import { child, element, envelope, fault, type Reply, type SoapRequest, textOf } from "./soap";
import type { ServiceContext } from "./tomcat";
import type { TvsLogFile } from "./tvs-log";

const NS = "http://schemas.cisco.com/ast/soap";
const FOLDER = "/var/log/active/cm/trace/tvs/sdi";
const BOUNDARY = "MIMEBoundary_5a3d0d4bd1bfa4ee7a5a9e0e41b1b6f8";

/** Log collection (Cisco's WSDL): which files a service of this node has written. Only TVS writes any here. */
export function logCollection(request: SoapRequest, _http: IncomingMessage, context: ServiceContext): Reply {
  if (request.operation !== "selectLogFiles")
    return fault("soapenv:Server", `No such operation '${request.operation}'`);
  const criteria = child(request.arguments, "FileSelectionCriteria");
  const service = textOf(child(criteria, "ServiceLogs"), "item");
  const { node, cluster, tvsLog } = context;
  const files = service === "Cisco Trust Verification Service" ? tvsLog.files.map(listed).join("") : "";
  const body = envelope(
    `<ns1:selectLogFilesResponse xmlns:ns1="${NS}"><ns1:ResultSet><ns1:SchemaFileSelectionResult><ns1:Node>` +
      `${element("ns1:name", node.name)}<ns1:ServiceList><ns1:ServiceLogs>${element("ns1:name", service)}` +
      `<ns1:SetOfFiles>${files}</ns1:SetOfFiles></ns1:ServiceLogs></ns1:ServiceList></ns1:Node></ns1:SchemaFileSelectionResult>` +
      `<ns1:ScheduleList/></ns1:ResultSet></ns1:selectLogFilesResponse>`,
  );
  return cluster.drawn.logListing === "plain" ? { status: 200, body } : parts(body);
}

/** DimeGetFile: one file, as a part behind the envelope. */
export function getOneFile(request: SoapRequest, _http: IncomingMessage, { tvsLog }: ServiceContext): Reply {
  if (request.operation !== "GetOneFile")
    return fault("soapenv:Server", `No such operation '${request.operation}'`);
  const name = textOf(request.arguments, "FileName");
  const file = tvsLog.files.find((one) => `${FOLDER}/${one.name}` === name);
  if (file === undefined) return fault("soapenv:Server.userException", `FileName ${name} do not exist`);
  return parts(
    envelope(
      `<ns1:GetOneFileResponse xmlns:ns1="${NS}/"><DataHandler href="cid:1@log"/></ns1:GetOneFileResponse>`,
    ),
    textOfFile(file),
  );
}

const textOfFile = ({ lines }: TvsLogFile) => lines.map((line) => `${line}\n`).join("");

function listed(file: TvsLogFile): string {
  // As Java prints a date; a node's clock may be in any zone, this one's is in UTC.
  const [day, date, month, year, time] = file.modified.toUTCString().replace(",", "").split(" ");
  return `<ns1:File>${[
    element("ns1:name", file.name),
    element("ns1:absolutepath", `${FOLDER}/${file.name}`),
    element("ns1:filesize", Buffer.byteLength(textOfFile(file))),
    element("ns1:modifiedDate", `${day} ${month} ${date} ${time} UTC ${year}`),
  ].join("")}</ns1:File>`;
}

function parts(root: string, attached?: string): Reply {
  const contents = [
    ["text/xml; charset=UTF-8", "binary", "0@envelope", root],
    ...(attached === undefined ? [] : [["application/octet-stream", "binary", "1@log", attached]]),
  ];
  const body = contents.map(
    ([type, encoding, id, content]) =>
      `--${BOUNDARY}\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\nContent-ID: <${id}>\r\n\r\n${content}\r\n`,
  );
  return {
    status: 200,
    type: `multipart/related; boundary=${BOUNDARY}; type="text/xml"; start="<0@envelope>"`,
    body: `${body.join("")}--${BOUNDARY}--\r\n`,
  };
}
