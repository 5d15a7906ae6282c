// Local days: where they begin, which moment belongs to which, and when a time of day is.
//
// A day need not begin at midnight. Where a plan says that it begins at 4, one o'clock on Tuesday morning is still
// Monday, and Monday's slot at one o'clock comes at the end of Monday.

import { daysLater, type Day } from "./calendar.ts";
import { DAY, HOUR, shown, type Moment, type TimeOfDay } from "./moments.ts";
import { inZone, momentIn, type Zone } from "./zones.ts";

/** The days of somebody whose clocks go by `zone`, and whose days begin at the full hour `begins` (0 to 23). */
export interface LocalDays {
  readonly zone: Zone;
  readonly begins: number;
}

/** The day that a moment belongs to by its own clock, where days begin at the full hour `begins`. */
export function dayOf(at: Moment, begins = 0): Day {
  const { day, time } = shown(at);
  return time < begins * HOUR ? daysLater(day, -1) : day;
}

/** The day that a moment belongs to as clocks in the zone of these days show it. */
export const localDayOf = (days: LocalDays, at: Moment): Day => dayOf(inZone(at, days.zone), days.begins);

/**
 * A time of day as a moment; null is the day's beginning.
 *
 * A time before the hour at which days begin is after midnight. A time that clocks skip is later by what they skip; of
 * one that they show twice it is the first.
 */
export function momentOn(days: LocalDays, day: Day, at: TimeOfDay | null = null): Moment {
  const time = at ?? days.begins * HOUR;
  return momentIn(days.zone, { day: time < days.begins * HOUR ? daysLater(day) : day, time });
}

/** How far into its day a time of day is by the clock, in microseconds; 0 for the day as a whole. */
export const intoDay = (at: TimeOfDay | null, begins = 0): number => (at === null ? 0 : (at - begins * HOUR + DAY) % DAY);
