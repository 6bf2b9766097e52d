/** Assumptions that are settings: each deviation comes with what to set. */
import { ClusterError, TRUST_STORES } from "../../cluster/cluster";
import { REST_SINCE } from "../../cluster/node-certificates";
import { type AxlRow, aboutPhones } from "../../cluster/transports/axl";
import { shownWith } from "../../cluster/transports/certificate-snapshot";
import { type Check, deviates, holds, notTried, type Result, spelling, TO_FIND, webForms } from "../check";
import { type Patient, reasonOf } from "../patient";
import { onForms } from "./ways";

/** Parameters that could be the rollback parameter, under whatever name. */
const LOOK_ALIKES =
  "select paramname,paramvalue from processconfig where lower(paramname) like '%rollback%' " +
  "or lower(paramname) like '%grayback%' or lower(paramname) like '%pre8%' or lower(paramname) like '%pre80%'";

const rollback = (patient: Patient) =>
  patient.once("rollback", async () => {
    const { rollbackParameter } = patient.config.spellings;
    const found = await patient.axl.parameters([rollbackParameter], patient.signal);
    return found.get(rollbackParameter);
  });

async function rollbackParameter(patient: Patient): Promise<Result> {
  const { rollbackParameter: name } = patient.config.spellings;
  if ((await rollback(patient)) !== undefined) return holds(`processconfig has ${name}`);
  const alike = [...new Set((await patient.sql(LOOK_ALIKES)).map(({ paramname = "" }) => paramname))];
  const none = `processconfig has no ${name}`;
  if (alike.length === 0) return deviates(`${none}, and nothing that looks alike`);
  return deviates(`${none}, but ${alike.join(", ")}`, spelling("rollback_parameter", alike[0]!));
}

async function rollbackValues(patient: Patient): Promise<Result> {
  const { rollbackTrue, rollbackFalse } = patient.config.spellings;
  const value = await rollback(patient);
  if (value === undefined) return notTried("there is no parameter to look at, see Rollback parameter");
  const means = (spellings: readonly string[]) =>
    spellings.some((one) => one.toLowerCase() === value.toLowerCase());
  if (means(rollbackTrue)) return holds(`its value ${JSON.stringify(value)} means True`);
  if (means(rollbackFalse)) return holds(`its value ${JSON.stringify(value)} means False`);
  return deviates(
    `its value is ${JSON.stringify(value)}: look in CM Administration whether it means False, or (rollback_true) True`,
    spelling("rollback_false", [...rollbackFalse, value]),
  );
}

const ITL_COLUMNS =
  "select t.tabname as tabname,c.colname as colname from systables t " +
  "inner join syscolumns c on c.tabid=t.tabid where lower(c.colname) like '%itl%'";
/** A title and a wait limit have the letters, too. */
const ITL = /(?:^|_)(?:tk)?itl/i;
/** Tables with a column that leads to a device. */
const OF_DEVICES =
  "select t.tabname as tabname from systables t inner join syscolumns c on c.tabid=t.tabid " +
  "where lower(c.colname)='fkdevice'";

async function itlStatus(patient: Patient): Promise<Result> {
  const { itlStatusQuery: query } = patient.config.spellings;
  if (query !== null) {
    const [statement = ""] = aboutPhones(query, ["SEP000000000000"]);
    try {
      await patient.sql(statement);
      return holds("itl_status_query is answered; what its values mean only phones show");
    } catch (error) {
      if (!(error instanceof ClusterError && error.kind === "refused")) throw error;
      return deviates(`itl_status_query is refused: ${reasonOf(error)}`);
    }
  }
  const columns = await patient.sql(ITL_COLUMNS).catch((error: unknown) => {
    if (error instanceof ClusterError && error.kind === "refused") return null;
    throw error;
  });
  if (columns === null) return notTried("this release answers no question about its own tables");
  const found = columns.filter(({ colname = "" }) => ITL.test(colname));
  const places = found.map(({ tabname = "", colname = "" }) => `${tabname}.${colname}`).sort();
  if (places.length === 0) return holds("no column of the database has ITL in its name");
  const own = found.find(({ tabname }) => tabname === "device") ?? (await ofDevices(patient, found))[0];
  // The provider asks about devices; what nothing leads to from one is nobody's to set.
  if (own === undefined)
    return holds(`only ${places.join(", ")} has ITL in its name, and belongs to no device`);
  const { tabname: table = "", colname: column = "" } = own;
  const select =
    table === "device"
      ? `select name,${column} as status from device where name in ({phones})`
      : `select d.name as name,r.${column} as status from ${table} r inner join device d on r.fkdevice=d.pkid where d.name in ({phones})`;
  return deviates(
    `the database has ${places.join(", ")}; set with it itl_status_current and itl_status_other, by the values of phones that are known to have the ITL and not to have it`,
    spelling("itl_status_query", select),
  );
}

