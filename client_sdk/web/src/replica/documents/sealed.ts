// The blobs of a vault as rows: sealed at the edit, sent exactly so until accepted, opened when they come.
//
// `changes` holds what was in them, as for any other document; so reading, merging and projecting know nothing of blobs.
// What writes is called in a transaction.

import { sha256 } from "@noble/hashes/sha2.js";
import { hexOf, joined, ofHex, sameBytes } from "../../bytes.ts";
import { DocumentError } from "../../errors.ts";
import WIRE from "../../generated/wire.json";
import type { Id } from "../../generated/models.ts";
import { keyIdOf, openBlob, seal, type VaultKey } from "../../sealing/blobs.ts";
import { readWrapped } from "../../sealing/vaultKey.ts";
import type { Store } from "../../store/store.ts";
import { bytesOfId, idOf, toMicros, type Micros } from "../../store/values.ts";
import { readChange } from "../../wire/changes.ts";
import type { Outgoing } from "../outgoing.ts";
import { changesOf, knows, split } from "./changes.ts";
import { refusal } from "./refusals.ts";
import type { Arrival, Hash, StoredDocument } from "./rows.ts";
import { takeApart } from "./saved.ts";
import { addOpened, documentAt, hasRoom, noteBlobArrival } from "./stored.ts";
import { openKeys, sealingKey } from "./vaultKeys.ts";

/**
 * With so many more accepted blobs than a document of its size needs, the next edit re-encrypts all of it, in their place.
 */
export const MOST_BLOBS = 32;
/**
 * About how many bytes of changes go into one blob. With the hashes of those it takes the place of, it fits into the
 * smallest frame that a server may be set to take (64 KiB): what was refused as too large would stay here for ever.
 */
const PORTION = 48 * 1024;
const { nonce: NONCE_BYTES } = WIRE.sealing.bytes;
const KEY_KIND = "vault_key";

interface Sealed {
  readonly hash: Hash;
  readonly data: Uint8Array;
}

// -- sealing -------------------------------------------------------------------------------------------------------------

/** Seal the changes of a vault's document that are in no blob yet. While the vault is locked, they wait. */
export function sealChanges(store: Store, document: StoredDocument): void {
  const key = sealingKey(store);
  const { stream, position } = document;
  if (key === null || stream === null) return;
  const fresh = store.all<[number, Uint8Array, Uint8Array]>(
    "SELECT position, hash, data FROM changes INDEXED BY changes_with_bytes" +
      " WHERE document = ? AND data IS NOT NULL AND NOT sealed ORDER BY position",
    position,
  );
  if (fresh.length === 0) return;
  const replaced = worn(store, position);
  const changes: readonly Sealed[] =
    replaced.length > 0 ? changesOf(store, position) : fresh.map(([, hash, data]) => ({ hash: hexOf(hash), data }));
  const all = portions(changes);
  all.forEach((portion, at) => {
    // What is replaced must be whole in what was sent before: the last portion says so.
    const replaces = at === all.length - 1 ? replaced : [];
    const content = { changes: portion.map(({ data }) => data), replaces: replaces.map(ofHex) };
    const blob = seal(key, { stream, document: document.id }, content, store.random(NONCE_BYTES));
    addMadeBlob(store, position, blob, portion.map(({ hash }) => hash), replaces);
  });
  store.runMany("UPDATE changes SET sealed = 1 WHERE position = ?", fresh.map(([row]) => [row]));
}

/** The blobs that a new one is to take the place of: all that the server has and this device has read, if many. */
function worn(store: Store, position: number): readonly Hash[] {
  const more = "SELECT 1 FROM sealed WHERE document = ? AND accepted AND state = 'open' LIMIT 1 OFFSET ?";
  if (store.one(more, position, MOST_BLOBS) === null) return [];
  const rows = store.all<[Uint8Array, number]>(
    "SELECT hash, length(data) FROM sealed WHERE document = ? AND accepted AND state = 'open' ORDER BY position",
    position,
  );
  const size = rows.reduce((sum, [, length]) => sum + length, 0);
  const needed = Math.floor((2 * size) / PORTION); // any two portions in a row hold more than one is to
  const underWay = "SELECT 1 FROM sealed WHERE document = ? AND waiting AND length(replaces) > 0";
  const isDue = rows.length > MOST_BLOBS + needed && store.one(underWay, position) === null;
  return isDue ? rows.map(([hash]) => hexOf(hash)) : [];
}

function portions(changes: readonly Sealed[]): readonly (readonly Sealed[])[] {
  const found: Sealed[][] = [];
  let size = 0;
  for (const change of changes) {
    const last = found.at(-1);
    if (last === undefined || size + change.data.length > PORTION) {
      found.push([change]);
      size = change.data.length;
    } else {
      last.push(change);
      size += change.data.length;
    }
  }
  return found;
}

