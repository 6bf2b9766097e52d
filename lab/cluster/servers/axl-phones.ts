import type { LabCluster, LabPhone } from "../cluster";
import { type AxlOperation, axlUuid, matches, object, page } from "./axl-answer";
import { notFound } from "./axl-nodes";
import { child, textOf, type Xml } from "./soap";
import type { ServiceContext } from "./tomcat";

const PROFILES = {
  1: "Cisco 8861 - Standard SIP Non-Secure Profile",
  2: "Lab authenticated",
  3: "Lab encrypted",
} as const;

export const PHONE_OPERATIONS: { readonly [name: string]: AxlOperation } = {
  listPhone: (request, { cluster }) => {
    const criteria = child(request, "searchCriteria");
    const found = [...cluster.phones.values()].filter(
      (phone) =>
        matches(textOf(criteria, "name"), phone.name) &&
        matches(textOf(criteria, "description"), phone.description) &&
        matches(textOf(criteria, "devicePoolName"), "Default"),
    );
    const tags = child(request, "returnedTags");
    return page(found, request)
      .map((phone) => object("phone", phone.pkid, fields(phone), tags))
      .join("");
  },

  getPhone: (request, { cluster }) => {
    const phone = phoneOf(request, cluster);
    return object("phone", phone.pkid, fields(phone), child(request, "returnedTags"));
  },

  resetPhone: (request, context) => order(request, context, "reset"),
  restartPhone: (request, context) => order(request, context, "restart"),
  applyPhone: (request, context) => order(request, context, "apply"),

  doDeviceReset: (request, context) => {
    const name = textOf(request, "deviceName");
    const phone = context.cluster.phones.get(name);
    if (phone === undefined) throw notFound(name);
    const type = textOf(request, "deviceResetType");
    const hard = textOf(request, "isHardReset");
    const restart = type === "Restart" || (type === "" && hard === "false");
    context.reset(name, type === "Apply Configuration" ? "apply" : restart ? "restart" : "reset");
    return "true";
  },
};

function order(request: Xml, context: ServiceContext, kind: "reset" | "restart" | "apply"): string {
  const phone = phoneOf(request, context.cluster);
  context.reset(phone.name, kind);
  return axlUuid(phone.pkid);
}

function phoneOf(request: Xml, cluster: LabCluster): LabPhone {
  const name = textOf(request, "name");
  const uuid = textOf(request, "uuid").replace(/[{}]/g, "").toLowerCase();
  const found =
    name !== "" ? cluster.phones.get(name) : [...cluster.phones.values()].find((one) => one.pkid === uuid);
  if (found === undefined) throw notFound(name || uuid);
  return found;
}

function fields(phone: LabPhone) {
  return {
    name: phone.name,
    description: phone.description,
    product: phone.model,
    model: phone.model,
    class: "Phone",
    protocol: "SIP",
    protocolSide: "User",
    devicePoolName: "Default",
    securityProfileName: PROFILES[phone.securityMode],
    loadInformation: phone.load,
  };
}
