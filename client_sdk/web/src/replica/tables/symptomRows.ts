// Symptom logs as rows: every record that a bucket holds, and with each which of them stand.
//
// Logs of different people never meet: each client's are a `scope` of their own on a therapist's device. What writes is
// called in a transaction.

import { hexOf, ofHex, textOf } from "../../bytes.ts";
import type { Document } from "../../crdt/document.ts";
import { operationsOf } from "../../crdt/operations.ts";
import { ROOT } from "../../crdt/scalars.ts";
import { readBucket } from "../../documents/diary/symptoms.ts";
import { canonicalId } from "../../documents/ids.ts";
import type { Id, Log, Withdrawn } from "../../generated/models.ts";
import type { Store } from "../../store/store.ts";
import { bytesOfId, toMicros, type Micros } from "../../store/values.ts";
import { MAX_NAMES, nameKey } from "../../text/names.ts";
import type { Moved, StoredDocument } from "../documents/rows.ts";
import { packedStruct, unpackedStruct } from "./models.ts";
import { provenanceOf, type Brought, type Provenance } from "./provenance.ts";
import {
  logRow,
  markBytes,
  marksIn,
  portions,
  qs,
  rowOf,
  settleLogs,
  whatOf,
  type LogColumns,
  type LogRow,
  type What,
} from "./symptomStanding.ts";

/** The scope of what a client's own device holds, wherever it is kept. */
export const OWN = new Uint8Array();

/** A record as its row has it, whole. */
interface Model {
  readonly row: LogRow;
  readonly change: number | null;
  readonly model: string;
}

/** A log, and the position of the change that wrote it. */
export type WrittenLog = readonly [log: Log, change: number | null];

// -- writing -------------------------------------------------------------------------------------------------------------

/** Make the rows of a bucket what it says now. */
export function projectLogs(store: Store, held: StoredDocument, document: Document): void {
  const bucket = readBucket(document);
  const brought = broughtBy(store, held.position);
  const logs = bucket.logs.map((log): WrittenLog => [log, brought(document, log.id)]); // read before anything is written
  const before = modelsOf(store, held.position, "", []);
  const was = withdrawnOf(store, held.position);
  store.run("DELETE FROM symptom_withdrawn WHERE document = ?", held.position);
  store.run("DELETE FROM withdrawn_records WHERE document = ?", held.position);
  const touched = replaced(store, held, logs, before);
  sayWithdrawn(store, held, bucket.withdrawn);
  // Only what differs: of what was withdrawn before, a bucket may say much.
  const is = withdrawnOf(store, held.position);
  const said = [...new Set([...was.keys(), ...is.keys()])].filter((what) => was.get(what) !== is.get(what));
  settleLogs(store, scopeOf(store, held.stream), touched, said);
}

const broughtBy = (store: Store, position: number): Provenance<number> =>
  provenanceOf(
    store
      .all<[Uint8Array, number, number, number]>(
        "SELECT actor, start_op, operations, position FROM changes WHERE document = ? AND applied",
        position,
      )
      .map(([actor, start, operations, change]): Brought<number> => [hexOf(actor), start, operations, change]),
  );

/**
 * Write the rows that the changes wrote which a bucket, whose rows were right, has just taken in.
 *
 * False where the whole bucket has to be read: what was withdrawn was written over, or there are too many names.
 */
export function followLogs(store: Store, held: StoredDocument, moved: Moved): boolean {
  const keys = [...new Set(moved.applied.flatMap((one) => recordsIn(one.data)))].sort();
  for (const some of portions(keys)) {
    const sql = `SELECT 1 FROM withdrawn_records WHERE document = ? AND record IN (${qs(some)}) LIMIT 1`;
    if (store.one(sql, held.position, ...some.map(bytesOfId)) !== null) return false;
  }
  const { document } = moved.opened;
  const bucket = readBucket(document, keys);
  if (!hasRoomIn(store, held, moved, bucket.logs)) return false;
  const before = new Map(
    portions(keys).flatMap((some) => [
      ...modelsOf(store, held.position, ` AND log IN (${qs(some)})`, some.map(bytesOfId)),
    ]),
  );
  let brought = provenanceOf(
    moved.applied.map((one): Brought<number> => [one.actor, one.startOp, one.operations, one.position]),
  );
  let logs = bucket.logs.map((log): WrittenLog => [log, brought(document, log.id)]);
  if (logs.some(([, change]) => change === null)) {
    // Of several that were written at once, an older one stands.
    brought = broughtBy(store, held.position);
    logs = logs.map(([log]): WrittenLog => [log, brought(document, log.id)]);
  }
  const touched = replaced(store, held, logs, before);
  sayWithdrawn(store, held, bucket.withdrawn);
  settleLogs(store, scopeOf(store, held.stream), touched, marksIn(bucket.withdrawn));
  return true;
}

