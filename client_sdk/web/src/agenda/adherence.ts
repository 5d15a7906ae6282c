// How homework went: counts, never a score of a person.
//
// What lies in a pause, or was marked "could not", does not count. Quantity (how often) and quality (how hard, how
// helpful) stay apart.

import type { Adherence } from "../generated/answers.ts";
import type { Homework, HomeworkProgress, Id, IsoMoment, Plan } from "../generated/models.ts";
import { compareTexts } from "../text/order.ts";
import { dayOfOrdinal, ordinalOf, type Day } from "../time/calendar.ts";
import { isLate, readMoment } from "../time/moments.ts";
import type { Now } from "../time/zones.ts";
import { grouped } from "./grouped.ts";
import { firstDay, hasNoDay, occurrencesOf, ONCE } from "./homework.ts";
import { isPaused, presentOf, type Present } from "./plan.ts";
import { LONGEST_WINDOW, occurrenceKey, readOccurrence } from "./recurrence.ts";

/** Progress by its id, and when the server received it; null: it has not, or that is not known. */
export interface Recorded {
  readonly id: Id;
  readonly progress: HomeworkProgress;
  readonly arrivedAt: IsoMoment | null;
}

/** What became of an occurrence. `open`: its day is not over; `unanswered`: it is, and nothing was said. */
export type OccurrenceState = HomeworkProgress["status"] | "paused" | "open" | "unanswered";

/**
 * One occurrence: `key`, its local day (null where it is due when the client likes), and what was said of it.
 *
 * `progress` are the ids of all progress on it, newest entered first: more than one where two devices recorded it
 * offline. The newest decides the state, unless the day is paused. Nothing counts as entered after it arrived: a
 * device whose clock is ahead does not have the last word for ever.
 */
export interface OccurrenceView {
  readonly key: string;
  readonly day: Day | null;
  readonly state: OccurrenceState;
  readonly progress: readonly Id[];
}

type Barrier = NonNullable<HomeworkProgress["barrier"]>;

/** How one assignment went. */
export interface Course {
  readonly occurrences: readonly OccurrenceView[];
  readonly adherence: Adherence;
}

/**
 * How one assignment went as of the local day of `now`: every occurrence up to today, oldest first, and answered ones
 * that are due later, each with its state; and the counts, in which today counts only where it is answered.
 *
 * Answers to occurrences that the rule no longer gives are listed all the same. It looks ten years back.
 * Throws `InvalidField` where `now` is no moment.
 */
export function course(homework: Homework, progress: readonly Recorded[], plan: Plan, now: Now): Course {
  const present = presentOf(plan, now);
  const seen = withDeciding(homework, progress, plan, present);
  return { occurrences: seen.map(({ view }) => view), adherence: countsOf(seen, present.today) };
}

interface Seen {
  readonly view: OccurrenceView;
  /** The progress that decides the state. */
  readonly said: HomeworkProgress | null;
}

function countsOf(seen: readonly Seen[], today: Day): Adherence {
  const states = seen
    .map(({ view }) => view)
    .filter((one) => one.progress.length > 0 || (one.day !== null && one.day < today) || one.state === "unanswered")
    .map((one) => one.state);
  const count = (...wanted: OccurrenceState[]): number => states.filter((one) => wanted.includes(one)).length;
  const answered = seen.flatMap(({ said }) => said ?? []);
  const barriers: Partial<Record<Barrier, number>> = {};
  for (const { barrier } of answered) {
    if (barrier !== null) barriers[barrier] = (barriers[barrier] ?? 0) + 1;
  }
  return {
    counted: count("done", "partly", "not", "unanswered"),
    done: count("done"),
    partly: count("partly"),
    not_done: count("not"),
    unanswered: count("unanswered"),
    could_not: count("could_not"),
    paused: count("paused"),
    late: answered.filter(wasLate).length,
    difficulty: answered.flatMap((one) => one.difficulty ?? []),
    helpfulness: answered.flatMap((one) => one.helpfulness ?? []),
    barriers,
  };
}

/** Each occurrence with the progress that decides its state: of several the newest entered, by id where equal. */
function withDeciding(homework: Homework, progress: readonly Recorded[], plan: Plan, present: Present): Seen[] {
  const recorded = grouped(newestFirst(progress).map((one) => [one.progress.occurrence, one] as const));
  const days = new Map<string, Day | null>(past(homework, present));
  if (hasNoDay(homework) && isAwaited(homework, present.today)) days.set(ONCE, null);
  for (const key of recorded.keys()) {
    if (!days.has(key)) days.set(key, readOccurrence(key)?.day ?? null);
  }
  const dated = [...days].sort(
    ([one, day], [other, otherDay]) => Number(day === null) - Number(otherDay === null) || compareTexts(one, other),
  );
  return dated.map(([key, day]) => {
    const about = recorded.get(key) ?? [];
    const said = about[0]?.progress ?? null;
    const state = stateOf(homework, plan, day, said, present.today);
    return { view: { key, day, state, progress: about.map(({ id }) => id) }, said };
  });
}

/** The occurrences up to today by key, in windows of a year: one window never gives more than so many. */
function past(homework: Homework, { days, today }: Present): [string, Day][] {
  const first = firstDay(homework, days, homework.due ?? today);
  const end = ordinalOf(today);
  const found: [string, Day][] = [];
  for (let day = Math.max(ordinalOf(first), end - LONGEST_WINDOW); day <= end; day += 366) {
    const last = Math.min(day + 365, end);
    const window = occurrencesOf(homework, dayOfOrdinal(day), dayOfOrdinal(last));
    found.push(...window.map((one) => [occurrenceKey(one), one.day] as [string, Day]));
  }
  return found;
}

function stateOf(
  homework: Homework,
  plan: Plan,
  day: Day | null,
  said: HomeworkProgress | null,
  today: Day,
): OccurrenceState {
  if (day !== null && isPaused(plan, day)) return "paused";
  if (said !== null) return said.status;
  const over = day ?? homework.until;
  return over !== null && over < today ? "unanswered" : "open";
}

/** Whether homework without a day has begun, and was not withdrawn before it was done. */
const isAwaited = (homework: Homework, today: Day): boolean =>
  (homework.since === null || homework.since <= today) && (homework.ended_on === null || today < homework.ended_on);

/** The last word first. */
export function newestFirst(progress: readonly Recorded[]): readonly Recorded[] {
  return progress
    .map((one) => {
      const entered = readMoment(one.progress.entered_at)?.micros ?? LONG_AGO;
      const arrived = readMoment(one.arrivedAt)?.micros ?? entered;
      return { one, entered, counts: arrived < entered ? arrived : entered };
    })
    .sort(
      (one, other) =>
        compareBigints(other.counts, one.counts) ||
        compareBigints(other.entered, one.entered) ||
        compareTexts(other.one.id, one.one.id),
    )
    .map(({ one }) => one);
}

/** Before anything that was entered. */
const LONG_AGO = -(2n ** 62n);

const compareBigints = (one: bigint, other: bigint): number => (one < other ? -1 : one > other ? 1 : 0);

function wasLate({ done_at, entered_at }: HomeworkProgress): boolean {
  const done = readMoment(done_at);
  const entered = readMoment(entered_at);
  return done !== null && entered !== null && isLate(done, entered);
}
