// The one way to write: every edit made on this device, whatever its kind and whoever asks for it.
//
//     replica.write((writing) => {
//       const made = writing.create("goal", creation("goal", { what: "Walk again" }), to);
//       writing.edit(made.document.position, write);
//     });
//
// Each edit is kept, put into the outbox (or sealed, in a vault), and brought into the rows that reading goes by, all in
// one transaction. `write` is given the document and returns the changes that it has made of it; what a kind's rows are,
// `projections` knows. So no caller stores, queues or projects anything itself.

import { hexOf } from "../../bytes.ts";
import { compressed } from "../../crdt/compression.ts";
import type { Document } from "../../crdt/document.ts";
import { DocumentError, InvalidField } from "../../errors.ts";
import type { Kind } from "../../generated/frames.ts";
import type { Id } from "../../generated/models.ts";
import type { Store } from "../../store/store.ts";
import { idOf } from "../../store/values.ts";
import { readChange, type Change } from "../../wire/changes.ts";
import { isApplied } from "./changes.ts";
import type { Documents } from "./documents.ts";
import { askToErase } from "./erasures.ts";
import { project } from "./projections.ts";
import type { Destination, Hash, LoadedDocument, Made, StoredDocument, Write } from "./rows.ts";
import { sealChanges } from "./sealed.ts";
import { addDocument, addMade, documentAt, dropDocument, hasRoom } from "./stored.ts";
import { audienceOf, isShared } from "./streams.ts";

/** Brings an edit into the rows of its document, in the place of what its kind does by itself. */
export type Project = (made: Made) => void;

const ID_BYTES = 16;
const ACTOR_BYTES = 16;
const HEADS = /^(?:[0-9a-f]{64})+$/;

/** What one call writes, in its transaction. */
export interface Writing {
  readonly store: Store;
  /** The ids of the documents that differ now: listeners are told of them. A block may add some. */
  readonly touched: Set<Id>;
  /**
   * Make a document. Throws `InvalidField` when it would be too large.
   *
   * `project` is for where only the caller knows what differs, and to read the whole document for that would cost more
   * with each edit.
   */
  create(kind: Kind, write: Write, to: Destination, project?: Project): Made;
  /**
   * Change a document; nothing happens if `write` gives no change.
   *
   * With `basedOn` (`headsOf` a version), `write` is given the document as it was then, and what it makes of it is merged
   * with what has come since. Throws `InvalidField` where that version is not here, or when it would grow too large.
   */
  edit(position: number, write: Write, how?: { readonly basedOn?: readonly Hash[] | null; readonly project?: Project }): Made;
  /** Whether that version of a document is part of what it says here. */
  holds(position: number, heads: readonly Hash[]): boolean;
  /** The document, to be read only. */
  read(position: number): Document;
  /**
   * Forget a document for good, and have the server and the other devices do the same.
   *
   * Of one that others read it is noted that it was withdrawn; a private one is just gone.
   */
  withdraw(document: StoredDocument): void;
  /**
   * Forget a document of which there is a copy; one in a stream is erased there as well.
   *
   * That waits until the server holds `copy` (a position); left out, until nothing of the record waits to be sent.
   */
  supersede(position: number, copy?: number): void;
  /** A part that leaves no trace when it throws, while the rest of the block is written. */
  attempt<T>(work: () => T): T;
}

/** A new id. */
export function newId(store: Store): Id {
  const bytes = store.random(ID_BYTES);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return idOf(bytes);
}

/** The heads that the version of an answer stands for; null where none is given. Throws `InvalidField`. */
export function headsOf(version: string | null | undefined): readonly Hash[] | null {
  if (version === null || version === undefined) return null;
  if (!HEADS.test(version)) throw new InvalidField("based_on must be what was read from this store, or its version.");
  return (version.match(/.{64}/g) ?? []).sort();
}

/** What is thrown where this device does not have such a version of a document. */
export const unknownVersion = (): InvalidField =>
  new InvalidField(
    "This device does not have the version that this was made from (based_on). Read it again, and edit that.",
    "unknown_heads",
  );

/** What writes in a transaction of `documents`. */
export function writingOf(store: Store, documents: Documents): Writing {
  const touched = new Set<Id>();

  const keepChanges = (position: number, opened: LoadedDocument, write: Write, by?: Project): Made => {
    documents.noteWritten();
    const changes = write(opened.document).flatMap((data) => (data === null ? [] : [checkedChange(compressed(data))]));
    const document = documentAt(store, position);
    if (!hasRoom(document, changes)) throw tooLarge("too_large");
    const audience = audienceOf(store, document.stream);
    const isSent = audience !== null && audience !== "vault";
    const made: Made = { document, changes: changes.map((change) => addMade(store, document, change, isSent)) };
    if (audience === "vault") sealChanges(store, document);
    documents.noteMade(position, opened, changes.map(({ data }) => data));
    if (made.changes.length === 0) return made;
    touched.add(document.id);
    if (by === undefined) project(store, document, opened.document);
    else by(made);
    return made;
  };

  const holds = (position: number, heads: readonly Hash[]): boolean =>
    heads.every((head) => isApplied(store, position, head));

  return {
    store,
    touched,
    create: (kind, write, to, by) =>
      keepChanges(addDocument(store, newId(store), kind, to), documents.create(), write, by),
    edit(position, write, { basedOn = null, project: by } = {}) {
      const opened = documents.load(position);
      if (basedOn === null || basedOn.join() === opened.document.heads.join()) return keepChanges(position, opened, write, by);
      if (!holds(position, basedOn)) throw unknownVersion();
      return keepChanges(position, opened, atVersion(basedOn, write, hexOf(store.random(ACTOR_BYTES))), by);
    },
    holds,
    read: (position) => documents.read(position),
    withdraw(document) {
      askToErase(store, document, { withdrawn: isShared(store, document) });
      touched.add(document.id);
    },
    supersede(position, copy) {
      documents.letGo(position);
      const document = documentAt(store, position);
      if (document.stream === null) dropDocument(store, position);
      else askToErase(store, document, { withdrawn: false, ...(copy === undefined ? {} : { copy }) });
      touched.add(document.id);
    },
    attempt(work) {
      const before = [...touched];
      try {
        return documents.transaction(work);
      } catch (failure) {
        touched.clear();
        for (const id of before) touched.add(id);
        throw failure;
      }
    },
  };
}

/** Does `write` where a document was at that version, as another author than the one who has gone on from there. */
const atVersion =
  (heads: readonly Hash[], write: Write, actor: string): Write =>
  (document) => {
    const then = document.fork(actor, heads);
    try {
      const changes = write(then).filter((change) => change !== null);
      document.apply(changes);
      return changes;
    } finally {
      then.free();
    }
  };

function checkedChange(data: Uint8Array): Change {
  try {
    return readChange(data);
  } catch (failure) {
    throw failure instanceof DocumentError ? tooLarge(failure.code) : failure;
  }
}

const tooLarge = (code: string): InvalidField =>
  new InvalidField("With its history this would be too large. Continue in a new one.", code);

