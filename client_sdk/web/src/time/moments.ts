// When something was, as the writer's clock showed it: a moment with the offset of that clock, to the microsecond.
//
// Documents hold ISO texts; a `Moment` is what is worked with between reading and writing them. The local day is what
// people mean by "Monday night": the offset is kept as written, and never converted.

import { InvalidField } from "../errors.ts";
import { dateOfOrdinal, dayOfDate, isDate, ordinalOf, ordinalOfDate, weekdayOf, type Day } from "./calendar.ts";

/** A moment: microseconds since 1970 in UTC, and the clock's offset from UTC in microseconds. */
export interface Moment {
  readonly micros: bigint;
  readonly offset: number;
}

/** A time of day: microseconds since midnight, as a clock shows it. */
export type TimeOfDay = number;

/** What a clock shows. */
export interface Shown {
  readonly day: Day;
  readonly time: TimeOfDay;
}

export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const EPOCH = ordinalOf("1970-01-01");

/** An entry is late when it arrived more than this after what it is about. */
export const LATE_AFTER = BigInt(DAY);
/** Nobody's device is offline for longer: what it says to be older was dated by a wrong clock. */
export const ODD_AFTER = 366n * BigInt(DAY);
const FIRST = momentOf({ day: "0002-01-01", time: 0 }, 0);
const LAST = momentOf({ day: "9998-12-31", time: DAY - 1 }, 0);

// -- texts -------------------------------------------------------------------------------------------------------------

const DATE = /^(?:(\d{4})-(\d{2})-(\d{2})|(\d{4})(\d{2})(\d{2})|(\d{4})-W(\d{2})(?:-(\d))?|(\d{4})W(\d{2})(\d)?)/u;
const CLOCK = String.raw`(\d{2})(?::(\d{2})(?::(\d{2})(?:[.,](\d+))?)?|(\d{2})(?:(\d{2})(?:[.,](\d+))?)?)?`;
const REST = new RegExp(`^[^](?<clock>${CLOCK})(?<zone>Z|[+-]${CLOCK})$`, "u");
const TIME = new RegExp(`^${CLOCK}$`);
const OFFSET = new RegExp(`^([+-])(${CLOCK})$`);

/** The moment that a text names in ISO 8601 with an offset, in any form that Python reads; null if it names none. */
export function readMoment(text: unknown): Moment | null {
  if (typeof text !== "string") return null;
  const date = DATE.exec(text);
  const ordinal = date === null ? null : readDate(date);
  if (date === null || ordinal === null) return null;
  const rest = REST.exec(text.slice(date[0].length));
  if (rest === null) return null;
  const { clock = "", zone = "" } = rest.groups ?? {};
  const time = readTime(clock);
  const offset = zone === "Z" ? 0 : readOffset(zone);
  if (time === null || offset === null) return null;
  return { micros: BigInt(ordinal - EPOCH) * BigInt(DAY) + BigInt(time - offset), offset };
}

/** The number of the day that a date names: of the calendar, or of a week. */
function readDate(found: RegExpExecArray): number | null {
  const year = Number(found[1] ?? found[4] ?? found[7] ?? found[10]);
  const month = found[2] ?? found[5];
  if (month !== undefined) {
    const date = { year, month: Number(month), day: Number(found[3] ?? found[6]) };
    return isDate(date) ? ordinalOfDate(date.year, date.month, date.day) : null;
  }
  const week = Number(found[8] ?? found[11]);
  const weekday = Number(found[9] ?? found[12] ?? 1);
  // The first week of a year is that of its 4 January.
  const monday = (of: number): number => ordinalOfDate(of, 1, 4) - weekdayOf(ordinalOfDate(of, 1, 4));
  const ordinal = monday(year) + (week - 1) * 7 + weekday - 1;
  const isOne = year >= 1 && week >= 1 && weekday >= 1 && weekday <= 7 && monday(year) + (week - 1) * 7 < monday(year + 1);
  return isOne && ordinal >= 1 && isDate(dateOfOrdinal(ordinal)) ? ordinal : null;
}

/** The time of day that a text names, such as `18:30` or `18:30:00.5`; null if it names none. */
export function readTime(text: string): TimeOfDay | null {
  const found = TIME.exec(text);
  if (found === null) return null;
  const [, hour, minute = found[5], second = found[6], fraction = found[7]] = found;
  const parts = [Number(hour), Number(minute ?? 0), Number(second ?? 0)] as const;
  if (parts[0] > 23 || parts[1] > 59 || parts[2] > 59) return null;
  const micros = Number((fraction ?? "").slice(0, 6).padEnd(6, "0"));
  return parts[0] * HOUR + parts[1] * MINUTE + parts[2] * SECOND + micros;
}

