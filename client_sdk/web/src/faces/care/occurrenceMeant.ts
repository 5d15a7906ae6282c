// Which occurrence of homework somebody means, by its key or without saying.

import { hasNoDay, occurrencesOf, ONCE } from "../../agenda/homework.ts";
import { checkOccurrence, occurrenceKey, type Occurrence } from "../../agenda/recurrence.ts";
import { InvalidField } from "../../errors.ts";
import type { Homework, IsoDay } from "../../generated/models.ts";
import { dayOfOrdinal, FIRST_DAY, LAST_DAY, ordinalOf } from "../../time/calendar.ts";

/** Days in which to look for the nearest occurrences, one window after the other. */
const AROUND = [1, 7, 40, 400] as const;

/**
 * The key of the occurrence that is meant. Throws `InvalidField` where there is none, or more than one.
 *
 * `recorded` are the keys that have progress already: those are taken whatever the assignment says by now.
 */
export function occurrenceMeant(
  homework: Homework,
  which: string | undefined,
  today: IsoDay,
  recorded: ReadonlySet<string>,
): string {
  if (which === undefined) return openOne(homework, today, recorded);
  if (recorded.has(which)) return which;
  if (!hasNoDay(homework)) return at(homework, checkOccurrence(which), recorded);
  if (which === ONCE) return ONCE;
  throw new InvalidField(`This homework has no due dates; its occurrence is "${ONCE}".`);
}

/** What is meant without saying: the only occurrence there is, or the only one today that nothing was said of. */
function openOne(homework: Homework, today: IsoDay, recorded: ReadonlySet<string>): string {
  if (homework.due !== null) return homework.due;
  if (hasNoDay(homework)) return ONCE;
  const keys = occurrencesOf(homework, today, today).map(occurrenceKey);
  const [first] = keys;
  if (first === undefined) {
    const nearest = nearestTo(homework, today);
    throw new InvalidField(`This homework is not due today${nearest} Say which occurrence you mean.`);
  }
  const unsaid = keys.filter((key) => !recorded.has(key));
  const only = keys.length === 1 ? first : unsaid.length === 1 ? unsaid[0] : undefined;
  if (only !== undefined) return only;
  throw new InvalidField(`This homework is due more than once today: say which one, for example ${first}.`);
}

function at(homework: Homework, meant: Occurrence, recorded: ReadonlySet<string>): string {
  const { day } = meant;
  const found = occurrencesOf(homework, day, day);
  const exact = found.find((one) => one.at === meant.at);
  if (exact !== undefined) return occurrenceKey(exact);
  const [first] = found;
  if (first === undefined) {
    if (recorded.has(day)) return day;
    throw new InvalidField(`This homework is not due on ${day}${nearestTo(homework, day)}`);
  }
  if (found.length === 1 && (meant.at === null || first.at === null)) return occurrenceKey(first);
  throw new InvalidField(
    `This homework is due at other times on that day: say which one, for example ${occurrenceKey(first)}.`,
  );
}

/** The days on which it is due next to `day`, as the end of a sentence. */
function nearestTo(homework: Homework, day: IsoDay): string {
  const before = AROUND.map((days) => within(homework, day, -days, -1).at(-1)).find((one) => one !== undefined);
  const after = AROUND.map((days) => within(homework, day, 1, days)[0]).find((one) => one !== undefined);
  const days = [before, after].flatMap((one) => (one === undefined ? [] : [one.day]));
  return days.length > 0 ? `; it is on ${days.join(" and on ")}.` : ".";
}

function within(homework: Homework, day: IsoDay, first: number, last: number): readonly Occurrence[] {
  const [from, to] = [ordinalOf(day) + first, ordinalOf(day) + last];
  if (from < ordinalOf(FIRST_DAY) || to > ordinalOf(LAST_DAY)) return [];
  return occurrencesOf(homework, dayOfOrdinal(from), dayOfOrdinal(to));
}
