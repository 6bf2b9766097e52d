/**
 * Phones that cannot follow, whatever they hold, and whether a wave may have so many. It is told by the forecast and
 * not asked by what moves, because the forecast has read both clusters already: it costs no request (RIS allows 15 a
 * minute), waits for no resource, and is known before option 150 switches.
 */
import { attr } from "../../framework/schema/attribute";
import { allowedFailures, type FailureLimits, failureLimits } from "../failure-limits";
import { mayReboot } from "../move";
import { type Failure, failuresOn, hasFollowed, type Located } from "../phones";

export interface CannotFollow {
  /** Sorted by name. */
  readonly phones: readonly Failure[];
  /** Phones of which it could not be read. */
  readonly doubtful: number;
  /** Of the phones those that RIS knows no more, where some are on the destination and the others off: it has moved. */
  readonly forgotten: number;
}

export const ALL_CAN_FOLLOW: CannotFollow = { phones: [], doubtful: 0, forgotten: 0 };

/** @param known devices in the database of the destination; null: not read */
export function cannotFollow(places: readonly Located[], known: ReadonlySet<string> | null): CannotFollow {
  const away = places.filter(({ side }) => side !== "destination");
  const missing = away.filter(({ name }) => known?.has(name) === false);
  const others = away.filter((place) => !missing.includes(place) && !hasFollowed(place));
  const lost = others.filter((place) => place.side === null && !isUnseen(place) && !mayReboot(place));
  const doubtful = others.filter(
    (place) => !lost.includes(place) && (known === null || isUnseen(place)),
  ).length;
  const phones = [
    ...missing.map(({ name }) => ({ name, reason: "the database of the destination does not have it" })),
    ...failuresOn("destination", lost),
  ];
  const moved = away.length < places.length && away.every((p) => p.side === null && !isUnseen(p));
  const forgotten = moved
    ? lost.filter(({ reports: { source, destination } }) => !source && !destination)
    : [];
  return {
    phones: phones.sort((a, b) => (a.name < b.name ? -1 : 1)),
    doubtful,
    forgotten: forgotten.length,
  };
}

const isUnseen = ({ unseenBy }: Located) => unseenBy.length > 0;

/** How many of so many phones may be unable to follow. */
export const allowedOf = (limits: FailureLimits | null, phones: number): number =>
  limits === null ? 0 : allowedFailures(limits, phones);

/** null: it hangs on what could not be read. */
export function isWithin({ phones, doubtful }: CannotFollow, allowed: number): boolean | null {
  if (phones.length > allowed) return false;
  return phones.length + doubtful > allowed ? null : true;
}

/** Rows of `cannot_follow`: states stay small. */
const LISTED = 200;

export const limitsOfForecast = attr.object(failureLimits, {
  optional: true,
  description:
    "How many of `phones` may be unable to follow: what `limits` of the wave's `cucm_phone_registration` say. Default: none.",
});

export const cannotFollowAttributes = {
  cannot_follow: attr.listOf(
    {
      name: attr.string({ computed: true, description: "Device name." }),
      reason: attr.string({ computed: true, description: "Why it cannot." }),
    },
    {
      computed: true,
      description: `Phones that cannot follow, whatever they hold, by name; not more than ${LISTED}. The destination does not have the device, or it is registered nowhere and was not seen there last, or was rejected there. They cannot be reset, and count as failed.`,
    },
  ),
  within_limits: attr.bool({
    computed: true,
    nullable: true,
    description:
      'Whether they are no more than `limits` allow; null when that hangs on what could not be read. `true` for `to = "source"`.',
  }),
} as const;

export const listedCannotFollow = ({ phones }: CannotFollow) => phones.slice(0, LISTED);
