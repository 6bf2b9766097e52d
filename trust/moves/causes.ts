/**
 * Why a step of a move failed, or cannot be seen, and what to change: failures that Cisco's documents and people
 * report. Names of constructs and their properties are those of a declaration.
 */
export interface CauseWords {
  readonly because: string;
  readonly change: string;
}

const RESTORE =
  'Take the phone back meanwhile: registeredOn: "source" for its wave in PhoneMigration({ waves })';

export const CAUSES = {
  "not-asked": {
    because: "no line shows that the phone asked for it",
    change:
      "The phone has not started again since the switch, the log begins later, or its level is too low. PhoneMigration({ waves }) resets the phones of a wave; if this one is in none, add it, and read the log again. One with Alternate TFTP ignores option 150: switch that off, or name it in alternateTftp of its wave, so that the forecast counts it as lost.",
  },
  "ctl-not-served": {
    because: "the TFTP server has no CTL for it",
    change:
      "The destination is not in mixed mode, or that TFTP node has not been restarted since it was: fix the cluster that SecureCluster declares as destination, and VoiceScope({ destinationAnswer }) if it names another one.",
  },
  "itl-not-served": {
    because: "the TFTP server has no ITL for it",
    change:
      "Restart TFTP of that destination node, or take it out of VoiceScope({ destinationAnswer }); every node of a release since 8.0 serves an ITL.",
  },
  "tftp-failed": {
    because: "the download failed",
    change:
      "Option 150 names a server that does not answer, or a firewall closes TCP 6970 and UDP 69: VoiceScope({ destinationAnswer }), and the path from the phone's subnet.",
  },
  "no-tvs-needed": {
    because: "the phone verified the CTL by itself, and asked no TVS",
    change:
      "That is so of a phone that has not left its cluster, has moved before, or held no list, and proves no move. With TrustExchange({ preProvisionCtl: true }) it is as it should be: say so with --without-tvs.",
  },
  "no-tvs-asked": {
    because: "the phone does not know the signer, and asked no TVS",
    change:
      "Its model has no Security By Default, its configuration names no TVS server, or its ITL was emptied (Prepare Cluster for Rollback to Pre 8.0, which must be False on the source). TrustExchange({ preProvisionCtl: true }) before its wave, or name it in acceptLockouts and delete its lists by hand.",
  },
  "no-tvs-record": {
    because: "the phone's ITL holds no certificate of a TVS, so that it cannot ask",
    change: `Its ITL was emptied by Prepare Cluster for Rollback to Pre 8.0: set it to False on the source and reset the phone there. ${RESTORE}.`,
  },
  "tvs-unreachable": {
    because: "TVS does not answer the phone",
    change: `TVS of the source is stopped or was switched off too early, or a firewall closes TCP 2445 to it from the phone's subnet. Keep the cluster of SecureCluster "source" running until all waves have moved. ${RESTORE}.`,
  },
  "tvs-not-in-itl": {
    because: "TVS shows a certificate that is not in the phone's ITL: the ITL is stale",
    change: `The source's TVS certificate is newer than the phone's ITL. ${RESTORE}, reset it there so that it fetches the ITL, and move it again; where that does not help, name it in acceptLockouts and delete its lists by hand.`,
  },
  "tvs-wrong-role": {
    because: "the phone checked the server's certificate for another role than TVS (21)",
    change:
      "The connection is not one to TVS, or the source's ITL lists its certificate wrongly: renew the ITL of the source (restart TVS and TFTP there) and reset the phone before its wave.",
  },
  "no-handshake": {
    because: "the handshake with TVS did not end well",
    change:
      "TVS closes the connection: it does not take the phone's LSC or MIC, or what the phone's load speaks of TLS. Look into the TVS log at that time; nothing in the declaration changes it.",
  },
  "tvs-log-missing": {
    because: "no TVS log was read",
    change: "Give the TVS logs of every node of the source with --tvs-log, or collect them with --collect.",
  },
  "tvs-log-silent": {
    because: "the TVS logs that were read show no question of this phone",
    change:
      "They are of another node than the phone asked, of another time, or not at level Detailed. Give those of every node of the source; raise the trace level before the next wave.",
  },
  "tvs-log-incomplete": {
    because: "the TVS log does not show all of it",
    change:
      "Its level is below Detailed, or the file ends there: give the files before and behind it as well.",
  },
  "phone-log-missing": {
    because: "no console log of this phone was read",
    change: "Give it with --phone-log.",
  },
  "phone-log-incomplete": {
    because: "the console log does not show all of it",
    change:
      "The log ends there, or lines of levels NOT and INF are not in it. Fetch it again; a phone that is reset by its wave in PhoneMigration({ waves }) writes it anew.",
  },
  "other-message": {
    because: "what TVS received is not what the phone sent",
    change:
      "The logs are of different questions, or something between phone and TVS changes them: give the logs of the same time.",
  },
  "other-certificate": {
    because: "TVS looked up another certificate than it was asked for",
    change: "The log mixes two questions: give the files as TVS wrote them.",
  },
  "other-session": {
    because: "TVS answered in another session than the phone asked in",
    change: "The log mixes two conversations: give the files as TVS wrote them.",
  },
  "tvs-miss": {
    because: "TVS does not know the signer of the CTL",
    change:
      'The signer is not in Phone-SAST-trust of that source node, TVS has not been restarted since, or the destination has renewed its certificates after the import. Deploy TrustExchange, whose proof must hold on every node (for the way back with migrateBack: true); with method: "bulk" certificates of type TFTP bring no ITLRecovery, which signs since 12.0, and Cisco warns of CSCuy43181: use method: "manual".',
  },
  "tvs-role": {
    because: "TVS knows the signer, but not in the role that lists need, SAST (0)",
    change:
      "The certificate is in CallManager-trust alone: TrustExchange({ signerStores }) must hold Phone-SAST-trust, which is the default.",
  },
  "bad-signature": {
    because: "the signature is not that of the signer",
    change:
      "The list is broken, or that TFTP node still serves one made before its certificate was renewed: renew the CTL of the destination (utils ctl update CTLFile), restart TFTP there, and only then move the wave; or leave that node out of VoiceScope({ destinationAnswer }).",
  },
  "list-refused": {
    because: "the phone refused the list",
    change: `Its signer is neither in the phone's lists nor known to TVS. Deploy TrustExchange and see its proof hold. ${RESTORE}.`,
  },
  "itl-signer": {
    because: "the new CTL does not hold the signer of the ITL, and TVS did not vouch for it",
    change:
      "The TFTP node signs with a certificate that the destination's CTL does not list: renew that CTL (utils ctl update CTLFile), or let TrustExchange import that signer; it reads the signers that every TFTP node shows.",
  },
  "list-not-read": {
    because: "the phone could not read the list",
    change:
      "More certificates than this model takes, a key or a signature (SHA-512) that it cannot check, or a format that its load does not know: shorten the destination's lists, set its TFTP File Signature Algorithm to SHA-1, or update the load before the wave. PhoneMigration({ models }) says what a model can do, so that the forecast finds the others.",
  },
  before: {
    because: "an earlier step did not pass",
    change: "Begin with that one.",
  },
} as const satisfies { readonly [cause: string]: CauseWords };

export type Cause = keyof typeof CAUSES;
