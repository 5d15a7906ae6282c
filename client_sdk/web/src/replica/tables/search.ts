// The index that entries are found by: FTS5 rows in the order of when entries were written.
//
// A row's id is its `place`: when the entry was written, with room for those of one moment. So a page is read from where
// the last one ended, in the index's own order, and costs what it shows; what is written meanwhile moves nothing. Which
// stream an entry is of is a word of its row.
//
// Cutting words and indexing them costs more than all else of an edit, and while somebody types only the last edit counts.
// So an edit marks its entry, in its own transaction, and whoever searches has what is marked indexed first.

import type { Id } from "../../generated/models.ts";
import { bigEndian, hexOf } from "../../bytes.ts";
import { InvalidField } from "../../errors.ts";
import type { Store } from "../../store/store.ts";
import { bytesOfId, type Micros } from "../../store/values.ts";
import { indexed, matching, type Sought } from "../../text/searchWords.ts";
import { boundsOf, type ReadWindow } from "../../store/windows.ts";

/** Places of one microsecond, as a power of 2; from the year 1 to 9999 they fit 64 bits. */
const ROOM = 5n;
const PAGE =
  "SELECT rowid FROM entries_text WHERE entries_text MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid DESC LIMIT ?";
const [FIRST, LAST] = [-(2n ** 63n), 2n ** 63n - 1n] as const;
const CURSOR_BYTES = 8;
const CURSOR = /^[\w-]{11}$/;

/** Marked entries, so that no search waits long for them: beyond it, each edit has one of the others indexed. */
export const MOST_WAITING = 8;

/**
 * The place of an entry that was written at that moment, and whether it has that already.
 *
 * If not, what it had is not found any more.
 */
export function placeFor(store: Store, document: number, written: bigint): { readonly place: bigint; readonly isThere: boolean } {
  const before = placeOf(store, document);
  if (before !== null && before >> ROOM === written) return { place: before, isThere: true };
  if (before !== null) forgetWords(store, document);
  let place = written << ROOM;
  while (store.one("SELECT 1 FROM entries WHERE place = ? AND document <> ?", place, document) !== null) place += 1n;
  return { place, isThere: false };
}

/** Index the words of an entry at a place that nothing is at. */
export function addWords(store: Store, place: bigint, stream: Id | null, parts: readonly string[]): void {
  store.run("INSERT INTO entries_text (rowid, stream, body) VALUES (?, ?, ?)", place, named(stream), indexed(parts));
}

/** Put these words in the place of those that a marked entry had. */
export function indexAgain(store: Store, document: number, parts: readonly string[]): void {
  store.run("UPDATE entries_text SET body = ? WHERE rowid = ?", indexed(parts), placeOf(store, document));
  store.run("DELETE FROM entries_to_index WHERE document = ?", document);
}

/** The words of an entry are others than those it is found by. */
export function mark(store: Store, document: number): void {
  store.run("INSERT OR IGNORE INTO entries_to_index (document) VALUES (?)", document);
}

/** The marked entries, in the order of their documents. */
export const marked = (store: Store): readonly number[] =>
  store.all<[number]>("SELECT document FROM entries_to_index ORDER BY document").map(([document]) => document);

/** The entry is found no more; to be called while it still has its place. */
export function forgetWords(store: Store, document: number): void {
  store.run("DELETE FROM entries_text WHERE rowid = ?", placeOf(store, document));
  store.run("DELETE FROM entries_to_index WHERE document = ?", document);
}

/** The entry is of another stream now. */
export function moveWords(store: Store, document: number, stream: Id | null): void {
  store.run("UPDATE entries_text SET stream = ? WHERE rowid = ?", named(stream), placeOf(store, document));
}

/** Deleted words stay in the index until its parts are merged; merge them now. */
export function compactSearch(store: Store): void {
  store.run("INSERT INTO entries_text (entries_text) VALUES ('optimize')");
}

/** A page of places, newest first, and where the next one begins (null: nowhere). */
export interface Places {
  readonly places: readonly bigint[];
  readonly next: string | null;
}

/** The places where all of the runs are found; `after` is the `next` of the page before. Throws `InvalidField`. */
export function placesOf(store: Store, runs: Sought, window: ReadWindow, after: string | null): Places {
  const { since, until, limit } = boundsOf(window);
  const lowest = larger(since * 2n ** ROOM, FIRST);
  const end = smaller(until * 2n ** ROOM, LAST);
  const highest = after === null ? end : smaller(end, fromCursor(after));
  if (runs.length === 0 || limit === 0) return { places: [], next: null };
  const ofStream = window.stream === undefined ? "" : `stream : "${named(window.stream)}" AND `;
  const match = `${ofStream}body : (${matching(runs)})`;
  const rows = store.all<[Micros]>(PAGE, match, lowest, highest, limit < 0 ? -1 : limit + 1);
  const places = rows.map(([place]) => BigInt(place));
  if (limit < 0 || places.length <= limit) return { places, next: null };
  return { places: places.slice(0, limit), next: cursorOf(places[limit - 1] ?? 0n) };
}

const named = (stream: Id | null): string => (stream === null ? "" : hexOf(bytesOfId(stream)));

function placeOf(store: Store, document: number): bigint | null {
  const row = store.one<[Micros]>("SELECT place FROM entries WHERE document = ?", document);
  return row === null ? null : BigInt(row[0]);
}

const larger = (one: bigint, other: bigint): bigint => (one > other ? one : other);
const smaller = (one: bigint, other: bigint): bigint => (one < other ? one : other);

const cursorOf = (place: bigint): string =>
  btoa(String.fromCharCode(...bigEndian(place, CURSOR_BYTES)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

function fromCursor(given: string): bigint {
  if (!CURSOR.test(given)) throw new InvalidField("after must be what `next` of a page of this search was.");
  const raw = atob(`${given.replaceAll("-", "+").replaceAll("_", "/")}=`);
  let place = 0n;
  for (const letter of raw) place = (place << 8n) | BigInt(letter.charCodeAt(0));
  return BigInt.asIntN(64, place);
}
