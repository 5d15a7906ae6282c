// What this device makes of a document of each kind: the rows that reading goes by, and text for a person.
//
// This is the one place that tells kinds apart where documents are written or come in. A kind that has no read model is
// kept and synced all the same.

import type { Document } from "../../crdt/document.ts";
import { textOfAssessment, textOfRecord } from "../../documents/readable.ts";
import { isRecordKind } from "../../documents/shapes.ts";
import { readAs } from "../../records/kinds.ts";
import type { Store } from "../../store/store.ts";
import { projectEntry, textOfEntry } from "../tables/entries.ts";
import { projectRecord } from "../tables/records.ts";
import { followLogs, projectLogs } from "../tables/symptomRows.ts";
import { textOfLogs } from "../tables/symptomViews.ts";
import type { Moved, StoredDocument } from "./rows.ts";

/** Write the rows of a document anew. */
export function project(store: Store, held: StoredDocument, document: Document): void {
  const { kind } = held;
  if (kind === "journal_entry") projectEntry(store, held, document);
  else if (kind === "symptom_log") projectLogs(store, held, document);
  else if (kind === "assessment" || isRecordKind(kind)) projectRecord(kind, store, held, document);
}

/**
 * Write the rows that differ since a document, whose rows were right, moved on; false: they all have to be written.
 *
 * What costs as much as it changes is up to the kind; most have a single row, written with every change.
 */
export const follow = (store: Store, held: StoredDocument, moved: Moved): boolean =>
  moved.applied.length === 0 || (held.kind === "symptom_log" && followLogs(store, held, moved));

/** What a document says, as text for a person; of symptom logs only those that `without` does not have. */
export function readable(kind: string, document: Document, without: Document | null): string {
  if (kind === "journal_entry") return textOfEntry(document);
  if (kind === "symptom_log") return textOfLogs(document, without);
  if (kind === "assessment") return textOfAssessment(readAs(kind, document));
  return isRecordKind(kind) ? textOfRecord(kind, readAs(kind, document) as never) : "";
}
