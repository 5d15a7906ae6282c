// Which symptom logs stand, as rows: worked out again for those that a new record is about.
//
// A record changes what stands of the logs that it shares an id or a key with, and of no others. Logs of different people
// never meet: each client's are a `scope` of their own.

import { hexOf, ofHex } from "../../bytes.ts";
import { goneOf, standing } from "../../documents/diary/symptomHistory.ts";
import { keyMark } from "../../documents/diary/symptoms.ts";
import limits from "../../generated/limits.json" with { type: "json" };
import type { Id, Log, LogRecord, Standing, Withdrawn } from "../../generated/models.ts";
import type { Store } from "../../store/store.ts";
import { bytesOfId, fromMicros, idOf, momentOrNull, toMicros, type Given, type Micros } from "../../store/values.ts";
import { packedStruct, unpackedStruct } from "./models.ts";

const { mostAlike: MOST_ALIKE } = limits.symptomHistory;
const AT_ONCE = 200;

/** The id of a log, or the mark of a key, in hexadecimal digits: 16 bytes. */
export type What = string;

/** A record as its row has it: the log that it is about, and what stands for its key. */
export interface LogRow {
  readonly id: What;
  readonly about: What;
  readonly mark: What | null;
}

/** The same as columns. */
export type LogColumns = [Uint8Array, Uint8Array, Uint8Array | null];
export const logRow = ([id, about, mark]: LogColumns): LogRow => ({
  id: hexOf(id),
  about: hexOf(about),
  mark: mark === null ? null : hexOf(mark),
});

const ROWS = `
    SELECT l.log, l.document, d.stream, l.change, l.model, c.received_at FROM symptom_logs l
    JOIN documents d ON d.position = l.document LEFT JOIN changes c ON c.position = l.change
`;
const IN_ORDER = " AND l.scope = ? ORDER BY c.received_at IS NULL, c.received_at, l.log, l.document LIMIT ?";
const OF_LOG = `${ROWS}WHERE l.log = ?${IN_ORDER}`;
const OF_CORRECTED = `${ROWS}WHERE l.corrects = ?${IN_ORDER}`;
const OF_MARK = `
    SELECT l.log FROM symptom_logs l LEFT JOIN changes c ON c.position = l.change
    WHERE l.mark = ? AND l.corrects IS NULL
${IN_ORDER}`;
const CORRECTED_BY = "SELECT corrects FROM symptom_logs WHERE log = ? AND corrects IS NOT NULL AND scope = ? LIMIT ?";
const CORRECTED_WITH = "SELECT corrects FROM symptom_logs WHERE mark = ? AND corrects IS NOT NULL AND scope = ? LIMIT ?";

/** Determine again what stands of the logs that these rows, and what was withdrawn, are about. */
export function settleLogs(store: Store, scope: Uint8Array, rows: readonly LogRow[], withdrawn: Iterable<What>): void {
  const gone = [...new Set(withdrawn)].sort();
  // What was withdrawn is the id of a log or the mark of a key, which nothing else is.
  const abouts = new Set([...rows.map((row) => row.about), ...gone]);
  const marks = new Set([...rows.flatMap((row) => row.mark ?? []), ...gone]);
  for (const what of gone) {
    // No app withdraws a correction by itself, or gives it a key, but where that is said it counts.
    for (const sql of [CORRECTED_BY, CORRECTED_WITH]) {
      for (const log of hexes(store, sql, ofHex(what), scope, MOST_ALIKE)) abouts.add(log);
    }
  }
  for (const some of portions([...abouts].sort())) {
    const sql = `SELECT DISTINCT mark FROM symptom_logs WHERE log IN (${qs(some)}) AND scope = ? AND mark IS NOT NULL`;
    for (const mark of hexes(store, sql, ...some.map(ofHex), scope)) marks.add(mark);
  }
  for (const mark of [...marks].sort()) {
    for (const log of hexes(store, OF_MARK, ofHex(mark), scope, MOST_ALIKE)) abouts.add(log);
  }
  const groups = new Map<What, What[]>();
  const of = marksOf(store, scope, abouts);
  for (const about of [...abouts].sort()) {
    const group = of.get(about) ?? about;
    groups.set(group, [...(groups.get(group) ?? []), about]);
  }
  for (const some of portions([...groups.values()])) settleSome(store, scope, some.flat());
}

