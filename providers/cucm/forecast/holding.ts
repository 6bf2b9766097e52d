/**
 * What phones hold, as far as anybody can say who asks their cluster: the lists that TFTP serves for them, the
 * settings of their device, and who presumably issued their certificate. Never the phone's own word; see the evidence.
 */
import { type Evidence, evidenceOf } from "../../../trust/evidence";
import type {
  AssumedTrust,
  Cluster as ClusterOfForecast,
  Phone,
  PhoneCertificate,
  Served,
} from "../../../trust/forecast/situation";
import { isSettled, type ModelFacts, type PhoneModel, phoneModel } from "../../../trust/phone-model";
import type { TrustList } from "../../../trust/trust-list";
import type { PhoneDevice } from "../cluster/cluster";
import { isRegistered } from "../phones";
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
  /** By its name in the database. The same object for the same name: phones of one model share a prediction. */
  readonly modelOf: (name: string) => PhoneModel;
  readonly alternateTftp: ReadonlySet<string>;
  /** Why a phone may not show the LSC that is assumed. */
  readonly certificateDoubt: string | undefined;
  /** Of the phones on the cluster where they are. */
  readonly observed: Observed;
}

/** @param models what the user says of them */
export function modelsOf(models: ModelFacts): Told["modelOf"] {
  const known = new Map<string, PhoneModel>();
  return (name) => {
    const model = known.get(name) ?? phoneModel(name, { user: models });
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
      lsc: lscOf(mode, home, told),
      mic: null,
      evidence: evidence(name, device, home, { ctl, itl }, told.observed),
    },
  };
}

/** A secure phone shows a certificate now; that it is an LSC of the source's present CAPF is assumed. */
function lscOf(
  mode: Phone["mode"],
  home: Side,
  { source: { capf }, certificateDoubt }: Told,
): PhoneCertificate | null {
  if (capf === null) return null;
  const doubt =
    mode === "non-secure"
      ? `it has an LSC: its profile on "${home.name}" is non-secure, so it shows none there`
      : certificateDoubt;
  return { issuer: capf.subject, issuedBy: capf, ...(doubt !== undefined && { doubt }) };
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
  return evidenceOf({
    ...(isRegistered(report) && { registered: { secure, since: new Date(report.timestamp * 1000) } }),
    ...(made.length > 0 && { listsMadeAt: new Date(Math.max(...made)) }),
    ...observationsOf(observed, name, lists),
  });
}

/** Phones on the destination may have been enrolled there; it matters unless the source trusts that CAPF too. */
export function doubtAfterMove(
  home: Side,
  source: ClusterOfForecast,
  assumed: readonly AssumedTrust[],
): string | undefined {
  const { capf } = home;
  const trusted =
    capf !== null &&
    (source.callManagers.every((one) => one.callManagerTrust.some((c) => c.sha256 === capf.sha256)) ||
      assumed.some(
        (one) => one.certificate.sha256 === capf.sha256 && one.stores.includes("CallManager-trust"),
      ));
  return trusted ? undefined : `it still shows the LSC of the source, and none that "${home.name}" issued`;
}

const fileOf = (served: Served<TrustList>) => (served.kind === "file" ? served.file : null);
