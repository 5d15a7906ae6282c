// What measures are made from: the documents of one record as they are read, and when each arrived. `Cut` says as of
// when. Server and devices build it from the same rows, so the same values come out.

import { structOf } from "../documents/types.ts";
import type { Id, IsoMoment, Models, Plan } from "../generated/models.ts";
import type { Day } from "../time/calendar.ts";
import { localDayOf, type LocalDays } from "../time/localDays.ts";
import { checkMoment, DAY, momentText, offsetText, type Moment } from "../time/moments.ts";
import { by } from "./ordering.ts";

/** How far a brief looks back where there was no session before, in microseconds. */
const WITHOUT_SESSION = 14n * BigInt(DAY);

/** As of when: the last row of each stream that counts, and `now` as clocks in `zone` show it. */
export interface Cut {
  readonly heads: Readonly<Record<string, number>>;
  /** Local days are those of its offset. */
  readonly now: IsoMoment;
  readonly zone: string;
  readonly locale: string;
}

/** The rows of one document: who wrote the first, the `seq` of first and last, when the server received them. */
export interface FiledRows {
  readonly author: Id | null;
  readonly first_seq: number | null;
  readonly last_seq: number | null;
  readonly first_received_at: IsoMoment | null;
  readonly last_received_at: IsoMoment | null;
  /** When each log, answer or completion arrived (null: it has not), as far as it is known. */
  readonly parts: Readonly<Record<Id, IsoMoment | null>>;
}

/** The kinds of documents that there are models of. */
export type Kind = keyof Models;

/** One document: its id, kind, what is read from it, and its rows. */
export interface Filed<K extends Kind> {
  readonly id: Id;
  readonly kind: K;
  readonly model: Models[K];
  readonly rows: FiledRows;
}

/** A document of any kind. */
export type AnyFiled = { readonly [K in Kind]: Filed<K> }[Kind];

/** Something sent for an assessment that the server set aside. */
export interface NotAccepted {
  readonly document: Id;
  readonly seq: number;
  readonly author: Id;
  readonly received_at: IsoMoment;
}

/** A document of which nothing can be read. */
export interface Unreadable {
  readonly kind: string;
  readonly id: Id;
}

/** What a builder knows beside the documents. */
export interface Known {
  /** The plan as its rows said that had arrived by the beginning of the brief; null where that is not known. */
  readonly plan_then: Plan | null;
  /** When a device of the client was last heard. */
  readonly heard_at: IsoMoment | null;
  readonly not_accepted: readonly NotAccepted[];
  readonly unreadable: readonly Unreadable[];
}

/** The documents of one record in canonical order, made by `material`. */
export interface Material extends Known {
  readonly filed: readonly AnyFiled[];
}

/** Material of the documents of a record in any order. */
export function material(filed: readonly AnyFiled[], known: Partial<Known> = {}): Material {
  return {
    plan_then: null,
    heard_at: null,
    ...known,
    not_accepted: (known.not_accepted ?? []).toSorted(by((one) => one.seq)),
    unreadable: (known.unreadable ?? []).toSorted(by((one) => one.kind, (one) => one.id)),
    filed: filed.toSorted(by((one) => one.kind, (one) => one.id)),
  };
}

/** The documents of a kind, in canonical order. */
export function documents<K extends Kind>(record: Material, kind: K): readonly Filed<K>[] {
  return once(record, kind, () =>
    record.filed.filter((one): one is Extract<AnyFiled, Filed<K>> => one.kind === kind),
  );
}

const workedOut = new WeakMap<Material, Map<string, unknown>>();

/** What `workOut` gives, which depends on the record and on `what`: several measures ask for the same. */
export function once<T>(record: Material, what: string, workOut: () => T): T {
  const found = workedOut.get(record) ?? new Map<string, unknown>();
  workedOut.set(record, found);
  if (!found.has(what)) found.set(what, workOut());
  return found.get(what) as T;
}

/** The record's plan; an empty one while there is none. */
export const planOf = (record: Material): Plan => documents(record, "plan")[0]?.model ?? NO_PLAN;

const NO_PLAN = structOf("Plan", {}) as unknown as Plan;

/** A cut as it is worked with: now, and the client's local days by its offset, beginning when the plan says. */
export interface AsOf {
  readonly now: Moment;
  readonly days: LocalDays;
  readonly today: Day;
  readonly locale: string;
}

/** What a cut says of a record. Throws `InvalidField` for a `now` without an offset. */
export function asOf(record: Material, { now: text, locale }: Cut): AsOf {
  const now = checkMoment("now", text);
  const days = { zone: offsetText(now.offset), begins: planOf(record).day_begins };
  return { now, days, today: localDayOf(days, now), locale };
}

/** A moment of a document, which was checked when it was read. */
export const moment = (text: IsoMoment): Moment => checkMoment("A moment of a record", text);

/** The same, where there is one. */
export const momentIf = (text: IsoMoment | null): Moment | null => (text === null ? null : moment(text));

/** When a document arrived, or a part of it. Of a part without a time of its own, the document's last row. */
export function arrivedAt({ rows }: AnyFiled, part: Id | null = null): Moment | null {
  if (part === null) return momentIf(rows.first_received_at);
  return momentIf(Object.hasOwn(rows.parts, part) ? (rows.parts[part] ?? null) : rows.last_received_at);
}

/** Where a brief begins: at the last attended session, or two weeks ago where `session` is null. */
export interface Beginning {
  readonly at: IsoMoment;
  readonly session: Id | null;
}

/**
 * Where the brief for `session` (null: for now) begins: at the last session before it that was attended.
 *
 * The builder asks this to find the plan of that moment (`plan_then`).
 */
export function begins(record: Material, cut: Cut, session: Id | null = null): Beginning {
  const now = checkMoment("now", cut.now);
  const planned = documents(record, "session").flatMap(({ id, model: { planned_at: at, state } }) =>
    at === null ? [] : [{ id, at, state, micros: moment(at).micros }],
  );
  const before = planned.find((one) => one.id === session)?.micros ?? now.micros;
  const last = planned
    .filter((one) => one.state === "attended" && one.id !== session && one.micros < before)
    .toSorted(by((one) => one.micros, (one) => one.id))
    .at(-1);
  if (last !== undefined) return { at: last.at, session: last.id };
  return { at: momentText({ ...now, micros: now.micros - WITHOUT_SESSION }), session: null };
}
