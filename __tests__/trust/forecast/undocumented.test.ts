import { forecast } from "../../../trust/forecast/forecast";
import type { Served } from "../../../trust/forecast/situation";
import { decisive, everyWay, SWITCHES } from "../../../trust/forecast/switches";
import { phoneModel } from "../../../trust/phone-model";
import { Role } from "../../../trust/roles";
import { certificate } from "./paper";
import { type Case, forecastOf, returnOf, situation } from "./support";
import type { World } from "./world";

const hinges = (one: Case) => forecastOf(one).hangsOn.map(({ id }) => id);
function tvsMisses(world: World, servers: readonly (0 | 1)[]): void {
  for (const i of servers) world.clusters.source.tvs[i].answers.clear();
}

/** One situation for each switch in which nothing else decides. */
const DECIDED_BY: { readonly [name in keyof typeof SWITCHES]: Case } = {
  tvsTryNextOnMiss: {
    world: (world) => {
      for (const key of world.clusters.source.tvs[0].answers.keys())
        world.clusters.source.tvs[0].answers.set(key, "miss");
    },
  },
  fallbackWhenConfigBad: {
    world: ({ clusters }) => {
      for (const i of [0, 1] as const) {
        const node = clusters.destination.nodes[i];
        clusters.destination.nodes[i] = { ...node, config: { ...node.config!, signer: "rogue" } };
      }
    },
  },
  firstCtlWithItl: {
    world: (world) => {
      world.phone.ctl = null;
      for (const i of [0, 1] as const) world.clusters.source.tvs[i].reachable = false;
    },
  },
  ctlRole2AcceptsItl: {
    eras: { source: "callManager", destination: "callManager" },
    world: (world) => {
      const { phone, clusters } = world;
      phone.ctl = clusters.destination.nodes[0].ctl;
      phone.tvs = [];
      const second = clusters.destination.nodes[1];
      clusters.destination.nodes[1] = {
        ...second,
        config: { ...second.config!, signer: "recovery" },
        itl: { ...second.itl!, records: [...second.itl!.records, [Role.TFTP, "destination", "recovery"]] },
      };
      clusters.destination.nodes[0] = clusters.destination.nodes[1];
    },
    switches: { enforceTftpAddress: false, fallbackWhenConfigBad: "cached" },
  },
  enforceTftpAddress: {
    world: ({ clusters }) => {
      const bare = (records: readonly (readonly unknown[])[]) =>
        records.map((one) => one.slice(0, 3)) as never;
      for (const i of [0, 1] as const) {
        const { ctl, itl, ...rest } = clusters.destination.nodes[i];
        clusters.destination.nodes[i] = {
          ...rest,
          ctl: { ...ctl!, records: bare(ctl!.records) },
          itl: { ...itl!, records: bare(itl!.records) },
        };
      }
    },
    switches: { fallbackWhenConfigBad: "cached" },
  },
  ctl404: {
    world: (world) => {
      for (const i of [0, 1] as const)
        world.clusters.destination.nodes[i] = { ...world.clusters.destination.nodes[i], ctl: null };
      world.clusters.destination.mixed = false;
      // The empty ITL takes any ITL as long as no CTL says who signs configurations.
      world.phone.itl = { ...world.phone.itl!, records: [[Role.CAPF, "source", "capf"]] };
    },
    switches: { enforceTftpAddress: false, fallbackWhenConfigBad: "cached" },
  },
  itlProvesCallManager: {
    world: ({ clusters }) => {
      for (const i of [0, 1] as const)
        clusters.destination.nodes[i] = {
          ...clusters.destination.nodes[i],
          ctl: { ...clusters.destination.nodes[i].ctl!, damage: "malformed" },
        };
    },
  },
  lscIssuerStore: {
    world: ({ clusters }) => {
      for (const node of clusters.destination.callManagers) {
        node.callManagerTrust = [];
        node.capfTrust = [certificate("source", "capf")];
      }
    },
  },
};

test.each(Object.entries(DECIDED_BY))("%s decides: uncertain until it is known", (name, one) => {
  const open = forecastOf(one);
  expect(open.outcome).toBe("uncertain");
  expect(open.hangsOn).toMatchObject([{ id: name, words: SWITCHES[name as keyof typeof SWITCHES].question }]);
  const row = SWITCHES[name as keyof typeof SWITCHES];
  const settled = (value: unknown) =>
    forecastOf({ ...one, switches: { ...one.switches, [name]: value } }).outcome;
  expect(settled(row.default)).toBe(open.expected);
  expect(new Set([settled(row.default), settled(row.other)]).size).toBe(2);
});

test("a switch that does not change the outcome is not mentioned", () => {
  expect(
    forecastOf({
      world: ({ phone }) => {
        phone.ctl = null;
      },
    }),
  ).toMatchObject({ outcome: "registers", hangsOn: [] });
});

test("a signer about which TVS was not asked is a doubt of its own", () => {
  const said = forecastOf({
    world: ({ clusters }) => {
      for (const tvs of clusters.source.tvs)
        for (const key of tvs.answers.keys()) tvs.answers.set(key, "unasked");
    },
    switches: { enforceTftpAddress: false },
  });
  expect(said).toMatchObject({ outcome: "uncertain", expected: "locked out", reason: "tvs-miss" });
  expect(said.hangsOn[0]!.words).toMatch(
    /^whether TVS vouches for .*destination-recovery.*: it was not asked$/,
  );
  expect(said.hangsOn[0]!.endings).toEqual([
    { setting: "false", ending: "locked out" },
    { setting: "true", ending: "registers" },
  ]);
});

