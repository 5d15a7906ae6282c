// What is due for a client today and next: worked out on their device.

import * as agenda from "../../agenda/agenda.ts";
import { sessionKey } from "../../agenda/assessments.ts";
import type { Due as FoundDue, Work } from "../../agenda/due.ts";
import numbers from "../../generated/agenda.json" with { type: "json" };
import type * as answers from "../../generated/answers.ts";
import type { IsoMoment } from "../../generated/models.ts";
import * as dueRows from "../../replica/tables/dueRows.ts";
import { entries } from "../../replica/tables/entries.ts";
import { symptomLogs } from "../../replica/tables/symptomViews.ts";
import { checkMoment, DAY, momentText, shown, type Moment } from "../../time/moments.ts";
import { instrumentsOf } from "../assessments/asking.ts";
import * as given from "../given.ts";
import type { Scope } from "../scope.ts";

/** What is about a local day lies within that of its moment anywhere else: offsets are up to a day apart, and a day. */
const OFFSETS = 3n * BigInt(DAY);

/** What is open on the local day of `now` (left out: this device's time). Throws `InvalidField`. */
export function due(scope: Scope, now?: IsoMoment): readonly answers.Due[] {
  const at = now === undefined ? scope.now() : given.present("now", now);
  return askable(scope, agenda.due(workOf(scope, at), scope.present(at)));
}

/** What is open now. */
export const dueNow = (scope: Scope): readonly answers.Due[] => due(scope);

/** What will be due from now up to but not including `until`. Throws `InvalidField`. */
export function upcoming(scope: Scope, until: IsoMoment): readonly answers.Due[] {
  const [now, end] = [scope.now(), given.moment("until", until)];
  return askable(scope, agenda.upcoming(workOf(scope, now), scope.present(now), end));
}

/** What bears on the moment: what is open, and what of it is done. */
function workOf(scope: Scope, now: IsoMoment): Work {
  const { store } = scope;
  const plan = scope.agreed();
  const longest = Math.max(0, ...Object.values(plan.assessments).map((one) => one.open_days));
  const [opened, missed] = [daysBefore(now, longest), daysBefore(now, numbers.overdueDays)];
  const sessions = dueRows.sessions(store, momentText(opened));
  const window = { since: momentText(daysBefore(now, 0)) };
  return {
    plan,
    sessions,
    homework: dueRows.openHomework(store, shown(missed).day),
    done: {
      entries: entries(store, window).map((one) => one.written_at),
      logs: symptomLogs(store, window).map((log) => ({ at: log.at, names: Object.keys(log.values) })),
      homework: dueRows.recorded(store, shown(missed).day),
      assessments: dueRows.completed(store, shown(opened).day, Object.keys(sessions).map(sessionKey)),
    },
  };
}

/** So many days ago, and by what days may differ. */
function daysBefore(now: IsoMoment, days: number): Moment {
  const at = checkMoment("now", now);
  return { ...at, micros: at.micros - BigInt(days) * BigInt(DAY) - OFFSETS };
}

/** Without assessments whose wording is not here, which nobody could answer; the others by their titles. */
function askable(scope: Scope, found: readonly FoundDue[]): readonly answers.Due[] {
  const listed = found.map(({ closesOn, ...same }): answers.Due => ({ ...same, closes_on: closesOn }));
  if (!listed.some(({ kind }) => kind === "assessment")) return listed;
  const planned = scope.agreed().assessments;
  const { askable: asked } = instrumentsOf(scope);
  return listed.flatMap((one) => {
    if (one.kind !== "assessment") return [one];
    const instrument = asked.get(planned[one.id]?.instrument ?? "")?.instrument;
    return instrument === undefined ? [] : [{ ...one, title: instrument.title }];
  });
}
