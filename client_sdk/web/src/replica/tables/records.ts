// Documents that are records of fields: the edits that write them, and the rows of one table that they are read from.
//
// A row holds the read model as JSON; what may change without the document (its stream, who wrote it, when it arrived) is
// joined when reading.

import type { Document } from "../../crdt/document.ts";
import { create, update } from "../../documents/records.ts";
import type { RecordKind } from "../../documents/shapes.ts";
import type { Audience } from "../../generated/frames.ts";
import type { Id, IsoMoment, Models, Records } from "../../generated/models.ts";
import { readAs, momentOfRecord, subjectOf } from "../../records/kinds.ts";
import { page, type Listing, type Where } from "../../store/pages.ts";
import type { Store } from "../../store/store.ts";
import { bytesOfId, idOf, idOrNull, momentOrNull, toMicros, type Micros } from "../../store/values.ts";
import { ALL, type ReadWindow } from "../../store/windows.ts";
import type { Hash, StoredDocument, Write } from "../documents/rows.ts";
import { OPEN, occurrenceOf, openUntil } from "./dueRows.ts";
import { LAST_COLUMNS, LAST_JOIN, lastChange, ownAccount, type LastChange } from "./lastChange.ts";
import { packedModel, unpackedModel } from "./models.ts";

/** Kinds that have a row in `records`. */
export type RowKind = Exclude<keyof Models, "journal_entry" | "symptom_log">;

/**
 * One row: what the document says (`model`) in which `version`, and what is known of it.
 *
 * `author` is who made it: null for what was made here and is not in a log yet. `client` is whose stream it is in, null for
 * what has no stream yet. `arrived_at` is when the server received its first change; `last` tells of the latest one.
 */
export interface StoredRecord<K extends RowKind> {
  readonly position: number;
  readonly id: Id;
  readonly model: Models[K];
  readonly version: string;
  readonly author: Id | null;
  readonly client: Id | null;
  readonly arrived_at: IsoMoment | null;
  readonly last: LastChange;
}

/** A version as text: two devices that hold the same changes say the same. */
export const versionOf = (heads: readonly Hash[]): string => [...heads].sort().join("");

// -- writing -------------------------------------------------------------------------------------------------------------

