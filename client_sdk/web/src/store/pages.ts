// Lists a page at a time: in which order, from which item on, and how many. All lists of rows are read here.
//
// A list has an order: a moment, newest first, and what tells items of one moment apart. An index holds both, so a page is
// read from where the one before ended and costs what it shows; what comes in between moves nothing. Where a page ended is
// known while the store is open, whatever becomes of its last item: nothing of what is deleted has to stay for it.

import { hexOf } from "../bytes.ts";
import { readId } from "../documents/ids.ts";
import { NotFound } from "../errors.ts";
import { notePageEnd, type Store } from "./store.ts";
import { bytesOfId, type Value } from "./values.ts";
import { boundsOf, type ReadWindow } from "./windows.ts";

/** The values of a list's order at one of its items. */
type PlaceInList = readonly Value[];
/** What columns must be. */
export type Where = Readonly<Record<string, Value>>;

/** Rows that are read together at most where some of them are not wanted, and the page has fewer. */
const AT_ONCE = 64;

/**
 * A list as a query: what is read of `tables`, in which `order` (each column descending), and what `id` is.
 *
 * Without what the caller adds to find those of one stream or kind. The first column of `order` is a moment wherever a
 * list is bounded by moments. The ids are those of documents, unless they are `named`.
 */
export interface Listing {
  readonly columns: string;
  readonly tables: string;
  readonly order: readonly string[];
  readonly id: string;
  readonly named?: boolean;
}

/**
 * The items that `window` asks for, of rows in which columns are as `where` says; those alone that `keep` keeps.
 *
 * `read` makes an item of the values of `columns`. Throws `NotFound`.
 */
export function page<T>(
  store: Store,
  listing: Listing,
  where: Where,
  window: ReadWindow,
  read: (row: readonly Value[]) => T,
  keep: (one: T) => boolean = () => true,
): T[] {
  const ordered = listing.order.length;
  const place = window.after === undefined ? null : placeOf(store, listing, where, window.after);
  const found: T[] = [];
  if (window.limit === 0) return found;
  let last: readonly Value[] | null = null;
  for (const row of rowsBehind(store, listing, where, window, place)) {
    const one = read(row.slice(ordered + 1));
    if (!keep(one)) continue;
    found.push(one);
    last = row;
    if (found.length === window.limit) break;
  }
  if (window.limit !== undefined && last !== null) {
    notePageEnd(store, keyOf(listing, where, last[ordered] ?? null), last.slice(0, ordered));
  }
  return found;
}

const notThere = (): NotFound =>
  new NotFound("after is not the id of an item in this list, or the item is gone. Begin again with the first page.");

const keyOf = ({ tables }: Listing, where: Where, id: Value): string =>
  [tables, ...Object.entries(where).flat(), id].map((one) => (one instanceof Uint8Array ? hexOf(one) : String(one))).join("\n");

/** Where the page ended that had that item as its last; where no such page was read, where the item is. */
function placeOf(store: Store, listing: Listing, where: Where, after: string): PlaceInList {
  const id = listing.named === true ? after : readId(after);
  if (id === null) throw notThere();
  const given = listing.named === true ? id : bytesOfId(id);
  const end = store.pageEnds.get(keyOf(listing, where, given));
  if (end !== undefined) return end;
  const conditions = Object.keys(where).map((column) => ` AND ${column} = ?`);
  const sql = `SELECT ${listing.order.join(", ")} FROM ${listing.tables} WHERE ${listing.id} = ?${conditions.join("")}`;
  const row = store.one(sql, given, ...Object.values(where));
  if (row !== null) return row;
  const copy = store.one<[string]>("SELECT lower(hex(new)) FROM aliases WHERE old = ?", given);
  if (copy === null) throw notThere();
  return placeOf(store, listing, where, copy[0]);
}

/** The rows behind a place: with the first query as many as a page has, and more with each that it still lacks. */
function* rowsBehind(
  store: Store,
  listing: Listing,
  where: Where,
  window: ReadWindow,
  begin: PlaceInList | null,
): Generator<readonly Value[]> {
  let place = begin;
  let atOnce = window.limit ?? -1;
  for (;;) {
    const { sql, parameters } = queryOf(listing, where, window, place, atOnce);
    const rows = store.all(sql, ...parameters);
    yield* rows;
    const last = rows.at(-1);
    if (atOnce < 0 || rows.length < atOnce || last === undefined) return;
    place = last.slice(0, listing.order.length);
    atOnce = Math.max(atOnce, Math.min(atOnce * 2, AT_ONCE));
  }
}

/** The SQL of a page, and its parameters. */
function queryOf(
  { columns, tables, order, id }: Listing,
  where: Where,
  window: ReadWindow,
  place: PlaceInList | null,
  limit: number,
): { readonly sql: string; readonly parameters: readonly Value[] } {
  const conditions: [string, readonly Value[]][] = Object.entries(where).map(([column, value]) => [`${column} = ?`, [value]]);
  const { since, until } = boundsOf(window);
  const [moment] = order;
  if (window.since !== undefined) conditions.push([`${moment} >= ?`, [since]]);
  // One upper bound alone: of two, SQLite may seek by the higher one.
  const at = place?.[0];
  const isBelow = typeof at === "number" || typeof at === "bigint" ? until <= BigInt(at) : true;
  if (window.until !== undefined && isBelow) conditions.push([`${moment} < ?`, [until]]);
  else if (place !== null) conditions.push([`(${order.join(", ")}) < (${place.map(() => "?").join(", ")})`, place]);
  const said = conditions.map(([condition]) => condition).join(" AND ") || "TRUE";
  const sorted = order.map((column) => `${column} DESC`).join(", ");
  return {
    sql: `SELECT ${order.join(", ")}, ${id}, ${columns} FROM ${tables} WHERE ${said} ORDER BY ${sorted} LIMIT ?`,
    parameters: [...conditions.flatMap(([, values]) => values), limit],
  };
}
