// When an assignment is due.

import type { Homework } from "../generated/models.ts";
import { linesOf, stripped } from "../text/spaces.ts";
import { daysLater, earlier, FIRST_DAY, later, type Day } from "../time/calendar.ts";
import { localDayOf, type LocalDays } from "../time/localDays.ts";
import { readMoment } from "../time/moments.ts";
import { occurrences, type Occurrence } from "./recurrence.ts";

/** The occurrence of homework that has neither a due date nor a rule. */
export const ONCE = "once";

/** The last day on which an assignment is due, or may be done where it has no day; null: it goes on. */
export function lastDayOf({ ended_on: endedOn, until, due, rule }: Homework): Day | null {
  // Ended on a day: what was due that day was due before it ended, and is no more.
  const ended = endedOn === null ? null : daysLater(endedOn, -1);
  const days = [ended, until, rule === "" ? due : null].filter((day) => day !== null);
  return days.length === 0 ? null : days.reduce(earlier);
}

/** When an assignment is due from the day `first` to `last`, ascending; nothing for one that is due when liked. */
export function occurrencesOf(homework: Homework, first: Day, last: Day): Occurrence[] {
  const to = earlier(last, lastDayOf(homework) ?? last);
  if (homework.rule !== "") {
    return homework.since === null ? [] : occurrences(homework.rule, homework.since, first, to);
  }
  return homework.due !== null && first <= homework.due && homework.due <= to ? [{ day: homework.due, at: null }] : [];
}

/** Whether homework is due when the client likes. */
export const hasNoDay = (homework: Homework): boolean => homework.due === null && homework.rule === "";

/** The first day on which homework can be due: its own (else `otherwise`), and not before it was assigned. */
export function firstDay(homework: Homework, days: LocalDays, otherwise: Day = FIRST_DAY): Day {
  const assigned = readMoment(homework.assigned_at);
  const since = homework.since ?? otherwise;
  return assigned === null ? since : later(since, localDayOf(days, assigned));
}

/** What homework is called: the first line of what is to be done. */
export const titleOf = (homework: Homework): string =>
  linesOf(homework.what).map(stripped).find((line) => line !== "") ?? "";
