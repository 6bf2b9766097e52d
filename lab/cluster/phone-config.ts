import { CAPF_MODES } from "../capf";
import type { LabCluster, LabPhone } from "./cluster";
import type { LabNode } from "./node";
import { element } from "./servers/soap";

/** The device pools and the CallManager groups of the same names: one that prefers each node. */
export function devicePools(cluster: LabCluster): { readonly name: string; readonly group: LabNode[] }[] {
  const { nodes } = cluster;
  return nodes.map((_, start) => ({
    name: start === 0 ? "Default" : `Default ${start + 1}`,
    group: nodes.map((_, i) => nodes[(start + i) % nodes.length]!),
  }));
}

/** Phones are spread over the device pools. */
export function devicePoolOf(cluster: LabCluster, device: string) {
  return devicePools(cluster)[Number.parseInt(device.slice(-4), 16) % cluster.nodes.length]!;
}

/** The CallManager group of a phone, first choice first. */
export function callManagerGroup(cluster: LabCluster, device: string): LabNode[] {
  return devicePoolOf(cluster, device).group;
}

/**
 * `SEP<MAC>.cnf.xml`: the elements of a SIP phone's configuration that decide where it goes and whom it asks.
 * @param full otherwise the minimal one that is served in the clear to a phone whose profile encrypts it
 */
export function phoneConfiguration(cluster: LabCluster, phone: LabPhone, full: boolean): string {
  const { name: pool, group } = devicePoolOf(cluster, phone.name);
  const mode = cluster.parameters.get("ClusterSecurityMode") === "1" ? phone.securityMode : 1;
  return `<?xml version="1.0" encoding="UTF-8"?>
<device xsi:type="axl:XIPPhone" ctiid="${Number.parseInt(phone.name.slice(-6), 16)}" uuid="{${phone.pkid}}" xmlns:axl="http://www.cisco.com/AXL/API/1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
${element("fullConfig", String(full))}
<deviceProtocol>SIP</deviceProtocol>
<sshUserId></sshUserId>
<devicePool uuid="{1b1b9eb6-7803-11d3-bdf0-00108302ead1}">
${element("name", pool)}
<callManagerGroup>
<tftpDefault>true</tftpDefault>
<members>
${group.map((node, i) => callManagerMember(cluster, node, i)).join("\n")}
</members>
</callManagerGroup>
</devicePool>
<TVS>
<members>
${group.map((node, i) => tvsMember(cluster, node, i)).join("\n")}
</members>
</TVS>
${full ? `${element("loadInformation", phone.load)}\n<vendorConfig>${element("webAccess", phone.webAccess ? 0 : 1)}</vendorConfig>` : ""}
${element("deviceSecurityMode", mode)}
<certHash></certHash>
${element("encrConfig", String(phone.encryptedConfig))}
${element("capfAuthMode", phone.enrolment === null ? 0 : CAPF_MODES[phone.enrolment])}
<capfList>
<capf>
${element("phonePort", cluster.ports.capf)}
${element("processNodeName", cluster.publisher.address)}
</capf>
</capfList>
${element("transportLayerProtocol", mode === 1 ? 2 : 3)}
</device>
`;
}

/** What an unknown phone gets where auto-registration is on; the same elements, no device of its own. */
export function defaultConfiguration(cluster: LabCluster): string {
  const members = cluster.nodes.map((node, i) => callManagerMember(cluster, node, i)).join("\n");
  return `<?xml version="1.0" encoding="UTF-8"?>
<Default>
<callManagerGroup>
<members>
${members}
</members>
</callManagerGroup>
<TVS>
<members>
${cluster.nodes.map((node, i) => tvsMember(cluster, node, i)).join("\n")}
</members>
</TVS>
</Default>
`;
}

function callManagerMember(cluster: LabCluster, node: LabNode, priority: number): string {
  const ports = `<ports><ethernetPhonePort>2000</ethernetPhonePort><sipPort>5060</sipPort>${element("securedSipPort", cluster.ports.registration)}</ports>`;
  return `<member priority="${priority}"><callManager>${element("name", node.name)}${ports}${element("processNodeName", node.address)}</callManager></member>`;
}

function tvsMember(cluster: LabCluster, node: LabNode, priority: number): string {
  return `<member priority="${priority}">${element("port", cluster.ports.tvs)}${element("address", node.address)}</member>`;
}
