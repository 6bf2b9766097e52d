/** What phones say: status messages in the words of Cisco's 8800 and 7800 administration guides, and ours for reasons. */
import type { Reason } from "./decide";

export const STATUS = {
  trustListUpdated: "Trust List updated",
  trustListFailed: "Trust List update failed",
  bothInstalled: "CTL and ITL installed",
  ctlInstalled: "CTL Installed",
  itlInstalled: "ITL installed",
  noTrustList: "No Trust List installed",
  noCtl: "File Not Found <CTLFile.tlv>",
  noConfiguration: "File not found <Cfg File>",
  tftpTimeout: "TFTP timeout",
  tftpNotAuthorized: "TFTP authorization fails",
  dhcpTimeout: "DHCP timeout",
  lscInstalled: "LSC installed",
  lscFailed: "LSC update failed",
} as const;

/** Each reason as a sentence for a person who looks at one phone. */
export const REASON_WORDS: { readonly [reason in Reason]: string } = {
  malformed: "the file is not a well-formed signed file",
  "digest-not-supported": "this model cannot check a signature made with that digest",
  "key-too-large": "this model cannot check a signature by such a large key",
  "bad-signature": "the signature is not the signer's",
  "no-tvs-capability": "the signer is unknown and this model cannot ask TVS",
  "no-tvs-list": "the signer is unknown and the phone's configuration names no TVS server",
  "tvs-not-in-itl":
    "the signer is unknown, and the phone's ITL does not hold the certificate that the TVS servers show: its ITL is stale",
  "tvs-miss": "the signer is unknown and TVS does not know it either",
  "tvs-unreachable": "the signer is unknown and no TVS server answers",
  "tvs-role": "TVS knows the signer, but not in the role that signs such a file",
  "not-signed": "an unsigned file, though the phone's lists say that configurations are signed",
  "tftp-not-authorized": "the TFTP server has no record in the phone's lists",
  "tftp-unreachable": "no TFTP server of option 150 answers",
  "file-not-found": "the TFTP server has no configuration for this phone",
  "dhcp-no-answer": "no DHCP server answers; the phone keeps what it had",
  "no-option-150": "DHCP gives no option 150",
  "no-callmanager": "the phone has no configuration that names a CallManager",
  "callmanager-unreachable": "no CallManager of its group answers",
  "callmanager-not-in-lists": "the CallManager shows a certificate that is not in the phone's CTL",
  "lsc-refused": "the CallManager closes the connection: it does not trust the issuer of the phone's LSC",
  "registration-refused": "the CallManager refuses the registration",
  "public-key-unknown":
    "its configuration is encrypted, and for no key that the phone has; nothing is ordered of CAPF that would change it",
  "capf-needs-a-person": "CAPF wants a string that somebody has to type into the phone",
  "capf-unreachable": "CAPF does not answer",
  "capf-not-in-lists":
    "CAPF shows a certificate that is not in the phone's lists, and TVS does not vouch for it",
  "capf-refuses": "CAPF does not take what the phone shows for its identity",
};
