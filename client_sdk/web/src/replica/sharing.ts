// Sharing what was private: a new document with the present content only, in place of the old one.
//
// A document carries its history, and moving it would hand over every sentence that was deleted before. So the content is
// copied into a document of its own and the private one is forgotten; its id goes on as an alias. One that was in the vault
// is erased there, once the server holds the copy.

import { readEntry } from "../documents/diary/journal.ts";
import { readBucket } from "../documents/diary/symptoms.ts";
import { DocumentError, InvalidField } from "../errors.ts";
import type { Id } from "../generated/models.ts";
import type { Store } from "../store/store.ts";
import { bytesOfId, idOf } from "../store/values.ts";
import type { Destination, StoredDocument } from "./documents/rows.ts";
import { findDocument } from "./documents/stored.ts";
import type { Writing } from "./documents/writing.ts";
import { addToBuckets, addWithdrawn } from "./logs/buckets.ts";
import { copyEntry } from "./longProse.ts";

const PROGRESS = "share_earlier";
/** Documents per transaction when everything written before pairing is shared. */
const AT_ONCE = 50;

/** Put a copy of a private entry into `to` and forget the original; the copy's id. */
export function shareEntry(writing: Writing, document: StoredDocument, to: Destination): Id {
  const entry = readEntry(writing.read(document.position));
  if (entry.written_at === null || entry.entered_at === null) {
    throw new DocumentError("The entry does not say when it was written, so it cannot be shared.");
  }
  const copy = writing.create("journal_entry", (empty) => copyEntry(empty, entry), to).document.id;
  writing.store.run("INSERT INTO aliases (old, new) VALUES (?, ?)", bytesOfId(document.id), bytesOfId(copy));
  writing.supersede(document.position);
  return copy;
}

/** The same for a month of symptom logs, which keep their ids. */
function shareBucket(writing: Writing, document: StoredDocument, to: Destination): void {
  const rows = writing.store.all<[Uint8Array]>("SELECT log FROM symptom_logs WHERE document <> ?", document.position);
  const known = new Set(rows.map(([log]) => idOf(log)));
  const bucket = readBucket(writing.read(document.position));
  // A copy of this store may have shared some of them before.
  addToBuckets(writing, bucket.logs.filter((log) => !known.has(log.id)), to);
  if (bucket.withdrawn.length > 0) addWithdrawn(writing, bucket.month, bucket.withdrawn, to);
  writing.supersede(document.position);
}

/** Note that all that is here and undecided now is to be shared, in a transaction. */
export function planShareEarlier(store: Store): void {
  store.setMeta(PROGRESS, [0, store.number("SELECT max(position) FROM documents")]);
}

/**
 * Share the next of what `planShareEarlier` has named; returns whether more is left.
 *
 * How far it has come is kept: after a crash or a full disk the next opening goes on. A document that cannot be read stays
 * as it is.
 */
export function shareSomeEarlier(writing: Writing, to: Destination): boolean {
  const { store } = writing;
  const progress = store.meta<readonly [number, number]>(PROGRESS);
  if (progress === null) return false;
  const [after, last] = progress;
  const rows = store.all<[Uint8Array, number]>(
    "SELECT id, position FROM documents" +
      " WHERE stream IS NULL AND wish IS NULL AND position > ? AND position <= ? ORDER BY position LIMIT ?",
    after,
    last,
    AT_ONCE,
  );
  for (const [id] of rows) {
    const document = findDocument(store, idOf(id));
    if (document !== null) tried(writing, () => share(writing, document, to));
  }
  const reached = rows.at(-1)?.[1];
  store.setMeta(PROGRESS, reached === undefined ? null : [reached, last]);
  return reached !== undefined;
}

function share(writing: Writing, document: StoredDocument, to: Destination): void {
  if (document.kind === "journal_entry") shareEntry(writing, document, to);
  else if (document.kind === "symptom_log") shareBucket(writing, document, to);
}

/** Do it, or leave no trace where the document cannot be shared. */
function tried(writing: Writing, work: () => void): void {
  try {
    writing.attempt(work);
  } catch (failure) {
    if (!(failure instanceof DocumentError || failure instanceof InvalidField)) throw failure;
  }
}
