import { defineDataSource } from "../../framework/define";
import { attr } from "../../framework/schema/attribute";
import { type CucmClient, operation } from "../client";
import { isUnreachable } from "../cluster/cluster";
import { collectSigners, type Signers } from "../cluster/signers";
import { warnUnread } from "../unread";

const CONSEQUENCE =
  "The signers that only it could show are missing here; memberships that exist keep theirs.";

export const signersDataSource = defineDataSource<CucmClient>()({
  type: "cucm_signers",
  description:
    "The certificates that a phone must trust to follow files of this cluster: the real signers in the headers of the " +
    "CTL, the ITL and a signed configuration on every TFTP node, the CallManager certificates of the publisher and of " +
    "each TFTP node, ITLRecovery, and CAPF (the issuer of LSCs). Empty where the cluster is `decommissioned`.",
  example: `data "cucm_signers" "destination" {
  cluster = "destination"
}`,
  attributes: {
    // Required
    cluster: attr.string({
      required: true,
      description: "Name of the cluster in the provider's `clusters`.",
    }),
    // Computed
    certificates: attr.mapOf(
      {
        pem: attr.string({ computed: true, description: "The certificate in PEM." }),
        subject: attr.string({ computed: true, description: "Subject, as trust lists spell it." }),
        issuer: attr.string({ computed: true, description: "Issuer, as trust lists spell it." }),
        serial: attr.string({ computed: true, description: "Serial number, upper-case hex." }),
        not_before: attr.string({ computed: true, description: "Start of validity, ISO 8601." }),
        not_after: attr.string({ computed: true, description: "End of validity, ISO 8601." }),
        seen_in: attr.list("string", { computed: true, description: "Where it was seen, sorted." }),
        signer: attr.bool({
          computed: true,
          description: "Whether it signs files that phones fetch; false for an issuer of LSCs only.",
        }),
      },
      { computed: true, description: "By the SHA-256 of the certificate (lower-case hex)." },
    ),
    expired: attr.list("string", {
      computed: true,
      description: "Subjects of signers that have expired, sorted.",
    }),
    problems: attr.list("string", {
      computed: true,
      description:
        "Served files that phones would refuse whatever they trust, in sentences, sorted: broken ones, wrong signatures, signers that are found nowhere, lists that are not served. Each is a warning, too.",
    }),
    unread: attr.list("string", {
      computed: true,
      description:
        "Addresses of nodes that did not answer, sorted: signers that only they show are missing. A move should wait until it is empty.",
    }),
  },

  async read({ cluster: name }, ctx) {
    if (ctx.client.isDecommissioned(name))
      return { cluster: name, certificates: {}, expired: [], problems: [], unread: [] };
    const { signers, problems, unread } = await read(ctx.client, name, operation(ctx));
    for (const error of unread) warnUnread(ctx, error, CONSEQUENCE);
    for (const { summary, detail } of problems) ctx.warn(`${summary} (cluster "${name}")`, detail);
    const now = new Date();
    return {
      cluster: name,
      certificates: Object.fromEntries(
        signers.map(({ certificate: c, seenIn, signer }) => [
          c.sha256,
          {
            pem: c.pem,
            subject: c.subject,
            issuer: c.issuer,
            serial: c.serial,
            not_before: c.notBefore.toISOString(),
            not_after: c.notAfter.toISOString(),
            seen_in: seenIn,
            signer,
          },
        ]),
      ),
      expired: signers
        .filter((s) => s.signer && s.certificate.isExpired(now))
        .map((s) => s.certificate.subject)
        .sort(),
      problems: problems.map(({ summary }) => summary),
      unread: [...new Set(unread.map(({ cluster, node }) => node ?? cluster))].sort(),
    };
  },
});

/** A cluster that does not answer at all has no signers to show. */
async function read(client: CucmClient, name: string, op: ReturnType<typeof operation>): Promise<Signers> {
  try {
    return await collectSigners(client.cluster(name), op);
  } catch (error) {
    if (isUnreachable(error)) return { signers: [], problems: [], unread: [error] };
    throw error;
  }
}
