// What is due: the journal, trackers, homework and assessments of a plan, on the person's own local days.
//
// Days are those of the zone in which the person is, and begin at the hour that the plan says. What was done is counted
// by the local day it is about, as it was written: so where days begin at midnight an entry at 23:50 and one at 00:10
// answer for two days, wherever the device is when it asks.

import agenda from "../generated/agenda.json" with { type: "json" };
import type { Homework, Id, IsoMoment } from "../generated/models.ts";
import { stripped } from "../text/spaces.ts";
import { dayOfOrdinal, daysLater, earlier, later, ordinalOf, type Day } from "../time/calendar.ts";
import { checkMoment, shown } from "../time/moments.ts";
import { instant, type Now } from "../time/zones.ts";
import { beforeEachSession, daysFrom, remindedOn, reminders, scheduled } from "./assessments.ts";
import { notDone } from "./done.ts";
import { asked as askedNow, slotOf, soonestFirst, type Asked, type Due, type Found, type Work } from "./due.ts";
import { firstDay, hasNoDay, occurrencesOf, ONCE, titleOf } from "./homework.ts";
import { isPaused, sectionsOn } from "./plan.ts";
import { LONGEST_WINDOW, occurrenceKey, occurrences, type Occurrence } from "./recurrence.ts";

/**
 * What is open today, and homework that is overdue; soonest first.
 *
 * On a paused day it is nothing. What was due on a paused day never is. Of homework by a rule only the newest
 * occurrence missed is overdue; an assessment is open for its `open_days`, one before a session up to its beginning,
 * unless a rule asks for the same instrument on one of those days: nobody is asked twice.
 * Throws `InvalidField` where `now` is no moment.
 */
export function due(work: Work, now: Now): Due[] {
  const asked = askedNow(work, now);
  const { plan, present } = asked;
  const { today } = present;
  if (isPaused(plan, today)) return [];
  const found = [
    ...slots(asked, today, today),
    ...asked.homework.flatMap(([id, one]) =>
      hasNoDay(one) ? once(asked, id, one, today) : overdue(asked, id, one),
    ),
    ...Object.entries(plan.assessments).flatMap(([id, one]) => [
      ...scheduled(asked, id, one, daysLater(today, 1 - one.open_days), daysLater(today, -1)),
      ...beforeEachSession(asked, id, one).filter(({ day }) => day <= today),
    ]),
  ];
  return soonestFirst(found.map((one) => ({ ...one, reminder: remindedOn(asked, one) <= today })));
}

/**
 * What will be due from `now` up to but not including `until`, soonest first; what has begun today is `due`'s.
 *
 * Timed slots of today that lie ahead are in both. It looks at most ten years ahead.
 * Throws `InvalidField` where `now` or `until` is no moment.
 */
export function upcoming(work: Work, now: Now, until: IsoMoment): Due[] {
  const asked = askedNow(work, now);
  const { plan, present } = asked;
  const { today } = present;
  const end = checkMoment("until", until);
  // A day and more too many, as `until` may be in another zone: what lies behind it is taken out by its moment.
  const ahead = Math.min(ordinalOf(shown(end).day) + 2, ordinalOf(today) + LONGEST_WINDOW);
  const last = later(dayOfOrdinal(ahead), today);
  const assessments = Object.entries(plan.assessments).flatMap(([id, one]) => {
    const before = beforeEachSession(asked, id, one);
    const opened = scheduled(asked, id, one, daysLater(today, 1 - one.open_days), last);
    return [...before.filter(({ day }) => day > today), ...reminders(asked, [...opened, ...before])];
  });
  const found = [
    ...slots(asked, today, last).filter(
      (one) => one.day > today || (one.timed && instant(one.at) > instant(present.at)),
    ),
    ...asked.homework.flatMap(([id, one]) => {
      const since = hasNoDay(one) ? one.since : null;
      const isAhead = since !== null && today < since && since <= last && !isPaused(plan, since);
      return isAhead ? once(asked, id, one, since) : [];
    }),
    ...assessments,
  ];
  return soonestFirst(found.filter((one) => instant(one.at) < instant(end)));
}

/**
 * What is asked before each planned session ahead and not answered, open already or not; soonest first.
 *
 * `day` is the first day on which it can be answered, `closesOn` that of the session; one whose days all lie in a
 * pause is not asked. `due` and `upcoming` say the same of today and of what comes.
 * Throws `InvalidField` where `now` is no moment.
 */
export function dueBeforeSessions(work: Work, now: Now): Due[] {
  const asked = askedNow(work, now);
  return soonestFirst(
    Object.entries(asked.plan.assessments).flatMap(([id, one]) => beforeEachSession(asked, id, one)),
  );
}

/** All that falls on the days from `first` to `last`, and is neither paused nor done. */
function slots(asked: Asked, first: Day, last: Day): Found[] {
  const { plan, done, present } = asked;
  const { days } = present;
  const isOpen = ({ day }: Occurrence): boolean => !isPaused(plan, day);
  return [
    ...notDone(journal(asked, first, last), done.entries, days.begins)
      .filter(isOpen)
      .map((one) => slotOf("journal", "journal", "Journal", one, days)),
    ...Object.entries(plan.trackers).flatMap(([id, tracker]) => {
      const found = occurrences(
        tracker.rule,
        tracker.since ?? agenda.noBeginning,
        first,
        earlier(last, tracker.until ?? last),
      );
      return notDone(found, done.logged(tracker.name), days.begins)
        .filter(isOpen)
        .map((one) => slotOf("tracker", id, stripped(tracker.question) || tracker.name, one, days));
    }),
    ...asked.homework.flatMap(([id, one]) =>
      assigned(asked, id, one, first, last).map((each) => slotOf("homework", id, titleOf(one), each, days)),
    ),
    ...Object.entries(plan.assessments).flatMap(([id, one]) => scheduled(asked, id, one, first, last)),
  ];
}

function journal({ plan }: Asked, first: Day, last: Day): Occurrence[] {
  if (plan.journal_rule !== "") {
    return occurrences(plan.journal_rule, plan.journal_since ?? agenda.noBeginning, first, last);
  }
  return daysFrom(later(first, plan.journal_since ?? first), last)
    .filter((day) => sectionsOn(plan, day).length > 0)
    .map((day) => ({ day, at: null }));
}

/** The occurrences of homework with a day of its own that are neither done nor paused. */
function assigned({ plan, done, present }: Asked, id: Id, one: Homework, first: Day, last: Day): Occurrence[] {
  return occurrencesOf(one, later(first, firstDay(one, present.days)), last).filter(
    (each) => !done.hasHomework(id, occurrenceKey(each)) && !isPaused(plan, each.day),
  );
}

/** The newest occurrence of homework that was missed. */
function overdue(asked: Asked, id: Id, one: Homework): Found[] {
  const { today, days } = asked.present;
  if (one.ended_on !== null && one.ended_on <= today) return [];
  return assigned(asked, id, one, daysLater(today, -agenda.overdueDays), daysLater(today, -1))
    .slice(-1)
    .map((each) => slotOf("homework", id, titleOf(one), each, days, { overdue: true }));
}

/** Homework that is done when the client likes, as it stands on `day`. */
function once({ done, present }: Asked, id: Id, one: Homework, day: Day): Found[] {
  const isEnded = one.ended_on !== null && one.ended_on <= day;
  const isOver = one.until !== null && one.until < day;
  if (isEnded || isOver || day < firstDay(one, present.days) || done.hasHomework(id, ONCE)) return [];
  return [slotOf("homework", id, titleOf(one), { day, at: null }, present.days, { occurrence: ONCE })];
}
