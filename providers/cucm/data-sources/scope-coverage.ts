import { defineDataSource } from "../../framework/define";
import { attr } from "../../framework/schema/attribute";
import { UNKNOWN } from "../../framework/schema/value";
import { addressRange } from "../address-range";
import { type CucmClient, operation } from "../client";
import { type CoverageFinding, KINDS, MOST_ADDRESSES, scopeCoverage } from "../scope-coverage";

/** States stay small, and nobody reads more. */
const LISTED = 200;
/** Findings that the warning has. */
const NAMED = 10;

export const scopeCoverageDataSource = defineDataSource<CucmClient>()({
  type: "cucm_scope_coverage",
  description:
    "Whether waves and their scopes fit each other, by the addresses that RIS of the source tells. A scope moves " +
    "everything in it as soon as it reboots: phones in it that are in no wave, and phones of a wave outside its " +
    "scopes, are findings, with one warning. They stop no wave by themselves (`covered` is for its `go_if`). Phones " +
    "that are not registered on the source are no findings. What RIS does not answer is one, too; " +
    "credentials that are refused are an error.",
  example: `data "cucm_scope_coverage" "move" {
  cluster = "source"
  waves = [{
    name          = "hq"
    registered_on = "destination"
    phones        = ["SEP001122334455"]
    scopes        = [{ name = "hq", subnet = "10.1.20.0/24" }]
  }]
}`,
  attributes: {
    // Required
    cluster: attr.string({
      required: true,
      description: "The cluster that phones leave, by its name in the provider's `clusters`.",
    }),
    waves: attr.listOf(
      {
        name: attr.string({ required: true, description: "Name of the wave, once." }),
        registered_on: attr.string({
          required: true,
          oneOf: ["source", "destination"],
          description:
            "Where the wave is declared. The scopes of those on the destination are looked at; of the others it matters which phones they have.",
        }),
        phones: attr.list("string", {
          required: true,
          description: "Device names of the wave, without `pilots`.",
        }),
        pilots: attr.list("string", {
          optional: true,
          description:
            "Phones of the wave with an option 150 of their own, whatever serves their subnet: never findings.",
        }),
        scopes: attr.listOf(
          {
            name: attr.string({ required: true, description: "What findings call it." }),
            subnet: attr.string({ optional: true, description: "The subnet, e.g. `10.1.20.0/24`." }),
            pool: attr.string({
              optional: true,
              description: "Only this pool of it, e.g. `10.1.20.10-10.1.20.99`.",
            }),
            shared_network: attr.string({
              optional: true,
              description:
                "A shared network instead, which cannot be looked at. None of the three: the options of a whole server, which cannot either.",
            }),
          },
          {
            required: true,
            description:
              "Scopes that have an option 150 of their own while the wave is where it is. A narrower one beats a wider.",
          },
        ),
      },
      { required: true, description: "All waves, in the order of moving." },
    ),
    // Computed
    findings: attr.listOf(
      {
        kind: attr.string({
          computed: true,
          oneOf: [...KINDS],
          description:
            "`in no wave`, `in another wave` (that is on the source): it moves as soon as it reboots. `outside its scopes`: it does not move with its wave. `not looked at`: a shared network, a whole server, or too many addresses. `not read`: something did not answer.",
        }),
        wave: attr.string({
          computed: true,
          nullable: true,
          description: "The wave on the destination that it is about; null for all of them.",
        }),
        scope: attr.string({ computed: true, nullable: true, description: "The scope that it is about." }),
        phone: attr.string({ computed: true, nullable: true, description: "Device name." }),
        address: attr.string({ computed: true, nullable: true, description: "Its address, by RIS." }),
        advice: attr.string({ computed: true, description: "What it means and what to do." }),
      },
      {
        computed: true,
        description: `Sorted by kind, wave, scope and phone; not more than ${LISTED}. RIS is asked about ${MOST_ADDRESSES} addresses at most, those of the last waves first.`,
      },
    ),
    findings_unlisted: attr.number({ computed: true, description: "Findings beyond those listed." }),
    covered: attr.map("bool", {
      computed: true,
      description:
        "For each wave on the destination, whether everything of it was looked at and there is no finding.",
    }),
  },

  validate({ waves }, ctx) {
    if (waves === UNKNOWN) return;
    for (const [i, wave] of waves.entries()) {
      if (wave === UNKNOWN || wave.scopes === UNKNOWN) continue;
      for (const [j, scope] of wave.scopes.entries()) {
        if (scope === UNKNOWN) continue;
        for (const attribute of ["subnet", "pool"] as const) {
          const text = scope[attribute];
          if (text === null || text === UNKNOWN || addressRange(text) !== null) continue;
          ctx.error(
            `"${text}" is no ${attribute}`,
            attribute === "subnet"
              ? "Write the network address and its length, e.g. 10.1.20.0/24."
              : "Write its first and last address, e.g. 10.1.20.10-10.1.20.99.",
            [{ attribute: "waves" }, { index: i }, { attribute: "scopes" }, { index: j }, { attribute }],
          );
        }
      }
    }
  },

  async read(config, ctx) {
    const findings = await scopeCoverage(ctx.client.cluster(config.cluster), config.waves, operation(ctx));
    if (findings.length > 0)
      ctx.warn(
        `Waves and their scopes do not fit, or were not looked at: ${findings.length} ${findings.length === 1 ? "finding" : "findings"}`,
        lines(findings),
      );
    const isOpen = (wave: string) => findings.some((one) => one.wave === wave || one.wave === null);
    return {
      ...config,
      findings: findings.slice(0, LISTED),
      findings_unlisted: Math.max(0, findings.length - LISTED),
      covered: Object.fromEntries(
        config.waves
          .filter(({ registered_on }) => registered_on === "destination")
          .map(({ name }) => [name, !isOpen(name)]),
      ),
    };
  },
});

function lines(findings: readonly CoverageFinding[]): string {
  const more = findings.length - NAMED;
  return [
    ...findings.slice(0, NAMED).map(({ kind, wave, scope, phone, address, advice }) => {
      const what =
        phone === null ? scope && `scope "${scope}"` : `${phone}${address ? ` at ${address}` : ""}`;
      const about = [what, wave && `wave "${wave}"`].filter((part) => part).join(", ");
      return `${about ? `${about}: ` : ""}${kind}. ${advice}`;
    }),
    ...(more > 0 ? [`and ${more} more (attribute findings)`] : []),
  ].join("\n");
}
