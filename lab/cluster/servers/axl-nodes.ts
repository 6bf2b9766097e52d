import type { LabNode } from "../node";
import { type AxlOperation, AxlRefusal, axlUuid, matches, object, page } from "./axl-answer";
import { child, element, textOf } from "./soap";

const ENTERPRISE_WIDE = "EnterpriseWideData";

export const NODE_OPERATIONS: { readonly [name: string]: AxlOperation } = {
  getCCMVersion: (request, { cluster }) => {
    const name = textOf(request, "processNodeName");
    if (name !== "" && cluster.node(name) === undefined) throw notFound(name);
    return `<componentVersion>${element("version", cluster.options.version)}</componentVersion>`;
  },

  listProcessNode: (request, { cluster }) => {
    const criteria = child(request, "searchCriteria");
    const tags = child(request, "returnedTags");
    const all = [
      object(
        "processNode",
        "00000000-1111-0000-0000-000000000000",
        fields(ENTERPRISE_WIDE, "Subscriber"),
        tags,
      ),
      ...cluster.nodes.map((node) => object("processNode", idOf(node), fields(node.name, usage(node)), tags)),
    ];
    const names = [ENTERPRISE_WIDE, ...cluster.nodes.map((node) => node.name)];
    return page(
      all.filter((_, i) => matches(textOf(criteria, "name"), names[i]!)),
      request,
    ).join("");
  },

  listProcessNodeService: (request, { cluster }) => {
    const wanted = textOf(child(request, "searchCriteria"), "processNodeName");
    const service = textOf(child(request, "searchCriteria"), "service");
    const tags = child(request, "returnedTags");
    const rows = cluster.nodes
      .filter((node) => matches(wanted, node.name))
      .flatMap((node) =>
        node.services
          .names()
          .filter((name) => matches(service, name))
          .map((name) => {
            const activated = node.services.view(name)?.reason !== "Service Not Activated";
            return object(
              "processNodeService",
              idOf(node),
              {
                processNodeName: node.name,
                service: name,
                traceLevel: "Error",
                userCategories: "0",
                enable: "true",
                numFiles: "250",
                maxFileSize: "1",
                isActive: String(activated),
              },
              tags,
            );
          }),
      );
    return page(rows, request).join("");
  },

  getServiceParameter: (request, { cluster }) => {
    const name = textOf(request, "name");
    const value = cluster.parameters.get(name);
    if (textOf(request, "processNodeName") !== ENTERPRISE_WIDE || value === undefined) throw notFound(name);
    return `<serviceParameter uuid="${axlUuid("00000000-2222-0000-0000-000000000000")}">${element(
      "processNodeName",
      ENTERPRISE_WIDE,
    )}${element("name", name)}${element("service", "Enterprise Wide")}${element("value", value)}</serviceParameter>`;
  },
};

function fields(name: string, nodeUsage: string) {
  return {
    name,
    description: null,
    mac: null,
    ipv6Name: null,
    nodeUsage,
    lbmHubGroup: null,
    processNodeRole: "CUCM Voice/Video",
  };
}

const usage = (node: LabNode): string => (node.role === "publisher" ? "Publisher" : "Subscriber");

/** Made of the address: stable from start to start. */
const idOf = (node: LabNode): string =>
  `00000000-0000-4000-8000-${node.address
    .split(".")
    .map((octet) => Number(octet).toString(16).padStart(3, "0"))
    .join("")}`;

export const notFound = (name: string): AxlRefusal =>
  new AxlRefusal(5007, `Item not valid: The specified ${name} was not found`);
