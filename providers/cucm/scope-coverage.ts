/**
 * Whether waves and their scopes fit each other. A scope moves everything in it as soon as it reboots, listed or not;
 * and a phone outside the scopes of its wave does not move.
 */
import { type AddressRange, addressesOf, addressRange, isWithin, sizeOf } from "./address-range";
import {
  type Cluster,
  ClusterError,
  isUnreachable,
  type Operation,
  type PhoneRegistration,
  type Registrations,
} from "./cluster/cluster";
import { SharedQuestions } from "./cluster/shared-questions";
import { isRegistered } from "./phones";

/** Addresses that RIS is asked about: five questions, and it allows 15 a minute by default. */
export const MOST_ADDRESSES = 4500;

export const KINDS = [
  "in no wave",
  "in another wave",
  "outside its scopes",
  "not looked at",
  "not read",
] as const;

export interface CoverageFinding {
  readonly kind: (typeof KINDS)[number];
  /** The wave on the destination that it is about; null for all of them. */
  readonly wave: string | null;
  readonly scope: string | null;
  readonly phone: string | null;
  readonly address: string | null;
  /** What it means and what to do. */
  readonly advice: string;
}

export interface CoverageScope {
  readonly name: string;
  readonly subnet: string | null;
  readonly pool: string | null;
  readonly shared_network: string | null;
}

export interface CoverageWave {
  readonly name: string;
  readonly registered_on: "source" | "destination";
  readonly phones: readonly string[];
  /** Phones of the wave with an option 150 of their own, whatever serves the others. */
  readonly pilots: readonly string[] | null;
  /** Those with an option 150 of their own while the wave is where it is. */
  readonly scopes: readonly CoverageScope[];
}

interface Place {
  readonly wave: CoverageWave;
  readonly scope: CoverageScope;
  readonly range: AddressRange;
}
/** Of which nobody can tell from here which addresses are in it. */
type Unbounded = Omit<Place, "range">;
type Reports = ReadonlyMap<string, PhoneRegistration>;

/**
 * @param waves in the order of moving
 * @returns sorted, without times
 */
export async function scopeCoverage(
  cluster: Cluster,
  waves: readonly CoverageWave[],
  op: Operation,
): Promise<readonly CoverageFinding[]> {
  const forward = waves.filter(movesAlready);
  const { places, unbounded } = placesOf(waves);
  const { looked, left } = withinBudget(places.filter(({ wave }) => movesAlready(wave)));
  const findings = [...unbounded.filter(({ wave }) => movesAlready(wave)), ...left].map(notLookedAt);
  try {
    const { reports, silent } = await whereabouts(cluster, forward, looked, op);
    findings.push(
      ...strangers(waves, places, reports),
      ...forward
        .filter((wave) => !unbounded.some((one) => one.wave === wave))
        .flatMap((wave) => outsiders(wave, places, reports)),
      ...silent.map((node) =>
        notRead(`Node ${node} did not answer RIS: phones that are registered there are not in this.`),
      ),
    );
  } catch (error) {
    if (!isNoAnswer(error)) throw error;
    findings.push(notRead(`${error.summary}. Which phones are in the scopes is not known.`));
  }
  return findings.sort(inOrder);
}

/**
 * Also that RIS refuses such a question, since it is asked whether anybody wants it or not: an error would fail the plan
 * of waves that go back. What stops every question is for the user to mend.
 */
const isNoAnswer = (error: unknown): error is ClusterError =>
  isUnreachable(error) ||
  (error instanceof ClusterError && ["refused", "answer", "broken off"].includes(error.kind));

const movesAlready = ({ registered_on }: CoverageWave) => registered_on === "destination";

/** The narrowest first: what a pool answers beats its subnet. */
function placesOf(waves: readonly CoverageWave[]) {
  const places: Place[] = [];
  const unbounded: Unbounded[] = [];
  for (const wave of waves)
    for (const scope of wave.scopes) {
      const text = scope.pool ?? scope.subnet;
      const range = text === null ? null : addressRange(text);
      if (range === null) unbounded.push({ wave, scope });
      else places.push({ wave, scope, range });
    }
  // Equal ones stay in the order of the waves.
  return { places: places.sort((a, b) => sizeOf(a.range) - sizeOf(b.range)), unbounded };
}

/** Waves that are declared last come first: those before them have moved, most likely. */
function withinBudget(places: readonly Place[]): { readonly looked: Place[]; readonly left: Place[] } {
  const waves = [...new Set(places.map(({ wave }) => wave))];
  const looked: Place[] = [];
  const left: Place[] = [];
  let room = MOST_ADDRESSES;
  for (const place of waves.reverse().flatMap((wave) => places.filter((one) => one.wave === wave))) {
    const size = sizeOf(place.range);
    if (size > room) left.push(place);
    else {
      room -= size;
      looked.push(place);
    }
  }
  return { looked, left };
}

