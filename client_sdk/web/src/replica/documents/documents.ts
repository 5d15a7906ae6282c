// The documents of one store that are open in memory: loaded when they are asked for, let go when there is no room.
//
// A document in memory is what its applied changes say: what is marked so in the store, in the transaction that brings its
// rows up to it. From there it moves on by what has come and is not marked yet, so no change is read twice.
//
// After an error, what is in memory may be ahead of the store; so all of it is let go, and what comes next is written as
// another actor. What is let go is freed when no transaction is under way any more: somebody may be reading it.

import { hexOf, joined } from "../../bytes.ts";
import { Document } from "../../crdt/document.ts";
import { DocumentError } from "../../errors.ts";
import type { Id } from "../../generated/models.ts";
import { newGuard } from "../../records/guard.ts";
import type { Store } from "../../store/store.ts";
import { bytesOfId } from "../../store/values.ts";
import { applicable, besideSaved, changesOf, settledChanges, toApply } from "./changes.ts";
import type { Hash, LoadedDocument, Moved, StoredChange, StoredDocument } from "./rows.ts";
import { gather, isDue, keepSaved, savedOf, type Gathered, type Saved } from "./saved.ts";
import { noteApplied, setAside } from "./stored.ts";

/** About how many bytes of memory documents may take before the ones not used for longest are let go. */
const KEPT_OPEN = 32 * 1024 * 1024;
const ACTOR_BYTES = 16;

/** The open documents of one store. */
export interface Documents {
  /** How often something was written that servers have to hear of; grows. */
  readonly written: number;
  /** Count that. */
  noteWritten(): void;
  /** A transaction of edits. After an error, what is in memory may be ahead of the store and is let go. */
  transaction<T>(work: () => T): T;
  /** An empty document, to be written by this device; `keep` takes it up. */
  create(): LoadedDocument;
  /** The document, to be read only. */
  read(position: number): Document;
  /** The document as its applied changes say, kept open. Throws `StoreInvalid` where it is damaged. */
  load(position: number): LoadedDocument;
  /**
   * Apply what has come and can be applied, in a transaction; its rows are to be brought up to it in the same.
   *
   * `guarded`: what would alter what must stay is set aside, as what does not apply always is.
   */
  advance(document: StoredDocument, guarded: boolean): Moved;
  /** These changes were made in memory, on this device. */
  noteMade(position: number, opened: LoadedDocument, changes: readonly Uint8Array[]): void;
  /** What a saved document is made of, if so much of the document has long been accepted that it is worth it. */
  toSave(id: Id): Gathered | null;
  /** Keep what was made of it; null: it cannot be saved without loss. */
  keepSaved(gathered: Gathered, made: Saved | null): void;
  /** Keep a document open, letting go of the ones not used for longest when there is no room. */
  keep(position: number, loaded: LoadedDocument): void;
  /** The document is not needed any more. */
  letGo(position: number): void;
  /** Let go of all, and free them. */
  close(): void;
}

const opened = (document: Document): LoadedDocument => ({ document, guard: null, names: null });

