// `journal_entry`: prose that two devices may edit at once, sections, mood and tags.
//
// Shape of the document (root map): `kind`, `written_at`, `entered_at`, `zone`, `mood` (0–10 or null), `text` (Automerge
// text), `tags` (map: tag → true), `sections` (see sections.ts), `times` (see entryTimes.ts). All objects are made by the
// entry's first change, so that no two devices ever make one at the same place.

import limits from "../../generated/limits.json" with { type: "json" };
import type { IsoMoment, JournalEntry, Section, Time } from "../../generated/models.ts";
import type { Document } from "../../crdt/document.ts";
import { NULL, text as textScalar, textIn, yesNo, type Scalar } from "../../crdt/scalars.ts";
import { InvalidField } from "../../errors.ts";
import { nameKey, newNames } from "../../text/names.ts";
import { compareTexts } from "../../text/order.ts";
import { checkWritten, momentText, readKept } from "../../time/moments.ts";
import { checkRewritten, checkText, grouped, isBlank, lengthOf } from "../texts.ts";
import { checkZone, isZone } from "../zones.ts";
import { readCorrections } from "./entryTimes.ts";
import { MAX_TEXT, checkSections, readSections, sectionAnswers, sectionTexts, writeSections } from "./sections.ts";

const { maxTags: MAX_TAGS, mostTagsRead: MOST_TAGS_READ, maxTag: MAX_TAG } = limits.journal;
const [LOWEST_MOOD, HIGHEST_MOOD] = limits.journal.moodRange as [number, number];

/** What a new entry says. `held` are the tags of the entry that it is a copy of, which may be more than one writes. */
export interface NewEntry {
  readonly written_at: IsoMoment;
  readonly entered_at: IsoMoment;
  readonly zone?: string | null;
  readonly text?: string;
  readonly sections?: readonly Section[];
  readonly mood?: number | null;
  readonly tags?: readonly string[];
  readonly held?: readonly string[];
}

/**
 * What is changed of an entry.
 *
 * A text that a merge made longer than `longest` may be made shorter, and not longer. One step of a rewriting gives as
 * `longest` how long the text was before all its steps, if that is more.
 */
export interface EntryEdit {
  readonly text?: string;
  readonly sections?: readonly Section[];
  readonly mood?: number | null;
  readonly tags?: readonly string[];
  readonly longest?: number;
}

/** Write a new entry into an empty document; returns the change. Throws `InvalidField`. */
export function createEntry(document: Document, entry: NewEntry): Uint8Array | null {
  const { zone = null, text = "", sections = [], mood = null, tags = [], held = [] } = entry;
  const writtenAt = checkWritten("written_at", entry.written_at);
  const enteredAt = checkWritten("entered_at", entry.entered_at);
  checkZone(zone);
  checkText("text", text, MAX_TEXT);
  const moodScalar = checkMood(mood);
  const wanted = checkTags(tags, held);
  checkSections(sections);
  const length = sections.reduce((sum, section) => sum + lengthOf(section.text), lengthOf(text));
  if (length > MAX_TEXT) {
    throw new InvalidField(`An entry may have at most ${MAX_TEXT} characters, sections included.`);
  }
  return document.edit((edit) => {
    edit.put("kind", textScalar("journal_entry"));
    edit.put("written_at", textScalar(momentText(writtenAt)));
    edit.put("entered_at", textScalar(momentText(enteredAt)));
    if (zone !== null) edit.put("zone", textScalar(zone));
    edit.put("mood", moodScalar);
    edit.putText("text", text);
    const tagMap = edit.putMap("tags");
    for (const tag of [...wanted].sort(compareTexts)) edit.put(tag, yesNo(true), tagMap);
    edit.putMap("times");
    writeSections(edit, sections);
  });
}

/**
 * Change what is given; returns the change, or null if nothing differs.
 *
 * Text is changed by its differences, so a concurrent edit elsewhere in it survives. `sections` must name the same
 * prompts in the same order as the entry has; one that is given as prose keeps the answer it has beside its text, and
 * none gets another type. Throws `InvalidField`.
 */
export function editEntry(document: Document, edited: EntryEdit): Uint8Array | null {
  const { text, sections, mood, tags, longest = MAX_TEXT } = edited;
  const texts = [
    ...(text === undefined ? [] : [entryText(document, text, longest)]),
    ...(sections === undefined ? [] : sectionTexts(document, sections, longest)),
  ];
  const answers = sections === undefined ? [] : sectionAnswers(document, sections);
  return document.edit((edit) => {
    for (const [target, after] of texts) edit.rewrite(target, after);
    for (const [section, answer] of answers) edit.put("answer", textScalar(answer), section);
    if (mood !== undefined) {
      const wanted = checkMood(mood);
      if (wanted.value !== (document.scalar("mood")?.value ?? null)) edit.put("mood", wanted);
    }
    if (tags !== undefined) {
      const tagMap = document.object("tags", "map");
      if (tagMap === null) throw new InvalidField("This entry has no editable tags.");
      const held = document.keys(tagMap);
      const wanted = checkTags(tags, held);
      for (const tag of held) if (!wanted.has(tag)) edit.delete(tag, tagMap);
      for (const tag of [...wanted].sort(compareTexts)) if (!held.includes(tag)) edit.put(tag, yesNo(true), tagMap);
    }
  });
}