test("what the plan will import counts as if it were there", () => {
  const recovery = {
    certificate: certificate("destination", "recovery"),
    stores: ["Phone-SAST-trust"] as const,
  };
  const signers = (world: World) => {
    tvsMisses(world, [0, 1]);
    world.clusters.source.assumed.push(recovery);
  };
  expect(forecastOf({ world: signers }).outcome).toBe("registers");
  // In CallManager-trust alone a certificate has no role for TVS.
  expect(
    forecastOf({
      world: (world) => {
        tvsMisses(world, [0, 1]);
        world.clusters.source.assumed.push({ ...recovery, stores: ["CallManager-trust"] });
      },
    }).outcome,
  ).toBe("locked out");
});

test("a capability that is only guessed is a doubt; the user can settle it", () => {
  const guessed = { phone: { model: phoneModel("Cisco 6945") } };
  expect(hinges(guessed)).toEqual(["model:securityByDefault"]);
  const settled = phoneModel("Cisco 6945", { user: { "6945": { securityByDefault: true } } });
  expect(forecastOf({ phone: { model: settled } }).outcome).toBe("registers");
});

test("where a model may have no Security By Default, it may hold no ITL either", () => {
  const model = phoneModel("Cisco 6945");
  const world = ({ phone }: World) => {
    phone.itl = {
      ...phone.itl!,
      records: [...phone.itl!.records, [Role.SAST, "destination", "recovery"]],
    };
  };
  // The ITL that TFTP serves for it knows the signer of the destination's CTL, and no other list does.
  expect(forecastOf({ world, phone: { model } })).toMatchObject({
    outcome: "uncertain",
    hangsOn: [{ id: "model:securityByDefault" }],
  });
  const settled = phoneModel("Cisco 6945", { user: { "6945": { securityByDefault: false } } });
  expect(forecastOf({ world, phone: { model: settled, itl: null } }).outcome).toBe("locked out");
});

test("a TVS server that belongs to neither cluster, or whose certificate was not read", () => {
  const [hinge] = forecastOf({ phone: { tvs: ["10.99.0.1"] } }).hangsOn;
  expect(hinge!.words).toMatch(
    /10\.99\.0\.1 .* belongs to neither cluster, or its certificate was not read$/,
  );
  expect(hinges({ phone: { tvs: ["10.99.0.1"] } })).toEqual(["tvs-stranger:10.99.0.1"]);
});

test("the way back: the destination's TVS must vouch for the source's signers", () => {
  expect(returnOf()).toMatchObject({ outcome: "registers", nodes: { length: 4 } });
  const oneWay = returnOf({
    world: ({ clusters }) => {
      for (const tvs of clusters.destination.tvs) tvs.answers.clear();
    },
  });
  expect(oneWay).toMatchObject({ outcome: "locked out", reason: "tvs-miss" });
  expect(oneWay.nodes[0]!.address).toBe("10.20.0.11 and back by 10.10.0.11");
});

test("every way is tried once, and only decisive questions are reported", () => {
  const { ways } = everyWay({}, (answers) => {
    const first = answers.fact("first", "first", true);
    answers.fact("idle", "idle", true);
    return first ? "a" : answers.fact("second", "second", true) ? "a" : "b";
  });
  expect(ways.map(({ result }) => result)).toEqual(["a", "a", "a", "a", "b", "b"]);
  expect(ways[0]!.result).toBe("a");
  expect([...decisive(ways, (a, b) => a === b)].sort()).toEqual(["first", "second"]);
});

test("more doubts than can be tried together are uncertain, and end", () => {
  const { ways, cut } = everyWay({}, (answers) =>
    Array.from({ length: 30 }, (_, i) => answers.fact(`${i}`, `whether ${i}`, true)).every(Boolean),
  );
  expect(cut).toBe(true);
  expect(ways.length).toBeLessThan(1000);
  expect(ways[0]!.result).toBe(true);
});

test("doubts of one TFTP node are not tried with those of another", () => {
  const { phone, ends } = situation();
  const signedBy = <F extends { readonly signer: object }>(served: Served<F>, serial: string): Served<F> =>
    served.kind === "file"
      ? { kind: "file", file: { ...served.file, signer: { ...served.file.signer, serial } } }
      : served;
  const [node] = ends.to.tftp;
  const tftp = Array.from({ length: 14 }, (_, i) => ({
    ...node!,
    address: `10.30.0.${i}`,
    ctl: signedBy(node!.ctl, `0${i}C`),
    itl: signedBy(node!.itl, `0${i}D`),
  }));
  const said = forecast(phone, { ...ends, to: { ...ends.to, tftp } });
  expect(said).toMatchObject({ outcome: "uncertain", expected: "follows", nodes: { length: 14 } });
  expect(said.hangsOn.map(({ id }) => id)).toEqual(expect.arrayContaining(["tvs:00C", "tvs:013C"]));
});
