// What comes from the server: streams, pages of rows, snapshots, the end of a grant.
//
// A page is kept with the cursor it brings in one transaction, before anything of it is applied; so a crash in between
// costs nothing, and a row that cannot be used never stops the cursor.

import { hexOf, sameBytes } from "../../bytes.ts";
import { DocumentError } from "../../errors.ts";
import type { Stopped } from "../../generated/answers.ts";
import type { Audience, Role, Row, Rows, Snapshot, SnapshotDocument, StreamCursor, StreamOffer, Welcome } from "../../generated/frames.ts";
import type { Id } from "../../generated/models.ts";
import type { Store } from "../../store/store.ts";
import { bytesOfId, idOf, toMicros } from "../../store/values.ts";
import { readChange } from "../../wire/changes.ts";
import { keepWhole, noteProblem, rowsOfWhole } from "../documents/arriving.ts";
import { knows } from "../documents/changes.ts";
import { askAgain, erasureArrives, isErasedHere, purgeErasures } from "../documents/erasures.ts";
import { refusal, refusalText } from "../documents/refusals.ts";
import type { Arrival, StoredDocument } from "../documents/rows.ts";
import { receiveBlob } from "../documents/sealed.ts";
import {
  addDocument,
  addReceived,
  cameBack,
  documentAt,
  dropDocument,
  findDocument,
  hasRoom,
  markForApplying,
  moveDocument,
} from "../documents/stored.ts";
import { isVault } from "../documents/streams.ts";
import { forgetKeys } from "../documents/vaultKeys.ts";
import type { Stopped as Why } from "../effects.ts";
import { compactSearch } from "../tables/search.ts";
import { forgetUnusedNames, noteLogsArrived } from "../tables/symptomRows.ts";
import { quarantine, resendUnconfirmed } from "./outbox.ts";

// -- streams -------------------------------------------------------------------------------------------------------------

/** How far this replica is in each stream it holds, for `hello`. */
export const cursors = (store: Store): readonly StreamCursor[] =>
  store
    .all<[Uint8Array, number, Uint8Array, number | null]>("SELECT id, cursor, chain, backfill FROM streams ORDER BY id")
    .map(([id, cursor, chain, backfill]) => ({ stream: idOf(id), cursor, chain, backfill }));

/** What this replica was offered last, of each stream it holds, for `hello`. */
export const knownOffers = (store: Store): readonly StreamOffer[] =>
  store
    .all<[Uint8Array, Audience, Role, Uint8Array, Uint8Array, string]>(
      "SELECT id, audience, role, grant_id, client, label FROM streams ORDER BY id",
    )
    .map(([id, audience, role, grant, client, label]) => ({
      ...{ stream: idOf(id), audience, role, grant: idOf(grant), client: idOf(client), label },
      ...{ head: 0, documents: 0, bytes: 0, fork: null },
    }));

/**
 * Take over the streams that this account may read; what is to be shared gets its stream.
 *
 * A stream that is no longer offered stays until the server says `revoked`. One that is offered as what it cannot be is
 * left as it is.
 */
export function join(store: Store, welcome: Welcome): void {
  store.transaction(() => {
    for (const offer of welcome.streams) {
      if (!fits(store, offer)) continue;
      const { stream, audience, role, grant, client, label, head } = offer;
      store.run(
        "INSERT INTO streams (id, audience, role, grant_id, client, label, head) VALUES (?, ?, ?, ?, ?, ?, ?)" +
          " ON CONFLICT (id) DO UPDATE SET audience = excluded.audience, role = excluded.role," +
          " grant_id = excluded.grant_id, client = excluded.client, label = excluded.label, head = excluded.head",
        ...[bytesOfId(stream), audience, role, bytesOfId(grant), bytesOfId(client), label, head],
      );
      if (audience === "record" && role === "client") sendWished(store, stream);
    }
    resendUnconfirmed(store);
  });
}

/**
 * Whether the offer is of the stream as it is held.
 *
 * A stream has one audience for ever, and an account is its client or is not. So what was sealed for a vault is never sent
 * in the open because a server calls the vault something else; and rows of logs, which are kept by whose they are, are
 * found again when they are to go.
 */
function fits(store: Store, offer: StreamOffer): boolean {
  const held = store.one<[string, string]>("SELECT audience, role FROM streams WHERE id = ?", bytesOfId(offer.stream));
  return held === null || (held[0] === offer.audience && (held[1] === "client") === (offer.role === "client"));
}

