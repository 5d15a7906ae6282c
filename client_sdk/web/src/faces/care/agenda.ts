// What is due for a client today and next: worked out on their device.

import * as agenda from "../../agenda/agenda.ts";
import type { Done } from "../../agenda/done.ts";
import type { Due as FoundDue, Work } from "../../agenda/due.ts";
import { grouped } from "../../agenda/grouped.ts";
import type * as answers from "../../generated/answers.ts";
import type { Id, IsoMoment } from "../../generated/models.ts";
import { entries } from "../../replica/tables/entries.ts";
import { symptomLogs } from "../../replica/tables/symptomViews.ts";
import { checkMoment, DAY, momentText } from "../../time/moments.ts";
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

const workOf = (scope: Scope, now: IsoMoment): Work => ({
  plan: scope.agreed(),
  homework: byId(scope.rows("homework")),
  sessions: byId(scope.rows("session")),
  done: doneSince(scope, now),
});

const byId = <M>(rows: readonly { readonly id: Id; readonly model: M }[]): Readonly<Record<Id, M>> =>
  Object.fromEntries(rows.map(({ id, model }) => [id, model]));

/** What was done on the days that are asked for. */
function doneSince(scope: Scope, now: IsoMoment): Done {
  const at = checkMoment("now", now);
  const window = { since: momentText({ ...at, micros: at.micros - OFFSETS }) };
  const progress = scope.rows("homework_progress").flatMap(({ model: { homework, occurrence } }) =>
    homework === null ? [] : [[homework, occurrence] as const],
  );
  const completed = scope.rows("assessment").flatMap(({ model: { completions, schedule, occurrence } }) =>
    completions.length === 0 || schedule === "" ? [] : [[schedule, occurrence] as const],
  );
  return {
    entries: entries(scope.store, window).map((one) => one.written_at),
    logs: symptomLogs(scope.store, window).map((log) => ({ at: log.at, names: Object.keys(log.values) })),
    homework: Object.fromEntries(grouped(progress)),
    assessments: Object.fromEntries(grouped(completed)),
  };
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
