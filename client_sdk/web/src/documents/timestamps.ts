// Moments as fields of records hold them: RFC 3339, of which Python's msgspec takes a little more than it writes.

import { isDate, dayOfDate } from "../time/calendar.ts";
import { HOUR, MINUTE, SECOND, momentOf, type Moment } from "../time/moments.ts";

const FORM = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):?(\d\d))$/;
/** Digits of a fraction of a second that are looked at; the last of them is rounded. */
const DIGITS = 7;

/** The moment that a text names with its offset; null if it names none. */
export function readTimestamp(text: unknown): Moment | null {
  const found = typeof text === "string" ? FORM.exec(text) : null;
  if (found === null) return null;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number) as [number, number, number, number, number, number];
  const [offsetHour, offsetMinute] = [Number(found[9] ?? 0), Number(found[10] ?? 0)];
  const date = { year, month, day };
  if (!isDate(date) || hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return null;
  const micros = Math.round(Number((found[7] ?? "").slice(0, DIGITS).padEnd(DIGITS, "0")) / 10);
  const offset = (found[8] === "-" ? -1 : 1) * (offsetHour * HOUR + offsetMinute * MINUTE);
  const time = hour * HOUR + minute * MINUTE + second * SECOND + micros;
  return momentOf({ day: dayOfDate(date), time }, offset === 0 ? 0 : offset);
}
