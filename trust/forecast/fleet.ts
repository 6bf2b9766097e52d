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
  const known = new Map<number, Prediction>();
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
  get restsOn() {
    return this.prediction.restsOn;
  }
  get notes() {
    return this.prediction.notes;
  }
  /** As an object of its own properties: JSON does not see getters. */
  toJSON(): Forecast {
    return { ...this.prediction, phone: this.phone, evidence: this.evidence };
  }
}

/**
 * Numbers that are equal exactly for phones of which nothing that a prediction looks at differs. What phones share
 * as one object is known again by that object, anything else by what is in it.
 */
class Kinds {
  private readonly objects = new WeakMap<object, number>();
  private readonly texts = new Map<string, number>();
  private readonly pairs = new Map<number, number>();
  private last = 0;

  constructor(private readonly ends: Ends) {}

  of(phone: Phone): number {
    const { model, tvs, callManagers, lsc, mic, name, mode, alternateTftp, asksForEncrypted } = phone;
    const { from, to } = this.ends;
    let kind = this.pair(this.itself(phone.ctl), this.itself(phone.itl));
    kind = this.pair(kind, this.itself(model.capabilities));
    kind = this.pair(kind, this.text(model.name));
    kind = this.pair(kind, this.content(tvs, addresses));
    kind = this.pair(kind, this.content(callManagers, addresses));
    kind = this.pair(kind, lsc === null ? 0 : this.text(shown(lsc)));
    kind = this.pair(kind, mic === null ? 0 : this.text(shown(mic)));
    kind = this.pair(kind, this.content(to.devices.get(name) ?? null, device));
    kind = this.pair(kind, this.content(from.devices.get(name) ?? null, device));
    return this.pair(kind, FLAGS[mode] + (alternateTftp ? 1 : 0) + (asksForEncrypted ? 2 : 0));
  }

  /** Only the very same object is the same. */
  private itself(object: object | null): number {
    return object === null ? 0 : (this.objects.get(object) ?? this.remember(object, ++this.last));
  }
  private content<T extends object>(object: T | null, words: (object: T) => string): number {
    if (object === null) return 0;
    return this.objects.get(object) ?? this.remember(object, this.text(words(object)));
  }
  private remember(object: object, number: number): number {
    this.objects.set(object, number);
    return number;
  }
  private text(words: string): number {
    const known = this.texts.get(words) ?? ++this.last;
    this.texts.set(words, known);
    return known;
  }
  private pair(a: number, b: number): number {
    const both = a * PAIR + b;
    const known = this.pairs.get(both);
    if (known !== undefined) return known;
    this.pairs.set(both, ++this.last);
    return this.last;
  }
}

/** Two numbers below it make one that is still exact. */
const PAIR = 2 ** 26;
const FLAGS = { "non-secure": 4, authenticated: 8, encrypted: 12 } as const;

const addresses = (all: readonly string[]) => `addresses ${all.join()}`;
const shown = ({ issuer, issuedBy, orIssuedBy = [], doubt }: PhoneCertificate) =>
  `certificate ${issuer} ${issuedBy?.sha256 ?? ""} ${orIssuedBy.map(({ sha256 }) => sha256)} ${doubt ?? ""}`;
const device = ({ mode, encryptedConfig, publicKey, enrolment, callManagers }: Device) =>
  `device ${mode} ${encryptedConfig} ${publicKey} ${enrolment ?? ""} ${callManagers.join()}`;
