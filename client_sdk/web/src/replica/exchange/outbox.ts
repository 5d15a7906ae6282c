// What was written here and the server has not accepted yet, and what it will never accept.
//
// Every change made here for a shared document is in the outbox from the transaction that made it until the server has
// confirmed it (`settle`) or refused it for good (`refuse`). Blobs of a vault and documents to be erased wait in tables of
// their own and are sent from here as well.

import { hexOf } from "../../bytes.ts";
import type { Id } from "../../generated/models.ts";
import type { Store } from "../../store/store.ts";
import { idOf } from "../../store/values.ts";
import { changesOf } from "../documents/changes.ts";
import {
  askUnconfirmedAgain,
  erasureArrives,
  outgoingErasures,
  refuseErasure,
} from "../documents/erasures.ts";
import { noteRefusal } from "../documents/refusals.ts";
import type { Hash, StoredChange, StoredDocument } from "../documents/rows.ts";
import { takeApart } from "../documents/saved.ts";
import { outgoingBlobs, refuseBlobs, resendBlobs, settleBlobs } from "../documents/sealed.ts";
import { dropChanges, findDocument } from "../documents/stored.ts";
import { isVault } from "../documents/streams.ts";
import { bytesOf, type Outgoing } from "../outgoing.ts";
import { compactSearch } from "../tables/search.ts";

/** Changes of one document that are read, and sent, at once. */
const MOST_CHANGES = 1_000;
const FROM_THERE = `
    accepted AND seq IS NULL AND document IN (
        SELECT d.position FROM documents d JOIN streams s ON s.id = d.stream
            WHERE s.stopped IS NULL AND NOT d.erased AND s.audience
`;
const UNCONFIRMED_SAVED = `SELECT DISTINCT document FROM changes WHERE ${FROM_THERE} <> 'vault') AND data IS NULL`;
const UNCONFIRMED = `
    INSERT OR IGNORE INTO outbox (change, document)
        SELECT position, document FROM changes WHERE ${FROM_THERE} <> 'vault') AND NOT set_aside
`;
const UNCONFIRMED_BLOBS = `UPDATE sealed SET waiting = 1 WHERE ${FROM_THERE} = 'vault')`;

/**
 * What to push next, oldest first, at most `limit` documents and (but for the first change) `most` bytes.
 *
 * `excluded` names documents with a push under way. What is withdrawn goes first, then changes, then blobs of the vault.
 * What a copy takes the place of is erased last: only once the server holds the copy.
 */
export function outgoing(store: Store, excluded: ReadonlySet<Id>, limit: number, most: number): readonly Outgoing[] {
  const withdrawn = outgoingErasures(store, excluded, limit, { withdrawn: true, allSent: true });
  const plain = plainChanges(store, excluded, limit - withdrawn.length, most, withdrawn.length === 0);
  const sent = [...withdrawn, ...plain];
  const room = most - plain.reduce((size, one) => size + bytesOf(one), 0);
  const blobs = outgoingBlobs(store, excluded, limit - sent.length, room, sent.length === 0);
  const left = limit - sent.length - blobs.length;
  const copied = outgoingErasures(store, excluded, left, { withdrawn: false, allSent: isAllSent(store) });
  return [...sent, ...blobs, ...copied];
}

/** Whether nothing of the record waits to be sent. */
const isAllSent = (store: Store): boolean =>
  store.one("SELECT 1 FROM outbox LIMIT 1") === null &&
  store.one("SELECT 1 FROM documents WHERE stream IS NULL AND wish = 1 LIMIT 1") === null;

function plainChanges(
  store: Store,
  excluded: ReadonlySet<Id>,
  limit: number,
  most: number,
  must: boolean,
): readonly Outgoing[] {
  const found: Outgoing[] = [];
  if (limit < 1 || (most < 1 && !must)) return found;
  let room = most;
  // What this costs does not depend on how much waits: each document of the outbox is one row, in its order.
  const rows = store.all<[number, Uint8Array, Uint8Array, string]>(
    "SELECT d.position, d.id, d.stream, d.kind FROM outbox_documents o JOIN documents d ON d.position = o.document" +
      " WHERE NOT EXISTS (SELECT 1 FROM streams s WHERE s.id = d.stream AND s.stopped IS NOT NULL)" +
      " ORDER BY o.oldest LIMIT ?",
    limit + excluded.size,
  );
  for (const [position, id, stream, kind] of rows) {
    if (excluded.has(idOf(id))) continue;
    const of = { stream: idOf(stream), document: idOf(id), kind };
    const one = changesThatFit(store, position, of, room, must && found.length === 0);
    if (one === null) break;
    found.push(one);
    room -= bytesOf(one);
    if (found.length === limit || room < 1) break;
  }
  return found;
}

