// `assessment`: one administration of an instrument. Answers are a draft until they are completed, then never change.
//
// Shape of the document (root map): `kind`, `instrument`, `scheme`, `started_at`, and where they are known `zone`,
// `administered_by`, `schedule`, `occurrence`, `amends`; two maps, both made by the first change:
//
// - `draft`: "item/answer id" → one JSON text of an answer. Answering adds a key whose answer names those that it
//   replaces (`over`). They stay: nobody hides what another device has shown by answering again. Two answers of an item
//   that neither names the other were given on two devices at once: a conflict, shown until somebody answers again, or
//   completes and says which one holds.
// - `completions`: id → one JSON text with all answers. No edit touches one; completions made at once are all kept.
//
// An amendment is a new document that `amends` this one.

import limits from "../../generated/limits.json" with { type: "json" };
import type { Assessment, Id, IsoMoment, Start, WordingTaken } from "../../generated/models.ts";
import type { Document } from "../../crdt/document.ts";
import { text, textIn, type ObjectId } from "../../crdt/scalars.ts";
import { InvalidField } from "../../errors.ts";
import { compareTexts } from "../../text/order.ts";
import { isPrintable } from "../../text/texts.ts";
import { asKept, checkWritten, momentText, readMoment } from "../../time/moments.ts";
import { canonicalId } from "../ids.ts";
import { jsonText } from "../json.ts";
import { checkText, lengthOf } from "../texts.ts";
import { storedStruct, structOf } from "../types.ts";
import { checkZone, isZone } from "../zones.ts";
import {
  MAX_ITEM,
  MAX_ITEMS,
  NO_DRAFT,
  answerKey,
  byTime,
  checkItem,
  checkValue,
  isConflict,
  overriddenAnswers,
  readCompletions,
  readDraft,
  sorted,
  standingAnswers,
  type AnswerValue,
  type DraftState,
} from "./answers.ts";

const MAX_NAME = limits.assessments.maxName;

/** What is known when an assessment begins; what has a default may be left out. */
export type NewAssessment = Partial<Start> & Pick<Start, "instrument" | "scheme" | "started_at">;

/** What a completion says beside the answers of the draft. `resolved` says which answers of those in conflict hold. */
export interface NewCompletion {
  readonly id: Id;
  readonly at: IsoMoment;
  readonly zone?: string | null;
  readonly wording: Partial<WordingTaken>;
  readonly resolved?: Readonly<Record<string, AnswerValue>>;
}

/** The draft's answers that are no conflict, by item. */
export const answersOf = ({ draft, conflicts }: Assessment): Readonly<Record<string, AnswerValue>> =>
  Object.fromEntries(
    Object.entries(draft).flatMap(([item, given]) => {
      const last = given.at(-1);
      return last === undefined || conflicts.includes(item) ? [] : [[item, last.value]];
    }),
  );

// -- writing -------------------------------------------------------------------------------------------------------------

/** Begin an assessment in an empty document; returns the change. Throws `InvalidField`. */
export function createAssessment(document: Document, given: NewAssessment): Uint8Array | null {
  const start = checkStart(structOf("Start", given) as unknown as Start);
  return document.edit((edit) => {
    edit.put("kind", text("assessment"));
    edit.put("instrument", text(start.instrument));
    edit.put("scheme", text(start.scheme));
    edit.put("started_at", text(start.started_at));
    for (const name of ["zone", "administered_by", "schedule", "occurrence", "amends"] as const) {
      const value = start[name];
      if (value !== null && value !== "") edit.put(name, text(value));
    }
    edit.putMap("draft");
    edit.putMap("completions");
  });
}

/**
 * Answer one item of a draft; returns the change, or null if it already has that answer.
 *
 * `null` withdraws the answer. Whether the instrument has the item, and it the answer, is for the caller to check. Throws
 * `InvalidField` for what is no small value, and once the assessment is completed.
 */
export function answerItem(
  document: Document,
  item: string,
  value: AnswerValue,
  { id, at }: { readonly id: Id; readonly at: IsoMoment },
): Uint8Array | null {
  checkItem(item);
  checkValue(item, value);
  const moment = momentText(checkWritten("at", at));
  const container = openDraft(document);
  const draft = readDraft(document, container, []);
  const there = standingAnswers(draft, item);
  if (there.size === 0 && value === null) return null;
  if (there.size > 0 && [...there.values()].every((one) => one.value === value)) return null;
  if (!draft.byItem.has(item) && draft.byItem.size >= MAX_ITEMS) {
    throw new InvalidField(`An assessment has at most ${MAX_ITEMS} items.`);
  }
  const stored = storedStruct("StoredAnswer", { value, at: moment, over: [...there.keys()].sort() });
  return document.edit((edit) => edit.put(answerKey(item, id), text(jsonText(stored)), container));
}

/**
 * Complete a draft with its answers as they stand; returns the change. They never change again.
 *
 * Where items were answered differently on two devices at once, `resolved` says which of the answers holds. Throws
 * `InvalidField`, naming the items, where it does not; and when it is completed already or nothing is answered.
 */
