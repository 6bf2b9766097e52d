/** How nodes list and show certificates, and whether they list the same. */
import { type ClusterNode, IDENTITY_UNITS, TRUST_STORES } from "../../cluster/cluster";
import { REST_SINCE } from "../../cluster/node-certificates";
import { couldBe } from "../../cluster/trust-files";
import { type Check, deviates, holds, notTried, type Result, unknown } from "../check";
import type { Patient } from "../patient";
import { onCli, onForms } from "./ways";

const cli = (assumption: string, look: (patient: Patient, node: ClusterNode) => Promise<Result>): Check => ({
  assumption,
  where: "node",
  run: (patient, node) => onCli(patient, () => look(patient, node)),
});

const CLI: readonly Check[] = [
  cli("Login", async (patient, node) => {
    await patient.listed(node, "own");
    return holds("the CLI took the login and a command");
  }),
  cli("Paging", async (patient, node) => {
    const lines = (await patient.listed(node, "trust")).length;
    return holds(`a list of ${lines} lines came in full`);
  }),
  cli("Certificate lists", async (patient, node) => {
    const own = await patient.listed(node, "own");
    await patient.listed(node, "trust");
    const lacking = IDENTITY_UNITS.filter(
      (unit) => !own.some((one) => one.unit === unit && one.file === `${unit}.pem`),
    );
    // ITLRecovery came with some 8.x; CAPF is not everywhere.
    const odd = lacking.filter((unit) => unit === "CallManager" || unit === "TVS");
    if (odd.length > 0) return deviates(`"show cert list own" has no ${odd.map(file).join(", ")}`);
    return holds(
      lacking.length === 0 ? "all four units are listed" : `without ${lacking.map(file).join(", ")}`,
    );
  }),
  cli("Shown certificates", async (patient, node) => {
    const listed = (await patient.listed(node, "own")).find(({ unit }) => unit === "TVS");
    if (listed === undefined) return notTried("no TVS certificate is listed");
    const shown = await patient.of(node).ways.cli.show("own", listed, patient.signal);
    return shown === null
      ? unknown("it was gone when it was asked for")
      : holds('"show cert own" has one PEM block');
  }),
];

const file = (unit: string) => `${unit}/${unit}.pem`;

const STORES: readonly Check[] = [
  {
    assumption: "File names",
    where: "node",
    run: async (patient, node) => {
      const shown = await Promise.all(TRUST_STORES.map((store) => patient.firstOf(node, store)));
      const found = shown.filter((one) => one !== null);
      if (found.length === 0) return notTried("the stores are empty");
      const odd = found.find(({ file: name, certificate }) => !couldBe(name, certificate));
      return odd === undefined
        ? holds(`${found.length} files are named by common name or serial number`)
        : deviates(`${odd.file} holds ${odd.certificate.commonName}, serial ${odd.certificate.serial}`);
    },
  },
  {
    assumption: "What replicates",
    where: "cluster",
    run: async (patient) => {
      const nodes = await patient.nodes();
      if (nodes.length < 2) return notTried("the cluster has one node");
      const lists = await Promise.all(
        nodes.map(async (node) => ({
          node,
          files: (await patient.trusted(node))
            .filter(({ unit }) => unit === "CallManager-trust" || unit === "Phone-SAST-trust")
            .map(({ unit, file: name }) => `${unit}/${name}`),
        })),
      );
      const all = [...new Set(lists.flatMap(({ files }) => files))];
      const lacks = lists.flatMap(({ node, files }) => {
        const missing = all.filter((one) => !files.includes(one));
        return missing.length === 0 ? [] : [`${node.name} lacks ${missing.slice(0, 3).join(", ")}`];
      });
      if (lacks.length === 0)
        return holds("CallManager-trust and Phone-SAST-trust are the same on every node");
      return unknown(`${lacks.join("; ")}: replication that is under way, or that is broken`);
    },
  },
];

const REST: readonly Check[] = [
  {
    assumption: "Where REST is",
    where: "node",
    run: async (patient, node) => {
      if ((await patient.major()) < REST_SINCE) return notTried("releases before 14 have no REST interface");
      await patient.snapshot(node);
      return holds("it answers the OS administrator");
    },
  },
  {
    assumption: "Snapshot",
    where: "node",
    run: async (patient, node) => {
      if ((await patient.major()) < REST_SINCE) return notTried("releases before 14 have no REST interface");
      const { own, trust } = await patient.snapshot(node);
      // Only to compare: whoever takes REST may have no CLI.
      const listed = await patient.listed(node, "trust").catch(() => []);
      const broken = [...own, ...trust].filter(({ problem }) => problem !== undefined);
      if (broken.length > 0) return deviates(`${broken[0]!.unit}/${broken[0]!.file}: ${broken[0]!.problem}`);
      const lacking = TRUST_STORES.filter(
        (store) => listed.some(({ unit }) => unit === store) && !trust.some(({ unit }) => unit === store),
      );
      return lacking.length === 0
        ? holds(`${own.length} own and ${trust.length} trusted certificates`)
        : deviates(`it has nothing of ${lacking.join(", ")}, where the CLI lists certificates`);
    },
  },
];

const WEB: readonly Check[] = [
  {
    assumption: "Pages",
    where: "publisher",
    run: (patient, node) =>
      onForms(patient, async () => {
        await patient.web(node);
        return holds("a session with form login, links and forms works");
      }),
  },
  {
    assumption: "Web list",
    where: "publisher",
    run: (patient, node) =>
      onForms(patient, async () => {
        const { listed } = await patient.web(node);
        if (listed === 0) return deviates("no row was understood");
        return holds(`${listed} rows`);
      }),
  },
];

export const CERTIFICATES: readonly Check[] = [...CLI, ...STORES, ...REST, ...WEB];
