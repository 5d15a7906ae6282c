// The documents and changes that this replica holds, as rows: no content is read here.
//
// `position` is a document's number in this store; its id is a UUID that all replicas share. What writes is called in a
// transaction.

import { hexOf, joined, ofHex } from "../../bytes.ts";
import WIRE from "../../generated/wire.json";
import type { Id } from "../../generated/models.ts";
import type { Store } from "../../store/store.ts";
import { bytesOfId, flagOf, idOf, idOrNull, toMicros } from "../../store/values.ts";
import type { Change } from "../../wire/changes.ts";
import { forgetWords, moveWords } from "../tables/search.ts";
import { forgetLogs, moveLogs } from "../tables/symptomRows.ts";
import { findFactsAgain, noteArrivalOf, noteBlobOf } from "./facts.ts";
import type { Arrival, Destination, Hash, StoredChange, StoredDocument } from "./rows.ts";
import { forgetSaved, takeApart } from "./saved.ts";

const { documentBytes: MAX_BYTES, documentOperations: MAX_OPERATIONS } = WIRE.changes;

/** What `dirty` says of a document: its rows are to be written anew; or only what has come is to be applied. */
export const [TO_REBUILD, TO_APPLY] = [1, 2] as const;

type Row = [number, Uint8Array, Uint8Array | null, number | null, string, number, number, number];
const DOCUMENT = "SELECT position, id, stream, wish, kind, bytes, operations, erased FROM documents ";

const documentOf = ([position, id, stream, wish, kind, bytes, operations, erased]: Row): StoredDocument => ({
  position,
  id: idOf(id),
  stream: idOrNull(stream),
  wish: flagOf(wish),
  kind,
  bytes,
  operations,
  erased: erased !== 0,
});

const streamBytes = (stream: Id | null): Uint8Array | null => (stream === null ? null : bytesOfId(stream));

/** The document with that id, if it is here. */
export function findDocument(store: Store, id: Id): StoredDocument | null {
  const row = store.one<Row>(`${DOCUMENT}WHERE id = ?`, bytesOfId(id));
  return row === null ? null : documentOf(row);
}

/** The ids of all documents of a stream. */
export const idsIn = (store: Store, stream: Id): readonly Id[] =>
  store.all<[Uint8Array]>("SELECT id FROM documents WHERE stream = ?", bytesOfId(stream)).map(([id]) => idOf(id));

/** The document with that number, which must be here. */
export function documentAt(store: Store, position: number): StoredDocument {
  const row = store.one<Row>(`${DOCUMENT}WHERE position = ?`, position);
  if (row === null) throw new TypeError("There is no document at that position.");
  return documentOf(row);
}

/** `id`, or the id of the copy that was made of it when it was shared. */
export function currentId(store: Store, id: Id): Id {
  const row = store.one<[Uint8Array]>("SELECT new FROM aliases WHERE old = ?", bytesOfId(id));
  return row === null ? id : currentId(store, idOf(row[0]));
}

/** A new document without changes; returns its position. */
export const addDocument = (store: Store, id: Id, kind: string, to: Destination): number =>
  store.run(
    "INSERT INTO documents (id, stream, wish, kind) VALUES (?, ?, ?, ?)",
    bytesOfId(id),
    streamBytes(to.stream),
    to.wish,
    kind,
  );

/**
 * Keep a change that was made here, and is part of the document in memory; returns its position.
 *
 * It goes into the outbox if it is to be `sent`: not where its document has no stream, nor where it has to be sealed.
 */
export function addMade(store: Store, document: StoredDocument, change: Change, sent: boolean): number {
  const row = insert(store, document.position, change, toMicros(store.now()));
  if (sent) store.run("INSERT INTO outbox (change, document) VALUES (?, ?)", row, document.position);
  return row;
}

/** Keep a change from the log, or note that one made here has come back. Returns whether it is new. */
export function addReceived(store: Store, position: number, change: Change, arrival: Arrival): boolean {
  const sql = "SELECT position FROM changes WHERE document = ? AND hash = ?";
  const known = store.one<[number]>(sql, position, change.hash);
  noteRow(store, position, known?.[0] ?? insert(store, position, change), arrival);
  return known === null;
}

/**
 * Note that a change which is here has come from the log; false if it is not here, with exactly these bytes.
 *
 * So the device's own changes need not be read again when they come back.
 */
export function cameBack(store: Store, position: number, hash: Uint8Array, data: Uint8Array, arrival: Arrival): boolean {
  const sql = "SELECT position FROM changes WHERE document = ? AND hash = ? AND data = ?";
  const known = store.one<[number]>(sql, position, hash, data);
  if (known !== null) noteRow(store, position, known[0], arrival);
  return known !== null;
}

function noteRow(store: Store, document: number, row: number, arrival: Arrival): void {
  store.run(
    "UPDATE changes SET accepted = 1, seq = ?, author = ?, device = ?, received_at = ? WHERE position = ?",
    arrival.seq,
    bytesOfId(arrival.author),
    bytesOfId(arrival.device),
    arrival.receivedAt,
    row,
  );
  store.run("DELETE FROM outbox WHERE change = ?", row);
  noteArrivalOf(store, document, arrival);
}

/** Leave changes out of their document for good: they do not apply, or would alter what must stay. */
export function setAside(store: Store, position: number, hashes: Iterable<Hash>): void {
  store.runMany(
    "UPDATE changes SET set_aside = 1, applied = 0 WHERE document = ? AND hash = ?",
    Array.from(hashes, (hash) => [position, ofHex(hash)]),
  );
  findFactsAgain(store, position);
}

