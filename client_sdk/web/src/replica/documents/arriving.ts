// Whole documents as a snapshot brings them: kept at once as they came, loaded when their turn comes.
//
// A new device has a record stored in the time it takes to write it down, and reads the newest of it first. What a server
// says of a document that it saved is believed only as far as it can do no harm until it is looked at. Called in a
// transaction.

import { sha256 } from "@noble/hashes/sha2.js";
import { hexOf, joined, ofHex, sameBytes } from "../../bytes.ts";
import { compressed } from "../../crdt/compression.ts";
import type { Document } from "../../crdt/document.ts";
import { DocumentError, StoreInvalid } from "../../errors.ts";
import type { Row, SavedRow, SnapshotDocument } from "../../generated/frames.ts";
import type { Id } from "../../generated/models.ts";
import WIRE from "../../generated/wire.json";
import type { Store } from "../../store/store.ts";
import { bytesOfId, toMicros } from "../../store/values.ts";
import { checkSaved } from "../../wire/savedDocuments.ts";
import type { Documents } from "./documents.ts";
import { project } from "./projections.ts";
import { refusal } from "./refusals.ts";
import type { Hash, StoredDocument } from "./rows.ts";
import { hashOf, isAsWritten, using } from "./saved.ts";
import { addDocument, dropDocument, TO_REBUILD } from "./stored.ts";

const { documentBytes: MAX_BYTES, documentOperations: MAX_OPERATIONS } = WIRE.changes;
const NOTHING = new Uint8Array();

/**
 * Keep a document that is not here, of which a part is saved; `item.rows` are for others. Returns its position.
 *
 * Throws `DocumentError` where what is said of it cannot be.
 */
export function keepWhole(store: Store, stream: Id, item: SnapshotDocument): number {
  const { inside, saved } = item;
  const heads = headsOfRows(inside);
  const size = sum(inside.map((row) => row.length));
  const operations = sum(inside.map((row) => row.operations));
  if (size > MAX_BYTES || saved.length > MAX_BYTES || operations > MAX_OPERATIONS) throw refusal("too_large");
  const position = addDocument(store, item.document, item.kind, { stream, wish: null });
  const after = store.number("SELECT ifnull(max(position), 0) FROM changes");
  const arrivals = inside.map((row) => toMicros(row.receivedAt));
  store.runMany(
    "INSERT INTO changes (position, document, hash, deps, actor, start_op, operations, size, accepted, seq, author," +
      " device, received_at, applied) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, 1)",
    inside.map((row, at) => [
      ...[after + at + 1, position, row.hash, joined(row.deps), row.actor, row.startOp, row.operations, row.length],
      ...[row.seq, bytesOfId(row.author), bytesOfId(row.device), arrivals[at] ?? null],
    ]),
  );
  const [first] = inside.toSorted((one, other) => one.seq - other.seq);
  const inOrder = arrivals.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0));
  if (first === undefined) throw notThat();
  store.run(
    "UPDATE documents SET bytes = ?, operations = ?, dirty = ?, arrived_at = ?, heard_at = ?, first_seq = ?," +
      " author = ?, latest = ? WHERE position = ?",
    ...[size, operations, TO_REBUILD, inOrder[0] ?? null, inOrder.at(-1) ?? null, first.seq],
    ...[bytesOfId(first.author), after + inside.length, position],
  );
  store.run(
    "INSERT INTO saved (document, length, digest, heads, data, unread) VALUES (?, ?, ?, ?, ?, 1)",
    ...[position, saved.length, sha256(saved), ofHex(heads.join("")), saved],
  );
  return position;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);

/** All its rows with their changes, for a device that has some of it. Throws `DocumentError`. */
export function rowsOfWhole(item: SnapshotDocument): readonly Row[] {
  checkSaved(item.saved, item.inside.length, sum(item.inside.map((row) => row.operations)));
  const changes = using(item.saved, (document) => {
    if (document.heads.join() !== headsOfRows(item.inside).join()) throw notThat();
    return new Map(document.changes().map((change) => [hashOf(change), compressed(change)]));
  });
  const inside = item.inside.map(({ seq, hash, author, device, receivedAt }): Row => {
    const change = changes.get(hexOf(hash));
    if (change === undefined) throw notThat();
    return { seq, document: item.document, kind: item.kind, hash, author, device, receivedAt, type: "change", change };
  });
  return [...inside, ...item.rows];
}

/** The hashes of those that no other builds on. Throws `DocumentError` where one builds on what is not there. */
function headsOfRows(inside: readonly SavedRow[]): readonly Hash[] {
  const here = new Set<Hash>();
  const named = new Set<Hash>();
  for (const row of inside) {
    const hash = hexOf(row.hash);
    const deps = row.deps.map(hexOf);
    if (here.has(hash) || !deps.every((dep) => here.has(dep))) throw notThat();
    here.add(hash);
    for (const dep of deps) named.add(dep);
  }
  return [...here].filter((hash) => !named.has(hash)).sort();
}

/**
 * Load and project what a snapshot brought of a document; false where that is not what it should be, or cannot be read:
 * then it is gone, and noted as a problem. Throws `StoreInvalid` for a damaged one.
 */
export function lookAt(store: Store, documents: Documents, document: StoredDocument): boolean {
  const { position } = document;
  try {
    const { document: loaded } = documents.load(position);
    if (!isWhole(store, position, loaded)) throw notThat();
    project(store, document, loaded);
  } catch (failure) {
    if (!(failure instanceof DocumentError || failure instanceof StoreInvalid) || !isAsWritten(store, position)) {
      throw failure;
    }
    const seq = store.number("SELECT min(seq) FROM changes WHERE document = ?", position);
    noteProblem(store, document.stream, seq, document.id, notThat());
    documents.letGo(position);
    dropDocument(store, position);
    return false;
  }
  store.run("UPDATE saved SET unread = 0 WHERE document = ?", position);
  store.run("UPDATE documents SET dirty = 0 WHERE position = ?", position);
  return true;
}

/** Whether the saved document has the heads that its rows say; something may have been written here since. */
function isWhole(store: Store, position: number, document: Document): boolean {
  const sql = "SELECT heads, data FROM saved WHERE document = ?";
  const [heads, data] = store.one<[Uint8Array, Uint8Array]>(sql, position) ?? [NOTHING, NOTHING];
  const are = (one: Document): boolean => sameBytes(heads, ofHex(one.heads.join("")));
  return are(document) || using(data, are);
}

/** A row that could not be used. */
export function noteProblem(store: Store, stream: Id | null, seq: number, document: Id, { code }: DocumentError): void {
  store.run(
    "REPLACE INTO problems (stream, seq, document, code) VALUES (?, ?, ?, ?)",
    ...[stream === null ? NOTHING : bytesOfId(stream), seq, bytesOfId(document), code],
  );
}

const notThat = (): DocumentError =>
  new DocumentError("A saved document is not made of the changes that it should be.", "bad_change");
