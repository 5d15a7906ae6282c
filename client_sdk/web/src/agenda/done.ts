// What was done already, and which slots of a day it answers for.

import type { Id, IsoMoment, Plan } from "../generated/models.ts";
import { nameKey } from "../text/names.ts";
import type { Day } from "../time/calendar.ts";
import { dayOf, intoDay } from "../time/localDays.ts";
import { readMoment, shown, type TimeOfDay } from "../time/moments.ts";
import { grouped } from "./grouped.ts";
import type { Occurrence } from "./recurrence.ts";

/**
 * What was done: the moments that journal entries are about, those of symptom logs with the names that were logged; the
 * occurrences of homework that have progress, and those of scheduled assessments that are completed, by id.
 */
export interface Done {
  readonly entries: readonly IsoMoment[];
  readonly logs: readonly { readonly at: IsoMoment; readonly names: readonly string[] }[];
  readonly homework: Readonly<Record<Id, readonly string[]>>;
  readonly assessments: Readonly<Record<string, readonly string[]>>;
}

/** When on which day: by the local day of the clock it was written by, wherever the device is that asks. */
export type TimesByDay = ReadonlyMap<Day, readonly TimeOfDay[]>;

/** What was done, ready to be asked. */
export interface DoneByDay {
  readonly entries: TimesByDay;
  /** By the key of a symptom's name, in whatever spelling it was logged. */
  logged(name: string): TimesByDay;
  hasHomework(id: Id, occurrence: string): boolean;
  hasAssessment(schedule: string, occurrence: string): boolean;
}

const NOTHING: TimesByDay = new Map();

/** What was done, by day and key. What is no moment is left out. */
export function doneByDay(plan: Plan, done: Done): DoneByDay {
  const logs = grouped(done.logs.flatMap(({ at, names }) => names.map((name) => [nameKey(name), at] as const)));
  const byName = new Map([...logs].map(([key, moments]) => [key, timesByDay(plan, moments)]));
  return {
    entries: timesByDay(plan, done.entries),
    logged: (name) => byName.get(nameKey(name)) ?? NOTHING,
    hasHomework: (id, occurrence) => done.homework[id]?.includes(occurrence) ?? false,
    hasAssessment: (schedule, occurrence) => done.assessments[schedule]?.includes(occurrence) ?? false,
  };
}

function timesByDay(plan: Plan, moments: readonly IsoMoment[]): TimesByDay {
  return grouped(
    moments.flatMap((text) => {
      const at = readMoment(text);
      return at === null ? [] : [[dayOf(at, plan.day_begins), shown(at).time] as const];
    }),
  );
}

/**
 * The occurrences that nothing answers for, of those given, which are in the order of days.
 *
 * What was done answers for the slot that it falls into: the last one of its day that had begun, or the day's first
 * before that has. A slot that was missed stays so.
 */
export function notDone(found: readonly Occurrence[], done: TimesByDay, begins: number): Occurrence[] {
  return [...grouped(found.map((one) => [one.day, one] as const))].flatMap(([day, slots]) => {
    const begun = slots.toSorted((one, other) => intoDay(one.at, begins) - intoDay(other.at, begins));
    const answered = (done.get(day) ?? []).map((at) =>
      Math.max(begun.findLastIndex((one) => intoDay(one.at, begins) <= intoDay(at, begins)), 0),
    );
    return begun.filter((_, number) => !answered.includes(number));
  });
}
