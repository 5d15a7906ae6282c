// The changes of documents as they are read from their rows: all, or those that something is to be done with.

import { hexOf, ofHex } from "../../bytes.ts";
import type { Store } from "../../store/store.ts";
import type { Hash, StoredChange } from "./rows.ts";
import { changesInside, checked } from "./saved.ts";

const HASH_BYTES = 32;

type Row = [number, Uint8Array, Uint8Array, Uint8Array, number, number, number, number, number, Uint8Array | null];
const CHANGE =
  "SELECT position, hash, deps, actor, start_op, operations, size, accepted, set_aside, data FROM changes ";

/** Hashes that are kept one after the other, one by one. */
export const split = (hashes: Uint8Array): readonly Hash[] =>
  Array.from({ length: hashes.length / HASH_BYTES }, (_, at) =>
    hexOf(hashes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES)),
  );

/** Changes of a document that have their bytes, in the order they came. Throws `StoreInvalid` for damaged ones. */
const withBytes = (store: Store, where: string, position: number): readonly StoredChange[] =>
  store.all<Row>(CHANGE + where, position).map((row) => changeOf(row, row[9] ?? undefined));

/**
 * All changes of a document, in the order they came. Throws `StoreInvalid` for damaged ones.
 *
 * Those that are in the saved document are taken out of it: that costs as much as there is.
 */
export function changesOf(store: Store, position: number): readonly StoredChange[] {
  const rows = store.all<Row>(`${CHANGE}WHERE document = ? ORDER BY position`, position);
  const kept = rows.some((row) => row[9] === null) ? changesInside(store, position) : new Map<Hash, Uint8Array>();
  return rows.map((row) => changeOf(row, row[9] ?? kept.get(hexOf(row[1]))));
}

function changeOf(row: Row, data: Uint8Array | undefined): StoredChange {
  const [position, hash, deps, actor, startOp, operations, size, accepted, setAside] = row;
  return {
    position,
    hash: hexOf(hash),
    deps: split(deps),
    actor: hexOf(actor),
    startOp,
    operations,
    size,
    accepted: accepted !== 0,
    setAside: setAside !== 0,
    data: checked(hexOf(hash), data),
  };
}

/** The applied changes of a document that are not in the saved one, dependencies first. */
export function besideSaved(store: Store, position: number): readonly StoredChange[] {
  const where =
    "INDEXED BY changes_with_bytes WHERE document = ? AND data IS NOT NULL AND applied ORDER BY position";
  const changes = withBytes(store, where, position);
  return applicable(changes, namedElsewhere(changes));
}

/** The changes of a document that are not applied yet and can be, dependencies first. */
export function toApply(store: Store, position: number): readonly StoredChange[] {
  const where =
    "INDEXED BY changes_to_apply WHERE document = ? AND NOT applied AND NOT set_aside ORDER BY position";
  const changes = withBytes(store, where, position);
  return applicable(changes, namedElsewhere(changes).filter((dep) => isApplied(store, position, dep)));
}

/**
 * The changes beside the saved document that may go into it, dependencies first.
 *
 * The server holds them, they do not wait to be sent again, and all that they build on is there.
 */
export function settledChanges(store: Store, position: number): readonly StoredChange[] {
  const where =
    "INDEXED BY changes_with_bytes WHERE document = ? AND accepted = 1 AND data IS NOT NULL AND applied" +
    " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.change = changes.position) ORDER BY position";
  const changes = withBytes(store, where, position);
  const isSaved = "SELECT 1 FROM changes WHERE document = ? AND hash = ? AND data IS NULL";
  return applicable(
    changes,
    namedElsewhere(changes).filter((dep) => store.one(isSaved, position, ofHex(dep)) !== null),
  );
}

/** What changes build on that is not among them. */
function namedElsewhere(changes: readonly StoredChange[]): readonly Hash[] {
  const here = new Set(changes.map((one) => one.hash));
  return [...new Set(changes.flatMap((one) => one.deps))].filter((dep) => !here.has(dep));
}

/** Whether that change is part of what the document says here. */
export function isApplied(store: Store, position: number, hash: Hash): boolean {
  const sql = "SELECT applied FROM changes WHERE document = ? AND hash = ?";
  return store.one<[number]>(sql, position, ofHex(hash))?.[0] === 1;
}

/** Whether that change of the document is here. */
export const knows = (store: Store, position: number, hash: Hash): boolean =>
  store.one("SELECT 1 FROM changes WHERE document = ? AND hash = ?", position, ofHex(hash)) !== null;

/** Whether there is any change of the document here. */
export const anyChange = (store: Store, position: number): boolean =>
  store.one("SELECT 1 FROM changes WHERE document = ? LIMIT 1", position) !== null;

/**
 * Those not among `applied` whose dependencies are all there, dependencies first.
 *
 * A change that waits for one that has not come, or was quarantined, is left out.
 */
export function applicable(changes: Iterable<StoredChange>, applied: Iterable<Hash> = []): readonly StoredChange[] {
  const there = new Set(applied);
  const ready: StoredChange[] = [];
  const waiting = new Map<Hash, StoredChange[]>();
  for (const change of changes) {
    if (change.setAside || there.has(change.hash)) continue;
    const able = [change];
    for (let one = able.pop(); one !== undefined; one = able.pop()) {
      const lacking = one.deps.find((dep) => !there.has(dep));
      if (lacking !== undefined) {
        waiting.set(lacking, [...(waiting.get(lacking) ?? []), one]);
      } else if (!there.has(one.hash)) {
        there.add(one.hash);
        ready.push(one);
        able.push(...(waiting.get(one.hash) ?? []).toReversed());
        waiting.delete(one.hash);
      }
    }
  }
  return ready;
}
