import { Role } from "../../../trust/roles";
import { ADDRESSES, certificate, impostor, RECORDS } from "./paper";
import { type Case, chain, forecastOf } from "./support";
import type { Answer, FileSpec, World } from "./world";

const GOOD = ["ctl tvs", "itl local-ctl", "configuration local-ctl", "registration local-ctl"];

function everyNode(world: World, file: "ctl" | "itl" | "config", change: Partial<FileSpec> | null): void {
  const { nodes } = world.clusters[world.to];
  for (const i of [0, 1] as const) {
    const old = nodes[i][file];
    nodes[i] = { ...nodes[i], [file]: change === null || old === null ? null : { ...old, ...change } };
  }
}
function tvsSays(world: World, answer: Answer, servers: readonly (0 | 1)[] = [0, 1]): void {
  for (const i of servers)
    for (const key of world.clusters.source.tvs[i].answers.keys())
      world.clusters.source.tvs[i].answers.set(key, answer);
}
const records = (side: "source" | "destination", which: "ctl" | "itl", ...roles: number[]) =>
  (which === "ctl" ? RECORDS.ctl(side) : RECORDS.itl(side, 0)).filter(([role]) => !roles.includes(role));

/** Each branch: what is changed, and the chain that comes of it. */
const CASES: readonly (readonly [what: string, change: Case, expected: readonly string[]])[] = [
  ["all in order", {}, ["registers", ...GOOD]],
  [
    "alternate TFTP",
    { phone: { alternateTftp: true } },
    ["locked out: alternate-tftp", "option-150 -alternate-tftp"],
  ],
  [
    "no TFTP node answers",
    {
      world: (w) =>
        w.clusters.destination.nodes.forEach((_, i, all) => {
          all[i] = { ...all[i]!, reachable: false };
        }),
    },
    ["locked out: tftp-unreachable", "option-150 -tftp-unreachable"],
  ],
  ["first use", { phone: { ctl: null, itl: null } }, ["registers", "ctl first-use", ...GOOD.slice(1)]],
  [
    "pre-provisioned: the source's CTL names the destination's signers",
    {
      world: ({ phone, clusters }) => {
        clusters.source.tvs[0].reachable = clusters.source.tvs[1].reachable = false;
        phone.ctl = {
          ...phone.ctl!,
          records: [...phone.ctl!.records, [Role.SAST, "destination", "recovery"]],
        };
      },
    },
    ["registers", "ctl local-ctl", ...GOOD.slice(1)],
  ],
  [
    "the signer is in the ITL",
    {
      world: ({ phone }) => {
        phone.itl = {
          ...phone.itl!,
          records: [...phone.itl!.records, [Role.SAST, "destination", "recovery"]],
        };
      },
    },
    ["registers", "ctl local-itl", ...GOOD.slice(1)],
  ],
  [
    "CTL malformed, the rest by TVS: follows, but knows no CallManager",
    { world: (w) => everyNode(w, "ctl", { damage: "malformed" }), switches: { itlProvesCallManager: false } },
    [
      "follows: malformed",
      "ctl -malformed",
      "itl tvs",
      "configuration local-itl",
      "registration -callmanager-not-in-lists",
    ],
  ],
  [
    "bad signature under a known signer is not taken to TVS",
    {
      world: (w) => {
        everyNode(w, "ctl", { damage: "signature" });
        w.phone.ctl = {
          ...w.phone.ctl!,
          records: [...w.phone.ctl!.records, [Role.SAST, "destination", "recovery"]],
        };
      },
      switches: { itlProvesCallManager: false },
    },
    [
      "follows: bad-signature",
      "ctl -bad-signature",
      "itl local-ctl",
      "configuration local-itl",
      "registration -callmanager-not-in-lists",
    ],
  ],
  [
    "TVS hands out another certificate of that name",
    {
      world: (w) =>
        tvsSays(w, { roles: [Role.SAST, Role.TFTP], certificate: impostor("destination", "recovery") }),
    },
    ["locked out: bad-signature", "ctl -bad-signature", "itl -bad-signature", "configuration -bad-signature"],
  ],
  [
    "no Security By Default",
    {
      world: ({ phone }) => {
        phone.securityByDefault = false;
        phone.itl = null;
      },
    },
    [
      "locked out: no-tvs-capability",
      "ctl -no-tvs-capability",
      "itl skipped",
      "configuration -no-tvs-capability",
    ],
  ],
  [
    "no TVS list",
    { phone: { tvs: [] } },
    ["locked out: no-tvs-list", "ctl -no-tvs-list", "itl -no-tvs-list", "configuration -no-tvs-list"],
  ],
  [
    "stale ITL: TVS has a new certificate",
    {
      world: ({ clusters }) => {
        clusters.source.tvs[0].shown = certificate("source", "oldTvs0");
        clusters.source.tvs[1].shown = certificate("source", "oldTvs1");
      },
    },
    [
      "locked out: tvs-not-in-itl",
      "ctl -tvs-not-in-itl",
      "itl -tvs-not-in-itl",
      "configuration -tvs-not-in-itl",
    ],
  ],
  [
    "the CTL has no TVS records",
    {
      world: ({ phone }) => {
        phone.itl = null;
      },
    },
    [
      "locked out: tvs-not-in-itl",
      "ctl -tvs-not-in-itl",
      "itl -tvs-not-in-itl",
      "configuration -tvs-not-in-itl",
    ],
  ],
  [
    "TVS knows nobody",
    { world: (w) => tvsSays(w, "miss") },
    ["locked out: tvs-miss", "ctl -tvs-miss", "itl -tvs-miss", "configuration -tvs-miss"],
  ],
  [
    "TVS knows the signer in another role",
    { world: (w) => tvsSays(w, { roles: [Role.TFTP], certificate: certificate("destination", "recovery") }) },
    ["locked out: tvs-role", "ctl -tvs-role", "itl -tvs-role", "configuration -bad-signature"],
  ],
  [
    "TVS is down",
    {
      world: ({ clusters }) => {
        clusters.source.tvs[0].reachable = clusters.source.tvs[1].reachable = false;
      },
    },
    [
      "locked out: tvs-unreachable",
      "ctl -tvs-unreachable",
      "itl -tvs-unreachable",
      "configuration -tvs-unreachable",
    ],
  ],
  [
    "the second TVS server is enough",
    {
      world: ({ clusters }) => {
        clusters.source.tvs[0].reachable = false;
      },
    },
    ["registers", ...GOOD],
  ],
  [
    "SHA-512 on a model without it",
    {
      digest: "sha512",
      world: ({ phone }) => {
        phone.digests = ["sha1"];
      },
    },
    [
      "locked out: digest-not-supported",
      "ctl -digest-not-supported",
      "itl -digest-not-supported",
      "configuration -digest-not-supported",
    ],
  ],
  [
    "a large key on a model without it",
    { world: (w) => everyNode(w, "ctl", { signer: "large" }), switches: { itlProvesCallManager: false } },
    [
      "follows: key-too-large",
      "ctl -key-too-large",
      "itl tvs",
      "configuration local-itl",
      "registration -callmanager-not-in-lists",
    ],
  ],
  [
    "the empty ITL takes any ITL, but the CTL stays in force",
    {
      world: (w) => {
        w.phone.itl = { ...w.phone.itl!, records: [[Role.CAPF, "source", "capf"]] };
        w.phone.ctl = { ...w.phone.ctl!, records: records("source", "ctl", Role.CCM_TFTP) };
      },
      switches: { itlProvesCallManager: false },
    },
    [
      "follows: tvs-not-in-itl",
      "ctl -tvs-not-in-itl",
      "itl empty-itl",
      "configuration local-itl",
      "registration -callmanager-not-in-lists",
    ],
  ],
  [
    "a stale TFTP node: both lists are new, its configurations are signed by nobody in them",
    { world: (w) => everyNode(w, "config", { signer: "rogue" }) },
    ["locked out: tvs-not-in-itl", "ctl tvs", "itl local-ctl", "configuration -tvs-not-in-itl"],
  ],
  [
    "no configuration there",
    { world: (w) => everyNode(w, "config", null) },
    ["locked out: file-not-found", "ctl tvs", "itl local-ctl", "configuration -file-not-found"],
  ],
  [
    "unknown at the destination",
    {
      world: (w) => {
        w.clusters.destination.device = null;
      },
    },
    ["follows: unknown-at-destination", "ctl tvs", "itl local-ctl", "configuration -unknown-at-destination"],
  ],
  [
    "lists without signers of configurations: unsigned ones are taken",
    {
      world: (w) => {
        w.phone.ctl = w.phone.itl = null;
        everyNode(w, "ctl", null);
        everyNode(w, "itl", { records: records("destination", "itl", Role.CCM_TFTP) });
      },
      mode: 1,
    },
    ["registers", "ctl kept", "itl first-use", "configuration unsigned", "registration no-tls"],
  ],
  ["non-secure profile", { mode: 1 }, ["registers", ...GOOD.slice(0, 3), "registration no-tls"]],
  [
    "destination not in mixed mode",
    {
      world: (w) => {
        w.clusters.destination.mixed = false;
      },
    },
    ["registers", ...GOOD.slice(0, 3), "registration no-tls"],
  ],
  [
    "the destination has no CTL: the old one stays, the ITL goes by TVS",
    {
      world: (w) => {
        everyNode(w, "ctl", null);
        w.clusters.destination.mixed = false;
      },
    },
    ["registers", "ctl kept", "itl tvs", "configuration local-itl", "registration no-tls"],
  ],
  [
    "the LSC's issuer is trusted nowhere",
    {
      world: (w) => {
        for (const node of w.clusters.destination.callManagers) node.callManagerTrust = [];
      },
    },
    ["follows: issuer-not-trusted", ...GOOD.slice(0, 3), "registration -issuer-not-trusted"],
  ],
  [
    "an issuer of the same name is another one",
    {
      world: (w) => {
        w.phone.shows = { side: "source", issuer: "oldCapf" };
      },
    },
    ["follows: issuer-not-trusted", ...GOOD.slice(0, 3), "registration -issuer-not-trusted"],
  ],
  [
    "neither LSC nor MIC",
    {
      world: (w) => {
        w.phone.shows = null;
      },
    },
    ["follows: no-phone-certificate", ...GOOD.slice(0, 3), "registration -no-phone-certificate"],
  ],
  [
    "a MIC whose roots are still trusted",
    {
      world: (w) => {
        w.phone.shows = { side: "source", issuer: "maker" };
        w.clusters.destination.callManagers[1]!.callManagerTrust.push(certificate("source", "maker"));
      },
    },
    ["registers", ...GOOD],
  ],
  [
    "a CallManager with a certificate of its own",
    {
      world: (w) => {
        for (const node of w.clusters.destination.callManagers)
          node.shown = certificate("destination", "rogue");
      },
    },
    ["follows: callmanager-not-in-lists", ...GOOD.slice(0, 3), "registration -callmanager-not-in-lists"],
  ],
  [
    "no CallManager answers",
    {
      world: (w) => {
        for (const node of w.clusters.destination.callManagers) node.reachable = false;
      },
    },
    ["follows: callmanager-unreachable", ...GOOD.slice(0, 3), "registration -callmanager-unreachable"],
  ],
];

