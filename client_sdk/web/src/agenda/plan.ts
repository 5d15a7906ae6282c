// What a plan says of days: which are paused, what is asked on them, and when they begin.

import type { Plan } from "../generated/models.ts";
import type { Day } from "../time/calendar.ts";
import { dayOf, type LocalDays } from "../time/localDays.ts";
import { checkMoment, type Moment } from "../time/moments.ts";
import { inZone, type Now } from "../time/zones.ts";

/** Somebody's present: the moment as their clock shows it, their days, and the one that it is. */
export interface Present {
  readonly at: Moment;
  readonly days: LocalDays;
  readonly today: Day;
}

/** The present of whoever's clock shows `now`, with days as the plan has them. Throws `InvalidField` for no moment. */
export function presentOf(plan: Plan, now: Now): Present {
  const at = inZone(checkMoment("now", now.at), now.zone);
  return { at, days: { zone: now.zone, begins: plan.day_begins }, today: dayOf(at, plan.day_begins) };
}

/** Whether a local day lies in a pause. */
export const isPaused = (plan: Plan, day: Day): boolean =>
  Object.values(plan.pauses).some((one) => one.first !== null && isWithin(day, one.first, one.last));

/** The ids of the sections that are asked on a local day, in their order. */
export const sectionsOn = (plan: Plan, day: Day): string[] =>
  Object.entries(plan.sections).flatMap(([id, one]) => (isWithin(day, one.active_from, one.active_to) ? [id] : []));

const isWithin = (day: Day, first: Day | null, last: Day | null): boolean =>
  (first === null || first <= day) && (last === null || day <= last);