/** The records that a change writes, by id. */
const recordsIn = (change: Uint8Array): readonly Id[] =>
  operationsOf(change).operations.flatMap(({ object, key }) => (object === ROOT ? (canonicalId(key) ?? []) : []));

/** Whether the bucket has fewer names than are kept apart: then none of its logs is told without some of them. */
function hasRoomIn(store: Store, held: StoredDocument, { opened }: Moved, logs: readonly Log[]): boolean {
  opened.names ??= new Set(
    store
      .all<[Uint8Array]>("SELECT model FROM symptom_logs WHERE document = ?", held.position)
      .flatMap(([model]) => keysOf(unpackedStruct<Log>("Log", model))),
  );
  for (const name of logs.flatMap(keysOf)) opened.names.add(name);
  return opened.names.size < MAX_NAMES;
}

const keysOf = (log: Log): readonly string[] => Object.keys(log.values).map(nameKey);

function modelsOf(
  store: Store,
  position: number,
  which: string,
  parameters: readonly Uint8Array[],
): ReadonlyMap<What, Model> {
  const sql = `SELECT log, ifnull(corrects, log), mark, change, model FROM symptom_logs WHERE document = ?${which}`;
  return new Map(
    store
      .all<[...LogColumns, number | null, Uint8Array]>(sql, position, ...parameters)
      .map(([log, about, mark, change, model]) => {
        const row = logRow([log, about, mark]);
        return [row.id, { row, change, model: textOf(model) }];
      }),
  );
}

/** Put these records in the place of those `before`; returns what differs, as it was and as it is. */
function replaced(
  store: Store,
  held: StoredDocument,
  logs: readonly WrittenLog[],
  before: ReadonlyMap<What, Model>,
): readonly LogRow[] {
  const now = new Set(logs.map(([log]) => whatOf(log.id)));
  const gone = [...before].filter(([id]) => !now.has(id)).map(([, one]) => one.row);
  store.runMany(
    "DELETE FROM symptom_logs WHERE document = ? AND log = ?",
    gone.map((row) => [held.position, ofHex(row.id)]),
  );
  const fresh = logs.filter(([log, change]) => {
    const was = before.get(whatOf(log.id));
    return was === undefined || was.change !== change || was.model !== textOf(packedStruct("Log", log));
  });
  write(store, held, fresh);
  const over = fresh.flatMap(([log]) => before.get(whatOf(log.id))?.row ?? []);
  return [...gone, ...over, ...fresh.map(([log]) => rowOf(log))];
}

/** Write rows of records that were just added, each log with the position of the change that wrote it. */
export function addLogs(
  store: Store,
  held: StoredDocument,
  logs: readonly WrittenLog[],
  withdrawn: readonly Withdrawn[] = [],
): void {
  write(store, held, logs);
  sayWithdrawn(store, held, withdrawn);
  settleLogs(store, scopeOf(store, held.stream), logs.map(([log]) => rowOf(log)), marksIn(withdrawn));
}

/** Delete the rows of a document. */
export function forgetLogs(store: Store, position: number): void {
  const rows = rowsOf(store, position);
  const withdrawn = withdrawnOf(store, position);
  if (rows.length === 0 && withdrawn.size === 0) return;
  const [stream] = store.one<[Uint8Array | null]>("SELECT stream FROM documents WHERE position = ?", position) ?? [null];
  store.run("DELETE FROM symptom_logs WHERE document = ?", position);
  store.run("DELETE FROM symptom_withdrawn WHERE document = ?", position);
  store.run("DELETE FROM withdrawn_records WHERE document = ?", position);
  settleLogs(store, scopeIn(store, stream), rows, withdrawn.keys());
}

/** What a change that was made here holds has arrived: of several corrections that may decide which one stands. */
export function noteLogsArrived(store: Store, held: StoredDocument, hash: Uint8Array): void {
  const rows = store.all<LogColumns>(
    "SELECT l.log, ifnull(l.corrects, l.log), l.mark FROM symptom_logs l INDEXED BY symptom_logs_by_change" +
      " WHERE l.change = (SELECT position FROM changes WHERE document = ? AND hash = ?)" +
      " AND (l.corrects IS NOT NULL OR l.mark IS NOT NULL)",
    held.position,
    hash,
  );
  if (rows.length > 0) settleLogs(store, scopeOf(store, held.stream), rows.map(logRow), []);
}

