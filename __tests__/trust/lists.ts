import { Role } from "../../trust/roles";
import type { TrustListInput } from "../../trust/trust-list";
import { identity, name } from "./authority";

/** Identities of a list's test, and the list that most tests begin with. */
export const TIMESTAMP = new Date("2015-03-06T18:45:13Z");

/** Names and serial number of the transcript in Cisco's document 118893. */
export const publisher = identity({
  subject: name(
    { C: "PL" },
    { ST: "Malopolska" },
    { L: "Krakow" },
    { O: "Cisco" },
    { OU: "TAC" },
    { CN: "cucm-1051-a-pub" },
  ),
  serial: "70CAF64E090751B9DF22F49F754FC5BB",
});
export const recovery = identity({
  subject: name({ CN: "ITLRECOVERY_cucm-1051-a-pub" }),
  key: 2048,
  serial: "83E90800",
});
export const tvs = identity({ subject: name({ CN: "tvs" }), serial: "05" });
export const elliptic = identity({ subject: name({ CN: "cucm-1051-a-pub-EC" }), key: "P-384", serial: "06" });

export function input(changes: Partial<TrustListInput> = {}): TrustListInput {
  return {
    kind: "CTL",
    signer: publisher.certificate,
    privateKey: publisher.privateKey,
    digest: "sha1",
    timestamp: TIMESTAMP,
    records: [
      {
        certificate: publisher.certificate,
        role: Role.SAST,
        dnsName: "cucm-1051-a-pub",
        ipAddress: "10.48.47.153",
      },
      { certificate: publisher.certificate, role: Role.CCM_TFTP, dnsName: "cucm-1051-a-pub" },
      { certificate: recovery.certificate, role: Role.SAST },
      { certificate: tvs.certificate, role: Role.TVS, ipAddress: "2001:db8::1" },
      { certificate: elliptic.certificate, role: Role.CCM },
      { role: Role.CCM_TFTP, dnsName: "10.48.47.153", ipAddress: "10.48.47.153" },
    ],
    ...changes,
  };
}

export function tlv(tag: number, ...content: Buffer[]): Buffer {
  const value = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, value.length >> 8, value.length & 0xff]), value]);
}
export function recordOf(...fields: Buffer[]): Buffer {
  const body = Buffer.concat(fields);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(5 + body.length);
  return Buffer.concat([tlv(1, length), body]);
}
export function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}
export function hex(value: string): Buffer {
  return Buffer.from(value, "hex");
}
