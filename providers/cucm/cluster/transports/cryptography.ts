/** What TLS and SSH may negotiate. Who the server is does not depend on it: that is always verified. */
import type { Algorithms } from "ssh2";

export interface Cryptography {
  readonly tls: {
    readonly minVersion: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
    readonly ciphers?: string;
  };
  readonly ssh: Algorithms;
}

export const MODERN: Cryptography = { tls: { minVersion: "TLSv1.2" }, ssh: {} };

/** CUCM 8.x and 9.x, and 10.x whose Tomcat has no TLS 1.2: SHA-1, CBC and group 1 are all they have. */
export const LEGACY: Cryptography = {
  tls: { minVersion: "TLSv1", ciphers: "DEFAULT:@SECLEVEL=0" },
  ssh: {
    kex: {
      append: [
        "diffie-hellman-group14-sha1",
        "diffie-hellman-group-exchange-sha1",
        "diffie-hellman-group1-sha1",
      ],
      prepend: [],
      remove: [],
    },
    cipher: { append: ["aes256-cbc", "aes192-cbc", "aes128-cbc", "3des-cbc"], prepend: [], remove: [] },
    serverHostKey: { append: ["ssh-rsa"], prepend: [], remove: [] },
    hmac: { append: ["hmac-sha1"], prepend: [], remove: [] },
  },
};
