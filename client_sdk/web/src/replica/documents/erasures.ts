// Withdrawing: content goes from this device at once, a tombstone stays, and the server is told until it answers.
//
// A document is erased for one of three reasons: the client withdrew a shared entry, deleted a private one, or shared a
// private one, whose copy takes its place. An erasure from another device takes what was edited here meanwhile as well.
// What writes is called in a transaction.

import type { Withdrawal } from "../../generated/answers.ts";
import type { Id, IsoMoment } from "../../generated/models.ts";
import { page, type Listing } from "../../store/pages.ts";
import type { Store } from "../../store/store.ts";
import { bytesOfId, fromMicros, idOf, toMicros, type Micros } from "../../store/values.ts";
import type { ReadWindow } from "../../store/windows.ts";
import type { Outgoing } from "../outgoing.ts";
import { compactSearch } from "../tables/search.ts";
import { forgetUnusedNames } from "../tables/symptomRows.ts";
import { applicable, changesOf } from "./changes.ts";
import { noteRefusal } from "./refusals.ts";
import { rescueLogs } from "./rescued.ts";
import type { StoredDocument } from "./rows.ts";
import { dropContent, dropDocument, findDocument } from "./stored.ts";
import { isVault } from "./streams.ts";

const WITHDRAWN_ELSEWHERE =
  "This entry was withdrawn on another device before this edit reached the server. The edit was not kept.";
const SHARED_ELSEWHERE =
  "This private entry was shared or deleted on another device before this edit reached it. Its text is kept here.";

// -- asked for here ------------------------------------------------------------------------------------------------------

/** Why a document is erased. */
export interface Erasing {
  /** The client took it back; false: its copy was shared in its place, or nobody ever read it. */
  readonly withdrawn: boolean;
  /** The position of the document that takes its place: the server is to hold that first. */
  readonly copy?: number;
}

/** Forget a document's content for good and have the server do the same. One that no stream has is gone at once. */
export function askToErase(store: Store, document: StoredDocument, { withdrawn, copy }: Erasing): void {
  const now = toMicros(store.now());
  forgetDrafts(store, document);
  forget(store, document);
  forgetNames(store, document);
  compactSearch(store);
  if (document.stream === null) dropDocument(store, document.position);
  else store.run("UPDATE documents SET erased = 1, dirty = 0 WHERE position = ?", document.position);
  store.run(
    "INSERT INTO erasures (document, stream, kind, withdrawn, copy, asked_at, settled_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
    bytesOfId(document.id),
    document.stream === null ? null : bytesOfId(document.stream),
    document.kind,
    withdrawn,
    copy ?? null,
    now,
    document.stream === null ? now : null,
  );
}

/** Content, and what was kept of refused edits. */
function forget(store: Store, document: StoredDocument): void {
  dropContent(store, document.position);
  store.run("DELETE FROM refusals WHERE document = ?", bytesOfId(document.id));
  store.tookAway();
}

/** Forms begun about it, which are named after it. Those of an entry that was shared go on, and go with its copy. */
function forgetDrafts(store: Store, { id }: StoredDocument): void {
  if (store.one("SELECT 1 FROM aliases WHERE old = ?", bytesOfId(id)) !== null) return;
  const before = store.all<[Uint8Array]>("SELECT old FROM aliases WHERE new = ?", bytesOfId(id)).map(([old]) => idOf(old));
  store.runMany("DELETE FROM drafts WHERE instr(name, ?)", [id, ...before].map((one) => [one]));
}

/** What a symptom was called is content, too: it goes with the last log that has it. */
function forgetNames(store: Store, document: StoredDocument): void {
  if (document.kind === "symptom_log") forgetUnusedNames(store);
}

