// When something that recurs by a rule is due. Days are the person's own, wherever they are: "every Monday" stays
// Monday across time zones and daylight saving.

import { InvalidField } from "../errors.ts";
import agenda from "../generated/agenda.json" with { type: "json" };
import {
  dateOf,
  dateOfOrdinal,
  daysLater,
  earlier,
  dayOfDate,
  LAST_DAY,
  later,
  monthLength,
  ordinalOf,
  readDay,
  weekdayOf,
  type Date3,
  type Day,
} from "../time/calendar.ts";
import { DAY, HOUR, MINUTE, readTime, timeText, type TimeOfDay } from "../time/moments.ts";
import { isWeekday, listed, partsOf, type Parts } from "./rules.ts";

/** One time that something is due: a local day, and a local time of day if the rule names one. */
export interface Occurrence {
  readonly day: Day;
  readonly at: TimeOfDay | null;
}

/** Days of one window, from its first or the rule's beginning; what lies behind is left out. */
export const LONGEST_WINDOW = agenda.longestWindow;

const KEY = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}))?$/;

/** What names an occurrence for ever: `2026-05-04`, or `2026-05-04T18:30` with a time. */
export const occurrenceKey = ({ day, at }: Occurrence): string =>
  at === null ? day : `${day}T${timeText(at).slice(0, 5)}`;

/** The occurrence that `key` names, spelled as `occurrenceKey` spells it; null if it names none. */
export function readOccurrence(key: string): Occurrence | null {
  const [, day, time] = KEY.exec(key) ?? [];
  const at = time === undefined ? null : readTime(time);
  return readDay(day) === null || day === undefined || (time !== undefined && at === null) ? null : { day, at };
}

/** As `readOccurrence`. Throws `InvalidField` if `key` names none. */
export function checkOccurrence(key: string): Occurrence {
  const found = readOccurrence(key);
  if (found === null) {
    throw new InvalidField(
      "An occurrence is a day, such as 2026-05-04, or a day and a time, such as 2026-05-04T18:30.",
    );
  }
  return found;
}

/**
 * When something that recurs by `rule` from the day `since` on is due, from the day `first` to `last`, ascending.
 *
 * An UNTIL without a time includes its day. A `rule` that `checkRule` refuses gives nothing, as does an empty window.
 * At most 2,000, within ten years.
 */
export function occurrences(rule: string, since: Day, first: Day, last: Day): Occurrence[] {
  const began = later(since, agenda.earliest);
  const from = later(first, began);
  const to = earlier(last, daysLater(from, LONGEST_WINDOW));
  if (to < from) return [];
  const values = taken(rule);
  return values === null ? [] : expanded(values, began, from, to);
}

function taken(rule: string): Parts | null {
  try {
    return partsOf(rule, "+00:00");
  } catch (refusal) {
    if (refusal instanceof InvalidField) return null;
    throw refusal;
  }
}

function expanded(values: Parts, since: Day, first: Day, last: Day): Occurrence[] {
  const until = untilOf(values);
  const times = timesOf(values);
  const count = values.get("COUNT");
  let left = count === undefined ? Number.POSITIVE_INFINITY : Number(count);
  // What ends by its count is counted from its beginning; anything else may begin where the window does.
  const start = count === undefined ? first : since;
  const isDue = dayOfRule(values, since);
  const end = ordinalOf(earlier(last, until.day));
  const found: Occurrence[] = [];
  for (let ordinal = ordinalOf(start); ordinal <= end && left > 0 && found.length < agenda.most; ordinal += 1) {
    const date = dateOfOrdinal(ordinal);
    if (!isDue(date, ordinal)) continue;
    const day = dayOfDate(date);
    for (const at of times.slice(0, left)) {
      if (day >= first && (day < until.day || (at ?? 0) <= until.time)) found.push({ day, at });
    }
    left -= times.length;
  }
  return found.slice(0, agenda.most);
}

type IsDue = (date: Date3, ordinal: number) => boolean;

