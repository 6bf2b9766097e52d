/** Log collection of one node: which files a service has written, and their lines. Each node answers for itself. */
import type { ServiceName } from "../cluster";
import { asClusterError, type Endpoint, excerpt, failure } from "../failure";
import { attachment, boundaryOf } from "./multipart";
import { SoapFault, type SoapServer } from "./soap";
import { child, children, elements, escapeXml, text, type XmlElement } from "./xml";

export interface LogFile {
  readonly path: string;
  /** Bytes; NaN when the node does not say. */
  readonly size: number;
  /** In the words of the node. */
  readonly modified: string;
}

/** Days back that are asked for. */
const DAYS = 30;
/** No log of a service begins so; an answer of somebody else does. */
const MARKUP = /^(?:\xef\xbb\xbf)?\s*</;
const MISSING = /do(?:es)? not exist/i;

export class LogCollection {
  constructor(
    private readonly server: SoapServer,
    private readonly at: Endpoint,
  ) {}

  async list(service: ServiceName, signal: AbortSignal): Promise<readonly LogFile[]> {
    const criteria = {
      ServiceLogs: { item: service },
      SystemLogs: { item: "" },
      SearchStr: "",
      Frequency: "OnDemand",
      JobType: "DownloadtoClient",
      ToDate: "",
      FromDate: "",
      TimeZone: "Client: (GMT+0:0)Greenwich Mean Time-Europe/London",
      RelText: "Days",
      RelTime: DAYS,
      Port: 0,
      IPAddress: "",
      UserName: "",
      Password: "",
      ZipInfo: "false",
      RemoteFolder: "",
    };
    const answer = await this.server
      .call(
        {
          operation: "selectLogFiles",
          path: "/logcollectionservice2/services/LogCollectionPortTypeService",
          soapAction: "selectLogFiles",
          namespace: "http://schemas.cisco.com/ast/soap",
          body: `<ns:selectLogFiles>${elements({ FileSelectionCriteria: criteria }, "ns:")}</ns:selectLogFiles>`,
        },
        signal,
      )
      .catch((error: unknown) => {
        throw this.#explain(error, "selectLogFiles");
      });
    return filesIn(answer).flatMap((file) => {
      const path = text(file, "absolutepath") ?? "";
      const size = Number.parseInt(text(file, "filesize") ?? "", 10);
      return path === "" ? [] : [{ path, size, modified: text(file, "modifiedDate") ?? "" }];
    });
  }

  /** @returns false when the node does not have that file any more */
  async read(path: string, sink: (chunk: Buffer) => void, signal: AbortSignal): Promise<boolean> {
    let page = false;
    try {
      await this.server.call(
        {
          operation: "GetOneFile",
          path: "/logcollectionservice/services/DimeGetFileService",
          soapAction: "http://schemas.cisco.com/ast/soap/action/#LogCollectionPort#GetOneFile",
          namespace: "http://schemas.cisco.com/ast/soap/",
          body: `<ns:GetOneFile><FileName>${escapeXml(path)}</FileName></ns:GetOneFile>`,
          take: (headers) => {
            const take = attachment(headers, sink);
            if (boundaryOf(headers) !== null) return take;
            let begun = false;
            return (chunk) => {
              page ||= !begun && MARKUP.test(chunk.subarray(0, 100).toString("latin1"));
              begun = true;
              if (!page) take(chunk);
            };
          },
        },
        signal,
      );
    } catch (error) {
      if (error instanceof SoapFault && MISSING.test(error.faultString)) return false;
      throw this.#explain(error, `GetOneFile of ${excerpt(path, 100)}`);
    }
    if (page)
      throw failure(
        this.at,
        "answer",
        `Log collection of ${this.at.address} answers oddly`,
        `GetOneFile of ${excerpt(path, 100)}: a page or an envelope without a file behind it.`,
      );
    return true;
  }

  #explain(error: unknown, what: string) {
    if (!(error instanceof SoapFault)) return asClusterError(this.at, "Log collection", error);
    return failure(
      this.at,
      "refused",
      `Log collection of ${this.at.address} refuses ${what}`,
      `${excerpt(error.faultString)}.`,
    );
  }
}

/** One of each, or many. */
function filesIn(answer: XmlElement): XmlElement[] {
  return children(child(child(answer, "ResultSet"), "SchemaFileSelectionResult"), "Node")
    .flatMap((node) => children(child(node, "ServiceList"), "ServiceLogs"))
    .flatMap((logs) => children(logs, "SetOfFiles"))
    .flatMap((set) => children(set, "File"));
}