/** The same for logs of which all that share a key are there. */
function settleSome(store: Store, scope: Uint8Array, abouts: readonly What[]): void {
  const held = new Map<Id, readonly Given[]>();
  const records: LogRecord[] = [];
  const whats = new Set<What>();
  for (const about of abouts) {
    for (const sql of [OF_LOG, OF_CORRECTED]) {
      type Row = [Uint8Array, number, Uint8Array | null, number | null, Uint8Array, Micros | null];
      for (const [id, document, stream, change, model, received] of store.all<Row>(sql, ofHex(about), scope, MOST_ALIKE)) {
        if (!held.has(idOf(id))) held.set(idOf(id), [stream, document, change]);
        const log = unpackedStruct<Log>("Log", model);
        records.push({ log, arrived_at: momentOrNull(received) });
        for (const name of namesOf(log)) whats.add(name);
      }
    }
  }
  const found = standing(records, goneOf(withdrawnAs(store, scope, whats)));
  for (const some of portions(abouts)) {
    store.run(`DELETE FROM symptoms_standing WHERE log IN (${qs(some)}) AND scope = ?`, ...some.map(ofHex), scope);
  }
  store.runMany(
    "REPLACE INTO symptoms_standing (scope, log, stream, document, change, about, mark, model)" +
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    found.map((one) => [scope, bytesOfId(one.log.id), ...(held.get(one.log.id) ?? []), ...standingColumns(one)]),
  );
}

const standingColumns = (one: Standing): readonly Given[] => [
  toMicros(one.log.at),
  markBytes(one.log),
  packedStruct("Standing", one),
];

/** The mark of each of these logs that has a key. */
export function marksOf(store: Store, scope: Uint8Array, abouts: Iterable<What>): ReadonlyMap<What, What> {
  const found = new Map<What, What>();
  for (const some of portions([...abouts].sort())) {
    const rows = store.all<[Uint8Array, Uint8Array]>(
      `SELECT log, min(mark) FROM symptom_logs WHERE log IN (${qs(some)}) AND scope = ? AND mark IS NOT NULL GROUP BY log`,
      ...some.map(ofHex),
      scope,
    );
    for (const [log, mark] of rows) found.set(hexOf(log), hexOf(mark));
  }
  return found;
}

/** What of these was withdrawn, each as a record of its own. */
export function withdrawnAs(store: Store, scope: Uint8Array, whats: Iterable<What>): readonly Withdrawn[] {
  return portions([...whats].sort()).flatMap((some) =>
    store
      .all<[Uint8Array, Micros]>(
        `SELECT what, max(until) FROM symptom_withdrawn WHERE what IN (${qs(some)}) AND scope = ? GROUP BY what`,
        ...some.map(ofHex),
        scope,
      )
      .map(([what, until]): Withdrawn => {
        const id = idOf(what);
        return { id, entered_at: fromMicros(until), logs: [id], keys: [hexOf(what)] };
      }),
  );
}

/** What a log can be withdrawn by. */
export const namesOf = (log: Log): readonly What[] => [
  whatOf(log.id),
  ...(log.corrects === null ? [] : [whatOf(log.corrects)]),
  ...(log.key === null ? [] : [keyMark(log.key)]),
];

/** What records say to be withdrawn. */
export const marksIn = (withdrawn: readonly Withdrawn[]): readonly What[] => [
  ...withdrawn.flatMap((one) => one.logs.map(whatOf)),
  ...withdrawn.flatMap((one) => one.keys),
];

/** A log as its row has it. */
export const rowOf = (log: Log): LogRow => ({
  id: whatOf(log.id),
  about: whatOf(log.corrects ?? log.id),
  mark: log.key === null ? null : keyMark(log.key),
});

/** What stands for the key of a log. */
export const markBytes = (log: Log): Uint8Array | null => (log.key === null ? null : ofHex(keyMark(log.key)));

/** An id in hexadecimal digits. */
export const whatOf = (id: Id): What => id.replaceAll("-", "");

/** So many question marks. */
export const qs = (some: readonly unknown[]): string => some.map(() => "?").join(", ");

/** Some at a time, as many as a query takes. */
export const portions = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / AT_ONCE) }, (_, at) => items.slice(at * AT_ONCE, (at + 1) * AT_ONCE));

const hexes = (store: Store, sql: string, ...parameters: readonly Given[]): readonly What[] =>
  store.all<[Uint8Array]>(sql, ...parameters).map(([bytes]) => hexOf(bytes));