/** What was written to be shared before the stream was known goes into it, as it is. */
function sendWished(store: Store, stream: Id): void {
  for (const [position] of store.all<[number]>("SELECT position FROM documents WHERE stream IS NULL AND wish = 1")) {
    moveDocument(store, position, { stream, wish: null });
    store.run(
      "INSERT INTO outbox (change, document) SELECT position, document FROM changes WHERE document = ?",
      position,
    );
  }
}

/** Remember which streams, and no others, cannot go on with the server, and why: nothing of them is sent. */
export function stop(store: Store, streams: ReadonlyMap<Id, Why>): void {
  store.transaction(() => {
    store.run("UPDATE streams SET stopped = NULL, stopped_message = NULL WHERE stopped IS NOT NULL");
    store.runMany(
      "UPDATE streams SET stopped = ?, stopped_message = ? WHERE id = ?",
      Array.from(streams, ([stream, { code, message }]) => [code, message, bytesOfId(stream)]),
    );
  });
}

/** Which streams cannot go on with the server, and why. */
export const stopped = (store: Store): readonly Stopped[] =>
  store
    .all<[Uint8Array, string, Uint8Array, string, string, string]>(
      "SELECT id, audience, client, label, stopped, stopped_message FROM streams WHERE stopped IS NOT NULL" +
        " ORDER BY label, id",
    )
    .map(([id, audience, client, name, code, message]) => ({
      ...{ stream: idOf(id), audience, client: idOf(client), name, code, message },
    }));

// -- pages ---------------------------------------------------------------------------------------------------------------

/**
 * Keep a page and the cursor it brings in one transaction; returns how many changes were new.
 *
 * Touched documents are marked, to be applied afterwards. A row that cannot be used is kept as a problem and never stops
 * the cursor. Throws `StoreFull`; then nothing of the page is kept.
 */
export function storePage(store: Store, page: Rows | Snapshot): number {
  return store.transaction(() => {
    const sql = "SELECT cursor, backfill FROM streams WHERE id = ?";
    const row = store.one<[number, number | null]>(sql, bytesOfId(page.stream));
    if (row === null) return 0; // the grant ended while the page was on its way
    const [cursor, backfill] = row;
    const before = store.epoch;
    let fresh = 0;
    if (page.frame === "rows") {
      fresh = takeRows(store, page.stream, page.items);
      if (page.through > cursor) move(store, page.stream, page.through, page.chain);
    } else {
      for (const item of page.items) fresh += takeDocument(store, page.stream, item);
      // The first of its series fixes the cursor; rows after it come on their own.
      if (backfill === null) move(store, page.stream, page.head, page.chain);
      store.run("UPDATE streams SET backfill = ? WHERE id = ?", page.backfill || null, bytesOfId(page.stream));
    }
    if (store.epoch !== before) compactSearch(store);
    return fresh;
  });
}

function move(store: Store, stream: Id, cursor: number, chain: Uint8Array): void {
  store.run("UPDATE streams SET cursor = ?, chain = ? WHERE id = ?", cursor, chain, bytesOfId(stream));
}

/** Keep a whole document; returns how many changes were new. One of which a part is saved is not looked at yet. */
function takeDocument(store: Store, stream: Id, item: SnapshotDocument): number {
  const [first] = item.inside;
  if (first === undefined) return takeRows(store, stream, item.rows);
  try {
    if (isVault(store, stream)) throw refusal("bad_change");
    if (findDocument(store, item.document) !== null || isErasedHere(store, item.document)) {
      return takeRows(store, stream, rowsOfWhole(item));
    }
    keepWhole(store, stream, item);
  } catch (failure) {
    if (!(failure instanceof DocumentError)) throw failure;
    noteProblem(store, stream, first.seq, item.document, failure);
    return 0;
  }
  return item.inside.length + takeRows(store, stream, item.rows);
}

function takeRows(store: Store, stream: Id, rows: readonly Row[]): number {
  let fresh = 0;
  for (const row of rows) {
    try {
      if (isNewRow(store, stream, row)) fresh += 1;
    } catch (failure) {
      if (!(failure instanceof DocumentError)) throw failure;
      noteProblem(store, stream, row.seq, row.document, failure);
      const sql = "UPDATE documents SET dirty = 1 WHERE id = ? AND stream = ?";
      store.run(sql, bytesOfId(row.document), bytesOfId(stream));
    }
  }
  return fresh;
}

