// What somebody writes on a device, as the faces write it.

import type { Goal, Section } from "@intersession/client/generated/models.ts";
import { createEntry, type EntryEdit } from "@intersession/client/documents/diary/journal.ts";
import { findDocument, currentId } from "@intersession/client/replica/documents/stored.ts";
import type { StoredDocument } from "@intersession/client/replica/documents/rows.ts";
import { headsOf, newId } from "@intersession/client/replica/documents/writing.ts";
import { addToBuckets } from "@intersession/client/replica/logs/buckets.ts";
import { withdrawLogs } from "@intersession/client/replica/logs/withdrawals.ts";
import { editLongEntry } from "@intersession/client/replica/longProse.ts";
import type { Replica } from "@intersession/client/replica/replica.ts";
import { planShareEarlier, shareEntry } from "@intersession/client/replica/sharing.ts";
import { creation, revision } from "@intersession/client/replica/tables/records.ts";
import { documentOfLog, ownLog } from "@intersession/client/replica/tables/symptomViews.ts";
import { documentAt } from "@intersession/client/replica/documents/stored.ts";
import { NotFound } from "@intersession/client/errors.ts";

interface Given {
  readonly id: string;
  readonly at: string;
  readonly shared: boolean | null;
  readonly zone?: string;
  readonly text?: string;
  readonly sections?: readonly Section[];
  readonly mood?: number | null;
  readonly tags?: readonly string[];
  readonly basedOn?: string;
  readonly time?: string;
  readonly values: Readonly<Record<string, number>>;
  readonly scale?: readonly [number, number] | null;
  readonly note?: string;
  readonly key?: string | null;
  readonly goal: Partial<Goal>;
}

function documentOf({ store }: Replica, id: string): StoredDocument {
  const found = findDocument(store, currentId(store, id));
  if (found === null) throw new NotFound("There is no such document.");
  return found;
}

export const WRITING: Readonly<Record<string, (replica: Replica, given: Given) => unknown>> = {
  writeEntry: (replica, { at, shared, zone = "Europe/Berlin", text = "", sections = [], mood = null, tags = [] }) =>
    replica.write((writing) => {
      const entry = { written_at: at, entered_at: replica.store.now(), zone, text, sections, mood, tags };
      return writing.create("journal_entry", (empty) => [createEntry(empty, entry)], replica.destination(shared)).document.id;
    }),
  editEntry: (replica, { id, text, sections, mood, tags, basedOn, time }) => {
    const edit: Omit<EntryEdit, "longest"> = {
      ...(text === undefined ? {} : { text }),
      ...(sections === undefined ? {} : { sections }),
      ...(mood === undefined ? {} : { mood }),
      ...(tags === undefined ? {} : { tags }),
    };
    replica.write((writing) => {
      const { position } = documentOf(replica, id);
      const at = { written_at: time ?? "", entered_at: replica.store.now(), zone: null };
      const correction = time === undefined ? undefined : { id: newId(replica.store), time: at };
      writing.edit(position, (document) => editLongEntry(document, edit, correction), { basedOn: headsOf(basedOn) });
    });
  },
  withdrawEntry: (replica, { id }) => replica.write((writing) => writing.withdraw(documentOf(replica, id))),
  shareEntry: (replica, { id }) =>
    replica.write((writing) => shareEntry(writing, documentOf(replica, id), replica.destination(true))),
  shareEarlier: (replica) => {
    replica.write(({ store }) => planShareEarlier(store));
    replica.shareEarlier();
  },
  log: (replica, { at, shared, values, scale = null, note = "", key = null }) =>
    replica.write((writing) => {
      const id = newId(replica.store);
      const log = { id, at, entered_at: replica.store.now(), values, zone: "Europe/Berlin", scale, note, key };
      addToBuckets(writing, [log], replica.destination(shared));
      return id;
    }),
  correct: (replica, { id, at, values, scale = null, note = "" }) =>
    replica.write((writing) => {
      const { store } = replica;
      const log = { id: newId(store), at, entered_at: store.now(), values, scale, note, corrects: id };
      const { stream, wish } = documentAt(store, documentOfLog(store, id));
      addToBuckets(writing, [log], { stream, wish });
    }),
  withdrawLog: (replica, { id }) => {
    if (ownLog(replica.store, id) === null) throw new NotFound("There is no such log.");
    replica.write((writing) => withdrawLogs(writing, id, [id]));
  },
  goal: (replica, { goal }) =>
    replica.write((writing) => writing.create("goal", creation("goal", goal), replica.destination(true)).document.id),
  editGoal: (replica, { id, goal, basedOn }) =>
    replica.write((writing) => {
      const change = revision("goal", (before) => [{ ...before, ...goal }]);
      writing.edit(documentOf(replica, id).position, change, { basedOn: headsOf(basedOn) });
    }),
  /** Write, and throw: nothing of it may stay. */
  failing: (replica, { id, text = "" }) =>
    replica.write((writing) => {
      writing.edit(documentOf(replica, id).position, (document) => editLongEntry(document, { text }));
      throw new NotFound("I have thought better of it.");
    }),
};