/** The documents of a store, none of them loaded yet. */
export function documentsOf(store: Store, keptOpen = KEPT_OPEN): Documents {
  const loaded = new Map<number, { readonly one: LoadedDocument; readonly weight: number }>();
  /** Documents that could not be saved without loss: not tried again before the next opening. */
  const unsaveable = new Set<number>();
  const unused = new Set<Document>();
  let weight = 0;
  let depth = 0;
  let written = 0;
  let epoch = store.epoch;
  let actor = hexOf(store.random(ACTOR_BYTES));

  const drop = (position: number): void => {
    const there = loaded.get(position);
    if (there === undefined) return;
    loaded.delete(position);
    weight -= there.weight;
    unused.add(there.one.document);
  };

  const freeUnused = (): void => {
    for (const { one } of loaded.values()) unused.delete(one.document);
    for (const document of unused) document.free();
    unused.clear();
  };

  /** Let go of all documents, and write as a new actor, so that no (actor, seq) is used twice. */
  const forget = (): void => {
    for (const position of [...loaded.keys()]) drop(position);
    actor = hexOf(store.random(ACTOR_BYTES));
    epoch = store.epoch;
  };

  const currentActor = (): string => {
    if (epoch !== store.epoch) forget();
    return actor;
  };

  const keep = (position: number, one: LoadedDocument): void => {
    const before = loaded.get(position)?.one.document;
    drop(position);
    if (before === one.document) unused.delete(one.document);
    const added = Math.min(weightOf(one), keptOpen); // one that is larger than all the room there is is kept alone
    loaded.set(position, { one, weight: added });
    weight += added;
    for (const other of loaded.keys()) {
      if (weight <= keptOpen) break;
      if (other !== position) drop(other);
    }
  };

  const joinedChanges = (changes: readonly StoredChange[], before: Uint8Array = new Uint8Array()): Document =>
    loadedFrom(joined([before, ...changes.map((one) => one.data)]), currentActor());

  /** What is saved of the document, what was applied since, and `more`. */
  const fromStore = (position: number, more: readonly StoredChange[] = []): Document =>
    joinedChanges([...besideSaved(store, position), ...more], savedOf(store, position));

  /** The document from all changes that do apply: an earlier version has taken others for applied. */
  const anew = (position: number): Document => {
    const made = opened(Document.new(currentActor()));
    const changes = applicable(changesOf(store, position));
    const { good, failed } = oneByOne(made, changes, joinedChanges);
    store.run("UPDATE changes SET applied = 0 WHERE document = ?", position);
    noteApplied(store, good);
    setAside(store, position, failed);
    return made.document;
  };

  const load = (position: number): LoadedDocument => {
    currentActor();
    const there = loaded.get(position);
    if (there !== undefined) {
      loaded.delete(position);
      loaded.set(position, there); // the ones not used for longest come first
      return there.one;
    }
    let document: Document;
    try {
      document = fromStore(position);
    } catch (failure) {
      if (!(failure instanceof DocumentError)) throw failure;
      document = anew(position);
    }
    const one = opened(document);
    keep(position, one);
    return one;
  };

  /** Those that would alter what must stay, with what builds on them. */
  const refused = ({ position, kind }: StoredDocument, ready: readonly StoredChange[]): readonly Hash[] => {
    const one = load(position);
    if (one.guard === null) {
      one.guard = newGuard(kind);
      one.guard.learn(one.document.changes());
    }
    return one.guard.admit(ready.map(({ data }) => data));
  };

  const transaction = <T>(work: () => T): T => {
    depth += 1;
    try {
      return store.transaction(work);
    } catch (failure) {
      forget();
      throw failure;
    } finally {
      depth -= 1;
      if (depth === 0) freeUnused();
    }
  };

  return {
    get written() {
      return written;
    },
    noteWritten() {
      written += 1;
    },
    transaction,
    create: () => opened(Document.new(currentActor())),
    read: (position) => load(position).document,
    load,
    advance(document, guarded) {
      const { position } = document;
      currentActor();
      let ready = toApply(store, position);
      const notTaken: Hash[] = [];
      if (guarded && ready.length > 0) {
        notTaken.push(...refused(document, ready));
        ready = ready.filter((one) => !notTaken.includes(one.hash));
      }
      let one = loaded.get(position)?.one;
      try {
        if (one === undefined || one.document.heads.length === 0) {
          // All at once, which is faster than one after the other.
          one = { ...opened(fromStore(position, ready)), guard: one?.guard ?? null };
        } else {
          one.document.apply(ready.map(({ data }) => data));
        }
      } catch (failure) {
        if (!(failure instanceof DocumentError)) throw failure;
        drop(position);
        one = load(position);
        const { good, failed } = oneByOne(one, ready, (some) => fromStore(position, some));
        ready = good;
        notTaken.push(...failed);
      }
      if (notTaken.length > 0) setAside(store, position, notTaken);
      noteApplied(store, ready);
      keep(position, one);
      return { opened: one, applied: ready, setAside: notTaken.length > 0 };
    },
    noteMade(position, one, changes) {
      one.guard?.learn(changes);
      one.names = null;
      keep(position, one);
    },
    toSave(id) {
      const position = store.number("SELECT position FROM documents WHERE id = ?", bytesOfId(id));
      if (unsaveable.has(position) || !isDue(store, position)) return null;
      return gather(store, position, settledChanges(store, position));
    },
    keepSaved(gathered, made) {
      if (made === null) unsaveable.add(gathered.position);
      else transaction(() => keepSaved(store, gathered, made, settledChanges(store, gathered.position)));
    },
    keep,
    letGo: drop,
    close() {
      forget();
      freeUnused();
    },
  };
}

const weightOf = ({ document }: LoadedDocument): number => document.weight;

/** The document of trusted bytes; an empty one of none. Throws `DocumentError`. */
const loadedFrom = (data: Uint8Array, actor: string): Document =>
  data.length === 0 ? Document.new(actor) : Document.load(data, actor);

/**
 * Apply changes one at a time; gives those that apply, and the hashes of those that fail.
 *
 * What builds on one that fails is left out as well. `again` makes the document with those that apply.
 */
function oneByOne(
  loaded: LoadedDocument,
  changes: readonly StoredChange[],
  again: (good: readonly StoredChange[]) => Document,
): { readonly good: readonly StoredChange[]; readonly failed: readonly Hash[] } {
  const good: StoredChange[] = [];
  const failed: Hash[] = [];
  const leftOut = new Set<Hash>();
  for (const change of changes) {
    if (change.deps.some((dep) => leftOut.has(dep))) {
      leftOut.add(change.hash);
      continue;
    }
    try {
      loaded.document.apply([change.data]);
      good.push(change);
    } catch (failure) {
      if (!(failure instanceof DocumentError)) throw failure;
      failed.push(change.hash);
      leftOut.add(change.hash);
      const broken = loaded.document;
      loaded.document = again(good); // after a failure the object cannot be trusted
      broken.free();
    }
  }
  return { good, failed };
}
