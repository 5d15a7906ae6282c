// Where symptom logs go: one document per store, local month and sharing, made at the first log of that month.
//
// The rows of new logs are added beside those that are there, so that no log costs the reading of its bucket.

import { utf8 } from "../../bytes.ts";
import { addRecords, checkLog, createBucket, monthOf, type NewLog } from "../../documents/diary/symptoms.ts";
import { jsonText } from "../../documents/json.ts";
import { storedStruct } from "../../documents/types.ts";
import WIRE from "../../generated/wire.json";
import type { Id, Log, Withdrawn } from "../../generated/models.ts";
import type { Destination, Made, StoredDocument } from "../documents/rows.ts";
import { sharingOf } from "../documents/rows.ts";
import { documentAt } from "../documents/stored.ts";
import type { Project, Writing } from "../documents/writing.ts";
import { addLogs, type WrittenLog } from "../tables/symptomRows.ts";

const { documentBytes: MAX_BYTES, documentOperations: MAX_OPERATIONS } = WIRE.changes;
/** A change holds at most so much, well below what a change may. */
const [LOGS_PER_CHANGE, BYTES_PER_CHANGE] = [500, 256 * 1024] as const;
/** Which part of what a document may hold fills a bucket; then the month goes on in another. */
const FULL = 0.5;

/**
 * Keep logs, few changes for many. Returns the document that each log is in.
 *
 * Throws `InvalidField` when a log holds what no log may.
 */
export function addToBuckets(writing: Writing, logs: readonly NewLog[], to: Destination): ReadonlyMap<Id, StoredDocument> {
  const where = new Map<Id, StoredDocument>();
  const byMonth = new Map<string, Log[]>();
  for (const log of logs.map(checkLog)) {
    const month = monthOf(log.at);
    byMonth.set(month, [...(byMonth.get(month) ?? []), log]);
  }
  for (const [month, ofMonth] of byMonth) {
    for (const portion of portionsOf(ofMonth)) {
      const made = addTo(writing, month, portion, [], to);
      for (const log of portion) where.set(log.id, made.document);
    }
  }
  return where;
}

/** Keep that logs were withdrawn, beside the logs of a month. */
export function addWithdrawn(writing: Writing, month: string, withdrawn: readonly Withdrawn[], to: Destination): void {
  addTo(writing, month, [], withdrawn, to);
}

/** Make a bucket that holds these records in the place of `document`, which stays as it is; gives the new one. */
export function writeAnew(
  writing: Writing,
  document: StoredDocument,
  month: string,
  logs: readonly Log[],
  withdrawn: readonly Withdrawn[],
): StoredDocument {
  const { store } = writing;
  const portions = portionsOf(logs);
  const project: Project = (made) => {
    const changes = portions.length === 0 ? [] : made.changes.slice(-portions.length);
    const rows = portions.flatMap((portion, at) => portion.map((log): WrittenLog => [log, changes[at] ?? null]));
    addLogs(store, made.document, rows, withdrawn);
  };
  const made = writing.create(
    "symptom_log",
    (empty) => [
      createBucket(empty, month),
      ...(withdrawn.length > 0 ? [addRecords(empty, [], withdrawn)] : []),
      ...portions.map((portion) => addRecords(empty, portion)),
    ],
    { stream: document.stream, wish: document.wish },
    project,
  ).document;
  store.run("UPDATE buckets SET document = ? WHERE document = ?", made.position, document.position);
  return made;
}

/** Logs in portions that fit into a change. */
function portionsOf(logs: readonly Log[]): readonly (readonly Log[])[] {
  const found: Log[][] = [];
  let size = 0;
  for (const log of logs) {
    const weight = utf8(jsonText(storedStruct("Log", log))).length;
    const last = found.at(-1);
    if (last === undefined || last.length === LOGS_PER_CHANGE || size + weight > BYTES_PER_CHANGE) {
      found.push([log]);
      size = weight;
    } else {
      last.push(log);
      size += weight;
    }
  }
  return found;
}

/** One change in the bucket of that month, or in a new one where there is none that has room. */
function addTo(
  writing: Writing,
  month: string,
  logs: readonly Log[],
  withdrawn: readonly Withdrawn[],
  to: Destination,
): Made {
  const { store } = writing;
  const sharing = sharingOf(to);
  const project: Project = ({ document, changes }) => {
    const last = changes.at(-1) ?? null;
    addLogs(store, document, logs.map((log): WrittenLog => [log, last]), withdrawn);
  };
  const sql = "SELECT document FROM buckets WHERE month = ? AND sharing = ?";
  const row = store.one<[number]>(sql, month, sharing);
  if (row !== null && !isFull(documentAt(store, row[0]))) {
    return writing.edit(row[0], (bucket) => [addRecords(bucket, logs, withdrawn)], { project });
  }
  const made = writing.create(
    "symptom_log",
    (empty) => [createBucket(empty, month), addRecords(empty, logs, withdrawn)],
    to,
    project,
  );
  store.run("REPLACE INTO buckets (month, sharing, document) VALUES (?, ?, ?)", month, sharing, made.document.position);
  return made;
}

const isFull = ({ bytes, operations }: StoredDocument): boolean =>
  bytes > FULL * MAX_BYTES || operations > FULL * MAX_OPERATIONS;