/** These changes are part of what their document says here. */
export function noteApplied(store: Store, changes: readonly StoredChange[]): void {
  store.runMany("UPDATE changes SET applied = 1 WHERE position = ?", changes.map((one) => [one.position]));
}

/** Keep a change that was in a blob of a vault; in however many it is, its first arrival counts. */
export function addOpened(store: Store, position: number, change: Change, arrival: Arrival): void {
  const sql = "SELECT position FROM changes WHERE document = ? AND hash = ?";
  if (store.one(sql, position, change.hash) === null) insert(store, position, change);
  noteBlobArrival(store, position, [hexOf(change.hash)], arrival);
}

/**
 * The blob with these changes is in the log, at that row.
 *
 * In however many blobs a change is, the first of them in the log counts, in whichever order they are opened.
 */
export function noteBlobArrival(store: Store, position: number, hashes: readonly Hash[], arrival: Arrival): void {
  const rows = hashes.map((hash) => [position, ofHex(hash)] as const);
  const wasLater = "SELECT 1 FROM changes WHERE document = ? AND hash = ? AND seq > ?";
  const isEarlier = rows.some((row) => store.one(wasLater, ...row, arrival.seq) !== null);
  store.runMany("UPDATE changes SET accepted = 1, sealed = 1 WHERE document = ? AND hash = ?", rows);
  const { seq, author, device, receivedAt } = arrival;
  store.runMany(
    "UPDATE changes SET seq = ?, author = ?, device = ?, received_at = ?" +
      " WHERE document = ? AND hash = ? AND (seq IS NULL OR seq > ?)",
    rows.map((row) => [seq, bytesOfId(author), bytesOfId(device), receivedAt, ...row, seq]),
  );
  if (isEarlier) findFactsAgain(store, position);
  else noteBlobOf(store, position, arrival);
}

/** A new row. What was made here (`madeAt`) is applied, and the latest change of its document. */
function insert(store: Store, position: number, change: Change, madeAt: bigint | null = null): number {
  const isMade = madeAt !== null;
  const row = store.run(
    "INSERT INTO changes (document, hash, deps, actor, start_op, operations, size, made_at, applied, data)" +
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    position,
    change.hash,
    joined(change.deps),
    change.actor,
    change.startOp,
    change.operations,
    change.data.length,
    madeAt,
    isMade,
    change.data,
  );
  store.run(
    "UPDATE documents SET bytes = bytes + ?, operations = operations + ?," +
      " latest = CASE WHEN ? THEN ? ELSE latest END WHERE position = ?",
    change.data.length,
    change.operations,
    isMade,
    row,
    position,
  );
  return row;
}

/** Whether the document stays within the limits of a document with these changes added. */
export function hasRoom(document: StoredDocument, changes: readonly Change[]): boolean {
  const bytes = changes.reduce((sum, { data }) => sum + data.length, document.bytes);
  const operations = changes.reduce((sum, one) => sum + one.operations, document.operations);
  return bytes <= MAX_BYTES && operations <= MAX_OPERATIONS;
}

/** Forget changes of a document and mark it for rebuilding. */
export function dropChanges(store: Store, position: number, changes: readonly StoredChange[]): void {
  takeApart(store, position);
  for (const change of changes) {
    store.run("DELETE FROM outbox WHERE change = ?", change.position);
    store.run("DELETE FROM changes WHERE position = ?", change.position);
    store.run(
      "UPDATE documents SET bytes = bytes - ?, operations = operations - ? WHERE position = ?",
      change.size,
      change.operations,
      position,
    );
  }
  store.run("UPDATE changes SET applied = 0 WHERE document = ?", position);
  findFactsAgain(store, position);
  markForRebuilding(store, position);
}

/** The rows of the document are to be written anew. */
export function markForRebuilding(store: Store, position: number): void {
  store.run("UPDATE documents SET dirty = ? WHERE position = ?", TO_REBUILD, position);
}

/** Changes of the document have come that are to be applied. */
export function markForApplying(store: Store, position: number): void {
  store.run("UPDATE documents SET dirty = ? WHERE position = ? AND NOT dirty", TO_APPLY, position);
}

/** Forget all that is known of a document but its row: changes, blobs, outbox, projections, search. */
export function dropContent(store: Store, position: number): void {
  store.run("DELETE FROM outbox WHERE document = ?", position);
  store.run("DELETE FROM changes WHERE document = ?", position);
  forgetSaved(store, position);
  store.run("DELETE FROM sealed WHERE document = ?", position);
  forgetWords(store, position);
  store.run("DELETE FROM entries WHERE document = ?", position);
  forgetLogs(store, position);
  store.run("DELETE FROM records WHERE document = ?", position);
  store.run("DELETE FROM buckets WHERE document = ?", position);
  store.run("UPDATE documents SET bytes = 0, operations = 0 WHERE position = ?", position);
  findFactsAgain(store, position);
}

/** Forget a document. */
export function dropDocument(store: Store, position: number): void {
  dropContent(store, position);
  store.run("DELETE FROM documents WHERE position = ?", position);
}

/** Put a document that is on this device only into a stream, with its projections. */
export function moveDocument(store: Store, position: number, to: Destination): void {
  const stream = streamBytes(to.stream);
  store.run("UPDATE documents SET stream = ?, wish = ? WHERE position = ?", stream, to.wish, position);
  store.run("UPDATE entries SET stream = ? WHERE document = ?", stream, position);
  store.run("UPDATE records SET stream = ? WHERE document = ?", stream, position);
  moveWords(store, position, to.stream);
  moveLogs(store, position, to.stream);
}
