// The rows of documents and changes as values, a document in memory, and where a new one goes.

import type { Id } from "../../generated/models.ts";
import type { Document } from "../../crdt/document.ts";
import type { Guard } from "../../records/guard.ts";
import type { Micros } from "../../store/values.ts";

/** Edits a document, and gives the changes that makes, in order; null for an edit that nothing came of. */
export type Write = (document: Document) => readonly (Uint8Array | null)[];

/** The hash of a change in hexadecimal digits. */
export type Hash = string;

/**
 * One row of `documents`.
 *
 * `stream` is null for what is on this device only; then `wish` says what is meant to become of it: true to be shared,
 * false to stay, null undecided.
 */
export interface StoredDocument {
  readonly position: number;
  readonly id: Id;
  readonly stream: Id | null;
  readonly wish: boolean | null;
  readonly kind: string;
  readonly bytes: number;
  readonly operations: number;
  readonly erased: boolean;
}

/** Where a new document goes: into `stream`, or on this device only, with a `wish`. In the vault the wish is false. */
export interface Destination {
  readonly stream: Id | null;
  readonly wish: boolean | null;
}

/** A destination in one word, for the buckets of symptom logs. */
export const sharingOf = ({ stream, wish }: Destination): "shared" | "private" | "undecided" =>
  wish === false ? "private" : stream !== null || wish === true ? "shared" : "undecided";

/** Where and when a row of the log came from. */
export interface Arrival {
  readonly seq: number;
  readonly author: Id;
  readonly device: Id;
  readonly receivedAt: Micros;
}

/** One row of `changes`; `accepted`: the server holds it; `size`: of `data` as it came. */
export interface StoredChange {
  readonly position: number;
  readonly hash: Hash;
  readonly deps: readonly Hash[];
  readonly actor: string;
  readonly startOp: number;
  readonly operations: number;
  readonly size: number;
  readonly accepted: boolean;
  readonly setAside: boolean;
  readonly data: Uint8Array;
}

/** What an edit made: the document as a row, and the store's positions of its new changes. */
export interface Made {
  readonly document: StoredDocument;
  readonly changes: readonly number[];
}

/**
 * A document in memory.
 *
 * `guard` knows what must stay in it, once it was asked; `names` are those of the symptoms in its rows, likewise.
 */
export interface LoadedDocument {
  document: Document;
  guard: Guard | null;
  names: Set<string> | null;
}

/** How a document moved on: the changes that are applied now, and whether others were set aside for good. */
export interface Moved {
  readonly opened: LoadedDocument;
  readonly applied: readonly StoredChange[];
  readonly setAside: boolean;
}
