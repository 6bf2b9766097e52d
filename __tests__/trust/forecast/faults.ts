/** What can be wrong or different between a phone and the cluster that it moves to, one thing each. */
import { Role } from "../../../trust/roles";
import {
  ADDRESSES,
  certificate,
  type Damage,
  impostor,
  other,
  RECORDS,
  type Records,
  type Signer,
} from "./paper";
import type { Random } from "./random";
import type { Answer, FileSpec, NodeSpec, World } from "./world";

export interface Fault {
  readonly name: string;
  /** How often it is drawn, compared with others. @default 1 */
  readonly weight?: number;
  apply(world: World, random: Random): void;
}

const FILES = ["ctl", "itl", "config"] as const;
const SIGNERS: readonly Signer[] = ["cm0", "cm1", "recovery"];

/** Some or all TFTP nodes of the destination, changed without touching those of other worlds. */
function someNodes(world: World, random: Random, change: (node: NodeSpec, i: 0 | 1) => NodeSpec): void {
  const { nodes } = world.clusters[world.to];
  const which = random.pick([[0], [1], [0, 1], [0, 1], [0, 1]] as const);
  for (const i of which) nodes[i] = change(nodes[i], i);
}

function changeFile(world: World, random: Random, change: (file: FileSpec) => FileSpec): void {
  const which = random.pick(FILES);
  someNodes(world, random, (node) =>
    node[which] === null ? node : { ...node, [which]: change(node[which] as FileSpec) },
  );
}

function setAnswers(world: World, random: Random, answer: (signer: Signer) => Answer): void {
  const cluster = world.clusters[world.from];
  const signers = random.chance(0.6) ? SIGNERS : [random.pick(SIGNERS)];
  for (const server of random.pick([[0], [0, 1], [0, 1]] as const))
    for (const one of signers)
      cluster.tvs[server].answers.set(certificate(world.to, one).sha256, answer(one));
  cluster.assumed = cluster.assumed.filter((one) => !one.stores.includes("Phone-SAST-trust"));
}

const damage = (kind: Damage): Fault => ({
  name: `a file is damaged: ${kind}`,
  apply: (world, random) => changeFile(world, random, (file) => ({ ...file, damage: kind })),
});

function knowLarge({ phone, clusters, from, to }: World, random: Random): void {
  const large = certificate(to, "large");
  const roles = [Role.SAST, Role.TFTP];
  if (random.chance(0.5) && phone.ctl !== null)
    phone.ctl = {
      ...phone.ctl,
      records: [...phone.ctl.records, ...roles.map((role) => [role, to, "large"] as const)],
    };
  else for (const tvs of clusters[from].tvs) tvs.answers.set(large.sha256, { roles, certificate: large });
}

const without = (records: Records, role: number): Records => records.filter(([one]) => one !== role);

