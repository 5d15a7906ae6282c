// Moments and days in words. A moment is told as the clock showed it where it was written, wherever it is read.

import type { IsoDay, IsoMoment } from "@intersession/client/generated/models.ts";

/** A moment as its own clock showed it, as if that were UTC. */
function asShown(moment: IsoMoment): Date {
  return new Date(`${moment.slice(0, 19)}Z`);
}

function middleOf(day: IsoDay): Date {
  return new Date(`${day.slice(0, 10)}T12:00:00Z`);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function told(date: Date, locale: string, how: Intl.DateTimeFormatOptions): string {
  const key = `${locale} ${JSON.stringify(how)}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...how });
  formats.set(key, format);
  return format.format(date);
}

/** A day and a time: "Mon, 4 May, 21:10"; the year where it is not the current one. */
export function momentInWords(moment: IsoMoment, locale: string, now: Date): string {
  const date = asShown(moment);
  return told(date, locale, { ...dayFormat(date, now), hour: "numeric", minute: "2-digit" });
}

/** Make what moments are told with before somebody waits for it: the first one in a page takes a slow phone 70 ms. */
export function prepareMoments(locale: string): void {
  const now = new Date();
  momentInWords(isoOf(now), locale, now);
}

/** The same of what was not lived but noted, here or at the practice, in whatever zone: by this device's clock. */
export function notedInWords(moment: IsoMoment, locale: string, now: Date): string {
  return momentInWords(isoOf(new Date(moment)), locale, now);
}

/** The day of such a moment, by this device's clock. */
export function dayNotedInWords(moment: IsoMoment, locale: string, now: Date): string {
  return dayInWords(isoOf(new Date(moment)), locale, now);
}

/** A day: "Mon, 4 May". */
export function dayInWords(day: IsoDay | IsoMoment, locale: string, now: Date): string {
  const date = middleOf(day);
  return told(date, locale, dayFormat(date, now));
}

/** A day with its month in full and its year: "4 May 2026". */
export function wholeDayInWords(day: IsoDay, locale: string): string {
  return told(middleOf(day), locale, { day: "numeric", month: "long", year: "numeric" });
}

/** A short day for a chart's axis: "4 May". */
export function dayOnAxis(moment: IsoMoment, locale: string): string {
  return told(asShown(moment), locale, { day: "numeric", month: "short" });
}

function dayFormat(date: Date, now: Date): Intl.DateTimeFormatOptions {
  const near: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short" };
  return date.getUTCFullYear() === now.getFullYear() ? near : { ...near, year: "numeric" };
}

const two = (value: number): string => String(value).padStart(2, "0");

/** The local day of this device. */
export function dayOf(now: Date): IsoDay {
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** A moment for a field of the kind `datetime-local`, as its own clock showed it. */
export function fieldOf(moment: IsoMoment): string {
  return moment.slice(0, 16);
}

/** A date as such a field has it, by this device's clock. */
export function fieldNow(now: Date): string {
  return `${dayOf(now)}T${two(now.getHours())}:${two(now.getMinutes())}`;
}

/** What such a field holds as a moment, with the offset that this device's clock has then; null for none. */
export function momentOf(field: string): IsoMoment | null {
  const date = new Date(field);
  return field === "" || Number.isNaN(date.getTime()) ? null : isoOf(date);
}

/** A date as a moment with this device's offset. */
export function isoOf(date: Date): IsoMoment {
  const offset = -date.getTimezoneOffset();
  const size = Math.abs(offset);
  const sign = offset < 0 ? "-" : "+";
  return `${fieldNow(date)}:${two(date.getSeconds())}${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** A date so many days before another one. */
export function daysBefore(now: Date, days: number): Date {
  const before = new Date(now);
  before.setDate(before.getDate() - days);
  return before;
}

/** How long to wait: tens of seconds, or minutes, rounded up; what counts down is not to be read out each second. */
export function waitInWords(seconds: number, locale: string): string {
  const [value, unit] = seconds < 60 ? [Math.ceil(seconds / 10) * 10, "second"] : [Math.ceil(seconds / 60), "minute"];
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(value);
}