const NOBODY: Registrations = { phones: new Map(), silent: [] };

/** The newest report of each phone that is in one of the scopes, or in a wave and not where it should be. */
async function whereabouts(
  cluster: Cluster,
  waves: readonly CoverageWave[],
  looked: readonly Place[],
  op: Operation,
): Promise<{ readonly reports: Reports; readonly silent: readonly string[] }> {
  const questions = SharedQuestions.of(cluster);
  const addresses = [...new Set(looked.flatMap(({ range }) => addressesOf(range)))];
  const found = addresses.length === 0 ? NOBODY : await questions.registrationsAt(addresses, op);
  const expected = new Map(waves.flatMap((wave) => wave.phones.map((name) => [name, wave] as const)));
  const registered = [...found.phones.values()].filter(isRegistered);
  const placed = registered.filter(({ name, address }) =>
    looked.some(({ wave, range }) => wave === expected.get(name) && isWithin(address ?? "", range)),
  );
  const reports = new Map(placed.map((report) => [report.name, report]));
  // By address an old report is found, too. A phone that is where it should be needs no second question.
  const doubtful = [...expected.keys(), ...registered.map(({ name }) => name)].filter(
    (name) => !reports.has(name),
  );
  const newest = await questions.registrations(doubtful, op);
  for (const [name, report] of newest.phones) if (isRegistered(report)) reports.set(name, report);
  return { reports, silent: [...new Set([...found.silent, ...newest.silent])].sort() };
}

/** Phones that a scope on the destination serves, and no wave on the destination has. */
function strangers(
  waves: readonly CoverageWave[],
  places: readonly Place[],
  reports: Reports,
): CoverageFinding[] {
  const wanted = new Set(waves.flatMap((wave) => (movesAlready(wave) ? wave.phones : [])));
  for (const pilot of waves.flatMap(({ pilots }) => pilots ?? [])) wanted.add(pilot);
  const waiting = new Map(
    waves
      .filter((wave) => !movesAlready(wave))
      .flatMap(({ name, phones }) => phones.map((phone) => [phone, name] as const)),
  );
  return [...reports.values()].flatMap(({ name: phone, address }) => {
    const place = places.find(({ range }) => isWithin(address ?? "", range));
    if (wanted.has(phone) || place === undefined || !movesAlready(place.wave)) return [];
    const other = waiting.get(phone);
    const [scope, wave] = [place.scope.name, place.wave.name];
    const where = other === undefined ? "No wave here has it" : `Its wave "${other}" is on the source`;
    const mend = other === undefined ? "" : `move wave "${other}" first, `;
    const advice = `${where}, and it moves with scope "${scope}" as soon as it reboots: ${mend}put it into the list of wave "${wave}", or into another subnet.`;
    const kind = other === undefined ? "in no wave" : "in another wave";
    return [{ kind, wave, scope, phone, address, advice } satisfies CoverageFinding];
  });
}

/** Phones of the wave that are registered on the source where nothing moves them with it. */
function outsiders(wave: CoverageWave, places: readonly Place[], reports: Reports): CoverageFinding[] {
  return wave.phones.flatMap((phone): CoverageFinding[] => {
    const report = reports.get(phone);
    if (report === undefined) return [];
    const { address } = report;
    const about = { wave: wave.name, scope: null, phone, address };
    if (address === null)
      return [{ ...about, kind: "not read", advice: "It is registered, and RIS tells no address of it." }];
    const around = places.filter(({ range }) => isWithin(address, range));
    if (around.some((place) => place.wave === wave) && movesAlready(around[0]!.wave)) return [];
    const advice = `It does not move with wave "${wave.name}": add the scope that it is in to the wave, or take it out of the list.`;
    return [{ ...about, kind: "outside its scopes", advice }];
  });
}

function notLookedAt(place: Place | Unbounded): CoverageFinding {
  const { wave, scope } = place;
  const why =
    "range" in place
      ? `With its ${sizeOf(place.range)} addresses there are more than ${MOST_ADDRESSES}, and RIS is asked about no more in one plan`
      : scope.shared_network === null
        ? "The options of a whole server are for any address"
        : `Which addresses are in shared network ${scope.shared_network} is not known here`;
  return {
    kind: "not looked at",
    wave: wave.name,
    scope: scope.name,
    phone: null,
    address: null,
    advice: `${why}: phones in it that are in no wave are not found. Compare its leases with the list.`,
  };
}

const notRead = (advice: string): CoverageFinding => ({
  kind: "not read",
  wave: null,
  scope: null,
  phone: null,
  address: null,
  advice,
});

function inOrder(a: CoverageFinding, b: CoverageFinding): number {
  const key = ({ kind, wave, scope, phone, advice }: CoverageFinding) =>
    [KINDS.indexOf(kind), wave ?? "", scope ?? "", phone ?? "", advice].join("\n");
  return key(a) < key(b) ? -1 : 1;
}
