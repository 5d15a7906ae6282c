// Saved documents beside changes: one blob in the place of the bytes of many changes that the server has long accepted.
//
// A document with many changes loads faster from one blob, which is a fraction of their size. The rows of the changes stay
// (hash, author, when they arrived); only their bytes go, and only once the blob has been loaded again and has given back
// every one of them. What needs bytes later takes them out of it. A change that the server does not hold, or that waits in
// the outbox, keeps its own.
//
// Invariant: the saved document holds exactly those changes of its document that have no bytes of their own.

import { sha256 } from "@noble/hashes/sha2.js";
import { hexOf, joined, ofHex, sameBytes } from "../../bytes.ts";
import { compressed } from "../../crdt/compression.ts";
import { Document } from "../../crdt/document.ts";
import { DocumentError, StoreInvalid } from "../../errors.ts";
import type { Store } from "../../store/store.ts";
import { readChange } from "../../wire/changes.ts";
import { checkSaved } from "../../wire/savedDocuments.ts";
import type { Hash, StoredChange } from "./rows.ts";

/** With more accepted changes than this, or more bytes of them, beside what was saved, a document is saved again, */
const [MOST_CHANGES, MOST_BYTES] = [64, 32 * 1024] as const;
/** if they are so large a part of what was saved: saving costs what there is, so it is done for as much as is new. */
const PART = 2;
/** The actor of a document that is only read. */
export const READER = "00".repeat(16);
/** Where the bytes begin that a change's hash is of, and the type of one that is not deflated. */
const [CHUNK, PLAIN] = [8, 1] as const;

/** The bytes of a change, if they are those. Throws `StoreInvalid`. */
export function checked(hash: Hash, data: Uint8Array | undefined): Uint8Array {
  if (data === undefined || hashOf(data) !== hash) throw damaged();
  return data;
}

/** The hash of a change; null for bytes that are none. */
export function hashOf(data: Uint8Array): Hash | null {
  if (data[CHUNK] === PLAIN) {
    const found = sha256(data.subarray(CHUNK));
    return sameBytes(found.subarray(0, 4), data.subarray(4, CHUNK)) ? hexOf(found) : null;
  }
  try {
    return hexOf(readChange(data).hash);
  } catch (failure) {
    if (failure instanceof DocumentError) return null;
    throw failure;
  }
}

/** The error for a document of which not everything is there as it was written. */
export const damaged = (): StoreInvalid =>
  new StoreInvalid(
    "A document in this store is damaged: it was changed on disk, or could not be read back as it was written. " +
      "Nothing was changed. Restore a backup, or start a new store and pair it.",
    "damaged",
  );

/**
 * The saved document; empty where there is none. Throws `StoreInvalid` for a damaged one, and for one that came so and
 * would expand to more than its changes have.
 */
export function savedOf(store: Store, position: number): Uint8Array {
  const row = store.one<[number, Uint8Array, Uint8Array, number]>(
    "SELECT length, digest, data, unread FROM saved WHERE document = ?",
    position,
  );
  if (row === null) return new Uint8Array();
  const [length, digest, data, unread] = row;
  if (!asWritten(length, digest, data)) throw damaged();
  if (unread !== 0) {
    const [changes, operations] = store.one<[number, number | null]>(
      "SELECT count(*), sum(operations) FROM changes WHERE document = ? AND data IS NULL",
      position,
    ) ?? [0, 0];
    try {
      checkSaved(data, changes, operations ?? 0);
    } catch (failure) {
      throw failure instanceof DocumentError ? damaged() : failure;
    }
  }
  return data;
}

/** Whether the saved document is what was written, whatever that was. */
export function isAsWritten(store: Store, position: number): boolean {
  const sql = "SELECT length, digest, data FROM saved WHERE document = ?";
  const row = store.one<[number, Uint8Array, Uint8Array]>(sql, position);
  return row !== null && asWritten(...row);
}

const asWritten = (length: number, digest: Uint8Array, data: Uint8Array): boolean =>
  data.length === length && sameBytes(sha256(data), digest);

/** The changes that are in the saved document, by hash. Throws `StoreInvalid`. */
export function changesInside(store: Store, position: number): ReadonlyMap<Hash, Uint8Array> {
  const data = savedOf(store, position);
  try {
    return data.length > 0 ? using(data, changesOfDocument) : new Map();
  } catch (failure) {
    throw failure instanceof DocumentError ? damaged() : failure;
  }
}

function changesOfDocument(document: Document): ReadonlyMap<Hash, Uint8Array> {
  return new Map(
    document.changes().flatMap((change) => {
      const hash = hashOf(change);
      return hash === null ? [] : [[hash, compressed(change)] as const];
    }),
  );
}

