// How homework went: all progress by the assignment it is on, and the occurrences of each with their counts.

import { course, type Course, type OccurrenceView, type Recorded } from "../agenda/adherence.ts";
import { grouped } from "../agenda/grouped.ts";
import type { Homework, Id } from "../generated/models.ts";
import { dayOf } from "../time/localDays.ts";
import { momentText } from "../time/moments.ts";
import { inZone } from "../time/zones.ts";
import { documents, moment, once, planOf, type AsOf, type Material } from "./material.ts";

/** Where days begin, and are over, first. */
const EASTERNMOST = "+14:00";

/** An occurrence that has a day. */
export type Dated = OccurrenceView & { readonly day: string };

/** All progress by the assignment it is on. */
export const progressByHomework = (record: Material): ReadonlyMap<Id, Recorded[]> =>
  grouped(
    documents(record, "homework_progress").flatMap(({ id, model: progress, rows }) => {
      const recorded = { id, progress, arrivedAt: rows.first_received_at };
      return progress.homework === null ? [] : [[progress.homework, recorded] as const];
    }),
  );

/** The occurrences and counts of each assignment, as of the local day of a cut. */
export function howItWent(record: Material, { now, days, today }: AsOf): ReadonlyMap<Id, Course> {
  const present = { at: momentText(now), zone: days.zone };
  return once(record, `how it went ${days.zone} ${today}`, () => {
    const progress = progressByHomework(record);
    return new Map(
      documents(record, "homework").map(({ id, model }) => [
        id,
        course(model, progress.get(id) ?? [], planOf(record), present),
      ]),
    );
  });
}

/**
 * The occurrences that have a day, without what may never have been offered.
 *
 * Nothing was said of it, and its day was over somewhere when the homework was assigned: the client may be there.
 */
export function offered(homework: Homework, occurrences: readonly OccurrenceView[]): Dated[] {
  const dated = occurrences.filter((one): one is Dated => one.day !== null);
  if (homework.assigned_at === null) return dated;
  const first = dayOf(inZone(moment(homework.assigned_at), EASTERNMOST));
  return dated.filter((one) => one.state !== "unanswered" || one.day >= first);
}

/**
 * The possible occurrences in a row that were not done, up to the newest; `occurrences` are oldest first.
 *
 * What was never offered, lay in a pause or could not be done was not possible: it neither counts nor breaks the run.
 */
export function missedRun(homework: Homework, occurrences: readonly OccurrenceView[]): Dated[] {
  const possible = offered(homework, occurrences);
  const done = possible.findLastIndex(({ state }) => state === "done" || state === "partly");
  return possible.slice(done + 1).filter(({ state }) => state === "unanswered" || state === "not");
}
