/** What a review says of pilots, and of waves and scopes that are new. */
import { asMarkdown } from "../../../cli/review/markdown/render";
import { readPlan } from "../../../cli/review/plan-json";
import { POLICY_NAMES } from "../../../cli/review/policies";
import { reviewOf } from "../../../cli/review/review";
import { changeOf, type Json, type Plan, plan } from "./plans";

const review = (of: Plan) => reviewOf(readPlan(of), new Map(), POLICY_NAMES);
const markdown = (of: Plan) => asMarkdown(review(of), "Phone migration");

test("a shadow is none by a pilot that the plan declares, but stays a finding", () => {
  const made = plan("shadowed");
  const option = changeOf(made, "dhcp_option_150");
  const phone = "00:11:22:33:44:01";
  const finding = (mac: string, severity = "warning") => ({
    kind: "shadowed",
    severity,
    scope: `reservation hw-address ${mac} of subnet 10.1.20.0/24`,
    value: "x",
    advice: "",
  });
  const findings = (...macs: readonly string[]) => {
    option.change.after!.findings = macs.map((mac) => finding(mac));
  };
  const before = made.resource_changes as Json[];
  const shadows = (server: string, after = true, subnet = "10.1.20.0/24") => {
    const values = { server, scope: { subnet, phone }, serve: "destination" };
    const change = { before: values, after: after ? values : null, actions: [after ? "no-op" : "delete"] };
    made.resource_changes = [...before, { ...option, address: "dhcp_option_150.pilot", change } as never];
    return review(made).findings.shadow ?? [];
  };
  findings(phone);
  expect(shadows("kea")).toEqual([]);
  expect(review(made).violated).not.toContain("shadow");
  expect(markdown(made)).toContain(`\`shadowed\` at \`${finding(phone).scope}\``);
  expect(shadows("another")).toHaveLength(1);
  expect(shadows("kea", true, "10.1.21.0/24")).toHaveLength(1);
  // What is let go of stays behind, and nobody declares it.
  expect(shadows("kea", false)).toHaveLength(1);
  findings(phone, "00:11:22:33:44:99");
  expect(shadows("kea")).toEqual([expect.stringContaining("00:11:22:33:44:99")]);
  // What keeps a pilot from its own answer is somebody else's.
  option.change.after!.findings = [finding(phone, "error")];
  expect(shadows("kea")).toHaveLength(1);
  // ISC dhcpd names a pilot by the host that a run has written for it, and says so.
  option.change.after!.findings = [{ ...finding(phone, "info"), scope: "host option150-001122334401" }];
  expect(shadows("dhcpd")).toEqual([]);
});

test("a wave that is new, or longer, does not come back by reverting the commit", () => {
  const made = plan("flip");
  const wave = changeOf(made, "cucm_phone_registration");
  const { before } = wave.change;
  const way = () => review(made).wayBack[0];
  expect(way()).toMatch(/^Wave hq: revert the commit/);
  wave.change.before = null;
  wave.change.actions = ["create"];
  expect(way()).toMatch(/^Wave hq, new in this plan: set its registeredOn to "source" and deploy/);
  wave.change.before = {
    ...before!,
    registered_on: "destination",
    phones: (before!.phones as Json[]).slice(1),
  };
  const joined = /^Wave hq, which phones join: set its registeredOn to "source" and deploy/;
  expect(way()).toMatch(joined);
  wave.change.before.registered_on = "source";
  expect(review(made).moves[0]).toMatchObject({ because: "word", joined: 1 });
  expect(way()).toMatch(joined);
});

test("phones that a new wave finds on the destination are taken over, and do not move", () => {
  const made = plan("flip");
  const wave = changeOf(made, "cucm_phone_registration");
  wave.change.before = null;
  wave.change.actions = ["create"];
  const { resources } = ((made.prior_state as Plan).values as Plan).root_module as unknown as {
    resources: { type: string; values: Plan }[];
  };
  const forecast = resources.find(({ type }) => type === "cucm_trust_forecast")!.values;
  const told = (moved: number) => {
    forecast.moved = moved;
    return { ...review(made), text: markdown(made) };
  };
  expect(told(0).verdict).toBe("4 phones of wave hq move to the destination.");
  const all = told(4);
  expect(all.verdict).toBe("4 phones of wave hq are taken over where they are, on the destination.");
  expect(all.text).toContain("new, on `destination` from the start, 4 phones taken over on `destination`;");
  expect(all.irreversible.join()).not.toContain("Phones that move restart");
  expect(all.violated).not.toContain("move");
  const some = told(3);
  expect(some.verdict).toBe(
    "3 phones of wave hq are taken over where they are, on the destination, and 1 moves to it.",
  );
  expect(some.findings.move).toEqual(["wave hq: 1 phone to the destination"]);
  const more = [1, 2, 3].map((i) => ({ ...wave, address: `cucm_phone_registration.w${i}` }));
  made.resource_changes = [...(made.resource_changes as Json[]), ...(more as unknown as Json[])];
  expect(told(3).verdict).toBe(
    "4 phones of 4 waves move to the destination; 12 phones are taken over where they are, on the destination.",
  );
  // Whose phones are there, a forecast of others as well does not say.
  forecast.phones = [...(forecast.phones as Json[]), "SEP001122334499"];
  expect(review(made).moves[0]!.takenOver).toBe(0);
});

test("a scope that is new and told phones something else is a switch", () => {
  const made = plan("flip");
  const { change } = changeOf(made, "dhcp_option_150");
  change.before = null;
  change.actions = ["create"];
  const told = (observed: Json) => {
    change.after!.observed = observed;
    return markdown(made);
  };
  const inherited = told([]);
  expect(inherited).toContain("- Option 150 switches in 1 of 1 scope\n");
  expect(inherited).toContain("| new → **destination** | inherited |");
  const there = told(change.after!.destination_addresses!);
  expect(there).toContain("- Option 150 switches in 0 of 1 scope\n");
  expect(there).toContain("| declared on destination |");
  const { destination_addresses } = change.after!;
  change.after!.serve = "source";
  const back = told(destination_addresses!);
  expect(back).toContain("- Option 150 switches in 1 of 1 scope\n");
  expect(back).toContain("| new → **source** |");
  // Its wave is new as well, and moves nobody by its word.
  Object.assign(changeOf(made, "cucm_phone_registration").change, {
    before: null,
    after: { ...changeOf(made, "cucm_phone_registration").change.after, registered_on: "source" },
    actions: ["create"],
  });
  expect(review(made).verdict).toBe(
    "1 scope that is new here goes back to the source, with the phones of the wave that are on the destination.",
  );
  change.after!.findings = [
    { kind: "third-value", severity: "warning", scope: "subnet 10.1.20.0/24", value: "x", advice: "" },
  ];
  expect(told(["192.0.2.1"])).toContain("| declared on source |");
});
