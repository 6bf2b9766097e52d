import type { IncomingMessage } from "node:http";
import type { ControlResult, ServiceView } from "../services";
import { child, children, element, envelope, fault, type Reply, type SoapRequest, textOf } from "./soap";
import type { ServiceContext } from "./tomcat";

const NS = "http://schemas.cisco.com/ast/soap";

/** ControlCenterServices (Cisco's WSDL): each node speaks for its own services only. */
export function controlCenter(request: SoapRequest, _http: IncomingMessage, context: ServiceContext): Reply {
  switch (request.operation) {
    case "soapGetServiceStatus":
      return status(request, context);
    case "soapDoControlServices":
      return control(request, context);
    default:
      return fault("soapenv:Server", `No such operation '${request.operation}'`);
  }
}

function status(request: SoapRequest, { node }: ServiceContext): Reply {
  // The WSDL repeats the element itself; the empty string means all.
  const asked = children(request.arguments, "ServiceStatus").map((one) =>
    typeof one === "string" ? one : "",
  );
  const names = asked.length === 0 || asked.includes("") ? node.services.names() : asked;
  const items = names.map((name) => item(name, node.services.view(name))).join("");
  return answer("soapGetServiceStatus", 0, "", items);
}

const REFUSALS: { readonly [result in Exclude<ControlResult, "accepted">]: string } = {
  "unknown-service": "Service is not installed on this node",
  "not-activated": "Service Not Activated",
  "not-stoppable": "Service cannot be stopped or restarted",
  busy: "Service is already being stopped or started",
};

function control(request: SoapRequest, { node }: ServiceContext): Reply {
  const order = child(request.arguments, "ControlServiceRequest");
  const target = textOf(order, "NodeName");
  if (target !== "" && ![node.name, node.address, node.fqdn].includes(target)) {
    return answer("soapDoControlServices", 1, `Node ${target} is not this node`, "");
  }
  const type = textOf(order, "ControlType");
  if (type !== "Start" && type !== "Stop" && type !== "Restart") {
    return fault("soapenv:Server", `Invalid ControlType '${type}'`);
  }
  const names = children(child(order, "ServiceList"), "item").map((one) =>
    typeof one === "string" ? one : "",
  );
  let refusal = "";
  for (const name of names) {
    const result = node.services.control(name, type);
    if (result !== "accepted") refusal = `${name}: ${REFUSALS[result]}`;
  }
  const items = names.map((name) => item(name, node.services.view(name))).join("");
  return answer("soapDoControlServices", refusal === "" ? 0 : 1, refusal, items);
}

/** -1068 and -1019 are what public clients saw; their meaning is not documented. */
const REASON_CODES = { "": -1, "Service Not Activated": -1068, "Commanded Out of Service": -1019 } as const;

function item(name: string, view: ServiceView | null): string {
  const started = view?.startedAt ?? null;
  const up = started === null ? -1 : Math.floor((Date.now() - started.getTime()) / 1000);
  return `<item>${element("ServiceName", name)}${element("ServiceStatus", view?.state ?? "Unknown")}${element(
    "ReasonCode",
    REASON_CODES[view?.reason ?? ""],
  )}${element("ReasonCodeString", view?.reason || " ")}${element("StartTime", started?.toString().slice(0, 24) ?? "")}${element("UpTime", up)}</item>`;
}

function answer(operation: string, code: number, reason: string, items: string): Reply {
  const name =
    operation === "soapGetServiceStatus" ? "soapGetServiceStatusReturn" : "soapDoControlServicesReturn";
  const body = `${element("ReturnCode", code)}${element("ReasonCode", code === 0 ? -1 : 1)}${element("ReasonString", reason)}<ServiceInfoList>${items}</ServiceInfoList>`;
  return {
    status: 200,
    body: envelope(`<${operation}Response xmlns="${NS}"><${name}>${body}</${name}></${operation}Response>`),
  };
}