/** The documents whose place the one at `position` has taken, one after the other. */
export function originalsOf(store: Store, position: number): readonly Id[] {
  const rows = store.all<[Uint8Array, number | null]>(
    "SELECT e.document, d.position FROM erasures e LEFT JOIN documents d ON d.id = e.document WHERE e.copy = ?",
    position,
  );
  const before = rows.flatMap(([, at]) => (at === null ? [] : originalsOf(store, at)));
  return [...rows.map(([document]) => idOf(document)), ...before];
}

/** Which erasures are sent now. */
export interface Sending {
  readonly withdrawn: boolean;
  /** Nothing of the record waits to be sent; those whose place no copy takes wait for that. */
  readonly allSent: boolean;
}

/**
 * Erasures that wait to be sent, oldest first; those of documents in `excluded` go on waiting.
 *
 * Not before the server holds the copy that takes a document's place.
 */
export function outgoingErasures(
  store: Store,
  excluded: ReadonlySet<Id>,
  limit: number,
  { withdrawn, allSent }: Sending,
): readonly Outgoing[] {
  const rows = store.all<[Uint8Array, Uint8Array, string]>(
    "SELECT d.document, d.stream, d.kind FROM erasures d WHERE d.settled_at IS NULL AND d.withdrawn = ?" +
      " AND NOT EXISTS (SELECT 1 FROM streams s WHERE s.id = d.stream AND s.stopped IS NOT NULL)" +
      " AND CASE WHEN d.copy IS NULL THEN ? ELSE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.document = d.copy)" +
      " AND NOT EXISTS (SELECT 1 FROM sealed x WHERE x.document = d.copy AND x.waiting) END" +
      " ORDER BY d.position LIMIT ?",
    withdrawn,
    allSent,
    Math.max(0, limit) + excluded.size,
  );
  return rows
    .map(([document, stream, kind]) => ({ document: idOf(document), stream: idOf(stream), kind }))
    .filter(({ document }) => !excluded.has(document))
    .slice(0, Math.max(0, limit))
    .map((of) => ({ ...of, hashes: [], changes: [], erase: true, replaces: [] }));
}

/** The server has erased the document, in row `seq`. */
export function settleErasure(store: Store, document: Id, seq: number, kept: boolean, readAt: readonly IsoMoment[]): void {
  store.transaction(() =>
    store.run(
      "UPDATE erasures SET settled_at = ?, seq = ?, kept = ?, read_at = ? WHERE document = ? AND settled_at IS NULL",
      toMicros(store.now()),
      seq,
      kept,
      JSON.stringify(readAt.map((at) => at.replace(/\+00:00$/, "Z"))),
      bytesOfId(document),
    ),
  );
}

/**
 * Erasures that a server has confirmed, and whose row has not come, wait to be sent again.
 *
 * Mostly the row is on its way, and the server answers as it did. A log that was put back to what it was before lacks it,
 * and has what was withdrawn.
 */
export function askUnconfirmedAgain(store: Store): void {
  store.run(
    "UPDATE erasures SET settled_at = NULL WHERE settled_at IS NOT NULL AND NOT refused" +
      " AND EXISTS (SELECT 1 FROM streams s WHERE s.id = erasures.stream AND s.cursor < erasures.seq)",
  );
}

/** Whether that document was withdrawn here, or shared as a copy. */
export const isErasedHere = (store: Store, document: Id): boolean =>
  store.one("SELECT 1 FROM erasures WHERE document = ?", bytesOfId(document)) !== null;

/**
 * Whether that was withdrawn here before any server had it; then the server of `stream`, which has it, is told.
 *
 * A copy of this store has sent it all the same.
 */
export function askAgain(store: Store, document: Id, stream: Id): boolean {
  const sql = "SELECT 1 FROM erasures WHERE document = ? AND stream IS NULL AND withdrawn";
  if (store.one(sql, bytesOfId(document)) === null) return false;
  const again = "UPDATE erasures SET stream = ?, settled_at = NULL WHERE document = ?";
  store.run(again, bytesOfId(stream), bytesOfId(document));
  return true;
}

