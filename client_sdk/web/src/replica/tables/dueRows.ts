// What is due depends on these records alone: those that are still open, and what answers for days not long past. Each is
// found by an index, so however much a person has done before, it is not read.

import { grouped } from "../../agenda/grouped.ts";
import { lastDayOf, ONCE } from "../../agenda/homework.ts";
import type { Homework, Id, IsoMoment, Models, Session } from "../../generated/models.ts";
import type { Store } from "../../store/store.ts";
import { idOf, toMicros } from "../../store/values.ts";
import { LAST_DAY, type Day } from "../../time/calendar.ts";
import { unpackedModel } from "./models.ts";
import type { RowKind } from "./records.ts";

type ById<M> = Readonly<Record<Id, M>>;
type Occurrences = Readonly<Record<string, readonly string[]>>;
type Packed = [id: Uint8Array, model: Uint8Array];

/** Sorts behind the key of every occurrence that has a day. */
const BEHIND_DAYS = ":";
const OPEN_HOMEWORK = "kind = 'homework' AND open_until >= ?";

/** The occurrence that a record answers for; null for one that answers for none. */
export function occurrenceOf<K extends RowKind>(kind: K, model: Models[K]): string | null {
  if (kind === "homework_progress") {
    const { homework, occurrence } = model as Models["homework_progress"];
    return homework === null ? null : occurrence;
  }
  if (kind !== "assessment") return null;
  const { completions, schedule, occurrence } = model as Models["assessment"];
  return completions.length === 0 || schedule === "" ? null : occurrence;
}

/** Until when something is open that nothing ends. */
export const OPEN = LAST_DAY;

/** The last day on which homework is due, or `OPEN`, as is an assessment not completed; null for all else. */
export function openUntil<K extends RowKind>(kind: K, model: Models[K]): Day | null {
  if (kind === "homework") return lastDayOf(model as Models["homework"]) ?? OPEN;
  return kind === "assessment" && (model as Models["assessment"]).completions.length === 0 ? OPEN : null;
}

/** The assignments that can be due on that day or later, newest first. */
export function openHomework(store: Store, since: Day): ById<Homework> {
  const sql = `SELECT id, model FROM records WHERE ${OPEN_HOMEWORK} ORDER BY at DESC, id DESC`;
  return byId(store.all<Packed>(sql, since).map(([id, model]) => [id, unpackedModel("homework", model)]));
}

const RECORDED = `
  SELECT ref, occurrence FROM records
    WHERE kind = 'homework_progress' AND occurrence >= ? AND occurrence < '${BEHIND_DAYS}'
  UNION ALL
  SELECT p.ref, p.occurrence
    FROM (SELECT id FROM records WHERE ${OPEN_HOMEWORK}) open
    JOIN records p ON p.kind = 'homework_progress' AND p.occurrence = '${ONCE}' AND p.ref = open.id`;

/** The occurrences that have progress, by homework: of days since that one, and those that have no day. */
export const recorded = (store: Store, since: Day): Occurrences =>
  Object.fromEntries(
    grouped(store.all<[Uint8Array, string]>(RECORDED, since, since).map(([of, key]) => [idOf(of), key] as const)),
  );

const COMPLETED = "SELECT id, model FROM records WHERE kind = 'assessment' AND occurrence";

/** The occurrences that an assessment was completed for, by schedule: of days since that one, and of the others. */
export function completed(store: Store, since: Day, others: readonly string[]): Occurrences {
  const rows = [
    ...store.all<Packed>(`${COMPLETED} >= ? AND occurrence < '${BEHIND_DAYS}'`, since),
    ...others.flatMap((key) => store.all<Packed>(`${COMPLETED} = ?`, key)),
  ];
  const models = rows.map(([, model]) => unpackedModel("assessment", model));
  return Object.fromEntries(grouped(models.map(({ schedule, occurrence }) => [schedule, occurrence] as const)));
}

/** The sessions from that moment on. */
export function sessions(store: Store, since: IsoMoment): ById<Session> {
  const sql = "SELECT id, model FROM records WHERE kind = 'session' AND at >= ?";
  return byId(store.all<Packed>(sql, toMicros(since)).map(([id, model]) => [id, unpackedModel("session", model)]));
}

const byId = <M>(rows: readonly (readonly [id: Uint8Array, model: M])[]): ById<M> =>
  Object.fromEntries(rows.map(([id, model]) => [idOf(id), model]));
