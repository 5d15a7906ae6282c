// Applying what pages brought: in batches per document, after the pages themselves are on disk.
//
// A crash in between leaves a document marked `dirty`, and it is taken up again. Only what came is read, not what was
// applied before. A change that does not apply is quarantined and never stops its document; in a vault, of which no server
// can say so, neither does one that would alter what must stay. Such a change is judged by itself and its ancestors, so
// every device of the client leaves out the same.

import { joined } from "../../bytes.ts";
import { DocumentError } from "../../errors.ts";
import type { Id } from "../../generated/models.ts";
import type { Store } from "../../store/store.ts";
import { addRescued, cleanse } from "../logs/withdrawals.ts";
import { lookAt, noteProblem } from "./arriving.ts";
import { anyChange, applicable, changesOf, toApply } from "./changes.ts";
import type { Documents } from "./documents.ts";
import { follow, project, readable } from "./projections.ts";
import { keepText, unreadRefusals } from "./refusals.ts";
import type { StoredDocument } from "./rows.ts";
import { using } from "./saved.ts";
import { anyBlob, openBlobs } from "./sealed.ts";
import { documentAt, dropDocument, TO_REBUILD } from "./stored.ts";
import { isVault } from "./streams.ts";
import { writingOf, type Writing } from "./writing.ts";

/** Documents per transaction. */
export const AT_ONCE = 50;
// What days are planned by and safety rests on first, then what was written, newest first. What was erased comes last:
// what has a copy is known by then.
const IN_TURN = `
    SELECT position, (SELECT unread FROM saved WHERE document = position)
    FROM documents INDEXED BY documents_dirty WHERE dirty
    ORDER BY erased, kind IN ('journal_entry', 'symptom_log'), position LIMIT ?
`;

/** Apply and project the next of what was stored and not applied yet; returns the ids of the documents. */
export function applySome(store: Store, documents: Documents, most: number = AT_ONCE): readonly Id[] {
  const rows = store.all<[number, number | null]>(IN_TURN, most);
  if (rows.length === 0) return [];
  return documents.transaction(() => {
    const writing = writingOf(store, documents);
    const touched = rows.map(([position, unread]) => refresh(writing, documents, position, unread === 1));
    cleanse(writing, rows.map(([position]) => position));
    return [...touched, ...writing.touched];
  });
}

/** Apply and project all that was stored and not applied yet; returns the ids of the documents. */
export function applyAll(store: Store, documents: Documents): readonly Id[] {
  const touched: Id[] = [];
  while (isBehind(store)) touched.push(...applySome(store, documents));
  return touched;
}

/** Whether anything was stored that is not applied yet. */
export const isBehind = (store: Store): boolean => store.one("SELECT 1 FROM documents WHERE dirty LIMIT 1") !== null;

/** How many documents were stored that are not applied yet: lists, search and series do not have them. */
export const leftToApply = (store: Store): number => store.number("SELECT count(*) FROM documents WHERE dirty");

function refresh(writing: Writing, documents: Documents, position: number, isUnread: boolean): Id {
  const { store } = writing;
  const document = documentAt(store, position);
  if (isUnread && !document.erased) {
    const isRead = lookAt(store, documents, document);
    if (!isRead || toApply(store, position).length === 0) return document.id;
  }
  openBlobs(store, document);
  if (document.kind === "symptom_log") addRescued(writing, document);
  readRefused(store, document);
  const isThere = anyChange(store, position);
  if (!isThere && !document.erased && !anyBlob(store, position)) {
    dropDocument(store, position); // its very first change was refused
    return document.id;
  }
  if (isThere) moveOn(store, documents, document);
  store.run("UPDATE documents SET dirty = 0 WHERE position = ?", position);
  return document.id;
}

/**
 * Apply what came and bring the rows up to it. A document of which the rest cannot be read any more is a problem, and
 * keeps the rows that it had.
 */
function moveOn(store: Store, documents: Documents, document: StoredDocument): void {
  const { position, stream } = document;
  const anew = store.number("SELECT dirty FROM documents WHERE position = ?", position) === TO_REBUILD;
  const moved = documents.advance(document, isVault(store, stream));
  try {
    if (anew || moved.setAside || !follow(store, document, moved)) {
      moved.opened.names = null;
      project(store, document, moved.opened.document);
    }
  } catch (failure) {
    if (stream === null || !(failure instanceof DocumentError)) throw failure;
    documents.letGo(position);
    const seq = store.number("SELECT ifnull(max(seq), 0) FROM changes WHERE document = ?", position);
    noteProblem(store, stream, seq, document.id, failure);
  }
}

/** Turn refused edits into text: what the document said with them. */
function readRefused(store: Store, document: StoredDocument): void {
  const refused = unreadRefusals(store, document);
  if (refused.length === 0) return;
  const kept = applicable(changesOf(store, document.position)).map(({ data }) => data);
  for (const { position, changes } of refused) keepText(store, position, textWith(document.kind, kept, changes));
}

function textWith(kind: string, kept: readonly Uint8Array[], lost: readonly Uint8Array[]): string {
  try {
    return using(joined([...kept, ...lost]), (withIt) =>
      kept.length === 0 ? readable(kind, withIt, null) : using(joined(kept), (without) => readable(kind, withIt, without)),
    );
  } catch (failure) {
    if (failure instanceof DocumentError) return ""; // it does not apply here either, so nobody has ever seen it
    throw failure;
  }
}
