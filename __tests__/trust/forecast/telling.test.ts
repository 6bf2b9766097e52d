import { explainReason, explainStep, REASONS } from "../../../trust/forecast/explain";
import { countOutcomes, forecastFleet } from "../../../trust/forecast/fleet";
import { decidingNode, type Forecast, forecast, forecastReturn } from "../../../trust/forecast/forecast";
import type { Phone } from "../../../trust/forecast/situation";
import { phoneModel } from "../../../trust/phone-model";
import { certificate } from "./paper";
import { type Case, forecastOf, situation } from "./support";
import { changeDevice } from "./world";

const notes = (one: Case) => forecastOf(one).notes.map(({ id }) => id);

const stepsOf = (said: Forecast) => said.nodes[0]!.steps.map(explainStep).join("\n");

test("a reason names the TFTP node, the step, and what to do; steps name what made them pass", () => {
  const said = forecastOf({
    world: ({ clusters }) => {
      for (const tvs of clusters.source.tvs) tvs.answers.clear();
    },
  });
  const refused =
    /CTL, signed by CN=destination-recovery;O=Stormin \(serial 01[0-9A-F]+\): refused, .*TVS does not/;
  expect(stepsOf(said)).toMatch(refused);
  expect(explainReason(said)).toMatch(refused);
  expect(explainReason(said)).toMatch(
    /^by 10\.20\.0\.11: .* To do: import the signer's certificate into Phone-SAST-trust/,
  );
  // The certificate only where it is another than the signer's, which is named before.
  expect(stepsOf(forecastOf())).toMatch(
    /^CTL, signed by CN=destination-recovery.* \(serial 01[0-9A-F]+\): vouched for by TVS \(10\.10\.0\.11\)$/m,
  );
  expect(stepsOf(forecastOf())).toMatch(/^registration: .*, by the certificate CN=/m);
  expect(explainReason(forecastOf())).toBe("");
});

test("words serve both directions: they name clusters by what the phone does", () => {
  for (const one of Object.values(REASONS))
    expect(Object.values(one).join()).not.toMatch(/source|destination/);
  const { phone, ends } = situation();
  const distrusting = ends.from.callManagers.map((node) => ({ ...node, callManagerTrust: [] }));
  const back = forecastReturn(phone, { ...ends, from: { ...ends.from, callManagers: distrusting } });
  expect(explainReason(back)).toMatch(
    /To do: import that CAPF certificate into .* on every node of the cluster that it goes to: TrustExchange does/,
  );
  const tftp = ends.from.tftp.map((node) => ({ ...node, ctl: { kind: "absent" } as const }));
  const { notes: told } = forecast(phone, { from: ends.to, to: { ...ends.from, mixedMode: false, tftp } });
  expect(told.map(({ id }) => id)).toEqual(
    expect.arrayContaining(["no-ctl-at-destination", "registers-without-tls"]),
  );
  expect(told.map(({ words }) => words).join()).not.toContain("destination");
});

test("what a model can do is told with how that is known, where it decides and where it is relied on", () => {
  const refused = forecastOf({
    digest: "sha512",
    phone: { model: phoneModel("Cisco 7942") },
  });
  expect(explainReason(refused)).toContain(
    "refused, this model cannot check a signature made with that digest (Cisco 7942: documented)",
  );
  expect(refused.restsOn).toEqual([
    "Cisco 7942 has Security By Default: documented",
    "Cisco 7942 cannot check signatures made with SHA-512: documented",
  ]);
  // A newer model, about which only others tell.
  expect(forecastOf({ digest: "sha512", phone: { model: phoneModel("Cisco 8851") } })).toMatchObject({
    outcome: "registers",
    restsOn: [
      "Cisco 8851 has Security By Default: one public source",
      "Cisco 8851 can check signatures made with SHA-512: one public source; depends on the load",
    ],
  });
  const guessed = forecastOf({ digest: "sha512", phone: { model: phoneModel("Cisco 7925") } });
  expect(explainReason(guessed)).toContain(
    "hangs on whether the Cisco 7925 can check signatures made with SHA-512 (not documented: a guess): false -> ",
  );
});

