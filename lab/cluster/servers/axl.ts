import type { IncomingMessage } from "node:http";
import { query, SqlError } from "../database/sql";
import { tablesOf } from "../database/tables";
import { type AxlOperation, AxlRefusal, axlFault } from "./axl-answer";
import { CERTIFICATE_OPERATIONS } from "./axl-certificates";
import { NODE_OPERATIONS } from "./axl-nodes";
import { PHONE_OPERATIONS } from "./axl-phones";
import { element, envelope, errorPage, fault, type Reply, type SoapRequest, textOf } from "./soap";
import type { ServiceContext } from "./tomcat";

/** Versions of the AXL schema that a release answers to, older ones included. */
const SCHEMAS: readonly {
  readonly release: string;
  readonly versions: readonly string[];
  /** How the answer to a wrong one lists them. */
  readonly says?: string;
}[] = [
  { release: "8.", versions: ["8.0", "8.5"] },
  { release: "9.", versions: ["8.0", "8.5", "9.0", "9.1"] },
  { release: "10.5", versions: ["8.5", "9.0", "9.1", "10.0", "10.5"] },
  { release: "11.0", versions: ["9.0", "9.1", "10.0", "10.5", "11.0"] },
  { release: "12.5", versions: ["10.5", "11.0", "11.5", "12.0", "12.5"] },
  { release: "14.", versions: ["11.5", "12.0", "12.5", "14.0"] },
  { release: "15.", versions: ["12.0", "12.5", "14.0", "15.0"], says: "12.x, 14.0 and 15.0" },
];

const OPERATIONS: { readonly [name: string]: AxlOperation } = {
  ...NODE_OPERATIONS,
  ...PHONE_OPERATIONS,
  ...CERTIFICATE_OPERATIONS,
  executeSQLQuery: (request, { cluster }) => {
    const result = query(textOf(request, "sql"), tablesOf(cluster, cluster.publisher));
    return result.rows
      .map((row) => `<row>${row.map((value, i) => element(result.columns[i]!, value ?? "")).join("")}</row>`)
      .join("");
  },
};

/** AXL: administration of the database, on the publisher (AXL developer guide). */
export function axl(request: SoapRequest, http: IncomingMessage, context: ServiceContext): Reply {
  const { versions, says } = SCHEMAS.find(({ release }) =>
    context.cluster.options.version.startsWith(release),
  ) ?? { versions: ["10.0"] };
  const version = versionOf(request, http);
  if (version === null || !versions.includes(version)) {
    const listed = says ?? `${versions.slice(0, -1).join(", ")} and ${versions.at(-1)}`;
    return errorPage(599, `Incorrect axl version. Supported axl versions are ${listed}`);
  }
  const operation = OPERATIONS[request.operation];
  if (operation === undefined) return fault("soapenv:Client", `Unknown operation ${request.operation}`);
  try {
    const content = operation(request.arguments, context);
    const ns = `http://www.cisco.com/AXL/API/${version}`;
    return {
      status: 200,
      body: envelope(
        `<ns:${request.operation}Response xmlns:ns="${ns}"><return>${content}</return></ns:${request.operation}Response>`,
      ),
    };
  } catch (error) {
    if (error instanceof AxlRefusal) return axlFault(request.operation, error.code, error.message);
    if (error instanceof SqlError) return axlFault(request.operation, error.code, error.message);
    throw error;
  }
}

function versionOf(request: SoapRequest, http: IncomingMessage): string | null {
  const action = /CUCM:DB ver=(\d+\.\d+)/.exec(String(http.headers.soapaction ?? ""))?.[1];
  if (action !== undefined) return action;
  for (const namespace of request.namespaces) {
    const version = /^http:\/\/www\.cisco\.com\/AXL\/API\/(\d+\.\d+)$/.exec(namespace)?.[1];
    if (version !== undefined) return version;
  }
  return null;
}