function entryText(document: Document, text: string, longest: number): readonly [string, string] {
  const target = document.object("text", "text");
  if (target === null) throw new InvalidField("This entry has no editable text.");
  return [target, checkRewritten("text", document.text(target), text, longest)];
}

/** The entry as the document says; never throws for odd content, which is listed in `problems`. */
export function readEntry(document: Document): JournalEntry {
  const problems: string[] = [];
  const writtenAt = readTime(document, "written_at", problems);
  const enteredAt = readTime(document, "entered_at", problems);
  const zone = readZone(document, problems);
  const first: readonly Time[] =
    writtenAt === null ? [] : [{ written_at: writtenAt, entered_at: enteredAt ?? writtenAt, zone }];
  const times = [...first, ...readCorrections(document, problems)];
  const last = times.at(-1);
  const text = document.object("text", "text");
  if (text === null) problems.push("text: missing or not a text");
  const mood = readMood(document.scalar("mood"), problems);
  return {
    written_at: last?.written_at ?? null,
    entered_at: enteredAt,
    zone: last === undefined ? zone : last.zone,
    text: text === null ? "" : document.text(text),
    sections: readSections(document, problems),
    mood,
    tags: readTags(document, problems),
    problems,
    corrected_at: times.length > 1 ? (last?.entered_at ?? null) : null,
    earlier: times.slice(0, -1),
  };
}

function readTime(document: Document, name: string, problems: string[]): IsoMoment | null {
  const at = readKept(textIn(document.scalar(name)));
  if (at === null) problems.push(`${name}: missing or not a time with an offset`);
  return at === null ? null : momentText(at);
}

function readZone(document: Document, problems: string[]): string | null {
  const zone = document.scalar("zone");
  if (zone === null || zone.type === "null") return null;
  if (isZone(zone.value)) return zone.value;
  problems.push("zone: not the name of a time zone");
  return null;
}

function readTags(document: Document, problems: string[]): readonly string[] {
  const tagMap = document.object("tags", "map");
  if (tagMap === null) {
    problems.push("tags: missing or not a map");
    return [];
  }
  const held = document.keys(tagMap);
  const readable = held.filter((tag) => !isBlank(tag) && lengthOf(tag) <= MAX_TAG);
  if (readable.length < held.length) problems.push("tags: one is empty or too long");
  const tags = newNames(MOST_TAGS_READ);
  for (const tag of readable) tags.meet(tag);
  if (tags.leftOut() > 0) problems.push(`tags: ${grouped(tags.leftOut())} more than are shown`);
  return tags.shown();
}

function readMood(mood: Scalar | null, problems: string[]): number | null {
  if (mood === null || mood.type === "null") return null;
  if (mood.type === "int" && isMood(mood.value)) return mood.value;
  problems.push(`mood: not an integer from ${LOWEST_MOOD} to ${HIGHEST_MOOD}`);
  return null;
}

const isMood = (mood: number): boolean => Number.isInteger(mood) && LOWEST_MOOD <= mood && mood <= HIGHEST_MOOD;

function checkMood(mood: number | null): Scalar {
  if (mood === null) return NULL;
  if (typeof mood === "number" && isMood(mood)) return { type: "int", value: mood };
  throw new InvalidField(`mood must be an integer from ${LOWEST_MOOD} to ${HIGHEST_MOOD}, or null.`);
}

/**
 * The tags, each once however it is spelled.
 *
 * Those an entry has already may stay, whatever they are and however many merges left; a new spelling of one of them is
 * that one.
 */
function checkTags(tags: readonly string[], held: readonly string[] = []): ReadonlySet<string> {
  if (!Array.isArray(tags) || tags.some((tag) => typeof tag !== "string")) {
    throw new InvalidField("tags must be a list of strings.");
  }
  const spelled = new Map<string, string>();
  for (const tag of [...held].sort(compareTexts)) {
    if ((tag === "" || !isBlank(tag)) && !spelled.has(nameKey(tag))) spelled.set(nameKey(tag), tag);
  }
  const wanted = new Set<string>();
  for (const tag of tags as readonly string[]) {
    const key = nameKey(tag);
    const known = held.includes(tag) ? tag : (spelled.get(key) ?? tag);
    if (known === tag && !held.includes(tag)) spelled.set(key, tag);
    wanted.add(known);
  }
  const added = [...wanted].filter((tag) => !held.includes(tag));
  if (added.length > 0 && wanted.size > MAX_TAGS) throw new InvalidField(`An entry may have at most ${MAX_TAGS} tags.`);
  for (const tag of added) {
    if (nameKey(checkText("A tag", tag, MAX_TAG)) === "") throw new InvalidField("A tag must not be empty.");
  }
  return wanted;
}
