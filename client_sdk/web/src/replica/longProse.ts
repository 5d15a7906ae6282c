// Rewriting prose in several changes: one change holds a bounded number of operations, and each character that is written
// or deleted is one.

import type { Document } from "../crdt/document.ts";
import { correctTime } from "../documents/diary/entryTimes.ts";
import { createEntry, editEntry, readEntry, type EntryEdit } from "../documents/diary/journal.ts";
import { MAX_TEXT } from "../documents/diary/sections.ts";
import { checkRewritten, lengthOf } from "../documents/texts.ts";
import type { Id, JournalEntry, Section, Time } from "../generated/models.ts";
import { splices } from "../text/prose.ts";

/** Characters written or deleted in one change: well below what a change may hold, as an edit is measured in words. */
const STEP = 8_000;

/** A correction of when an entry was written, under a new id. */
export interface TimeCorrection {
  readonly id: Id;
  readonly time: Partial<Time>;
}

/** Write what an entry says into an empty document; returns the changes. Throws `InvalidField`. */
export function copyEntry(document: Document, entry: JournalEntry): readonly (Uint8Array | null)[] {
  const { written_at, entered_at, zone, text, sections, mood, tags } = entry;
  if (written_at === null || entered_at === null) throw new TypeError("An entry that is copied says when it was written.");
  // Edits and merges may have made it longer than a new entry may be.
  const isShort = lengthOf(text) + charactersOf(sections) <= MAX_TEXT;
  const first = createEntry(document, {
    ...{ written_at, entered_at, zone, mood, tags, held: tags },
    text: isShort ? text : "",
    sections: isShort ? sections : sections.map((section) => ({ ...section, text: "" })),
  });
  if (isShort) return [first];
  return [first, ...edited(document, readEntry(document), longestOf(entry), { text, sections })];
}

/**
 * Change what is given of an entry; returns the changes, none if nothing differs. Throws `InvalidField`.
 *
 * A text that a merge made longer than one may write can be made shorter, in as many steps as one likes.
 */
export function editLongEntry(
  document: Document,
  edit: Omit<EntryEdit, "longest">,
  correction?: TimeCorrection,
): readonly (Uint8Array | null)[] {
  const before = readEntry(document);
  if (edit.text !== undefined) checkRewritten("text", before.text, edit.text, MAX_TEXT);
  edit.sections?.forEach((section, at) => {
    const old = before.sections[at];
    if (old !== undefined) checkRewritten("A section's text", old.text, section.text, MAX_TEXT);
  });
  const changes = edited(document, before, longestOf(before), edit);
  return correction === undefined ? changes : [...changes, correctTime(document, correction.id, correction.time)];
}

const longestOf = ({ text, sections }: JournalEntry): number =>
  Math.max(MAX_TEXT, lengthOf(text), ...sections.map((section) => lengthOf(section.text)));

/** The changes; what they write has been judged as a whole, no step of it is longer than `longest`. */
function edited(
  document: Document,
  before: JournalEntry,
  longest: number,
  edit: Omit<EntryEdit, "longest">,
): readonly (Uint8Array | null)[] {
  const { text, sections } = edit;
  const texts = text === undefined ? [] : stages(before.text, text).slice(0, -1);
  const changes = texts.map((stage) => editEntry(document, { text: stage, longest }));
  if (sections !== undefined && charactersOf(before.sections) + charactersOf(sections) > STEP) {
    changes.push(...editedSections(document, before.sections, sections, longest));
  }
  return [...changes, editEntry(document, { ...edit, longest })];
}

const charactersOf = (sections: readonly Section[]): number =>
  sections.reduce((sum, section) => sum + lengthOf(section.text), 0);

/** One section after the other, each in steps. Sections that do not fit the entry's are left to `editEntry`. */
function editedSections(
  document: Document,
  before: readonly Section[],
  after: readonly Section[],
  longest: number,
): (Uint8Array | null)[] {
  if (before.length !== after.length) return [];
  const now = after.map((section, at) => ({ ...section, text: before[at]?.text ?? "" }));
  return after.flatMap((section, at) =>
    stages(before[at]?.text ?? "", section.text).map((stage) => {
      now[at] = { ...section, text: stage };
      return editEntry(document, { sections: [...now], longest });
    }),
  );
}

/** At code point `at`, delete `delete` code points and insert `insert`; together `STEP` at most. */
interface Piece {
  readonly at: number;
  readonly delete: number;
  readonly insert: readonly string[];
}

/**
 * Texts on the way from `before` to `after`, which is the last, each at most `STEP` characters from the one before.
 *
 * None is longer than the longer of the two: all deletions come first.
 */
export function stages(before: string, after: string): readonly string[] {
  if (lengthOf(before) + lengthOf(after) <= STEP) return [after];
  const found: string[] = [];
  let text = [...before];
  let done = 0;
  for (const piece of piecesOf(before, after)) {
    const size = piece.delete + piece.insert.length;
    if (done + size > STEP) {
      found.push(text.join(""));
      done = 0;
    }
    text = [...text.slice(0, piece.at), ...piece.insert, ...text.slice(piece.at + piece.delete)];
    done += size;
  }
  return [...found, after];
}

function piecesOf(before: string, after: string): readonly Piece[] {
  const found = splices(before, after); // the last position first, so that none moves another
  const deletions = found.flatMap((splice) =>
    steps(splice.delete).map((start): Piece => ({ at: splice.at, delete: Math.min(STEP, splice.delete - start), insert: [] })),
  );
  let deletedBefore = found.reduce((sum, splice) => sum + splice.delete, 0);
  const insertions = found.flatMap((splice) => {
    deletedBefore -= splice.delete;
    const at = splice.at - deletedBefore;
    const letters = [...splice.insert];
    return steps(letters.length).map((start): Piece => ({ at: at + start, delete: 0, insert: letters.slice(start, start + STEP) }));
  });
  return [...deletions, ...insertions];
}

const steps = (length: number): readonly number[] => Array.from({ length: Math.ceil(length / STEP) }, (_, at) => at * STEP);
