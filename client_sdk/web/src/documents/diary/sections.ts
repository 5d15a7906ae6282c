// The sections of a journal entry: answers, each with the wording that it was answered under.
//
// They are in the map `sections` of the entry: "1", "2" … → {`key`, `prompt`, `text`, and `answer` where it is no prose:
// one JSON text of type, value, label and unit}.

import limits from "../../generated/limits.json" with { type: "json" };
import type { Field, Section, TypedAnswer } from "../../generated/models.ts";
import type { Document } from "../../crdt/document.ts";
import type { Edit } from "../../crdt/edits.ts";
import { text, textIn, type ObjectId } from "../../crdt/scalars.ts";
import { InvalidField } from "../../errors.ts";
import { nameKey } from "../../text/names.ts";
import { compareTexts } from "../../text/order.ts";
import { answer, checkAnswer, isEmpty, questionOf } from "../forms.ts";
import { jsonText, readJson } from "../json.ts";
import { checkRewritten, checkText, firstOf, isBlank, lengthOf } from "../texts.ts";
import { mostOf, storedStruct, structOf } from "../types.ts";

/** Characters of an entry, its sections and its text together: each is an operation of a change. */
export const MAX_TEXT = limits.sections.maxText;
const { maxPrompt: MAX_PROMPT, maxSections: MAX_SECTIONS, maxKey: MAX_KEY } = limits.sections;
const [MAX_LABEL, MAX_UNIT] = [mostOf("TypedAnswer", "label"), mostOf("TypedAnswer", "unit")];
/** Characters of a section's number that a problem tells. */
const TOLD = 9;
const PROSE: TypedAnswer = { type: "prose", value: null, label: "", unit: "" };

/** A section with all its fields; those that are not given have their defaults. Throws `InvalidField`. */
export const sectionOf = (given: Partial<Section>): Section => structOf("Section", given) as unknown as Section;

/** Whether a section says anything. */
export const isAnswered = (section: Section): boolean => !isBlank(section.text) || !isEmpty(section.value);

/** Write the sections of a new entry. */
export function writeSections(edit: Edit, sections: readonly Section[]): void {
  const container = edit.putMap("sections");
  for (const [at, section] of sections.entries()) {
    const one = edit.putMap(String(at + 1), container);
    edit.put("key", text(section.key), one);
    edit.put("prompt", text(section.prompt), one);
    edit.putText("text", section.text, one);
    if (section.type !== "prose") edit.put("answer", text(answerText(section)), one);
  }
}

/** The sections of an entry; what is odd is told in `problems`. */
export function readSections(document: Document, problems: string[]): readonly Section[] {
  if (document.object("sections", "map") === null) problems.push("sections: missing or not a map");
  return sectionObjects(document).flatMap(([number, one]): Section[] => {
    const called = `section ${firstOf(number, TOLD)}`;
    if (one === null) {
      problems.push(`${called}: not a section`);
      return [];
    }
    const prompt = textIn(document.scalar("prompt", one));
    const target = document.object("text", "text", one);
    if (prompt === null || target === null) problems.push(`${called}: no prompt or no text`);
    const typed = readAnswer(document, one);
    if (typed === null) problems.push(`${called}: invalid answer`);
    const { type, value, label, unit } = typed ?? PROSE;
    return [
      {
        prompt: prompt ?? "",
        text: target === null ? "" : document.text(target),
        key: textIn(document.scalar("key", one)) ?? "",
        type,
        value,
        label,
        unit,
      },
    ];
  });
}

/** What sections of an entry are to say, by the text they are in. Throws where they are others than the entry has. */
export function sectionTexts(
  document: Document,
  sections: readonly Section[],
  longest: number,
): readonly (readonly [ObjectId, string])[] {
  const objects = sectionsThere(document);
  const prompts = objects.map((one) => textIn(document.scalar("prompt", one)));
  if (prompts.length !== sections.length || prompts.some((prompt, at) => prompt !== sections[at]?.prompt)) {
    throw new InvalidField("sections must name the entry's prompts, in order.");
  }
  const targets = objects.map((one) => document.object("text", "text", one));
  const before = targets.map((target) => (target === null ? "" : document.text(target)));
  checkSections(sections, before, longest);
  return targets.flatMap((target, at) => (target === null ? [] : [[target, sections[at]?.text ?? ""] as const]));
}

/** The answers that differ from what the sections hold, by section. */
export function sectionAnswers(
  document: Document,
  sections: readonly Section[],
): readonly (readonly [ObjectId, string])[] {
  const objects = sectionsThere(document);
  return sections.flatMap((section, at): (readonly [ObjectId, string])[] => {
    const one = objects[at];
    if (section.type === "prose" || one === undefined) return [];
    const there = readAnswer(document, one);
    if (there !== null && there.type !== section.type) {
      throw new InvalidField("The type of an answered section cannot be changed.");
    }
    const wanted = answerText(section);
    return there === null || typedText(there) !== wanted ? [[one, wanted]] : [];
  });
}

/** Throw `InvalidField` unless an entry may hold these. `before` are the texts that theirs take the place of. */
export function checkSections(sections: readonly Section[], before: readonly string[] = [], longest = MAX_TEXT): void {
  if (sections.length > MAX_SECTIONS) throw new InvalidField(`An entry may have at most ${MAX_SECTIONS} sections.`);
  for (const [at, section] of sections.entries()) {
    checkText("A section's prompt", section.prompt, MAX_PROMPT);
    checkText("A section's key", section.key, MAX_KEY);
    checkRewritten("A section's text", before[at] ?? "", section.text, longest);
    checkText("A section's label", section.label, MAX_LABEL);
    checkText("A section's unit", section.unit, MAX_UNIT);
    if (section.type === "prose" && section.value !== null) {
      throw new InvalidField("Put a section's prose into its text, not its value.");
    }
    checkAnswer(section.type, section.value);
  }
}