/** Keep a blob that was made here until the server has it. */
export function addMadeBlob(
  store: Store,
  position: number,
  blob: Uint8Array,
  changes: readonly Hash[] = [],
  replaces: readonly Hash[] = [],
): void {
  store.run(
    "INSERT INTO sealed (document, hash, data, state, changes, replaces, made_at, waiting)" +
      " VALUES (?, ?, ?, 'open', ?, ?, ?, 1)",
    position,
    sha256(blob),
    blob,
    ofHex(changes.join("")),
    ofHex(replaces.join("")),
    toMicros(store.now()),
  );
}

/** Blobs that another one takes the place of need not be sent any more. */
export function stopSending(store: Store, position: number, hashes: Iterable<Uint8Array>): void {
  for (const hash of hashes) store.run("UPDATE sealed SET waiting = 0 WHERE document = ? AND hash = ?", position, hash);
}

// -- to the server -------------------------------------------------------------------------------------------------------

/** Blobs that wait to be sent, oldest first, one item a document; see `outgoing`. */
export function outgoingBlobs(
  store: Store,
  excluded: ReadonlySet<Id>,
  limit: number,
  most: number,
  must: boolean,
): readonly Outgoing[] {
  const found: Outgoing[] = [];
  const seen = new Set<number>();
  let [after, room] = [0, most];
  while (found.length < limit && (room > 0 || (must && found.length === 0))) {
    const row = store.one<[number, number, Uint8Array, Uint8Array, string]>(
      "SELECT b.position, d.position, d.id, d.stream, d.kind FROM sealed b JOIN documents d" +
        " ON d.position = b.document WHERE b.waiting AND b.position > ?" +
        " AND NOT EXISTS (SELECT 1 FROM streams s WHERE s.id = d.stream AND s.stopped IS NOT NULL)" +
        " ORDER BY b.position LIMIT 1",
      after,
    );
    if (row === null) break;
    const [at, position, id, stream, kind] = row;
    after = at;
    if (seen.has(position) || excluded.has(idOf(id))) continue;
    seen.add(position);
    const of = { stream: idOf(stream), document: idOf(id), kind };
    const one = outgoingOf(store, position, of, room, must && found.length === 0);
    if (one === null) break;
    found.push(one);
    room -= one.changes.reduce((size, change) => size + change.length, 0);
  }
  return found;
}

function outgoingOf(
  store: Store,
  position: number,
  of: Pick<Outgoing, "stream" | "document" | "kind">,
  most: number,
  must: boolean,
): Outgoing | null {
  const [changes, hashes, replaces]: [Uint8Array[], Uint8Array[], Uint8Array[]] = [[], [], []];
  let room = most;
  const sql = "SELECT hash, data, replaces FROM sealed WHERE document = ? AND waiting ORDER BY position";
  for (const [hash, data, names] of store.all<[Uint8Array, Uint8Array, Uint8Array]>(sql, position)) {
    if (data.length > room && (changes.length > 0 || !must)) break;
    changes.push(data);
    hashes.push(hash);
    replaces.push(...split(names).map(ofHex).filter((name) => isThere(store, position, name)));
    room -= data.length;
  }
  return changes.length === 0 ? null : { ...of, hashes, changes, erase: false, replaces };
}

/** Whether the server holds a blob, and is not just being sent it again. */
const isThere = (store: Store, position: number, hash: Uint8Array): boolean =>
  store.one("SELECT 1 FROM sealed WHERE document = ? AND hash = ? AND accepted AND NOT waiting", position, hash) !== null;

/** The server has these blobs; those they take the place of are not needed any more. */
export function settleBlobs(store: Store, position: number, hashes: Iterable<Uint8Array>): void {
  for (const hash of hashes) {
    const row = store.one<[Uint8Array, Uint8Array]>(
      "SELECT changes, replaces FROM sealed WHERE document = ? AND hash = ?",
      position,
      hash,
    );
    if (row === null) continue;
    store.run(
      "UPDATE sealed SET accepted = 1, waiting = 0, replaces = x'' WHERE document = ? AND hash = ?",
      position,
      hash,
    );
    for (const change of split(row[0])) {
      store.run("UPDATE changes SET accepted = 1 WHERE document = ? AND hash = ?", position, ofHex(change));
    }
    dropBlobs(store, position, split(row[1]).map(ofHex));
  }
}

function dropBlobs(store: Store, position: number, hashes: readonly Uint8Array[]): void {
  store.runMany("DELETE FROM sealed WHERE document = ? AND hash = ?", hashes.map((hash) => [position, hash]));
}

/** The server lacks blobs of the document: all go out again, as they are. */
export function resendBlobs(store: Store, position: number): void {
  store.run("UPDATE sealed SET waiting = 1 WHERE document = ?", position);
}

/**
 * The server will not take these blobs. What is in them stays here, and goes out with the next edit.
 *
 * Returns whether the server lacks any of them.
 */
