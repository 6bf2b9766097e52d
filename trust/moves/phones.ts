/** Which phone a line of a console log is of, and which of its boots is the move. */
import { type Attempt, isTelling, newAttempt, noteIn } from "./attempt";
import type { PhoneLine } from "./phone-log";

/** Phones that are kept: the names are what the logs say. */
export const PHONES = 100_000;

export interface PhoneMoves {
  readonly device: string;
  /** The last boot that tells something of a move, or the last one at all. */
  readonly attempt: Attempt;
  /** Questions to TVS that it sent, in all its boots. */
  readonly questions: number;
}

interface Phone {
  current: Attempt;
  kept: Attempt | null;
  questions: number;
}

/** Lines of one phone within one file. */
interface Track {
  phone: Phone;
  device: string | null;
  /** Number of its last line. */
  number: number;
}

/** What all console logs say, by device. Files of one phone come oldest first. */
export class Phones {
  readonly #phones = new Map<string, Phone>();
  /** Lines that no device's name belongs to. */
  readonly #nameless: Attempt[] = [];
  #overflow = 0;

  /** @param device by the name of the file or of its folder, null when that tells none */
  file(device: string | null): PhoneFile {
    return new PhoneFile(
      device,
      (name) => this.#phone(name),
      (attempt) => {
        if (this.#nameless.length < NAMELESS) this.#nameless.push(attempt);
      },
    );
  }

  /** Sorted by device. */
  moves(): readonly PhoneMoves[] {
    return [...this.#phones]
      .map(([device, { current, kept, questions }]) => ({
        device,
        attempt: isTelling(current) ? current : (kept ?? current),
        questions,
      }))
      .sort((a, b) => (a.device < b.device ? -1 : 1));
  }

  /** Boots of which no line names the phone. */
  get nameless(): readonly Attempt[] {
    return this.#nameless;
  }

  /** Boots of phones that were one too many. */
  get overflow(): number {
    return this.#overflow;
  }

  #phone(name: string): Phone {
    const known = this.#phones.get(name);
    if (known !== undefined) return known;
    const phone: Phone = { current: newAttempt(name), kept: null, questions: 0 };
    if (this.#phones.size < PHONES) this.#phones.set(name, phone);
    else this.#overflow++;
    return phone;
  }
}

const NAMELESS = 100;
/** Phones that may write into one file without a syslog server that names them. */
const TRACKS = 100;

/** One file, which may hold the lines of several phones. */
export class PhoneFile {
  /** By writer; the one that wrote last comes last. */
  readonly #tracks = new Map<string | null, Track[]>();

  constructor(
    private readonly device: string | null,
    private readonly phone: (device: string) => Phone,
    private readonly nameless: (attempt: Attempt) => void,
  ) {}

  take(line: PhoneLine): void {
    const { mark } = line;
    const named = mark.kind === "asked" ? mark.device : null;
    const track = this.#trackOf(line, named);
    track.number = line.number;
    if (named !== null && track.device === null) this.#name(track, named);
    const { phone } = track;
    if (mark.kind === "asked" && mark.file === "ctl" && hasBegun(phone.current)) {
      if (isTelling(phone.current) || phone.kept === null) phone.kept = phone.current;
      phone.current = newAttempt(track.device);
    }
    if (mark.kind === "sent") {
      phone.questions++;
      if (phone.current.ctl.question.sent === undefined) phone.current.questions = phone.questions;
    }
    noteIn(phone.current, line);
  }

  /** A log that says nothing is still that of a phone, if its name tells. */
  end(): void {
    if (this.#tracks.size === 0 && this.device !== null) this.phone(this.device);
    for (const tracks of this.#tracks.values()) for (const track of tracks) this.#forget(track);
  }

  #trackOf({ number, writer }: PhoneLine, named: string | null): Track {
    const mine = this.#tracks.get(writer) ?? [];
    const track =
      mine.find(({ device }) => named !== null && device === named) ??
      nearest(named === null ? mine : mine.filter(({ device }) => device === null), number);
    if (track === undefined) return this.#open(mine, number, writer);
    if (track !== mine.at(-1)) mine.push(...mine.splice(mine.indexOf(track), 1));
    return track;
  }

  #open(mine: Track[], number: number, writer: string | null): Track {
    const isFirst = this.#tracks.size === 0;
    const device = isFirst ? this.device : writer !== null && NAME.test(writer) ? writer : null;
    const phone =
      device === null ? { current: newAttempt(null), kept: null, questions: 0 } : this.phone(device);
    const track: Track = { phone, device, number };
    mine.push(track);
    if (mine.length > TRACKS) this.#forget(mine.shift()!);
    if (this.#tracks.size < PHONES) this.#tracks.set(writer, mine);
    return track;
  }

  #forget({ device, phone }: Track): void {
    if (device === null && hasBegun(phone.current)) this.nameless(phone.current);
  }

  /** What it said before it was known goes to the phone. */
  #name(track: Track, device: string): void {
    const phone = this.phone(device);
    const { current, questions } = track.phone;
    if (hasBegun(current)) {
      if (hasBegun(phone.current) && (isTelling(phone.current) || phone.kept === null))
        phone.kept = phone.current;
      phone.current = { ...current, device, questions: phone.questions + current.questions };
      phone.questions += questions;
    }
    track.phone = phone;
    track.device = device;
  }
}

const NAME = /^SEP[0-9A-F]{12}$/;

const hasBegun = ({ ctl, itl }: Attempt) =>
  Object.keys(ctl).length > 1 ||
  Object.keys(ctl.question).length > 0 ||
  Object.keys(itl).length > 1 ||
  Object.keys(itl.question).length > 0;

/** As many numbers must another phone's be nearer, at least. */
const NOT_THE_LAST = 64;

/**
 * Phones number their lines, each for itself. A line is of the phone whose last number is the nearest; of the one that
 * wrote last unless another one's is much nearer.
 */
function nearest(tracks: readonly Track[], number: number): Track | undefined {
  const last = tracks.at(-1);
  if (last !== undefined && Math.abs(number - last.number) < NOT_THE_LAST) return last;
  let best: Track | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const [i, track] of tracks.entries()) {
    const distance = Math.abs(number - track.number);
    const cost = i === tracks.length - 1 ? distance : distance * 4 + NOT_THE_LAST;
    if (cost < least) [best, least] = [track, cost];
  }
  return best;
}
