// Every kind of document that is read: what it says, what it is about, when that was.

import type { Models } from "../generated/models.ts";
import { Document } from "../crdt/document.ts";
import { readAssessment } from "../documents/assessments/assessments.ts";
import { readEntry } from "../documents/diary/journal.ts";
import { readBucket } from "../documents/diary/symptoms.ts";
import { read } from "../documents/records.ts";
import { isRecordKind, shapeOf } from "../documents/shapes.ts";
import { HOUR, momentOf, momentText } from "../time/moments.ts";

/** A kind of document that has a read model. */
export type ReadKind = keyof Models;

/** The problem of a document of which nothing can be read. */
export const UNREADABLE = "document: could not be read";

/** The actor of a document that is only read. */
const READER = "00".repeat(16);
const NOON = 12 * HOUR;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Use the document that changes make, to be read only; its memory is given back at the end. Throws `DocumentError`. */
export function withDocument<T>(changes: readonly Uint8Array[], use: (document: Document) => T): T {
  const document = Document.new(READER);
  try {
    document.apply(changes);
    return use(document);
  } finally {
    document.free();
  }
}

/** What a document says; odd content is listed in its `problems`. */
export function readAs<K extends ReadKind>(kind: K, document: Document): Models[K];
export function readAs(kind: ReadKind, document: Document): Models[ReadKind] {
  switch (kind) {
    case "journal_entry":
      return readEntry(document);
    case "symptom_log":
      return readBucket(document);
    case "assessment":
      return readAssessment(document);
    default:
      return read(kind, document);
  }
}

/** The document that a record is about, as a comment is about what it is on. */
export function subjectOf<K extends ReadKind>(kind: K, model: Models[K]): string | null {
  const name = kind === "assessment" ? "amends" : isRecordKind(kind) ? shapeOf(kind).subject : null;
  return name === null ? null : textAt(model, name);
}

/**
 * When what a record tells of was done or made; null where it does not say. Lists are sorted by it.
 *
 * Of a day it is noon in UTC, which is within the day nearly everywhere.
 */
export function momentOfRecord<K extends ReadKind>(kind: K, model: Models[K]): string | null {
  const names = kind === "assessment" ? ["started_at"] : isRecordKind(kind) ? shapeOf(kind).moments : [];
  const at = names.map((name) => textAt(model, name)).find((one) => one !== null) ?? null;
  return at !== null && DAY.test(at) ? momentText(momentOf({ day: at, time: NOON }, 0)) : at;
}

function textAt(model: object, name: string): string | null {
  const value = (model as Readonly<Record<string, unknown>>)[name];
  return typeof value === "string" ? value : null;
}