export function completeAssessment(document: Document, given: NewCompletion): Uint8Array | null {
  const completed_at = momentText(checkWritten("at", given.at));
  const zone = checkZone(given.zone ?? null);
  const wording = structOf("WordingTaken", given.wording) as unknown as WordingTaken;
  checkLine("The wording's hash", wording.hash, MAX_ITEM);
  openDraft(document);
  const completions = document.object("completions", "map");
  if (completions === null) {
    throw new InvalidField("This assessment cannot be completed: another app created it incompletely.");
  }
  const assessment = readAssessment(document);
  const answers = answersToKeep(assessment, given.resolved ?? {});
  if (Object.keys(answers).length === 0) {
    throw new InvalidField("Nothing has been answered yet, so there is nothing to complete.");
  }
  const made = storedStruct("StoredCompletion", { answers, completed_at, zone, scheme: assessment.scheme, wording });
  return document.edit((edit) => edit.put(given.id, text(jsonText(made)), completions));
}

/** The draft's map. Throws `InvalidField` when the assessment is completed. */
function openDraft(document: Document): ObjectId {
  const completions = document.object("completions", "map");
  if (completions !== null && document.keys(completions).length > 0) {
    throw new InvalidField("This assessment is completed and cannot be changed. Correct it with an amendment.");
  }
  const container = document.object("draft", "map");
  if (container === null) {
    throw new InvalidField("This assessment cannot be answered: another app created it incompletely.");
  }
  return container;
}

function answersToKeep(
  assessment: Assessment,
  resolved: Readonly<Record<string, AnswerValue>>,
): Readonly<Record<string, AnswerValue>> {
  for (const [item, value] of Object.entries(resolved)) {
    const given = Object.hasOwn(assessment.draft, item) ? (assessment.draft[item] ?? []) : [];
    if (given.some((one) => one.value === value)) continue;
    checkItem(item);
    throw new InvalidField(`${item} must be resolved to one of its answers.`);
  }
  const unresolved = assessment.conflicts.filter((item) => !Object.hasOwn(resolved, item));
  if (unresolved.length > 0) {
    throw new InvalidField(
      `Answered differently on two devices at once: ${unresolved.join(", ")}. Say which answers are right ` +
        "(resolved), or answer them again.",
    );
  }
  const all = Object.entries({ ...answersOf(assessment), ...resolved });
  return sorted(Object.fromEntries(all.filter(([, value]) => value !== null)));
}

// -- reading -------------------------------------------------------------------------------------------------------------

/** What the document says; odd content is listed in `problems` and never thrown. */
export function readAssessment(document: Document): Assessment {
  const problems: string[] = [];
  const container = document.object("draft", "map");
  if (container === null) problems.push("draft: missing or not a map");
  const draft = container === null ? NO_DRAFT : readDraft(document, container, problems);
  const completions = readCompletions(document, problems);
  const keys = new Set(document.keys());
  const line = (name: string, needed = false): string => {
    const found = textIn(document.scalar(name));
    if (found !== null && lengthOf(found) <= MAX_NAME) return found;
    if (needed || keys.has(name)) problems.push(`${name}: invalid`);
    return "";
  };
  const id = (name: string): Id | null => {
    const found = canonicalId(textIn(document.scalar(name)));
    if (found === null && keys.has(name)) problems.push(`${name}: invalid`);
    return found;
  };
  // In this order, which is also that of the problems.
  return {
    instrument: line("instrument", true),
    scheme: line("scheme", true),
    started_at: readStarted(document, problems),
    zone: readZone(document, problems),
    administered_by: id("administered_by"),
    schedule: line("schedule"),
    occurrence: line("occurrence"),
    amends: id("amends"),
    ...answersIn(draft),
    completions,
    state: completions.length > 0 ? "completed" : "draft",
    problems,
  };
}

function answersIn(draft: DraftState): Pick<Assessment, "draft" | "overridden" | "conflicts"> {
  const items = [...draft.byItem.keys()].sort(compareTexts);
  const listed = (of: (draft: DraftState, item: string) => ReturnType<typeof standingAnswers>): Assessment["draft"] =>
    Object.fromEntries(items.map((item) => [item, byTime(of(draft, item))] as const).filter(([, given]) => given.length > 0));
  return {
    draft: listed(standingAnswers),
    overridden: listed(overriddenAnswers),
    conflicts: items.filter((item) => isConflict(standingAnswers(draft, item).values())),
  };
}

function readStarted(document: Document, problems: string[]): IsoMoment | null {
  const found = readMoment(textIn(document.scalar("started_at")));
  if (found === null) problems.push("started_at: invalid");
  return found === null ? null : momentText(asKept(found));
}

function readZone(document: Document, problems: string[]): string | null {
  const zone = document.scalar("zone");
  if (zone === null || zone.type === "null") return null;
  if (isZone(zone.value)) return zone.value;
  problems.push("zone: invalid");
  return null;
}

function checkLine(name: string, given: string, most: number): void {
  if (!isPrintable(checkText(name, given, most))) throw new InvalidField(`${name} must be printable characters.`);
}

function checkStart(start: Start): Start {
  for (const name of ["instrument", "scheme", "schedule", "occurrence"] as const) checkLine(name, start[name], MAX_NAME);
  if (start.instrument === "" || start.scheme === "") {
    throw new InvalidField("An assessment needs an instrument and a scoring scheme (scheme).");
  }
  checkWritten("started_at", start.started_at);
  checkZone(start.zone);
  return start;
}