/**
 * Sections from answers: `given` maps a section's id in `template`, or its prompt, to what was answered.
 *
 * They come in the template's order, and what is not in it after them: as prose for text, as yes or no or a number for
 * those. Throws `InvalidField` for an answer that does not fit its question, for one of another type, and where a
 * required question has none.
 */
export function sectionsFrom(
  template: readonly (readonly [string, Field])[],
  given: Readonly<Record<string, unknown>>,
): readonly Section[] {
  const known = new Map<string, unknown>();
  const others: Section[] = [];
  for (const [name, value] of Object.entries(given)) {
    const id = questionOf(template, name);
    if (id !== null && known.has(id)) {
      throw new InvalidField("A section was answered twice, once by its id and once by its prompt.");
    }
    if (id === null) others.push(unasked(name, value));
    else known.set(id, value);
  }
  const asked = template.filter(([id, field]) => known.has(id) || field.required);
  return [...asked.map(([id, field]) => answered(id, field, known.get(id) ?? null)), ...others];
}

/**
 * A section that is no prose with another answer, of the type and under the wording that it has.
 *
 * `field` is the question as it is asked now, undefined where it is not. While its wording is the section's, the answer has
 * to fit it: what else the section has chosen stays possible. Throws `InvalidField` for one that does not fit.
 */
export function answeredAgain(section: Section, field: Field | undefined, value: unknown): Section {
  const { type, prompt } = section;
  const isAsked = field !== undefined && field.type === type && field.prompt === prompt;
  if (!isAsked) checkAnswer(type, value);
  const asked = isAsked ? field : fieldOf({ prompt, type, options: optionsIn(value) });
  const options = [...new Set([...asked.options, ...optionsIn(section.value)])];
  const found = answer(section.key, { ...asked, options, required: false }, value);
  // The same answer keeps what it was called when it was given.
  const isSame = JSON.stringify(found.value) === JSON.stringify(section.value);
  return isSame ? section : { ...section, value: found.value, label: found.label };
}

const fieldOf = (given: Partial<Field>): Field => structOf("Field", given) as unknown as Field;

/** What an answer chooses, as far as it is made of texts. */
function optionsIn(value: unknown): readonly string[] {
  const chosen: readonly unknown[] = Array.isArray(value) ? value : [value];
  return [...new Set(chosen.filter((one) => typeof one === "string"))];
}

/** Throw `InvalidField` where a required question of `template` has no answer among `sections`. */
export function checkRequired(template: readonly (readonly [string, Field])[], sections: readonly Section[]): void {
  for (const [id, field] of template) {
    const isOf = (one: Section): boolean => one.key === id || nameKey(one.prompt) === nameKey(field.prompt);
    if (field.required && !sections.some((one) => isAnswered(one) && isOf(one))) {
      throw new InvalidField("A required section was left empty.");
    }
  }
}

function answered(id: string, field: Field, value: unknown): Section {
  if (field.type !== "prose") {
    const { type, value: checked, label, unit } = answer(id, field, value);
    return { prompt: field.prompt, text: "", key: id, type, value: checked, label, unit };
  }
  // An answer in prose may be as long as an entry.
  if (value !== null && typeof value !== "string") {
    throw new InvalidField("A section that asks for text was answered with something else.");
  }
  if (field.required && isBlank(value ?? "")) throw new InvalidField("A required section was left empty.");
  return sectionOf({ prompt: field.prompt, text: checkText("A section's text", value ?? "", MAX_TEXT), key: id });
}

function unasked(prompt: string, value: unknown): Section {
  switch (typeof value) {
    case "string":
      return sectionOf({ prompt, text: value });
    case "boolean":
      return sectionOf({ prompt, type: "yes_no", value });
    case "number":
      checkAnswer("number", value);
      return sectionOf({ prompt, type: "number", value });
    default:
      throw new InvalidField("An answer is text, yes or no (true or false), or a number.");
  }
}

// -- how they lie in the document ----------------------------------------------------------------------------------------

/** The sections by their numbers; null for what is not one. */
function sectionObjects(document: Document): readonly (readonly [string, ObjectId | null])[] {
  const container = document.object("sections", "map");
  if (container === null) return [];
  const numbers = document.keys(container).toSorted((a, b) => lengthOf(a) - lengthOf(b) || compareTexts(a, b));
  return numbers.map((number) => [number, document.object(number, "map", container)] as const);
}

const sectionsThere = (document: Document): readonly ObjectId[] =>
  sectionObjects(document).flatMap(([, one]) => one ?? []);

const typedText = (typed: TypedAnswer): string => jsonText(storedStruct("TypedAnswer", typed));

const answerText = ({ type, value, label, unit }: Section): string => typedText({ type, value, label, unit });

/** What a section holds beside its text; null where that is not an answer of its type. */
function readAnswer(document: Document, section: ObjectId): TypedAnswer | null {
  if (!document.keys(section).includes("answer")) return PROSE;
  const stored = textIn(document.scalar("answer", section));
  if (stored === null) return null;
  try {
    const found = structOf("TypedAnswer", readJson(stored)) as unknown as TypedAnswer;
    if (found.type === "prose") return null;
    checkAnswer(found.type, found.value);
    return found;
  } catch (failure) {
    if (failure instanceof InvalidField) return null;
    throw failure;
  }
}
