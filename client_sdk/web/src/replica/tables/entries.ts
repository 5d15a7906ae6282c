// Journal entries as rows: what lists and search read, written with every change, so that reading loads none.
//
// A row holds the read model; what may change without the document (shared, arrived) is joined when reading.

import type { Document } from "../../crdt/document.ts";
import { readEntry } from "../../documents/diary/journal.ts";
import { StoreFull, StoreInvalid } from "../../errors.ts";
import type { Entry, Found, FoundEntry } from "../../generated/answers.ts";
import type { Id, JournalEntry } from "../../generated/models.ts";
import { page, type Listing } from "../../store/pages.ts";
import type { Store } from "../../store/store.ts";
import { bytesOfId, fromMicros, idOf, momentOrNull, toMicros, type Micros } from "../../store/values.ts";
import type { ReadWindow } from "../../store/windows.ts";
import { partsOf, passage, sought } from "../../text/searchWords.ts";
import { checkMoment, isLate } from "../../time/moments.ts";
import type { StoredDocument } from "../documents/rows.ts";
import { LAST_COLUMNS, LAST_JOIN, lastChange, ownAccount } from "./lastChange.ts";
import { packedModel, unpackedModel } from "./models.ts";
import { missingChanges, versionOf } from "./records.ts";
import * as search from "./search.ts";

const NO_MOMENT = fromMicros(0);

// -- writing -------------------------------------------------------------------------------------------------------------

/** Write the row of a journal entry, and have search find it by what it says. */
export function projectEntry(store: Store, held: StoredDocument, document: Document): void {
  const said = readEntry(document);
  const entry: JournalEntry = { ...said, problems: [...said.problems, ...missingChanges(store, held)] };
  const written = toMicros(entry.written_at ?? entry.entered_at ?? NO_MOMENT);
  const { place, isThere } = search.placeFor(store, held.position, written);
  const stream = held.stream === null ? null : bytesOfId(held.stream);
  store.run(
    "INSERT INTO entries (document, stream, written, place, model, version) VALUES (?, ?, ?, ?, ?, ?)" +
      " ON CONFLICT (document) DO UPDATE SET stream = excluded.stream, written = excluded.written," +
      " place = excluded.place, model = excluded.model, version = excluded.version",
    held.position,
    stream,
    written,
    place,
    packedModel("journal_entry", entry),
    versionOf(document.heads),
  );
  if (!isThere) {
    search.addWords(store, place, held.stream, wordsIn(entry));
    return;
  }
  search.mark(store, held.position);
  const waiting = search.marked(store);
  const other = waiting.find((one) => one !== held.position);
  if (waiting.length > search.MOST_WAITING && other !== undefined) indexAgain(store, other);
}

function indexAgain(store: Store, document: number): void {
  const entry = entryModel(store, document);
  if (entry === null) throw new TypeError("An entry loses its mark with its row.");
  search.indexAgain(store, document, wordsIn(entry));
}

const wordsIn = ({ text, sections, tags }: JournalEntry): string[] => partsOf(text, sections, tags);

/** What an entry says, as text for a person. */
export function textOfEntry(document: Document): string {
  const { text, sections, mood, tags } = readEntry(document);
  const parts = [
    text,
    ...sections.map((section) => `${section.prompt}\n${section.text}`),
    ...(mood === null ? [] : [`mood ${mood}`]),
    ...(tags.length === 0 ? [] : [`tags ${tags.join(", ")}`]),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

// -- reading -------------------------------------------------------------------------------------------------------------

type Row = [
  id: Uint8Array,
  wish: number | null,
  audience: string | null,
  model: Uint8Array,
  version: string,
  received: Micros | null,
  changedBy: Uint8Array | null,
  changedAt: Micros | null,
];
const COLUMNS = `d.id, d.wish, s.audience, e.model, e.version, d.arrived_at, ${LAST_COLUMNS}`;
const TABLES = `entries e JOIN documents d ON d.position = e.document LEFT JOIN streams s ON s.id = d.stream ${LAST_JOIN}`;
const ENTRY = `SELECT ${COLUMNS} FROM ${TABLES} `;
/** Entries by what they are about, newest first. */
const LIST: Listing = { columns: COLUMNS, tables: TABLES, order: ["e.written", "e.document"], id: "d.id" };

/** The entry with that id, if it is here. */
export function entryWith(store: Store, id: Id): Entry | null {
  const row = store.one<Row>(`${ENTRY}WHERE d.id = ?`, bytesOfId(id));
  return row === null ? null : entryOf(ownAccount(store), row);
}

/** What the entry at that position says, if it has been read. */
export function entryModel(store: Store, document: number): JournalEntry | null {
  const row = store.one<[Uint8Array]>("SELECT model FROM entries WHERE document = ?", document);
  return row === null ? null : unpackedModel("journal_entry", row[0]);
}

/** Entries by what they are about, newest first. Throws `NotFound`. */
export function entries(store: Store, window: ReadWindow): readonly Entry[] {
  const own = ownAccount(store);
  const where = window.stream === undefined ? {} : { "e.stream": bytesOfId(window.stream) };
  return page(store, LIST, where, window, (row) => entryOf(own, row as Row));
}

/** Entries that hold every word, newest first; `after` is the `next` of the page before. Throws `InvalidField`. */
export function searchEntries(store: Store, query: string, window: ReadWindow, after: string | null = null): Found {
  const waiting = search.marked(store);
  const indexAll = (): void => waiting.forEach((document) => indexAgain(store, document));
  if (waiting.length > 0) {
    try {
      store.transaction(indexAll);
    } catch (failure) {
      if (!(failure instanceof StoreFull || failure instanceof StoreInvalid)) throw failure;
      // What cannot be written can still be read.
      return store.undone(() => {
        indexAll();
        return find(store, query, window, after);
      });
    }
  }
  return find(store, query, window, after);
}

function find(store: Store, query: string, window: ReadWindow, after: string | null): Found {
  const runs = sought(query);
  const own = ownAccount(store);
  const { places, next } = search.placesOf(store, runs, window, after);
  const found = places.flatMap((place): FoundEntry[] => {
    const row = store.one<Row>(`${ENTRY}WHERE e.place = ?`, place);
    if (row === null) return [];
    const { text, spans } = passage(wordsIn(unpackedModel("journal_entry", row[3])), runs);
    return [{ ...entryOf(own, row), snippet: text, spans }];
  });
  return { entries: found, next };
}

function entryOf(own: Id | null, [id, wish, audience, model, version, received, changedBy, changedAt]: Row): Entry {
  const last = lastChange(own, changedBy, changedAt);
  const entry = unpackedModel("journal_entry", model);
  const arrived = momentOrNull(received);
  const entered = entry.entered_at ?? entry.written_at ?? arrived ?? NO_MOMENT;
  const written = entry.written_at ?? entered;
  return {
    id: idOf(id),
    text: entry.text,
    sections: entry.sections,
    mood: entry.mood,
    tags: entry.tags,
    written_at: written,
    entered_at: entered,
    zone: entry.zone,
    arrived_at: arrived,
    shared: audience === null ? wish === 1 : audience === "record",
    late: isLate(checkMoment("written_at", written), checkMoment("arrived_at", arrived ?? entered)),
    problems: entry.problems,
    corrected_at: entry.corrected_at,
    earlier: entry.earlier.toReversed().map((was) => was.written_at),
    changed_by: last.by,
    changed_at: last.at,
    version,
  };
}