/** Use the document that trusted bytes make, to be read only. Throws `DocumentError`. */
export function using<T>(data: Uint8Array, use: (document: Document) => T): T {
  const document = Document.load(data, READER);
  try {
    return use(document);
  } finally {
    document.free();
  }
}

/** Whether so much has been accepted beside what was saved that the document is to be saved again. */
export function isDue(store: Store, position: number): boolean {
  const [count, size, before] = store.one<[number, number | null, number | null]>(
    "SELECT count(*), sum(size), (SELECT length FROM saved WHERE document = ?) FROM changes" +
      " INDEXED BY changes_with_bytes WHERE document = ? AND accepted = 1 AND data IS NOT NULL",
    position,
    position,
  ) ?? [0, 0, 0];
  return (count > MOST_CHANGES || (size ?? 0) > MOST_BYTES) && (size ?? 0) * PART >= (before ?? 0);
}

/**
 * What a saved document is to be made of: the one `before`, and changes that the server holds, dependencies first.
 *
 * `wanted` are the hashes of all changes that will be in it.
 */
export interface Gathered {
  readonly position: number;
  readonly before: Uint8Array;
  readonly changes: readonly StoredChange[];
  readonly wanted: ReadonlySet<Hash>;
}

/** A saved document that gives back every change that is in it. */
export interface Saved {
  readonly heads: readonly Hash[];
  readonly data: Uint8Array;
}

/** All that is needed to save a document with these changes. Throws `StoreInvalid` where that is damaged. */
export const gather = (store: Store, position: number, changes: readonly StoredChange[]): Gathered => ({
  position,
  before: savedOf(store, position),
  changes,
  wanted: new Set([...inside(store, position), ...changes.map((one) => one.hash)]),
});

/** The saved document; null where it would lose anything. Takes its time. */
export function make(gathered: Gathered): Saved | null {
  const bytes = joined([gathered.before, ...gathered.changes.map((one) => one.data)]);
  try {
    return using(bytes, (document) => {
      const data = document.save();
      const isWhole = using(data, (again) => {
        const there = new Set(changesOfDocument(again).keys());
        return again.heads.join() === document.heads.join() && isSame(there, gathered.wanted);
      });
      return isWhole ? { heads: document.heads, data } : null;
    });
  } catch (failure) {
    // Some changes can be applied, but not be read once they are saved.
    if (failure instanceof DocumentError) return null;
    throw failure;
  }
}

/**
 * Put it in the place of the bytes of its changes, unless it is not what it should be any more.
 *
 * `settled` are the changes that may give up their bytes now.
 */
export function keepSaved(store: Store, gathered: Gathered, made: Saved, settled: readonly StoredChange[]): void {
  const may = new Set(settled.map((one) => one.hash));
  const fresh = new Set(gathered.changes.map((one) => one.hash));
  const before = new Set([...gathered.wanted].filter((hash) => !fresh.has(hash)));
  if (![...fresh].every((hash) => may.has(hash)) || !isSame(inside(store, gathered.position), before)) return;
  store.run(
    "REPLACE INTO saved (document, length, digest, heads, data) VALUES (?, ?, ?, ?, ?)",
    gathered.position,
    made.data.length,
    sha256(made.data),
    ofHex(made.heads.join("")),
    made.data,
  );
  store.runMany("UPDATE changes SET data = NULL WHERE position = ?", gathered.changes.map((one) => [one.position]));
}

/** Give all changes their bytes again, and forget the saved document. Throws `StoreInvalid` for a damaged one. */
export function takeApart(store: Store, position: number): void {
  const kept = changesInside(store, position);
  if (kept.size === 0) return;
  const lacking = store.all<[number, Uint8Array]>(
    "SELECT position, hash FROM changes WHERE document = ? AND data IS NULL",
    position,
  );
  store.runMany(
    "UPDATE changes SET data = ? WHERE position = ?",
    lacking.map(([row, hash]) => [checked(hexOf(hash), kept.get(hexOf(hash))), row]),
  );
  forgetSaved(store, position);
}

/** Delete the saved document. */
export function forgetSaved(store: Store, position: number): void {
  store.run("DELETE FROM saved WHERE document = ?", position);
}

/** The hashes of the changes that have no bytes of their own. */
const inside = (store: Store, position: number): ReadonlySet<Hash> =>
  new Set(
    store
      .all<[Uint8Array]>("SELECT hash FROM changes WHERE document = ? AND data IS NULL", position)
      .map(([hash]) => hexOf(hash)),
  );

const isSame = (one: ReadonlySet<Hash>, other: ReadonlySet<Hash>): boolean =>
  one.size === other.size && [...one].every((hash) => other.has(hash));