export const FAULTS: readonly Fault[] = [
  damage("signature"),
  damage("malformed"),
  {
    name: "a file is signed by somebody else",
    weight: 2,
    apply: (world, random) =>
      changeFile(world, random, (file) => ({
        ...file,
        signer: random.pick(["rogue", "cm0", "cm1", "recovery"]),
      })),
  },
  {
    name: "a file is signed with a large key",
    weight: 3,
    apply: (world, random) => {
      world.phone.largeKeys = random.chance(0.5);
      changeFile(world, random, (file) => ({ ...file, signer: "large" }));
      // Known to the phone, or to its TVS: then only the size decides.
      if (random.chance(0.6)) knowLarge(world, random);
    },
  },
  {
    name: "the model cannot check SHA-512",
    weight: 3,
    apply: ({ phone }) => {
      phone.digests = ["sha1"];
    },
  },
  {
    name: "the model has no Security By Default",
    weight: 2,
    apply: ({ phone }) => {
      phone.securityByDefault = false;
      phone.itl = null;
    },
  },
  {
    name: "TVS knows nobody",
    apply: (world, random) => setAnswers(world, random, () => "miss"),
  },
  {
    name: "TVS was not asked",
    apply: (world, random) => setAnswers(world, random, () => "unasked"),
  },
  {
    name: "TVS gives other roles",
    weight: 2,
    apply: (world, random) => {
      const roles = random.pick([[Role.SAST], [Role.TFTP], [Role.CCM], [Role.TVS]]);
      setAnswers(world, random, (one) => ({ roles, certificate: certificate(world.to, one) }));
    },
  },
  {
    name: "TVS knows another certificate of that name",
    apply: (world, random) =>
      setAnswers(world, random, (one) => ({
        roles: [Role.SAST, Role.TFTP],
        certificate: impostor(world.to, one),
      })),
  },
  {
    name: "TVS servers are down",
    weight: 2,
    apply: (world, random) => {
      for (const i of random.pick([[0], [1], [0, 1], [0, 1]] as const))
        world.clusters[world.from].tvs[i].reachable = false;
    },
  },
  {
    name: "TVS shows a certificate that is not in the ITL",
    apply: (world, random) => {
      for (const i of random.pick([[0], [0, 1], [0, 1]] as const))
        world.clusters[world.from].tvs[i].shown = certificate(world.from, `oldTvs${i}`);
    },
  },
  {
    name: "the phone's configuration names one TVS server or none",
    weight: 2,
    apply: (world, random) => {
      world.phone.tvs = random.pick([[], [], [ADDRESSES[world.from][1]!]]);
    },
  },
  {
    name: "the phone has no CTL",
    apply: ({ phone }) => {
      phone.ctl = null;
    },
  },
  {
    name: "the phone has no ITL",
    weight: 2,
    apply: ({ phone }, random) => {
      phone.itl = null;
      if (random.chance(0.5)) phone.ctl = null;
    },
  },
  {
    name: "the phone has the empty ITL",
    weight: 2,
    apply: ({ phone, from }, random) => {
      if (phone.itl !== null) phone.itl = { ...phone.itl, records: [[Role.CAPF, from, "capf"]] };
      const ctl = random.pick(["none", "without TFTP", "as it was"]);
      if (ctl === "none") phone.ctl = null;
      if (ctl === "without TFTP" && phone.ctl !== null)
        phone.ctl = { ...phone.ctl, records: without(phone.ctl.records, Role.CCM_TFTP) };
    },
  },
  {
    name: "the phone's CTL knows the destination's signers",
    weight: 3,
    apply: ({ phone, to }, random) => {
      if (phone.ctl === null) return;
      const roles = random.pick([[Role.SAST], [Role.CCM_TFTP], [Role.SAST, Role.CCM_TFTP]]);
      const added = SIGNERS.flatMap((one) => roles.map((role) => [role, to, one] as const));
      phone.ctl = { ...phone.ctl, records: [...phone.ctl.records, ...added] };
    },
  },
  {
    name: "the phone's ITL knows the destination's signers",
    apply: ({ phone, to }, random) => {
      if (phone.itl === null) return;
      const roles = random.pick([[Role.SAST], [Role.TFTP], [Role.SAST, Role.TFTP]]);
      const added = SIGNERS.flatMap((one) => roles.map((role) => [role, to, one] as const));
      phone.itl = { ...phone.itl, records: [...phone.itl.records, ...added] };
    },
  },
  {
    name: "alternate TFTP",
    apply: ({ phone }) => {
      phone.alternateTftp = true;
    },
  },
  {
    name: "TFTP nodes are down",
    weight: 2,
    apply: (world, random) => someNodes(world, random, (node) => ({ ...node, reachable: false })),
  },
  {
    name: "a file is absent",
    weight: 2,
    apply: (world, random) => {
      const which = random.pick(FILES);
      someNodes(world, random, (node) => ({ ...node, [which]: null, plain: random.chance(0.5) }));
    },
  },
  {
    name: "nobody's lists name who signs configurations",
    apply: ({ phone, clusters, to }) => {
      phone.ctl = null;
      if (phone.itl !== null)
        phone.itl = { ...phone.itl, records: without(phone.itl.records, Role.CCM_TFTP) };
      for (const i of [0, 1] as const) {
        const { itl } = clusters[to].nodes[i];
        const bare = itl && { ...itl, records: without(itl.records, Role.CCM_TFTP) };
        clusters[to].nodes[i] = { ...clusters[to].nodes[i], ctl: null, itl: bare };
      }
    },
  },
  {
    name: "the CTL of a cluster set to non-secure",
    apply: (world, random) => {
      const { to } = world;
      someNodes(world, random, (node) =>
        node.ctl === null ? node : { ...node, ctl: { ...node.ctl, records: [[Role.CAPF, to, "capf"]] } },
      );
      world.clusters[to].mixed = random.chance(0.3);
    },
  },
  {
    name: "a list lacks who signs configurations",
    apply: (world, random) => {
      const which = random.pick(["ctl", "itl"] as const);
      someNodes(world, random, (node) => {
        const file = node[which];
        return file === null
          ? node
          : { ...node, [which]: { ...file, records: without(file.records, Role.CCM_TFTP) } };
      });
    },
  },
  {
    name: "the lists do not name the TFTP server",
    apply: (world, random) => {
      const bare = (file: FileSpec | null) =>
        file && {
          ...file,
          records: file.records.map(([role, side, person]) => [role, side, person] as const),
        };
      someNodes(world, random, (node) => ({ ...node, ctl: bare(node.ctl), itl: bare(node.itl) }));
    },
  },
  ...["a", "b"].map(
    (way): Fault => ({
      name: `the phone's certificate is not trusted, ${way}`,
      weight: 3,
      apply: (world, random) => {
        const cluster = world.clusters[world.to];
        const capf = certificate(world.from, "capf");
        cluster.assumed = cluster.assumed.filter((one) => one.certificate !== capf);
        for (const node of cluster.callManagers) {
          node.callManagerTrust = node.callManagerTrust.filter((one) => one !== capf);
          // Only there, or on one node only.
          if (way === "b" && random.chance(0.6)) node.capfTrust = [capf];
          if (way === "b" && random.chance(0.3)) node.callManagerTrust.push(capf);
        }
      },
    }),
  ),
  {
    name: "the phone's certificate is of an issuer with the same name",
    weight: 3,
    apply: ({ phone, from }) => {
      phone.shows = { side: from, issuer: "oldCapf" };
      phone.issuerKnown = true;
    },
  },
  {
    name: "the phone shows its MIC, or nothing",
    weight: 4,
    apply: (world, random) => {
      const { phone, from, to } = world;
      phone.shows = random.chance(0.5) ? null : { side: from, issuer: "maker" };
      if (random.chance(0.5))
        for (const node of world.clusters[to].callManagers)
          node.callManagerTrust.push(certificate(from, "maker"));
    },
  },
  {
    name: "the destination does not know the phone",
    weight: 4,
    apply: (world) => {
      world.clusters[world.to].device = null;
    },
  },
  {
    name: "CallManagers are down",
    weight: 4,
    apply: (world, random) => {
      for (const i of random.pick([[0], [0, 1], [0, 1]] as const))
        world.clusters[world.to].callManagers[i]!.reachable = false;
    },
  },
  {
    name: "CallManagers show a certificate that is in no list",
    weight: 4,
    apply: (world, random) => {
      for (const i of random.pick([[0], [0, 1], [0, 1]] as const))
        world.clusters[world.to].callManagers[i]!.shown = certificate(world.to, "rogue");
    },
  },
  {
    name: "the destination is not in mixed mode",
    weight: 3,
    apply: (world, random) => {
      world.clusters[world.to].mixed = false;
      if (random.chance(0.7)) someNodes(world, random, (node) => ({ ...node, ctl: null }));
    },
  },
  {
    name: "half moved: the CTL is the destination's already",
    apply: ({ phone, clusters, to }) => {
      const { ctl } = clusters[to].nodes[0];
      // It would not have taken a damaged one.
      phone.ctl = ctl && { ...ctl, damage: "none" };
    },
  },
  {
    name: "half moved: it names the destination's CallManagers, its mode was changed there, and it takes no configuration",
    weight: 4,
    apply: (world, random) => {
      const { phone, to } = world;
      phone.groupOf = to;
      phone.mode = random.pick([1, 2, 3] as const);
      const { nodes } = world.clusters[to];
      for (const i of [0, 1] as const)
        nodes[i] = {
          ...nodes[i],
          plain: false,
          config: nodes[i].config && { ...nodes[i].config, signer: "rogue" },
        };
    },
  },
  {
    name: "the phone still names both clusters",
    apply: ({ phone, from }, random) => {
      phone.tvs = random.pick([[...ADDRESSES[other(from)]], [...ADDRESSES[from], ...ADDRESSES[other(from)]]]);
    },
  },
  {
    name: "the old lists are in force on one TFTP node",
    apply: (world) => {
      const { to } = world;
      world.clusters[to].nodes[1] = {
        ...world.clusters[to].nodes[1],
        itl: { side: to, signer: "cm1", digest: "sha1", damage: "none", records: RECORDS.itl(to, 1) },
      };
    },
  },
];