test.each(CASES)("%s", (_, change, expected) => {
  // Undocumented behaviour is not what is tried here.
  const switches = {
    enforceTftpAddress: false,
    firstCtlWithItl: "verify",
    tvsTryNextOnMiss: false,
    fallbackWhenConfigBad: "cached",
    ...change.switches,
  } as const;
  expect(chain(forecastOf({ ...change, switches }))).toEqual(expected);
});

test("the certificate that made a step pass is named, and the server that vouched", () => {
  const { nodes } = forecastOf();
  const recovery = certificate("destination", "recovery");
  expect(nodes[0]!.steps[0]).toMatchObject({
    step: "ctl",
    by: "tvs",
    server: ADDRESSES.source[0],
    certificate: { subject: recovery.subject, serial: recovery.serial, sha256: recovery.sha256 },
    signer: { name: recovery.subject },
  });
  expect(nodes[0]!.steps.at(-1)).toMatchObject({
    server: ADDRESSES.destination[0],
    certificate: { sha256: certificate("source", "capf").sha256 },
  });
});

test("every TFTP node counts, the worst decides, and the difference shows", () => {
  const said = forecastOf({
    switches: { fallbackWhenConfigBad: "cached" },
    world: ({ clusters }) => {
      const { nodes } = clusters.destination;
      nodes[1] = { ...nodes[1], config: { ...nodes[1].config!, signer: "rogue" } };
    },
  });
  expect(said.outcome).toBe("locked out");
  expect(said.nodesDiffer).toBe(true);
  expect(said.nodes.map((node) => node.outcome)).toEqual(["registers", "locked out"]);
});
