// One thing to do, and in which order such things are listed.

import type { Homework, Id, IsoMoment, Plan, Session } from "../generated/models.ts";
import type { Day } from "../time/calendar.ts";
import { momentOn, type LocalDays } from "../time/localDays.ts";
import { momentText, type Moment } from "../time/moments.ts";
import { instant, type Now } from "../time/zones.ts";
import { doneByDay, type Done, type DoneByDay } from "./done.ts";
import { presentOf, type Present } from "./plan.ts";
import { occurrenceKey, type Occurrence } from "./recurrence.ts";

/** The kinds of what is due, in the order in which they are listed at the same moment. */
const KINDS = ["journal", "tracker", "homework", "assessment"] as const;
export type DueKind = (typeof KINDS)[number];

/**
 * One thing to do. `id` is the tracker's or schedule's id in the plan, the homework's id, or "journal".
 *
 * `day` is the local day it is due on, `at` the moment: at the time the rule names, else at the day's beginning;
 * `timed` says which. `occurrence` is its key. `overdue`: homework whose day is over. `closesOn` is the last day on
 * which an assessment can be answered. `reminder`: it has been open for as long as its schedule says before one is
 * reminded; in `upcoming`, `day` and `at` are those of the reminder then.
 */
export interface Due {
  readonly kind: DueKind;
  readonly id: string;
  readonly title: string;
  readonly day: Day;
  readonly at: IsoMoment;
  readonly occurrence: string;
  readonly timed: boolean;
  readonly overdue: boolean;
  readonly closesOn: Day | null;
  readonly reminder: boolean;
}

/** What a client has agreed to and been given to do, and what of it is done. */
export interface Work {
  readonly plan: Plan;
  readonly homework: Readonly<Record<Id, Homework>>;
  readonly sessions: Readonly<Record<Id, Session>>;
  readonly done: Done;
}

/** The work as it is now. */
export interface Asked {
  readonly plan: Plan;
  readonly homework: readonly (readonly [Id, Homework])[];
  readonly sessions: readonly (readonly [Id, Session])[];
  readonly done: DoneByDay;
  readonly present: Present;
}

/** The work as whoever's clock shows `now` is asked for it. Throws `InvalidField` for what is no moment. */
export const asked = ({ plan, homework, sessions, done }: Work, now: Now): Asked => ({
  plan,
  homework: Object.entries(homework),
  sessions: Object.entries(sessions),
  done: doneByDay(plan, done),
  present: presentOf(plan, now),
});

/** Something that is due, with its moment to reckon with. */
export interface Found extends Omit<Due, "at"> {
  readonly at: Moment;
}

/** What is due on an occurrence. */
export const slotOf = (
  kind: DueKind,
  id: string,
  title: string,
  one: Occurrence,
  days: LocalDays,
  more: Partial<Found> = {},
): Found => ({
  kind,
  id,
  title,
  day: one.day,
  at: momentOn(days, one.day, one.at),
  occurrence: occurrenceKey(one),
  timed: one.at !== null,
  overdue: false,
  closesOn: null,
  reminder: false,
  ...more,
});

/** By their moments; at the same moment the journal, trackers in their order, homework, assessments. */
export const soonestFirst = (found: readonly Found[]): Due[] =>
  found
    .map((one) => ({ one, at: instant(one.at), kind: KINDS.indexOf(one.kind) }))
    .sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : one.kind - other.kind))
    .map(({ one }) => ({ ...one, at: momentText(one.at) }));