/** Keep one row; returns whether it brought a new change. Throws `DocumentError` when it cannot be used. */
function isNewRow(store: Store, stream: Id, row: Row): boolean {
  const vault = isVault(store, stream);
  const document = documentOf(store, stream, row, vault);
  if (document !== null && (document.stream !== stream || document.kind !== row.kind)) throw refusal("wrong_document");
  if (row.type === "erasure") {
    erasureArrives(store, document ?? added(store, stream, row));
    return false;
  }
  if (row.type === "quarantine") {
    takeQuarantine(store, stream, document, row);
    return false;
  }
  if (document?.erased === true) return false;
  const { seq, author, device } = row;
  const arrival: Arrival = { seq, author, device, receivedAt: toMicros(row.receivedAt) };
  if (vault) return isNewBlob(store, document ?? added(store, stream, row), row, arrival);
  if (document !== null && cameBack(store, document.position, row.hash, row.change, arrival)) {
    if (document.kind === "symptom_log") noteLogsArrived(store, document, row.hash);
    return false;
  }
  return isNewChange(store, stream, document, row, arrival);
}

function isNewChange(store: Store, stream: Id, there: StoredDocument | null, row: Row, arrival: Arrival): boolean {
  const change = readChange(row.change);
  if (!sameBytes(change.hash, row.hash)) throw refusal("bad_checksum");
  const document = there ?? added(store, stream, row);
  if (!knows(store, document.position, hexOf(change.hash)) && !hasRoom(document, [change])) throw refusal("too_large");
  const isNew = addReceived(store, document.position, change, arrival);
  if (isNew) markForApplying(store, document.position);
  return isNew;
}

/** The document of a row as far as it is here. What a copy of this store has sent is in its stream from now on. */
function documentOf(store: Store, stream: Id, row: Row, vault: boolean): StoredDocument | null {
  const document = findDocument(store, row.document);
  if (document === null && askAgain(store, row.document, stream)) {
    const { position } = added(store, stream, row);
    store.run("UPDATE documents SET erased = 1 WHERE position = ?", position);
    return documentAt(store, position);
  }
  if (!vault || document === null || document.stream !== null || document.wish === true || document.kind !== row.kind) {
    return document;
  }
  // A copy of this store has put it into the vault; so it is there.
  moveDocument(store, document.position, { stream, wish: false });
  return documentAt(store, document.position);
}

/** The server took it, found that it does not apply or would alter what stays, and delivers it to nobody. */
function takeQuarantine(store: Store, stream: Id, document: StoredDocument | null, row: Row): void {
  if (row.kind === "assessment") {
    store.run(
      "REPLACE INTO not_accepted (stream, seq, document, author, received_at) VALUES (?, ?, ?, ?, ?)",
      ...[bytesOfId(stream), row.seq, bytesOfId(row.document), bytesOfId(row.author), toMicros(row.receivedAt)],
    );
  }
  if (document === null) return;
  quarantine(store, document, hexOf(row.hash), "does_not_apply", refusalText("does_not_apply"));
}

/** Keep a sealed row; it is opened when it is applied, if its key is open on this device. */
function isNewBlob(store: Store, document: StoredDocument, row: Row, arrival: Arrival): boolean {
  const isNew = receiveBlob(store, document, row.hash, row.change, arrival);
  if (isNew) markForApplying(store, document.position);
  return isNew;
}

/** The document of a row, new here. */
function added(store: Store, stream: Id, row: Row): StoredDocument {
  const wish = isVault(store, stream) ? false : null;
  return documentAt(store, addDocument(store, row.document, row.kind, { stream, wish }));
}

/**
 * Delete all that is held under that grant: data, cursor, outbox, projections, search.
 *
 * False when the stream is not held, or by now under another grant.
 */
export function purgeStream(store: Store, stream: Id, grant: Id): boolean {
  const of = bytesOfId(stream);
  const isPurged = store.transaction(() => {
    if (store.one("SELECT 1 FROM streams WHERE id = ? AND grant_id = ?", of, bytesOfId(grant)) === null) return false;
    for (const [position] of store.all<[number]>("SELECT position FROM documents WHERE stream = ?", of)) {
      dropDocument(store, position);
    }
    for (const table of ["problems", "not_accepted", "refusals"]) store.run(`DELETE FROM ${table} WHERE stream = ?`, of);
    purgeErasures(store, stream);
    if (isVault(store, stream)) forgetKeys(store);
    store.run("DELETE FROM streams WHERE id = ?", of);
    forgetUnusedNames(store);
    compactSearch(store);
    return true;
  });
  if (isPurged) store.tookAway();
  return isPurged;
}