async function ofDevices(patient: Patient, found: readonly AxlRow[]): Promise<readonly AxlRow[]> {
  const tables = (await patient.sql(OF_DEVICES)).map(({ tabname }) => tabname);
  return found.filter(({ tabname }) => tables.includes(tabname));
}

/** What a node lists need not be what an import takes: only that a store is there at all can be told. */
const restService: Check = {
  assumption: "REST service",
  where: "publisher",
  async run(patient, node) {
    if ((await patient.major()) < REST_SINCE) return notTried("releases before 14 have no REST interface");
    const { services } = await patient.snapshot(node);
    const { restService } = patient.config.spellings;
    const lacking = TRUST_STORES.filter(
      (store) => !services.some((one) => shownWith(one, store, restService)),
    );
    const listed = `the node lists ${services.join(", ")}`;
    if (lacking.length === 0) return notTried(`only an import shows what it takes; ${listed}`);
    return deviates(
      `${listed}, and none of them is ${lacking.join(", ")}`,
      spelling("rest_service", Object.fromEntries(lacking.map((store) => [store, TO_FIND]))),
    );
  },
};

const trustListPage: Check = {
  assumption: "Trust-list page",
  where: "cluster",
  async run(patient) {
    const found = await patient.phonePages();
    if (found === null) return notTried("no phone is registered here whose web access is on");
    const { pages } = found;
    if (pages === null || pages === "not asked") return notTried("the phone's web server does not answer");
    if (pages.checksums !== undefined) return holds("one of the paths shows checksums");
    return deviates(
      "no path shows a checksum: open the phone's page in a browser and take the path from there",
      spelling("trust_list_pages", [`/${TO_FIND}`]),
    );
  },
};

const quotedAll = (texts: readonly string[]) =>
  texts
    .slice(0, 20)
    .map((text) => JSON.stringify(text.slice(0, 40)))
    .join(", ") || "none";

const WEB: readonly Check[] = [
  {
    assumption: "Web forms: paths",
    where: "publisher",
    run: (patient, node) =>
      onForms(patient, async () => {
        const { listed } = await patient.web(node);
        return listed > 0
          ? holds(`login, list (${listed} certificates) and upload form are there`)
          : deviates("the list has no certificate", webForms({ list_path: `/cmplatform/${TO_FIND}` }));
      }),
  },
  {
    assumption: "Web forms: upload",
    where: "publisher",
    run: (patient, node) =>
      onForms(patient, async () => {
        const { upload } = await patient.web(node);
        if (!upload.found)
          return deviates(
            `no form has both fields; the page has ${quotedAll(upload.fields)}`,
            webForms({ store_field: TO_FIND, file_field: TO_FIND }),
          );
        const lacking = TRUST_STORES.filter(
          (store) => !upload.stores.some((one) => one.toLowerCase() === store.toLowerCase()),
        );
        return lacking.length === 0
          ? holds("the form has both fields, and offers all three stores")
          : deviates(`the form offers ${quotedAll(upload.stores)}, and not ${lacking.join(", ")}`);
      }),
  },
  {
    assumption: "Web forms: a certificate's page",
    where: "publisher",
    run: (patient, node) =>
      onForms(patient, async () => {
        const { page } = await patient.web(node);
        if (page === null) return notTried("no trust certificate is listed");
        const { deleteButton, downloadButton } = patient.config.spellings.webForms;
        const lacks = [
          ...(page.deletes ? [] : [`"${deleteButton}"`]),
          ...(page.shows ? [] : [`"${downloadButton}"`]),
        ];
        if (lacks.length === 0) return holds("the page shows its certificate and can delete it");
        return deviates(
          `it has no single link or button ${lacks.join(" and ")} that works without scripts; it has ${quotedAll(page.links)}`,
          webForms({
            ...(page.deletes ? {} : { delete_button: nameLike(page.links, /delete|remove/i) }),
            ...(page.shows ? {} : { download_button: nameLike(page.links, /pem|download/i) }),
          }),
        );
      }),
  },
];

const nameLike = (links: readonly string[], pattern: RegExp) =>
  links.find((link) => pattern.test(link)) ?? TO_FIND;

export const SPELLINGS: readonly Check[] = [
  { assumption: "Rollback parameter", where: "cluster", run: rollbackParameter },
  { assumption: "Rollback values", where: "cluster", run: rollbackValues },
  { assumption: "ITL status", where: "cluster", run: itlStatus },
  restService,
  trustListPage,
  ...WEB,
];
