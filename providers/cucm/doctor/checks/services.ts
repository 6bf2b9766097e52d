/** AXL, Control Center, RIS and log collection, and what only the database tells. */
import { nodeTime } from "../../../../trust/tvs-log";
import { GROUPS } from "../../cluster/phone-devices";
import { FEATURES, FEATURES_STATEMENT } from "../../cluster/phone-features";
import { type Check, deviates, holds, notTried, unknown } from "../check";
import type { Patient } from "../patient";

const TVS = "Cisco Trust Verification Service";

const AXL: readonly Check[] = [
  {
    assumption: "AXL versions",
    where: "cluster",
    run: async (patient) => holds(`release ${await patient.release()} was asked in a version that it speaks`),
  },
  {
    assumption: "Security mode",
    where: "cluster",
    run: async (patient) => {
      const value = await patient.securityMode();
      if (value === "1" || value === "0") return holds(value === "1" ? "1, mixed mode" : "0, non-secure");
      return deviates(
        value === undefined
          ? `processconfig has no ClusterSecurityMode`
          : `ClusterSecurityMode is ${JSON.stringify(value)}`,
      );
    },
  },
  {
    assumption: "Services of nodes",
    where: "cluster",
    run: async (patient) => {
      const [table, services] = await Promise.all([patient.table(), patient.services()]);
      const missing = table.filter(({ name }) => !services.some(({ node }) => node === name));
      if (missing.length === 0) return holds("the listing for % has every node");
      // Nobody has anything to do: they are asked one by one.
      return holds(
        `the listing for % lacks ${missing.map(({ name }) => name).join(", ")}, which are asked one by one`,
      );
    },
  },
  {
    assumption: "Devices in AXL",
    where: "cluster",
    run: async (patient) => {
      const { axl, signal } = patient;
      const lacking = async (kind: string, tags: readonly string[]) => {
        const rows = await axl.objects(kind, tags, signal);
        return tags.filter((tag) => rows.length > 0 && rows.every((row) => !row[tag]));
      };
      const [profiles, pools] = await Promise.all([
        lacking("PhoneSecurityProfile", ["deviceSecurityMode", "tftpEncryptedConfig"]),
        lacking("DevicePool", ["callManagerGroupName"]),
      ]);
      const all = [...profiles, ...pools];
      return all.length === 0
        ? holds("profiles and device pools have the tags")
        : deviates(`empty everywhere: ${all.join(", ")}`);
    },
  },
  { assumption: "CallManager groups", where: "cluster", run: (patient) => answered(patient, GROUPS) },
  {
    assumption: "CAPF operations",
    where: "cluster",
    run: (patient) =>
      answered(
        patient,
        "select first 1 tkcertificateoperation,tkcertificatestatus from device where name like 'SEP%'",
      ),
  },
  { assumption: "Device defaults", where: "cluster", run: (patient) => answered(patient, DEFAULTS) },
  {
    assumption: "Issuer in the database",
    where: "cluster",
    run: async (patient) => {
      const [major = 0, minor = 0] = (await patient.installed()).split(".").map(Number);
      if (major < 11 || (major === 11 && minor < 5))
        return notTried("releases before 11.5 do not have the column");
      return answered(patient, "select first 1 lscissuername from device where lscissuername is not null");
    },
  },
  {
    assumption: "Phone feature list",
    where: "cluster",
    run: async (patient) => {
      const rows = await patient.sql(FEATURES_STATEMENT);
      const lacking = FEATURES.filter((name) => !rows.some(({ feature }) => feature === name));
      return lacking.length === 0
        ? holds("both features have models")
        : // As on a release that does not have them; nobody has anything to do.
          holds(`no model has the feature ${lacking.join(", ")}: the built-in table counts`);
    },
  },
];

/** What is asked before a move, about no device in particular. */
const DEFAULTS =
  "select first 1 d.tkmodel as tkmodel from device as d inner join defaults as f on f.tkmodel=d.tkmodel " +
  "and f.tkdeviceprotocol=d.tkdeviceprotocol where d.specialloadinformation is not null and f.loadinformation is not null";

async function answered(patient: Patient, statement: string) {
  const rows = await patient.sql(statement);
  return holds(rows.length === 0 ? "the statement is taken; it has no row" : "the statement is taken");
}

const NODES: readonly Check[] = [
  {
    assumption: "Control Center",
    where: "node",
    run: async (patient, node) => {
      const status = await patient.once(`status of ${node.name}`, () =>
        patient.of(node).controlCenter.status(TVS, patient.signal),
      );
      if (status === null) return deviates(`it does not know ${TVS}`);
      return holds(`it answers for itself: ${TVS} is ${status.status}`);
    },
  },
  {
    assumption: "TVS everywhere",
    where: "tvs",
    run: async (patient, node) => {
      const status = await patient.once(`status of ${node.name}`, () =>
        patient.of(node).controlCenter.status(TVS, patient.signal),
      );
      return status?.status === "Started"
        ? holds("it is Started")
        : unknown(`it is ${status?.status ?? "not known"}`);
    },
  },
  {
    assumption: "Log collection",
    where: "tvs",
    run: async (patient, node) =>
      holds(`the node lists ${(await patient.logs(node)).length} log files of TVS`),
  },
  {
    assumption: "Days of TVS's log",
    where: "tvs",
    run: async (patient, node) => {
      const files = await patient.logs(node);
      if (files.length === 0) return notTried("TVS has written no log file");
      const odd = files.find(({ modified }) => nodeTime(modified) === null);
      return odd === undefined
        ? holds("all files have a date that is understood")
        : deviates(`a file's date is ${JSON.stringify(odd.modified)}`);
    },
  },
];

const RIS: readonly Check[] = [
  {
    assumption: "RIS",
    where: "cluster",
    run: async (patient) => {
      const { names, phones, silent } = await patient.registrations();
      if (names.length === 0) return notTried("the database has no phone to ask about");
      if (silent.length > 0) return unknown(`${silent.join(", ")} did not answer`);
      return holds(`it answered for ${names.length} phones, of which ${phones.size} are known to it`);
    },
  },
  {
    assumption: "Phones by address",
    where: "cluster",
    run: async (patient) => {
      const found = await patient.foundByAddress();
      if (found === null) return notTried("no phone is registered here whose IPv4 address RIS tells");
      return found
        ? holds("asked for a phone's address, RIS answers with that phone")
        : deviates("asked for a phone's address, RIS does not answer with that phone");
    },
  },
  {
    assumption: "Web access",
    where: "cluster",
    run: async (patient) => {
      const found = await patient.phonePages();
      if (found === null) return notTried("no phone is registered here whose web access is on");
      return found.pages === null || found.pages === "not asked"
        ? unknown("RIS says that a phone's web access is on, and its web server does not answer from here")
        : holds("a phone's web server answers");
    },
  },
  {
    assumption: "Status page",
    where: "cluster",
    run: async (patient) => {
      const found = await patient.phonePages();
      if (found === null) return notTried("no phone is registered here whose web access is on");
      const { pages } = found;
      if (pages === null || pages === "not asked") return notTried("the phone's web server does not answer");
      return pages.trustMessage === undefined
        ? unknown("none of the paths has a message about a trust list")
        : holds("one of the paths has a message about a trust list");
    },
  },
];

export const SERVICES: readonly Check[] = [...AXL, ...NODES, ...RIS];
