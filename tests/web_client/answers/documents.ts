import { startAutomerge } from "@intersession/client/crdt/automerge.ts";
import { Document } from "@intersession/client/crdt/document.ts";
import { ROOT, type ObjectId } from "@intersession/client/crdt/scalars.ts";
import {
  answerItem,
  completeAssessment,
  createAssessment,
  type NewAssessment,
  type NewCompletion,
} from "@intersession/client/documents/assessments/assessments.ts";
import type { AnswerValue } from "@intersession/client/documents/assessments/answers.ts";
import { correctTime } from "@intersession/client/documents/diary/entryTimes.ts";
import { createEntry, editEntry, type NewEntry } from "@intersession/client/documents/diary/journal.ts";
import { sectionOf } from "@intersession/client/documents/diary/sections.ts";
import { addRecords, createBucket, type NewLog } from "@intersession/client/documents/diary/symptoms.ts";
import { create, read, update } from "@intersession/client/documents/records.ts";
import { shapeOf, type RecordKind } from "@intersession/client/documents/shapes.ts";
import { structOf } from "@intersession/client/documents/types.ts";
import type { Records, Section, Time, Withdrawn } from "@intersession/client/generated/models.ts";
import { readAs, withDocument, type ReadKind } from "@intersession/client/records/kinds.ts";

/** An edit as the vectors have it: fields with their new values, or one of those that a kind has of its own. */
export type Asked = Readonly<Record<string, unknown>>;

/** Automerge, loaded. */
export const started = startAutomerge();

/** Use a document of these changes that writes as `actor`, and free it. */
export function using<T>(actor: string, changes: readonly Uint8Array[], use: (document: Document) => T): T {
  const document = Document.new(actor);
  try {
    document.apply(changes);
    return use(document);
  } finally {
    document.free();
  }
}

/** The changes that write a value as a new document. */
export function created(kind: ReadKind, document: Document, value: Asked): readonly (Uint8Array | null)[] {
  switch (kind) {
    case "journal_entry":
      return [createEntry(document, { ...value, ...sectionsIn(value) } as unknown as NewEntry)];
    case "symptom_log":
      return [createBucket(document, String(value["month"])), added(document, value)];
    case "assessment":
      return [createAssessment(document, value as unknown as NewAssessment)];
    default:
      return [create(kind, document, value as Partial<Records[RecordKind]>)];
  }
}

/** The change that an edit makes of a document; null where nothing differs. `seen` is what the editor saw, if not all. */
export function edited(
  kind: ReadKind,
  document: Document,
  asked: Asked,
  seen: readonly Uint8Array[] = [],
): Uint8Array | null {
  switch (kind) {
    case "journal_entry":
      return "correct_time" in asked
        ? correctTime(document, String(asked["id"]), asked["correct_time"] as Partial<Time>)
        : editEntry(document, { ...asked, ...sectionsIn(asked) });
    case "symptom_log":
      return added(document, asked);
    case "assessment":
      return "item" in asked
        ? answerItem(document, String(asked["item"]), asked["value"] as AnswerValue, asked as unknown as NewCompletion)
        : completeAssessment(document, { wording: {}, ...asked } as unknown as NewCompletion);
    default: {
      const before = seen.length > 0 ? withDocument(seen, (one) => read(kind, one)) : read(kind, document);
      const after = structOf(shapeOf(kind).model, { ...before, ...asked }) as unknown as typeof before;
      return update(kind, document, before, after);
    }
  }
}

const sectionsIn = (value: Asked): { readonly sections?: readonly Section[] } =>
  "sections" in value ? { sections: (value["sections"] as readonly Partial<Section>[]).map(sectionOf) } : {};

const added = (document: Document, { logs = [], withdrawn = [] }: Asked): Uint8Array | null =>
  addRecords(document, logs as readonly NewLog[], withdrawn as readonly Withdrawn[]);

/** A map of a document: by key the type, as Automerge calls it, and the value; a map within, in the same way. */
export function holds(document: Document, obj: ObjectId = ROOT): Record<string, unknown> {
  return Object.fromEntries(document.keys(obj).map((key) => [key, held(document, key, obj)]));
}

function held(document: Document, key: string, obj: ObjectId): readonly [string, unknown] {
  const text = document.object(key, "text", obj);
  if (text !== null) return ["text", document.text(text)];
  const map = document.object(key, "map", obj);
  if (map !== null) return ["map", holds(document, map)];
  const scalar = document.scalar(key, obj);
  if (scalar === null) throw new Error(`Nothing that can be told lies at ${key}.`);
  const value = typeof scalar.value === "number" && !Number.isFinite(scalar.value) ? infinite(scalar.value) : scalar.value;
  return [scalar.type, value];
}

/** As Python writes them. */
const infinite = (value: number): string => (Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf");

/** What lies in a document, and what is read from it. */
export const told = (kind: ReadKind, document: Document): { holds: unknown; read: unknown } => ({
  holds: holds(document),
  read: readAs(kind, document),
});
