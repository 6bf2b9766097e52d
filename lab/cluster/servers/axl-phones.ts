import type { LabCluster, LabPhone } from "../cluster";
import { stableId } from "../database/stable-id";
import { devicePoolOf, devicePools } from "../phone-config";
import { type AxlOperation, axlUuid, matches, object, page } from "./axl-answer";
import { notFound } from "./axl-nodes";
import { child, textOf, type Xml } from "./soap";
import type { ServiceContext } from "./tomcat";

/** Security profiles by the number that configuration files have; each also with "TFTP Encrypted Config". */
const MODES = {
  1: { name: "Cisco 8861 - Standard SIP Non-Secure Profile", mode: "Non Secure" },
  2: { name: "Lab authenticated", mode: "Authenticated" },
  3: { name: "Lab encrypted", mode: "Encrypted" },
} as const;

const profile = (mode: keyof typeof MODES, encryptedConfig: boolean) => ({
  ...MODES[mode],
  name: `${MODES[mode].name}${encryptedConfig ? ", encrypted configuration" : ""}`,
  encryptedConfig,
});
const PROFILES = ([1, 2, 3] as const).flatMap((mode) => [profile(mode, false), profile(mode, true)]);

export const PHONE_OPERATIONS: { readonly [name: string]: AxlOperation } = {
  listPhone: (request, { cluster }) => {
    const criteria = child(request, "searchCriteria");
    const found = [...cluster.phones.values()].filter(
      (phone) =>
        matches(textOf(criteria, "name"), phone.name) &&
        matches(textOf(criteria, "description"), phone.description) &&
        matches(textOf(criteria, "devicePoolName"), devicePoolOf(cluster, phone.name).name),
    );
    const tags = child(request, "returnedTags");
    return page(found, request)
      .map((phone) => object("phone", phone.pkid, fields(cluster, phone), tags))
      .join("");
  },

  getPhone: (request, { cluster }) => {
    const phone = phoneOf(request, cluster);
    return object("phone", phone.pkid, fields(cluster, phone), child(request, "returnedTags"));
  },

  listPhoneSecurityProfile: (request) =>
    listed("phoneSecurityProfile", request, PROFILES, ({ mode, encryptedConfig }) => ({
      deviceSecurityMode: mode,
      tftpEncryptedConfig: String(encryptedConfig),
    })),

  listDevicePool: (request, { cluster }) =>
    listed("devicePool", request, devicePools(cluster), ({ name }) => ({ callManagerGroupName: name })),

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

function listed<T extends { readonly name: string }>(
  kind: string,
  request: Xml,
  all: readonly T[],
  others: (one: T) => { readonly [tag: string]: string },
): string {
  const wanted = textOf(child(request, "searchCriteria"), "name");
  const found = all.filter(({ name }) => matches(wanted, name));
  const tags = child(request, "returnedTags");
  return page(found, request)
    .map((one) => object(kind, stableId(`${kind} ${one.name}`), { name: one.name, ...others(one) }, tags))
    .join("");
}

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

function fields(cluster: LabCluster, phone: LabPhone) {
  return {
    name: phone.name,
    description: phone.description,
    product: phone.model,
    model: phone.model,
    class: "Phone",
    protocol: "SIP",
    protocolSide: "User",
    devicePoolName: devicePoolOf(cluster, phone.name).name,
    securityProfileName: profile(phone.securityMode, phone.encryptedConfig).name,
    loadInformation: phone.load,
  };
}
