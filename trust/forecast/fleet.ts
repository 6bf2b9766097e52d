import type { TrustList } from "../trust-list";
import {
  type Forecast,
  type ForecastOptions,
  type Outcome,
  type Prediction,
  predict,
  predictReturn,
} from "./forecast";
import type { Device, Ends, Phone, PhoneCertificate } from "./situation";

/**
 * Forecasts of many phones. Phones that hold the same and are meant for the same share one prediction, so a fleet
 * costs as much as its different kinds of phones: share trust lists between phones, never parse one twice.
 */
export function* forecastFleet(
  phones: Iterable<Phone>,
  ends: Ends,
  options: ForecastOptions & { readonly direction?: "there" | "back" } = {},
): Generator<Forecast> {
  const ask = options.direction === "back" ? predictReturn : predict;
  const kinds = new Kinds(ends);
  const known = new Map<string, Prediction>();
  for (const phone of phones) {
    const kind = kinds.of(phone);
    const prediction = known.get(kind) ?? ask(phone, ends, options);
    known.set(kind, prediction);
    yield new Row(phone, prediction);
  }
}

export type Counts = { readonly [outcome in Outcome]: number };

export function countOutcomes(forecasts: Iterable<Pick<Forecast, "outcome">>): Counts {
  const counts = { registers: 0, follows: 0, "locked out": 0, uncertain: 0 };
  for (const { outcome } of forecasts) counts[outcome]++;
  return counts;
}

/** A forecast of two references: a million of them fit into memory. */
class Row implements Forecast {
  constructor(
    private readonly of: Phone,
    private readonly prediction: Prediction,
  ) {}
  get phone() {
    return this.of.name;
  }
  get evidence() {
    return this.of.evidence;
  }
  get outcome() {
    return this.prediction.outcome;
  }
  get expected() {
    return this.prediction.expected;
  }
  get reason() {
    return this.prediction.reason;
  }
  get hangsOn() {
    return this.prediction.hangsOn;
  }
  get nodes() {
    return this.prediction.nodes;
  }
  get nodesDiffer() {
    return this.prediction.nodesDiffer;
  }
  get notes() {
    return this.prediction.notes;
  }
  /** As an object of its own properties: JSON does not see getters. */
  toJSON(): Forecast {
    return { ...this.prediction, phone: this.phone, evidence: this.evidence };
  }
}

/** Texts that are equal exactly for phones of which nothing that a prediction looks at differs. */
class Kinds {
  private readonly numbers = new Map<object, number>();

  constructor(private readonly ends: Ends) {}

  of(phone: Phone): string {
    const { ctl, itl, tvs, callManagers, mode, alternateTftp, asksForEncrypted, lsc, mic, model, name } =
      phone;
    return [
      this.list(ctl),
      this.list(itl),
      tvs.join(),
      callManagers.join(),
      mode,
      alternateTftp,
      asksForEncrypted,
      shown(lsc),
      shown(mic),
      this.number(model.capabilities),
      model.name,
      device(this.ends.to.devices.get(name)),
      device(this.ends.from.devices.get(name)),
    ].join("|");
  }

  private list(list: TrustList | null): number {
    return list === null ? 0 : this.number(list);
  }
  private number(object: object): number {
    const known = this.numbers.get(object);
    if (known !== undefined) return known;
    const number = this.numbers.size + 1;
    this.numbers.set(object, number);
    return number;
  }
}

function shown(certificate: PhoneCertificate | null): string {
  return certificate === null ? "" : `${certificate.issuer} ${certificate.issuedBy?.sha256 ?? ""}`;
}

function device(one: Device | undefined): string {
  if (one === undefined) return "";
  return `${one.mode} ${one.encryptedConfig} ${one.enrolment ?? ""} ${one.callManagers.join()}`;
}
