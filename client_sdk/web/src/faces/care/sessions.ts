// Sessions: appointments, and whether they were attended.

import type * as answers from "../../generated/answers.ts";
import type { StoredRecord } from "../../replica/tables/records.ts";
import { checkMoment } from "../../time/moments.ts";
import { factsOf, NO_MOMENT } from "../facts.ts";
import type { Sessions } from "../faces.ts";
import * as given from "../given.ts";
import type { Scope } from "../scope.ts";

/** The sessions that a client's device knows of. */
export const sessionsOf = (scope: Scope): Sessions => ({
  list: (page) => scope.rows("session", { window: given.listed(page) }).map(sessionOf),
  next() {
    const now = checkMoment("now", scope.now()).micros;
    const planned = scope
      .rows("session")
      .map(sessionOf)
      .filter((one) => one.state === "planned" && checkMoment("planned_at", one.planned_at).micros >= now);
    return planned.at(-1) ?? null;
  },
});

function sessionOf(row: StoredRecord<"session">): answers.Session {
  const { planned_at, minutes, state } = row.model;
  return { id: row.id, planned_at: planned_at ?? row.arrived_at ?? NO_MOMENT, minutes, state, ...factsOf(row) };
}
