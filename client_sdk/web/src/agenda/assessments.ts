// When the assessments of a plan are asked: by a rule, before sessions, and when one is reminded of them.

import type { Id, ScheduledAssessment } from "../generated/models.ts";
import agenda from "../generated/agenda.json" with { type: "json" };
import { dayOfOrdinal, daysLater, earlier, FIRST_DAY, LAST_DAY, later, ordinalOf, type Day } from "../time/calendar.ts";
import { dayOf, momentOn } from "../time/localDays.ts";
import { readMoment, shown, type Moment } from "../time/moments.ts";
import { instant, inZone } from "../time/zones.ts";
import { slotOf, type Asked, type Found } from "./due.ts";
import { isPaused } from "./plan.ts";
import { occurrenceKey, occurrences } from "./recurrence.ts";

/** What is asked by the rule of a schedule on the days from `first` to `last`, and is neither paused nor answered. */
export function scheduled(asked: Asked, id: string, one: ScheduledAssessment, first: Day, last: Day): Found[] {
  return byRule(asked, one, first, last)
    .filter((occurrence) => !asked.done.hasAssessment(id, occurrenceKey(occurrence)))
    .map((occurrence) => {
      const closesOn = daysLater(occurrence.day, one.open_days - 1);
      return slotOf("assessment", id, one.instrument, occurrence, asked.present.days, { closesOn });
    });
}

const byRule = ({ plan }: Asked, one: ScheduledAssessment, first: Day, last: Day) =>
  (one.rule === ""
    ? []
    : occurrences(one.rule, one.since ?? agenda.noBeginning, first, earlier(last, one.until ?? last))
  ).filter(({ day }) => !isPaused(plan, day));

/**
 * What a schedule asks before each planned session ahead: from `open_days` before it on, and not before the session
 * ahead of it is over.
 */
export function beforeEachSession(asked: Asked, id: string, one: ScheduledAssessment): Found[] {
  if (!one.before_each_session) return [];
  const { plan, done, present } = asked;
  const found: Found[] = [];
  let last = FIRST_DAY;
  for (const [session, at] of plannedSessions(asked)) {
    const on = dayOf(at, present.days.begins);
    const first = later(daysLater(on, 1 - one.open_days), earlier(daysLater(last), on));
    last = on;
    const occurrence = sessionKey(session);
    const isOver = instant(at) <= instant(present.at);
    const isAsked = (one.since ?? FIRST_DAY) <= on && on <= (one.until ?? LAST_DAY);
    if (isOver || !isAsked || done.hasAssessment(id, occurrence)) continue;
    const opens = daysFrom(first, on).find((day) => !isPaused(plan, day));
    if (opens === undefined || isAskedByRule(asked, one.instrument, opens, on)) continue;
    const slot = slotOf("assessment", id, one.instrument, { day: opens, at: null }, present.days);
    found.push({ ...slot, occurrence, closesOn: on });
  }
  return found;
}

/** The planned sessions as clocks where the person is show them, in their order. */
function plannedSessions({ sessions, present }: Asked): (readonly [Id, Moment])[] {
  return sessions
    .flatMap(([id, one]) => {
      const at = readMoment(one.planned_at);
      return at === null || one.state !== "planned" ? [] : [[id, inZone(at, present.days.zone)] as const];
    })
    .map(([id, at]) => ({ id, at, instant: instant(at) }))
    .sort((one, other) =>
      one.instant === other.instant ? (one.id < other.id ? -1 : 1) : one.instant < other.instant ? -1 : 1,
    )
    .map(({ id, at }) => [id, at] as const);
}

/** The days from `first` to `last`. */
export function daysFrom(first: Day, last: Day): Day[] {
  const begin = ordinalOf(first);
  return Array.from({ length: Math.max(ordinalOf(last) - begin + 1, 0) }, (_, at) => dayOfOrdinal(begin + at));
}

/** Whether an instrument is asked by a rule on one of these days: then it is not asked for the session as well. */
const isAskedByRule = (asked: Asked, instrument: string, first: Day, last: Day): boolean =>
  Object.values(asked.plan.assessments).some(
    (one) => one.instrument === instrument && byRule(asked, one, first, last).length > 0,
  );

/** The day on which one is reminded of an assessment that was due on `one.day`; the last of all days for none. */
export function remindedOn({ plan }: Asked, one: Found): Day {
  const remind = one.kind === "assessment" ? (plan.assessments[one.id]?.remind_days ?? null) : null;
  return remind === null ? LAST_DAY : daysLater(one.day, remind);
}

/** The reminders to come of assessments that are open by then and not answered yet. */
export function reminders(asked: Asked, opened: readonly Found[]): Found[] {
  const { today, days } = asked.present;
  return opened.flatMap((one) => {
    const day = remindedOn(asked, one);
    const isOpen = today < day && day < LAST_DAY && day <= (one.closesOn ?? day);
    if (!isOpen || isPaused(asked.plan, day)) return [];
    return [{ ...one, day, at: momentOn(days, day, one.timed ? shown(one.at).time : null), reminder: true }];
  });
}

/** The occurrence of an assessment that goes before a session; it stays when the session is moved. */
export const sessionKey = (session: Id): string => `session/${session}`;
