// Withdrawing symptom logs: their months are rewritten without them, and the documents they were in are erased.
//
// A document carries its history, so a log goes for good only with its bucket. What else was in there is copied, with ids
// and times of arrival as they were; the copy goes out first, then the old bucket is erased, on the server and on the
// other devices. Beside the copy stands that the log was withdrawn: so that a correction from another device, or the same
// row of a file that was imported there, is gone as well. Called in a transaction.

import { keyMark, readBucket } from "../../documents/diary/symptoms.ts";
import { byMoment, earliest } from "../../documents/instants.ts";
import type { Withdrawal } from "../../generated/answers.ts";
import limits from "../../generated/limits.json" with { type: "json" };
import type { Id, IsoMoment, Log, Withdrawn } from "../../generated/models.ts";
import { page, type Listing } from "../../store/pages.ts";
import type { Store } from "../../store/store.ts";
import { bytesOfId, fromMicros, idOf, toMicros, type Micros } from "../../store/values.ts";
import type { ReadWindow } from "../../store/windows.ts";
import { momentsIn, originalsOf } from "../documents/erasures.ts";
import { takeRescued } from "../documents/rescued.ts";
import type { StoredDocument } from "../documents/rows.ts";
import { documentAt } from "../documents/stored.ts";
import { newId, type Writing } from "../documents/writing.ts";
import { arrivalsIn, documentsOfLogs, isWithdrawn, madeHereAndWithdrawn, ownRecords } from "../tables/ownLogs.ts";
import { forgetUnusedNames } from "../tables/symptomRows.ts";
import { addToBuckets, writeAnew } from "./buckets.ts";

const { mostWithdrawn: MOST_WITHDRAWN } = limits.symptoms;

/** Withdraw own logs and all that is one with them; `id` is what the withdrawal is called by. */
export function withdrawLogs(writing: Writing, id: Id, logs: Iterable<Id>): void {
  const { store } = writing;
  const found = ownRecords(store, logs);
  const all = [...found.values()];
  const now = store.now();
  const ids = [...new Set(all.filter((one) => one.corrects === null).map((one) => one.id))].sort();
  const marks = [...new Set(all.flatMap((one) => (one.key === null ? [] : [keyMark(one.key)])))].sort();
  const gone: Withdrawn[] = [
    ...portions(ids).map((some) => ({ id: newId(store), entered_at: now, logs: some, keys: [] })),
    ...portions(marks).map((some) => ({ id: newId(store), entered_at: now, logs: [], keys: some })),
  ];
  const erased = writeAnewWithout(writing, documentsOfLogs(store, found.keys()), new Set(found.keys()), gone);
  store.run(
    "INSERT OR IGNORE INTO log_withdrawals (id, asked_at, documents) VALUES (?, ?, ?)",
    bytesOfId(id),
    toMicros(now),
    JSON.stringify(erased),
  );
  forgetUnusedNames(store);
}

/** Write anew what was made here and that these documents, which came from another device, say to be withdrawn. */
export function cleanse(writing: Writing, positions: readonly number[]): void {
  const logs = madeHereAndWithdrawn(writing.store, positions);
  if (logs.size > 0) writeAnewWithout(writing, documentsOfLogs(writing.store, logs), logs);
}

/** Add what was rescued of a document to another bucket. */
export function addRescued(writing: Writing, document: StoredDocument): void {
  const logs = takeRescued(writing.store, document).filter((log) => !isWithdrawn(writing.store, log));
  addToBuckets(writing, logs, { stream: document.stream, wish: document.wish });
}

/**
 * Copy these buckets without these logs, and erase them; `gone` goes into one of the copies.
 *
 * Returns the ids of the documents that servers or other devices have to erase.
 */
export function writeAnewWithout(
  writing: Writing,
  positions: readonly number[],
  logs: ReadonlySet<Id>,
  gone: readonly Withdrawn[] = [],
): readonly Id[] {
  const { store } = writing;
  return positions.flatMap((position, at) => {
    const document = documentAt(store, position);
    const bucket = readBucket(writing.read(position));
    const arrived = arrivalsIn(store, position);
    const kept = bucket.logs.filter((log) => !logs.has(log.id)).map((log) => copyOf(log, arrived));
    const withdrawn = at === 0 ? [...bucket.withdrawn, ...gone] : bucket.withdrawn;
    const copy = writeAnew(writing, document, bucket.month, kept, withdrawn);
    writing.supersede(position, copy.position);
    return document.stream === null ? [] : [document.id, ...originalsOf(store, position)];
  });
}

const copyOf = (log: Log, arrived: ReadonlyMap<Id, IsoMoment>): Log => ({
  ...log,
  arrived_at: earliest([log.arrived_at, arrived.get(log.id) ?? null]),
});

const portions = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / MOST_WITHDRAWN) }, (_, at) =>
    items.slice(at * MOST_WITHDRAWN, (at + 1) * MOST_WITHDRAWN),
  );

// -- reading -------------------------------------------------------------------------------------------------------------

type Row = [Uint8Array, Micros, string];
const COLUMNS = "id, asked_at, documents";
/** Withdrawals of logs, newest first. */
const LIST: Listing = { columns: COLUMNS, tables: "log_withdrawals", order: ["position"], id: "id" };

/** What was withdrawn on this device, newest first. Throws `NotFound`. */
export const logWithdrawals = (store: Store, window: ReadWindow): readonly Withdrawal[] =>
  page(store, LIST, {}, window, (row) => withdrawalOf(store, row as Row));

/** The withdrawal that was asked for here under that id. */
export function logWithdrawalWith(store: Store, id: Id): Withdrawal | null {
  const row = store.one<Row>(`SELECT ${COLUMNS} FROM log_withdrawals WHERE id = ?`, bytesOfId(id));
  return row === null ? null : withdrawalOf(store, row);
}

function withdrawalOf(store: Store, [id, askedAt, documents]: Row): Withdrawal {
  const sql = "SELECT settled_at, kept, refused, read_at FROM erasures WHERE document = ?";
  const asked = (JSON.parse(documents) as Id[]).flatMap((one) => {
    const row = store.one<[Micros | null, number, number, string]>(sql, bytesOfId(one));
    return row === null ? [] : [row];
  });
  const isWaiting = asked.some(([settled]) => settled === null);
  const isRefused = asked.some(([, , refused]) => refused !== 0);
  const isKept = asked.some(([, kept]) => kept !== 0);
  const read = new Map(asked.flatMap(([, , , readAt]) => momentsIn(readAt)).map((at) => [toMicros(at), at]));
  return {
    id: idOf(id),
    asked_at: fromMicros(askedAt),
    state: isWaiting ? "waiting" : isRefused ? "refused" : isKept ? "kept" : "erased",
    read_at: byMoment([...read.values()].map((at) => ({ id: at, at })), (one) => one.at).map(({ at }) => at),
  };
}