/** The document, which was on this device only, is in a stream now. */
export function moveLogs(store: Store, position: number, stream: Id | null): void {
  const bytes = stream === null ? null : bytesOfId(stream);
  store.run("UPDATE symptoms_standing SET stream = ? WHERE document = ?", bytes, position);
}

function write(store: Store, held: StoredDocument, logs: readonly WrittenLog[]): void {
  const scope = scopeOf(store, held.stream);
  store.runMany(
    "REPLACE INTO symptom_logs (document, log, scope, mark, corrects, batch, change, model)" +
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    logs.map(([log, change]) => [
      held.position,
      bytesOfId(log.id),
      scope,
      markBytes(log),
      log.corrects === null ? null : bytesOfId(log.corrects),
      log.batch === null ? null : bytesOfId(log.batch),
      change,
      packedStruct("Log", log),
    ]),
  );
  const names = new Set(logs.flatMap(([log]) => keysOf(log)));
  store.runMany("INSERT OR IGNORE INTO symptom_names (name) VALUES (?)", Array.from(names, (name) => [name]));
}

/** Write what a bucket says to be withdrawn; of what several records name, the last one counts. */
function sayWithdrawn(store: Store, held: StoredDocument, withdrawn: readonly Withdrawn[]): void {
  const scope = scopeOf(store, held.stream);
  store.runMany(
    "INSERT INTO symptom_withdrawn (document, scope, what, until) VALUES (?, ?, ?, ?)" +
      " ON CONFLICT (document, what) DO UPDATE SET until = max(until, excluded.until)",
    withdrawn.flatMap((one) => marksIn([one]).map((what) => [held.position, scope, ofHex(what), toMicros(one.entered_at)])),
  );
  store.runMany(
    "REPLACE INTO withdrawn_records (document, record) VALUES (?, ?)",
    withdrawn.map((one) => [held.position, bytesOfId(one.id)]),
  );
}

function withdrawnOf(store: Store, position: number): ReadonlyMap<What, bigint> {
  const sql = "SELECT what, until FROM symptom_withdrawn WHERE document = ?";
  return new Map(store.all<[Uint8Array, Micros]>(sql, position).map(([what, until]) => [hexOf(what), BigInt(until)]));
}

const rowsOf = (store: Store, position: number): readonly LogRow[] =>
  store
    .all<LogColumns>("SELECT log, ifnull(corrects, log), mark FROM symptom_logs WHERE document = ?", position)
    .map(logRow);

const scopeOf = (store: Store, stream: Id | null): Uint8Array =>
  scopeIn(store, stream === null ? null : bytesOfId(stream));

function scopeIn(store: Store, stream: Uint8Array | null): Uint8Array {
  if (stream === null) return OWN;
  const role = store.one<[string]>("SELECT role FROM streams WHERE id = ?", stream)?.[0] ?? "client";
  return role === "client" ? OWN : stream;
}

// -- names -----------------------------------------------------------------------------------------------------------------

/** Whether logs with these names may be added: a record holds so many different symptoms and no more. */
export function hasRoomForNames(store: Store, names: Iterable<string>): boolean {
  const isNew = (key: string): boolean => store.one("SELECT 1 FROM symptom_names WHERE name = ?", key) === null;
  const fresh = [...new Set(Array.from(names, nameKey))].filter(isNew).length;
  if (fresh === 0) return true;
  const held = store.number("SELECT count(*) FROM symptom_names");
  // Of logs that were withdrawn they are still there.
  return held + fresh <= MAX_NAMES || forgetUnusedNames(store) + fresh <= MAX_NAMES;
}

/** Keep only the names of symptoms that a log here has; returns how many. */
export function forgetUnusedNames(store: Store): number {
  const rows = store.all<[Uint8Array]>("SELECT model FROM symptom_logs");
  const used = new Set(rows.flatMap(([model]) => keysOf(unpackedStruct<Log>("Log", model))));
  store.run("DELETE FROM symptom_names");
  store.runMany("INSERT INTO symptom_names (name) VALUES (?)", Array.from(used, (key) => [key]));
  return used.size;
}