/** Whether a rule that began on `since` names a day. */
function dayOfRule(values: Parts, since: Day): IsDue {
  const interval = Number(values.get("INTERVAL") ?? 1);
  const began = dateOf(since);
  const period = periodsOf(values);
  const phase = period(began, ordinalOf(since));
  const tests = [
    ...monthTests(values, began),
    ...monthdayTests(values, began),
    ...weekdayTests(values, ordinalOf(since)),
  ];
  return (date, ordinal) =>
    tests.every((isDue) => isDue(date, ordinal)) && (period(date, ordinal) - phase) % interval === 0;
}

/** The number of the day, week, month or year that a day lies in, for counting out an interval. */
function periodsOf(values: Parts): (date: Date3, ordinal: number) => number {
  switch (values.get("FREQ")) {
    case "DAILY":
      return (_, ordinal) => ordinal;
    case "WEEKLY": {
      const begins = numberOf(values.get("WKST") ?? "MO");
      return (_, ordinal) => Math.floor((ordinal - 1 - begins) / 7);
    }
    case "MONTHLY":
      return ({ year, month }) => year * 12 + month;
    default:
      return ({ year }) => year;
  }
}

const numberOf = (weekday: string): number => agenda.rules.days.indexOf(weekday);

function monthTests(values: Parts, began: Date3): IsDue[] {
  if (values.get("FREQ") !== "YEARLY") return [];
  const months = values.has("BYMONTH") ? listed(values, "BYMONTH").map(Number) : [began.month];
  return [({ month }) => months.includes(month)];
}

function monthdayTests(values: Parts, began: Date3): IsDue[] {
  const ofMonths = values.get("FREQ") === "MONTHLY" || values.get("FREQ") === "YEARLY";
  if (!values.has("BYMONTHDAY") && (!ofMonths || values.has("BYDAY"))) return [];
  const wanted = values.has("BYMONTHDAY") ? listed(values, "BYMONTHDAY").map(Number) : [began.day];
  const skips = values.has("SKIP");
  return [
    ({ year, month, day }) => {
      const length = monthLength(year, month);
      return wanted.some((one) => {
        const named = one < 0 ? length + 1 + one : one;
        return day === (skips ? Math.min(Math.max(named, 1), length) : named);
      });
    },
  ];
}

function weekdayTests(values: Parts, since: number): IsDue[] {
  if (!values.has("BYDAY")) {
    return values.get("FREQ") === "WEEKLY" ? [(_, ordinal) => weekdayOf(ordinal) === weekdayOf(since)] : [];
  }
  const wanted = listed(values, "BYDAY").map((one) => ({
    weekday: numberOf(one.slice(-2)),
    number: isWeekday(one) ? null : Number(one.slice(0, -2)),
  }));
  return [
    ({ year, month, day }, ordinal) => {
      const number = Math.ceil(day / 7);
      const fromLast = -Math.ceil((monthLength(year, month) + 1 - day) / 7);
      return wanted.some(
        (one) =>
          one.weekday === weekdayOf(ordinal) &&
          (one.number === null || one.number === number || one.number === fromLast),
      );
    },
  ];
}

/** The times of day of a rule, ascending; one that is null where it names none. */
function timesOf(values: Parts): (TimeOfDay | null)[] {
  if (!values.has("BYHOUR")) return [null];
  const minutes = values.has("BYMINUTE") ? listed(values, "BYMINUTE") : ["0"];
  const times = listed(values, "BYHOUR").flatMap((hour) =>
    minutes.map((minute) => Number(hour) * HOUR + Number(minute) * MINUTE),
  );
  return [...new Set(times)].sort((one, other) => one - other);
}

/** The last day of a rule, and the last time on it. */
function untilOf(values: Parts): { readonly day: Day; readonly time: TimeOfDay } {
  const until = values.get("UNTIL");
  if (until === undefined) return { day: LAST_DAY, time: DAY };
  const day = `${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6, 8)}`;
  return { day, time: until.includes("T") ? (readTime(until.slice(9)) ?? DAY) : DAY };
}