/** The document's waiting changes that fit into `most` bytes; null if not one does, unless one `must` go. */
function changesThatFit(
  store: Store,
  position: number,
  of: Pick<Outgoing, "stream" | "document" | "kind">,
  most: number,
  must: boolean,
): Outgoing | null {
  const [changes, hashes]: [Uint8Array[], Uint8Array[]] = [[], []];
  let room = most;
  const rows = store.all<[Uint8Array, Uint8Array]>(
    "SELECT c.hash, c.data FROM outbox o JOIN changes c ON c.position = o.change WHERE o.document = ?" +
      " ORDER BY c.seq IS NULL, c.seq, o.change LIMIT ?", // what was in the log before comes first
    position,
    MOST_CHANGES,
  );
  for (const [hash, data] of rows) {
    if (data.length > room && (changes.length > 0 || !must)) break;
    changes.push(data);
    hashes.push(hash);
    room -= data.length;
  }
  return changes.length === 0 ? null : { ...of, hashes, changes, erase: false, replaces: [] };
}

/** The server has accepted these changes: they leave the outbox. */
export function settle(store: Store, document: Id, hashes: readonly Uint8Array[]): void {
  store.transaction(() => {
    const found = findDocument(store, document);
    if (found === null) return;
    settleBlobs(store, found.position, hashes);
    for (const hash of hashes) {
      store.run("UPDATE changes SET accepted = 1 WHERE document = ? AND hash = ?", found.position, hash);
    }
    leave(store, found.position, hashes);
  });
}

function leave(store: Store, position: number, hashes: readonly Uint8Array[]): void {
  store.runMany(
    "DELETE FROM outbox WHERE change = (SELECT position FROM changes WHERE document = ? AND hash = ?)",
    hashes.map((hash) => [position, hash]),
  );
}

/** The server lacks changes of the document: all of them go into the outbox again. */
export function resend(store: Store, document: Id): void {
  store.transaction(() => {
    const found = findDocument(store, document);
    if (found === null || found.stream === null) return;
    if (isVault(store, found.stream)) {
      resendBlobs(store, found.position);
      return;
    }
    takeApart(store, found.position);
    store.run(
      "INSERT OR IGNORE INTO outbox (change, document)" +
        " SELECT position, document FROM changes WHERE document = ? AND NOT set_aside",
      found.position,
    );
  });
}

/**
 * What a server has accepted, and whose row has not come, goes into the outbox again.
 *
 * Mostly the row is on its way, and the server answers as it did. But the log may have been put back to what it was
 * before, with all that this device has read of it: then nobody else tells that it lacks these.
 */
export function resendUnconfirmed(store: Store): void {
  store.transaction(() => {
    for (const [position] of store.all<[number]>(UNCONFIRMED_SAVED)) takeApart(store, position);
    store.run(UNCONFIRMED);
    store.run(UNCONFIRMED_BLOBS);
    askUnconfirmedAgain(store);
  });
}

/**
 * The server will never take these changes.
 *
 * They leave the store with every change made here that builds on them; the document is marked, and is rebuilt when what
 * came is applied, with the refused edit kept as text.
 */
export function refuse(store: Store, document: Id, hashes: readonly Uint8Array[], code: string, message: string): void {
  store.transaction(() => {
    if (hashes.length === 0 && refuseErasure(store, document, code, message)) return;
    const found = findDocument(store, document);
    if (found === null) return;
    if (code === "erased") {
      erasureArrives(store, found);
      compactSearch(store);
      return;
    }
    if (isVault(store, found.stream)) {
      if (refuseBlobs(store, found, hashes)) noteRefusal(store, found, code, message);
      return;
    }
    leave(store, found.position, hashes);
    const changes = changesOf(store, found.position);
    // What was sent again is in the log already, whatever is said of it now.
    const droppable = new Set(changes.filter((one) => !one.accepted).map((one) => one.hash));
    drop(store, found, withDependants(changes, droppable, hashes.map(hexOf)), code, message);
  });
}

/** A change that the log holds but delivers to nobody: it leaves like a refused one. Called in a transaction. */
export function quarantine(store: Store, document: StoredDocument, hash: Hash, code: string, message: string): void {
  const changes = changesOf(store, document.position);
  const droppable = new Set(changes.filter((one) => !one.accepted || one.hash === hash).map((one) => one.hash));
  drop(store, document, withDependants(changes, droppable, [hash]), code, message);
}

/** The refused ones that may be dropped, and every such change that builds on one of them. */
function withDependants(
  changes: readonly StoredChange[],
  droppable: ReadonlySet<Hash>,
  refused: readonly Hash[],
): readonly StoredChange[] {
  const lost = new Set(refused.filter((hash) => droppable.has(hash)));
  const buildsOnLost = ({ hash, deps }: StoredChange): boolean =>
    !lost.has(hash) && droppable.has(hash) && deps.some((dep) => lost.has(dep));
  for (let next = changes.find(buildsOnLost); next !== undefined; next = changes.find(buildsOnLost)) lost.add(next.hash);
  return changes.filter(({ hash }) => lost.has(hash));
}

/** Forget changes for good, but keep their bytes until they have been read as text. */
function drop(store: Store, found: StoredDocument, lost: readonly StoredChange[], code: string, message: string): void {
  if (lost.length === 0) return;
  noteRefusal(store, found, code, message, lost.map(({ data }) => data));
  dropChanges(store, found.position, lost);
  store.tookAway();
}
