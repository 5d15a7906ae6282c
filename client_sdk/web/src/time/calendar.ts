// Days of the calendar, as ISO texts and as numbers. Years 1 to 9999, the Gregorian calendar all along, as in Python.

/** A day, `2026-05-04`: two are compared as their texts are. */
export type Day = string;

/** The first and the last day that there are. */
export const FIRST_DAY: Day = "0001-01-01";
export const LAST_DAY: Day = "9999-12-31";

/** A day by its parts. */
export interface Date3 {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const DAYS_OF_400_YEARS = 146_097;
const LAST_ORDINAL = 3_652_059;
const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** How many days a month has; `month` is 1 to 12. */
export const monthLength = (year: number, month: number): number =>
  month === 2 && isLeap(year) ? 29 : (LENGTHS[month - 1] ?? 0);

/** Whether there is such a day. */
export const isDate = ({ year, month, day }: Date3): boolean =>
  year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= monthLength(year, month);

/** A day of its parts. */
export const dayOfDate = ({ year, month, day }: Date3): Day =>
  `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;

/** The parts of a day. */
export const dateOf = (day: Day): Date3 => ({
  year: Number(day.slice(0, 4)),
  month: Number(day.slice(5, 7)),
  day: Number(day.slice(8, 10)),
});

/** The day that a text names as `2026-05-04`; null if it names none. */
export function readDay(text: unknown): Day | null {
  return typeof text === "string" && DAY.test(text) && isDate(dateOf(text)) ? text : null;
}

/** The number of a day; 1 January of the year 1, a Monday, is 1. */
export function ordinalOf(day: Day): number {
  const date = dateOf(day);
  return ordinalOfDate(date.year, date.month, date.day);
}

/** The number of a day by its parts. A day before or behind those of its month is counted on. */
export function ordinalOfDate(year: number, month: number, day: number): number {
  // Years begin in March here, so that a leap day is a year's last.
  const years = month > 2 ? year : year - 1;
  const cycle = Math.floor(years / 400);
  const within = years - cycle * 400;
  const months = (month + 9) % 12;
  const days = Math.floor((153 * months + 2) / 5) + day;
  return cycle * DAYS_OF_400_YEARS + within * 365 + Math.floor(within / 4) - Math.floor(within / 100) + days - 306;
}

/** The parts of the day of a number. */
export function dateOfOrdinal(ordinal: number): Date3 {
  const days = ordinal + 305;
  const cycle = Math.floor(days / DAYS_OF_400_YEARS);
  const within = days - cycle * DAYS_OF_400_YEARS;
  const year = Math.floor(
    (within - Math.floor(within / 1_460) + Math.floor(within / 36_524) - Math.floor(within / 146_096)) / 365,
  );
  const ofYear = within - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const months = Math.floor((5 * ofYear + 2) / 153);
  const month = months < 10 ? months + 3 : months - 9;
  const day = ofYear - Math.floor((153 * months + 2) / 5) + 1;
  return { year: cycle * 400 + year + (month > 2 ? 0 : 1), month, day };
}

/** The day of a number; the first or the last that there is, where it lies before or behind them. */
export const dayOfOrdinal = (ordinal: number): Day =>
  dayOfDate(dateOfOrdinal(Math.min(Math.max(ordinal, 1), LAST_ORDINAL)));

/** The day that comes so many days later, or earlier; no further than days go. */
export const daysLater = (day: Day, days = 1): Day => dayOfOrdinal(ordinalOf(day) + days);

/** The weekday of a day by its number: 0 is Monday. */
export const weekdayOf = (ordinal: number): number => (((ordinal - 1) % 7) + 7) % 7;

/** The earlier and the later of two days. */
export const earlier = (one: Day, other: Day): Day => (one < other ? one : other);
export const later = (one: Day, other: Day): Day => (one > other ? one : other);