export function refuseBlobs(store: Store, document: StoredDocument, hashes: Iterable<Uint8Array>): boolean {
  const { position } = document;
  let isLacking = false;
  for (const hash of hashes) {
    const row = store.one<[Uint8Array]>(
      "SELECT changes FROM sealed WHERE document = ? AND hash = ? AND NOT accepted",
      position,
      hash,
    );
    stopSending(store, position, [hash]);
    if (row === null) continue;
    isLacking = true;
    if (document.kind === KEY_KIND) continue;
    dropBlobs(store, position, [hash]);
    takeApart(store, position);
    for (const change of split(row[0])) {
      store.run("UPDATE changes SET sealed = 0 WHERE document = ? AND hash = ?", position, ofHex(change));
    }
  }
  return isLacking;
}

// -- from the server -----------------------------------------------------------------------------------------------------

/** Keep a blob from the log; returns whether it is new. Throws `DocumentError` for damaged bytes. */
export function receiveBlob(
  store: Store,
  document: StoredDocument,
  hash: Uint8Array,
  blob: Uint8Array,
  arrival: Arrival,
): boolean {
  const { position, kind } = document;
  if (!sameBytes(sha256(blob), hash)) throw refusal("bad_checksum");
  const sql = "SELECT changes FROM sealed WHERE document = ? AND hash = ?";
  const known = store.one<[Uint8Array]>(sql, position, hash);
  if (known !== null) {
    settleBlobs(store, position, [hash]);
    store.run("UPDATE sealed SET seq = ? WHERE document = ? AND hash = ?", arrival.seq, position, hash);
    noteBlobArrival(store, position, split(known[0]), arrival);
    return false;
  }
  store.run(
    "INSERT INTO sealed (document, hash, data, state, accepted, seq, author, device, received_at)" +
      " VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?)",
    position,
    hash,
    blob,
    kind === KEY_KIND ? "open" : "closed",
    arrival.seq,
    bytesOfId(arrival.author),
    bytesOfId(arrival.device),
    arrival.receivedAt,
  );
  const wrapped = kind === KEY_KIND ? readWrapped(blob) : undefined;
  dropBlobs(store, position, wrapped?.replaces ?? []);
  return true;
}

/** Open the document's blobs that wait for it, with the keys that are open; the others go on waiting. */
export function openBlobs(store: Store, document: StoredDocument): void {
  type Row = [number, Uint8Array, number, Uint8Array, Uint8Array, Micros];
  const rows = store.all<Row>(
    "SELECT position, data, seq, author, device, received_at FROM sealed" +
      " WHERE document = ? AND state = 'closed' ORDER BY position",
    document.position,
  );
  const keys = new Map((rows.length > 0 ? openKeys(store) : []).map((key) => [hexOf(key.id), key]));
  for (const [row, blob, seq, author, device, receivedAt] of rows) {
    const id = keyIdOf(blob);
    const key = id === undefined ? undefined : keys.get(hexOf(id));
    if (id !== undefined && key === undefined) continue;
    const arrival = { seq, author: idOf(author), device: idOf(device), receivedAt };
    if (key === undefined || !isOpened(store, document, row, key, blob, arrival)) {
      store.run("UPDATE sealed SET state = 'unreadable' WHERE position = ?", row);
    }
  }
}

/** All that is in a blob, or nothing of it: then it is never replaced, and a newer app may read it. */
function isOpened(
  store: Store,
  document: StoredDocument,
  row: number,
  key: VaultKey,
  blob: Uint8Array,
  arrival: Arrival,
): boolean {
  const { stream, position } = document;
  const content = stream === null ? undefined : openBlob(key, { stream, document: document.id }, blob);
  if (content === undefined) return false;
  let changes: readonly ReturnType<typeof readChange>[];
  try {
    changes = content.changes.map((data) => readChange(data));
  } catch (failure) {
    if (failure instanceof DocumentError) return false;
    throw failure;
  }
  const fresh = changes.filter((change) => !knows(store, position, hexOf(change.hash)));
  if (!hasRoom(documentAt(store, position), fresh)) return false;
  for (const change of changes) addOpened(store, position, change, arrival);
  store.run(
    "UPDATE sealed SET state = 'open', changes = ? WHERE position = ?",
    joined(changes.map(({ hash }) => hash)),
    row,
  );
  dropBlobs(store, position, content.replaces);
  return true;
}

/** Mark the documents with blobs that wait for a key, so that they are tried again. */
export function markClosed(store: Store): void {
  store.run("UPDATE documents SET dirty = 1 WHERE position IN (SELECT document FROM sealed WHERE state = 'closed')");
}

/** Whether there is any blob of the document here. */
export const anyBlob = (store: Store, position: number): boolean =>
  store.one("SELECT 1 FROM sealed WHERE document = ?", position) !== null;

/** How many blobs are in that state. */
export const countBlobs = (store: Store, state: "closed" | "unreadable"): number =>
  store.number("SELECT count(*) FROM sealed WHERE state = ? AND state <> 'open'", state);