/** Write the row of a document of one of these kinds. */
export function projectRecord(kind: RowKind, store: Store, held: StoredDocument, document: Document): void {
  const said = readAs(kind, document);
  const model = { ...said, problems: [...said.problems, ...missingChanges(store, held)] } as Models[typeof kind];
  const about = subjectOf(kind, model);
  const at = momentOfRecord(kind, model);
  store.run(
    `REPLACE INTO records (document, id, stream, kind, ref, at, model, version, occurrence, open_until)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    held.position,
    bytesOfId(held.id),
    held.stream === null ? null : bytesOfId(held.stream),
    kind,
    about === null ? null : bytesOfId(about),
    at === null ? 0 : toMicros(at),
    packedModel(kind, model),
    versionOf(document.heads),
    occurrenceOf(kind, model),
    openUntil(kind, model),
  );
}

/** Changes of the document that are missing from what is shown, in words. */
export function missingChanges(store: Store, { stream, id, position }: StoredDocument): readonly string[] {
  const of = stream === null ? null : bytesOfId(stream);
  const codes = store.all<[string]>("SELECT code FROM problems WHERE stream = ? AND document = ?", of, bytesOfId(id));
  const aside = store.all<[string]>(
    "SELECT 'does_not_apply' FROM changes WHERE document = ? AND set_aside",
    position,
  );
  return [...codes, ...aside].map(([code]) => `changes: one could not be used (${code})`);
}

// -- edits -----------------------------------------------------------------------------------------------------------------

/** Writes `value` into an empty document. */
export const creation =
  <K extends RecordKind>(kind: K, value: Partial<Records[K]>): Write =>
  (document) => [create(kind, document, value)];

/** Turns what a document says into the last of the steps, which are given what it says now; one change a step. */
export const revision =
  <K extends RecordKind>(kind: K, steps: (before: Records[K]) => readonly Records[K][]): Write =>
  (document) => {
    let before = readAs(kind, document) as Records[K];
    return steps(before).map((after) => {
      const change = update(kind, document, before, after);
      before = after;
      return change;
    });
  };

/** Writes what differs between the two, whatever the document says by now. */
export const difference =
  <K extends RecordKind>(kind: K, before: Records[K], after: Records[K]): Write =>
  (document) => [update(kind, document, before, after)];

// -- reading -------------------------------------------------------------------------------------------------------------

type Row = [
  position: number,
  id: Uint8Array,
  client: Uint8Array | null,
  model: Uint8Array,
  version: string,
  received: Micros | null,
  author: Uint8Array | null,
  changedBy: Uint8Array | null,
  changedAt: Micros | null,
];
const COLUMNS = `d.position, d.id, s.client, r.model, r.version, d.arrived_at, d.author, ${LAST_COLUMNS}`;
const TABLES = `records r JOIN documents d ON d.position = r.document LEFT JOIN streams s ON s.id = d.stream ${LAST_JOIN}`;
/** Documents of a kind, newest first. */
const LIST: Listing = { columns: COLUMNS, tables: TABLES, order: ["r.at", "r.id"], id: "d.id" };
const RECORD = `SELECT ${COLUMNS} FROM ${TABLES} WHERE r.kind = ? AND d.id = ? AND (? IS NULL OR d.stream = ?)`;

/**
 * Which records of a kind are read; left out: of all streams, about anything, all of them. `open`: only homework that goes
 * on, and assessments that are not completed.
 */
export interface Which<K extends RowKind> {
  readonly stream?: Id | null;
  readonly about?: Id;
  readonly open?: boolean;
  readonly window?: ReadWindow;
  readonly keep?: (one: StoredRecord<K>) => boolean;
}

/** Documents of a kind, newest first. Throws `NotFound`. */
export function records<K extends RowKind>(store: Store, kind: K, which: Which<K> = {}): readonly StoredRecord<K>[] {
  const { stream = null, about, open = false, window = ALL, keep = () => true } = which;
  const own = ownAccount(store);
  return page(store, LIST, conditions(kind, stream, about, open), window, (row) => recordOf(kind, own, row as Row), keep);
}

/** What to find them by. A document's comments are few, whichever stream they are in: `+` is no use of an index. */
function conditions(kind: string, stream: Id | null, about: Id | undefined, open: boolean): Where {
  return {
    "r.kind": kind,
    ...(about === undefined ? {} : { "r.ref": bytesOfId(about) }),
    ...(open ? { "r.open_until": OPEN } : {}),
    ...(stream === null ? {} : { [about === undefined ? "r.stream" : "+r.stream"]: bytesOfId(stream) }),
  };
}

/** The document of that kind and id, if it is here (and, where `stream` is given, in that stream). */
export function recordWith<K extends RowKind>(store: Store, kind: K, id: Id, stream: Id | null = null): StoredRecord<K> | null {
  const of = stream === null ? null : bytesOfId(stream);
  const row = store.one<Row>(RECORD, kind, bytesOfId(id), of, of);
  return row === null ? null : recordOf(kind, ownAccount(store), row);
}

/** Whether the server has all of it, the last change included. */
export const isSent = (store: Store, { arrived_at, position }: Pick<StoredRecord<RowKind>, "arrived_at" | "position">): boolean =>
  arrived_at !== null && store.one("SELECT 1 FROM outbox_documents WHERE document = ?", position) === null;

/** What the document at that position says, if it has been read. */
export function recordModel<K extends RowKind>(store: Store, kind: K, position: number): Models[K] | null {
  const row = store.one<[Uint8Array]>("SELECT model FROM records WHERE document = ?", position);
  return row === null ? null : unpackedModel(kind, row[0]);
}

function recordOf<K extends RowKind>(kind: K, own: Id | null, row: Row): StoredRecord<K> {
  const [position, id, client, packed, version, received, author, changedBy, changedAt] = row;
  return {
    position,
    id: idOf(id),
    model: unpackedModel(kind, packed),
    version,
    author: idOrNull(author),
    client: idOrNull(client),
    arrived_at: momentOrNull(received),
    last: lastChange(own, changedBy, changedAt),
  };
}

/** The stream of a client with that audience, if this account may read it. */
export function streamOf(store: Store, client: Id, audience: Audience): Id | null {
  const sql = "SELECT id FROM streams WHERE client = ? AND audience = ?";
  const row = store.one<[Uint8Array]>(sql, bytesOfId(client), audience);
  return row === null ? null : idOf(row[0]);
}