test("the worst of the TFTP nodes explains the outcome", () => {
  const said = forecastOf({
    switches: { itlProvesCallManager: false },
    world: ({ clusters }) => {
      const { nodes } = clusters.destination;
      nodes[1] = { ...nodes[1], ctl: { ...nodes[1].ctl!, damage: "signature" } };
    },
  });
  expect(said.nodes.map(({ outcome }) => outcome)).toEqual(["registers", "follows"]);
  expect(decidingNode(said)).toBe(said.nodes[1]);
  expect(decidingNode(forecastOf())?.address).toBe("10.20.0.11");
});

test("every reason is a clause, and has a remedy", () => {
  for (const { why, remedy } of Object.values(REASONS)) {
    expect(why).not.toMatch(/[.!]$/);
    expect(remedy.length).toBeGreaterThan(10);
  }
});

test("notes: what does not decide, but should be known", () => {
  expect(notes({})).toEqual([]);
  expect(notes({ phone: { tvs: ["10.10.0.11"] } })).toEqual(["one-tvs-server"]);
  expect(
    notes({
      world: (w) => {
        w.clusters.source.tvs[1].reachable = false;
      },
    }),
  ).toEqual(["tvs-server-down"]);
  expect(notes({ world: (w) => w.clusters.source.tvs[1].answers.clear() })).toEqual(["tvs-servers-disagree"]);
  expect(
    notes({
      world: (w) => {
        const { nodes } = w.clusters.destination;
        nodes[1] = { ...nodes[1], reachable: false };
      },
    }),
  ).toEqual(["tftp-node-unreachable"]);
  expect(
    notes({
      world: (w) => {
        changeDevice(w, "destination", { mode: 1, group: [0] });
      },
    }),
  ).toEqual(["registers-without-tls"]);
  expect(
    notes({
      world: (w) => {
        w.clusters.destination.callManagers[1]!.callManagerTrust = [certificate("destination", "capf")];
      },
    }),
  ).toEqual(["issuer-missing-on-some-nodes"]);
  // A CAPF of that name, but not the one that issued its LSC.
  const capf = certificate("source", "capf");
  expect(
    notes({
      world: (w) => {
        w.clusters.destination.callManagers[1]!.callManagerTrust = [certificate("source", "oldCapf")];
      },
      phone: { lsc: { issuer: capf.subject, issuedBy: capf } },
    }),
  ).toEqual(["issuer-missing-on-some-nodes"]);
});

test("a fleet's forecasts are those of its phones, one by one", () => {
  const { phone, ends } = situation();
  const device = ends.to.devices.get(phone.name)!;
  const kinds: Partial<Phone>[] = [
    {},
    { alternateTftp: true },
    { ctl: null },
    { tvs: [] },
    { mode: "non-secure" },
    { lsc: null },
    {},
  ];
  const phones = kinds.map((kind, i): Phone => ({ ...phone, name: `SEP00112233445${i}`, ...kind }));
  const devices = new Map(
    phones.map(({ name }, i) => [name, { ...device, mode: i === 6 ? "non-secure" : device.mode } as const]),
  );
  const both = { from: { ...ends.from, devices }, to: { ...ends.to, devices } };
  const rows = [...forecastFleet(phones, both)];
  expect(rows.map((row) => JSON.parse(JSON.stringify(row)))).toEqual(
    phones.map((one) => JSON.parse(JSON.stringify(forecast(one, both)))),
  );
  const back = [...forecastFleet(phones, both, { direction: "back" })].map(({ outcome }) => outcome);
  expect(back).toEqual(phones.map((one) => forecastReturn(one, both).outcome));
  expect(countOutcomes(rows)).toEqual({ registers: 4, follows: 1, "locked out": 2, uncertain: 0 });
});
