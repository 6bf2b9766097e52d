import { Token } from "cdktf";

/** The SHA-256 of a certificate in hex, with or without colons, as openssl and browsers print it. */
export const isTlsFingerprint = (text: string) =>
  Token.isUnresolved(text) || /^[0-9a-f]{2}(?::?[0-9a-f]{2}){31}$/i.test(text);

/** `SHA256:...` of an SSH host key, as ssh-keygen prints it. */
export const isSshFingerprint = (text: string) =>
  Token.isUnresolved(text) || /^SHA256:[A-Za-z0-9+/]{43}=?$/.test(text);