/** The offset that a text such as `+02:00` names, in microseconds; null if it names none. */
export function readOffset(text: string): number | null {
  const found = OFFSET.exec(text);
  const size = found === null ? null : readTime(found[2] ?? "");
  if (found === null || size === null) return null;
  return found[1] === "-" && size !== 0 ? -size : size;
}

/** A moment in ISO 8601 with its offset, as it is stored. */
export function momentText(at: Moment): string {
  const { day, time } = shown(at);
  return `${day}T${timeText(time)}${offsetText(at.offset)}`;
}

/** A time of day as `18:30:00`, with microseconds if there are any. */
export function timeText(time: TimeOfDay): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const fraction = time % SECOND;
  const seconds = `${two(time / HOUR)}:${two((time % HOUR) / MINUTE)}:${two((time % MINUTE) / SECOND)}`;
  return fraction === 0 ? seconds : `${seconds}.${String(fraction).padStart(6, "0")}`;
}

/** An offset as `+02:00`; with seconds where it has any, as those before there was standard time. */
export function offsetText(offset: number): string {
  const size = timeText(Math.abs(offset));
  return `${offset < 0 ? "-" : "+"}${size.endsWith(":00") ? size.slice(0, 5) : size}`;
}

/** As `readMoment`; null also for one that a document may not hold. */
export function readKept(text: unknown): Moment | null {
  const at = readMoment(text);
  return at !== null && isKept(at) ? at : null;
}

/** The moment that `text` names. Throws `InvalidField`, naming the field, if it has no offset or is no moment. */
export function checkMoment(field: string, text: unknown): Moment {
  const at = readMoment(text);
  if (at === null) {
    throw new InvalidField(`${field} must be a moment with a UTC offset, such as 2026-05-04T18:30:00+02:00.`);
  }
  return at;
}

/** The moment that `text` names, if a document may hold it. Throws `InvalidField` if it may not. */
export function checkWritten(field: string, text: unknown): Moment {
  const at = checkMoment(field, text);
  if (!isKept(at)) {
    throw new InvalidField(`${field} is a time that not every time zone can show. Give one in the years 2 to 9998.`);
  }
  return at;
}

// -- clocks ------------------------------------------------------------------------------------------------------------

/** What the clock of a moment showed. */
export function shown(at: Moment): Shown {
  const wall = at.micros + BigInt(at.offset);
  const days = inUnits(wall, DAY);
  return { day: dayOfDate(dateOfOrdinal(EPOCH + days)), time: Number(wall - BigInt(days) * BigInt(DAY)) };
}

/** The moment at which a clock with this offset shows a day and a time of day. */
export function momentOf({ day, time }: Shown, offset: number): Moment {
  return { micros: BigInt(ordinalOf(day) - EPOCH) * BigInt(DAY) + BigInt(time - offset), offset };
}

/** A number of microseconds in greater units, rounded down. */
export function inUnits(micros: bigint, unit: number): number {
  const whole = micros / BigInt(unit);
  return Number(micros < 0n && whole * BigInt(unit) !== micros ? whole - 1n : whole);
}

/** Which of two moments is first: below 0, 0 for the same, above 0. Offsets make no difference. */
export const compareMoments = (one: Moment, other: Moment): number =>
  one.micros < other.micros ? -1 : one.micros > other.micros ? 1 : 0;

// -- what can be ---------------------------------------------------------------------------------------------------------

/** Whether a moment, and whatever lies months around it, can be shown in every time zone. */
export const isKept = (at: Moment): boolean => FIRST.micros <= at.micros && at.micros <= LAST.micros;

/** A moment, or the nearest one that can be shown in every time zone. */
export const asKept = (at: Moment): Moment => (isKept(at) ? at : at.micros < FIRST.micros ? FIRST : LAST);

/**
 * `claimed`, as far as the moment of arrival bounds what a device may say of when something was.
 *
 * Nothing was after it arrived; and what a device says to be older than `ODD_AFTER` was entered with a wrong clock,
 * unless it may be about `longAgo`. Then it counts as of its arrival, as the claiming clock shows that.
 */
export function plausible(claimed: Moment, arrived: Moment | null, { longAgo = false } = {}): Moment {
  if (arrived === null) return claimed;
  const old = arrived.micros - claimed.micros > ODD_AFTER && !longAgo;
  return claimed.micros > arrived.micros || old ? { micros: arrived.micros, offset: claimed.offset } : claimed;
}

/** Whether a moment that a device claims is further from the plausible one than clocks that run on differ by. */
export function isOdd(claimed: Moment, plausible: Moment): boolean {
  const apart = claimed.micros - plausible.micros;
  return (apart < 0n ? -apart : apart) > LATE_AFTER;
}

/** Whether what happened at `about` arrived (or, before it was sent, was entered) late. */
export const isLate = (about: Moment, arrived: Moment): boolean => arrived.micros - about.micros > LATE_AFTER;
