/**
 * What phones hold, as far as anybody can say who asks their cluster: the lists that TFTP serves for them, the
 * settings of their device, and who presumably issued their certificate. Never the phone's own word; see the evidence.
 */
import { type Evidence, evidenceOf } from "../../../trust/evidence";
import type { Phone, Served } from "../../../trust/forecast/situation";
import { isSettled, type ModelFacts, type PhoneModel, phoneModel } from "../../../trust/phone-model";
import type { TrustList } from "../../../trust/trust-list";
import type { PhoneDevice } from "../cluster/cluster";
import { isRegistered } from "../phones";
import type { FeatureList } from "./feature-list";
import { type FormerCapf, lscOf } from "./lsc";
import { type Observed, observationsOf } from "./observe";
import type { Side } from "./read-side";
import type { ServedLists } from "./served-files";

/** A phone that is assumed to hold these lists, or why nothing is known of it. */
export type Holding =
  | { readonly kind: "phone"; readonly phone: Phone }
  | { readonly kind: "not known"; readonly why: string };

export interface Told {
  /** Of the source: its CAPF issued the LSCs that phones had before they moved. */
  readonly source: Side;
  readonly formerCapf: FormerCapf;
  /** By its name in the database. The same object for the same name: phones of one model share a prediction. */
  readonly modelOf: (name: string) => PhoneModel;
  readonly alternateTftp: ReadonlySet<string>;
  readonly formerCapfInUse: boolean | null;
  /** Of the phones on the cluster where they are. */
  readonly observed: Observed;
}

/**
 * @param user what the user says of models
 * @param listed what a cluster's feature list says of one; null: it was to be read, and could not be
 */
export function modelsOf(user: ModelFacts, listed: FeatureList | null | undefined): Told["modelOf"] {
  const known = new Map<string, PhoneModel>();
  return (name) => {
    const featureList = listed ? { [name]: listed(name) } : listed;
    const model = known.get(name) ?? phoneModel(name, { user, featureList });
    known.set(name, model);
    return model;
  };
}

export function holdingOf(name: string, lists: ServedLists | undefined, home: Side, told: Told): Holding {
  const device = home.devices.get(name);
  const known = (why: string): Holding => ({ kind: "not known", why });
  if (device === undefined)
    return known(`the database of "${home.name}" does not have it, so what it holds is not known`);
  if (device.mode === null || device.callManagers === null)
    return known(`its security profile or CallManager group on "${home.name}" could not be read`);
  if (lists === undefined)
    return known(`no TFTP node of "${home.name}" answered for its lists, so what it holds is not known`);
  const malformed = [lists.ctl, lists.itl].find((one) => one.kind === "malformed");
  if (malformed !== undefined)
    return known(`"${home.name}" serves a broken list for it, so what it holds is not known`);
  const mode = home.mixedMode ? device.mode : "non-secure";
  if (mode !== "non-secure" && told.source.capf === null)
    return known("the CAPF certificate that issued its LSC could not be read");
  const ctl = fileOf(lists.ctl);
  const model = told.modelOf(device.model);
  const { securityByDefault } = model.capabilities;
  // Such a model never asked for one.
  const itl = isSettled(securityByDefault) && !securityByDefault.value ? null : fileOf(lists.itl);
  return {
    kind: "phone",
    phone: {
      name,
      model,
      ctl,
      itl,
      tvs: device.callManagers,
      callManagers: device.callManagers,
      mode,
      alternateTftp: told.alternateTftp.has(name),
      asksForEncrypted: device.encryptedConfig,
      lsc: lscOf({ ...told, name, mode, home }),
      mic: null,
      evidence: evidence(name, device, home, { ctl, itl }, told.observed),
    },
  };
}

function evidence(
  name: string,
  device: PhoneDevice,
  { registrations, mixedMode }: Side,
  lists: { readonly ctl: TrustList | null; readonly itl: TrustList | null },
  observed: Observed,
): Evidence {
  const report = registrations.phones.get(name);
  const secure = mixedMode && device.mode !== "non-secure";
  const made = [lists.ctl, lists.itl].flatMap((list) => list?.timestamp?.getTime() ?? []);
  const { webStatus, itlStatus, ...seen } = observationsOf(observed, name, lists);
  return evidenceOf({
    ...(isRegistered(report) && { registered: { secure, since: new Date(report.timestamp * 1000) } }),
    ...(made.length > 0 && { listsMadeAt: new Date(Math.max(...made)) }),
    ...seen,
    // Of lists that it is not assumed to hold they say nothing.
    ...(webStatus !== undefined && (lists.ctl ?? lists.itl) !== null && { webStatus }),
    ...(itlStatus !== undefined && lists.itl !== null && { itlStatus }),
  });
}

const fileOf = (served: Served<TrustList>) => (served.kind === "file" ? served.file : null);
