/** How a server on HTTPS proves who it is: the attributes that all kinds of such servers have. */
import { attr } from "../framework/schema/attribute";

export const tlsAttributes = {
  tls_sha256: attr.list("string", {
    optional: true,
    description: "SHA-256 of the TLS certificates that are accepted, hex, with or without colons.",
    validate: [
      (list) =>
        list.every((pin) => /^[0-9a-f]{64}$/.test(normalPin(pin)))
          ? undefined
          : "A SHA-256 has 64 hexadecimal digits.",
    ],
  }),
  ca_pem: attr.string({
    optional: true,
    description:
      "Certificates (PEM) of the CA that signed the servers' certificates; used when there is no pin.",
  }),
} as const;

export const normalPin = (pin: string) => pin.replaceAll(":", "").toLowerCase();

export const endpointsRules = [
  (list: readonly string[]) => (list.length > 0 ? undefined : "At least one endpoint is needed."),
  (list: readonly string[]) =>
    new Set(list).size === list.length ? undefined : "Each endpoint may be named once.",
];