/** The server will not erase the document; returns whether that was asked. Nothing brings the content back here. */
export function refuseErasure(store: Store, document: Id, code: string, message: string): boolean {
  const sql = "SELECT 1 FROM erasures WHERE document = ? AND settled_at IS NULL";
  const found = findDocument(store, document);
  if (store.one(sql, bytesOfId(document)) === null || found === null) return false;
  const settled = "UPDATE erasures SET settled_at = ?, refused = 1 WHERE document = ?";
  store.run(settled, toMicros(store.now()), bytesOfId(document));
  noteRefusal(store, found, code, message);
  return true;
}

/** How many erasures the server has not confirmed, and when the first was asked for. */
export const waitingErasures = (store: Store): readonly [count: number, oldest: Micros | null] =>
  store.one<[number, Micros | null]>("SELECT count(*), min(asked_at) FROM erasures WHERE settled_at IS NULL") ?? [0, null];

type Row = [Uint8Array, Micros, Micros | null, number, number, string];
const COLUMNS = "document, asked_at, settled_at, kept, refused, read_at";
/** Erasures, newest first. */
const LIST: Listing = { columns: COLUMNS, tables: "erasures", order: ["position"], id: "document" };

/** What the client withdrew on this device, newest first. Throws `NotFound`. */
export const withdrawals = (store: Store, window: ReadWindow): readonly Withdrawal[] =>
  page(store, LIST, { withdrawn: 1 }, window, (row) => withdrawalOf(row as Row));

/** The withdrawal of that document, if it was asked for on this device. */
export function withdrawalWith(store: Store, document: Id): Withdrawal | null {
  const row = store.one<Row>(`SELECT ${COLUMNS} FROM erasures WHERE withdrawn AND document = ?`, bytesOfId(document));
  return row === null ? null : withdrawalOf(row);
}

const withdrawalOf = ([document, askedAt, settledAt, kept, refused, readAt]: Row): Withdrawal => ({
  id: idOf(document),
  asked_at: fromMicros(askedAt),
  state: settledAt === null ? "waiting" : refused !== 0 ? "refused" : kept !== 0 ? "kept" : "erased",
  read_at: momentsIn(readAt),
});

/** The moments that a column of them holds. */
export const momentsIn = (text: string): readonly IsoMoment[] =>
  (JSON.parse(text) as string[]).map((at) => at.replace(/Z$/, "+00:00"));

// -- asked for elsewhere -------------------------------------------------------------------------------------------------

/**
 * The document is gone for everybody. Its id is kept, so that nothing brings it back.
 *
 * Whether the log or a refused push says so first: edits that only this device had are noted once. The caller compacts the
 * search when the store's epoch has grown.
 */
export function erasureArrives(store: Store, document: StoredDocument): void {
  const changes = changesOf(store, document.position);
  const inVault = isVault(store, document.stream);
  if (!inVault) forgetDrafts(store, document); // in a vault it may have been shared, like the edits below
  if (changes.length > 0 && document.kind === "symptom_log") {
    rescueLogs(store, document, changes);
    forget(store, document);
  } else if (changes.length > 0) {
    forget(store, document);
    if (!changes.every((one) => one.accepted)) {
      // What was withdrawn is to be nowhere. What was shared instead is the client's to keep, and to read here.
      const lost = inVault ? applicable(changes).map(({ data }) => data) : null;
      noteRefusal(store, document, "erased", inVault ? SHARED_ELSEWHERE : WITHDRAWN_ELSEWHERE, lost);
    }
  } else {
    dropContent(store, document.position);
  }
  forgetNames(store, document);
  store.run("UPDATE documents SET erased = 1, dirty = 1 WHERE position = ?", document.position);
}

/** Forget all erasures of a stream whose grant has ended. */
export function purgeErasures(store: Store, stream: Id): void {
  store.run("DELETE FROM erasures WHERE stream = ?", bytesOfId(stream));
}
