import { defineDataSource } from "../../framework/define";
import { attr } from "../../framework/schema/attribute";
import type { CucmClient } from "../client";
import { linesToSet } from "../cluster/lines-to-set";
import { WIRE } from "../cluster/transports/wire";
import { settingsOf, VERDICTS } from "../doctor/check";
import { examine } from "../doctor/examine";
import { Patient } from "../doctor/patient";
import { Recorder } from "../doctor/recorder";
import { transcriptOf } from "../doctor/transcript";

export const assumptionsDataSource = defineDataSource<CucmClient>()({
  type: "cucm_assumptions",
  description:
    "Holds a real cluster against what this project takes for granted (docs/assumptions.md): what holds, what does " +
    "not, and the lines of configuration that make up for it. Reads every node and changes nothing. Meant for " +
    "`phone-migration doctor`: it is far too much for every plan. What cannot be read is a finding and no error.",
  example: `data "cucm_assumptions" "source" {
  cluster = "source"
}`,
  attributes: {
    // Required
    cluster: attr.string({
      required: true,
      description: "Name of the cluster in the provider's `clusters`.",
    }),
    // Optional
    record: attr.bool({ optional: true, description: "Also give `transcript`. Default: `false`." }),
    // Computed
    findings: attr.listOf(
      {
        assumption: attr.string({ computed: true, description: "Its name in docs/assumptions.md." }),
        node: attr.string({
          computed: true,
          nullable: true,
          description: "Name of the node in the server table; null for the cluster as a whole.",
        }),
        verdict: attr.string({ computed: true, oneOf: [...VERDICTS], description: "What was found." }),
        detail: attr.string({ computed: true, description: "What was seen." }),
        settings: attr.string({
          computed: true,
          nullable: true,
          description:
            "For a deviation, JSON of what to set in the cluster's configuration, if there is anything.",
        }),
      },
      { computed: true, description: "One for each assumption, and for each node that shows it." },
    ),
    lines_to_set: attr.string({
      computed: true,
      nullable: true,
      description: "What all of them tell to set, as lines to paste; null when there is nothing.",
    }),
    transcript: attr.string({
      computed: true,
      nullable: true,
      description:
        "JSON: what was asked and answered, without names of hosts and people, addresses, serial numbers and secrets.",
    }),
  },

  async read({ cluster: name, record }, ctx) {
    const config = ctx.client.configuration(name);
    const recorder = record ? new Recorder() : null;
    const wire = recorder === null ? WIRE : recorder.recording(WIRE);
    const patient = new Patient(config, ctx.signal, ctx.log.debug, wire);
    try {
      const findings = await examine(patient);
      const toSet = settingsOf(findings);
      return {
        cluster: name,
        record,
        findings: findings.map(({ settings, ...finding }) => ({
          ...finding,
          settings: settings === undefined ? null : JSON.stringify(settings),
        })),
        lines_to_set: toSet && linesToSet(name, [toSet]),
        transcript:
          recorder === null
            ? null
            : JSON.stringify(await transcriptOf(patient, recorder.exchanges, findings)),
      };
    } finally {
      patient.close();
    }
  },
});
