// Time zones, as the browser knows them: which offset clocks have at a moment, and at which moment they show a time.

import { InvalidField } from "../errors.ts";
import { isPrintable } from "../text/texts.ts";
import { ordinalOfDate } from "./calendar.ts";
import { checkMoment, compareMoments, DAY, inUnits, momentOf, offsetText, readOffset, SECOND, type Moment, type Shown } from "./moments.ts";

/** An IANA name, `Europe/Berlin`, or the offset of a clock that is never changed, `+02:00`. */
export type Zone = string;

/** What a clock says that somebody goes by: a moment in ISO 8601, and the zone in which they are. */
export interface Now {
  readonly at: string;
  readonly zone: Zone;
}

/** Now as a clock showed it that is never changed. Throws `InvalidField` for what is no moment. */
export const nowOf = (at: string): Now => ({ at, zone: offsetText(checkMoment("now", at).offset) });

const LONGEST_NAME = 64;
const EPOCH = ordinalOfDate(1970, 1, 1);
const FIRST = momentOf({ day: "0001-01-01", time: 0 }, 0);
const LAST = momentOf({ day: "9999-12-31", time: DAY - 1 }, 0);
/** No zone had another time than that of its place before; and calendars were others. */
const STANDARD_SINCE = Date.UTC(1800, 0, 1);

type Clock = (milliseconds: number) => number;
/** Making a clock takes long, and so does reading it; everybody asks for the same few, and for days in a row. */
const clocks = new Map<Zone, Clock>();
const MOST_REMEMBERED = 4_000;
const MILLISECOND = 1_000;
const DAY_MS = DAY / MILLISECOND;

/** The offset that clocks of a zone have at a moment, in microseconds. Throws `InvalidField` for an unknown zone. */
export function offsetAt(zone: Zone, micros: bigint): number {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    const fixed = readOffset(zone);
    clock = fixed === null ? remembering(clockOf(zone)) : () => fixed;
    clocks.set(zone, clock);
  }
  return clock(inUnits(micros, MILLISECOND));
}

/** A clock that is read twice a day at most, but for days on which it is changed. No clock is changed and back on one. */
function remembering(clock: Clock): Clock {
  const midnights = new Map<number, number>();
  const atMidnight = (day: number): number => {
    let offset = midnights.get(day);
    if (offset === undefined) {
      if (midnights.size >= MOST_REMEMBERED) midnights.clear();
      offset = clock(day * DAY_MS);
      midnights.set(day, offset);
    }
    return offset;
  };
  return (milliseconds) => {
    const day = Math.floor(milliseconds / DAY_MS);
    const offset = atMidnight(day);
    return offset === atMidnight(day + 1) ? offset : clock(milliseconds);
  };
}

function clockOf(zone: Zone): Clock {
  const format = formatOf(zone);
  return (milliseconds) => {
    const at = Math.floor(Math.max(milliseconds, STANDARD_SINCE) / 1_000) * 1_000;
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of format.formatToParts(at)) parts[type] = Number(value);
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
    const days = ordinalOfDate(year, month, day) - EPOCH;
    return (((days * 24 + hour) * 60 + minute) * 60 + second - at / 1_000) * SECOND;
  };
}

function formatOf(zone: Zone): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    throw new InvalidField("This time zone is not known here.");
  }
}

/** Whether clocks of a zone are known here. */
export function isKnownZone(zone: Zone): boolean {
  try {
    offsetAt(zone, 0n);
    return true;
  } catch {
    return false;
  }
}

/** A moment as clocks in a zone show it; at the ends of the calendar as it is. */
export function inZone(at: Moment, zone: Zone): Moment {
  const there = { micros: at.micros, offset: offsetAt(zone, at.micros) };
  return isShown(at, 0) && isShown(at, there.offset) ? there : at;
}

/** When clocks in a zone show something. Later by what they skip where they skip it; the first of two such moments. */
export function momentIn(zone: Zone, at: Shown): Moment {
  const wall = momentOf(at, 0).micros;
  const before = offsetAt(zone, wall - BigInt(DAY));
  const after = offsetAt(zone, wall + BigInt(DAY));
  // With the larger offset clocks show a time earlier.
  const fitting = [Math.max(before, after), Math.min(before, after)].find(
    (offset) => offsetAt(zone, wall - BigInt(offset)) === offset,
  );
  const found = momentOf(at, fitting ?? before);
  return isShown(found, 0) ? inZone(found, zone) : found;
}

/** Whether a clock with an offset can show a moment: calendars end. */
function isShown(at: Moment, offset: number): boolean {
  const wall = { micros: at.micros + BigInt(offset), offset: 0 };
  return compareMoments(FIRST, wall) <= 0 && compareMoments(wall, LAST) <= 0;
}

/** In UTC, by which moments are put in order; at the ends of the calendar as the clock showed it. */
export const instant = (at: Moment): bigint => (isShown(at, 0) ? at.micros : at.micros + BigInt(at.offset));

/** Whether `zone` can be the name of a zone: whether it is known, each device has to see for itself. */
export const isZoneName = (zone: unknown): zone is Zone =>
  typeof zone === "string" && zone !== "" && [...zone].length <= LONGEST_NAME && isPrintable(zone);

/** `zone` if it can be the name of a zone. Throws `InvalidField` if not. */
export function checkZone(zone: string | null): string | null {
  if (zone !== null && !isZoneName(zone)) {
    throw new InvalidField(`A time zone is an IANA name of at most ${LONGEST_NAME} characters.`);
  }
  return zone;
}
