/** What can be wrong or different about encrypted configurations and CAPF, one thing each. */

import { Role } from "../../../trust/roles";
import type { Fault } from "./faults";
import { certificate } from "./paper";
import { changeDevice, type World } from "./world";

/** The phone cannot do without CAPF there: its configuration is encrypted, for no key that it has. */
function needsCapf(world: World): void {
  const enrolment = world.clusters[world.to].device?.enrolment ?? "null string";
  changeDevice(world, world.to, { encrypted: true, enrolment, key: null });
}

export const CAPF_FAULTS: readonly Fault[] = [
  {
    name: "nothing is ordered of CAPF",
    weight: 2,
    apply: (world) => {
      needsCapf(world);
      changeDevice(world, world.to, { enrolment: null });
    },
  },
  {
    name: "CAPF is down",
    weight: 2,
    apply: (world) => {
      needsCapf(world);
      world.clusters[world.to].capf.reachable = false;
    },
  },
  {
    name: "CAPF shows a certificate that is in no list",
    weight: 3,
    apply: (world, random) => {
      needsCapf(world);
      const { capf, tvs, callManagers } = world.clusters[world.to];
      capf.shown = certificate(world.to, "oldCapf");
      if (random.chance(0.8)) for (const node of callManagers) node.callManagerTrust.push(capf.shown);
      // TVS may know it, and then may be asked or not.
      const answer = random.pick([
        "miss",
        "miss",
        "unasked",
        { roles: [Role.CAPF], certificate: capf.shown },
        { roles: [Role.SAST, Role.TFTP], certificate: capf.shown },
        { roles: [Role.CAPF], certificate: certificate(world.to, "capf") },
      ] as const);
      for (const i of random.pick([[0], [0, 1], [0, 1]] as const)) {
        tvs[i].answers.set(capf.shown.sha256, answer);
        if (random.chance(0.2)) tvs[i].reachable = false;
      }
    },
  },
  {
    name: "only some list names CAPF",
    apply: (world, random) => {
      needsCapf(world);
      const { nodes, tvs } = world.clusters[world.to];
      if (random.chance(0.7))
        for (const one of tvs) one.answers.set(certificate(world.to, "capf").sha256, "miss");
      const which = random.pick(["ctl", "itl"] as const);
      for (const i of [0, 1] as const) {
        const file = nodes[i][which];
        const records = file?.records.filter(([, , person]) => person !== "capf") ?? [];
        nodes[i] = { ...nodes[i], [which]: file && { ...file, records } };
      }
    },
  },
  {
    name: "CAPF wants a certificate whose issuer it may not know",
    weight: 3,
    apply: (world, random) => {
      needsCapf(world);
      changeDevice(world, world.to, { enrolment: "existing certificate" });
      const cluster = world.clusters[world.to];
      if (random.chance(0.3)) return;
      cluster.capf.trust = [certificate(world.to, "capf")];
      cluster.assumed = cluster.assumed.filter((one) => !one.stores.includes("CAPF-trust"));
    },
  },
  {
    name: "CAPF wants a string",
    weight: 2,
    apply: (world) => {
      needsCapf(world);
      changeDevice(world, world.to, { enrolment: "authentication string" });
    },
  },
  {
    name: "the phone still has the LSC of the destination, where it was before",
    weight: 2,
    apply: (world, random) => {
      world.phone.shows = { side: world.to, issuer: "capf" };
      changeDevice(world, world.to, { encrypted: random.chance(0.7), key: "its own" });
      if (random.chance(0.5)) changeDevice(world, world.to, { enrolment: null });
    },
  },
  {
    name: "the destination knows a key that the phone had before",
    apply: (world, random) => {
      changeDevice(world, world.to, { encrypted: true, key: "another" });
      if (random.chance(0.5)) changeDevice(world, world.to, { enrolment: null });
    },
  },
  {
    name: "its own CAPF is not trusted by the destination's CallManagers",
    apply: (world) => {
      const { callManagers } = world.clusters[world.to];
      for (const node of callManagers)
        node.callManagerTrust = node.callManagerTrust.filter((one) => one !== certificate(world.to, "capf"));
    },
  },
];
