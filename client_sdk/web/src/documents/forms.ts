// Questions and answers: the fields of a journal template and of a worksheet, and what was answered under which.
//
// An answer keeps the wording it was given under: the prompt, and the label of a point on a scale or the options chosen
// as they were called then. So what somebody said last month still says it after the therapist has reworded the question.

import limits from "../generated/limits.json" with { type: "json" };
import type { Answer, Field } from "../generated/models.ts";
import { InvalidField } from "../errors.ts";
import { spelledAs } from "../text/names.ts";
import { checkText, isBlank } from "./texts.ts";
import { structOf, wordsOf } from "./types.ts";

/** What kind of question it is. */
export type FieldType = Field["type"];
/** What was answered; null where nothing was. */
export type Value = Answer["value"];

const {
  maxAnswer: MAX_ANSWER,
  maxOptions: MAX_OPTIONS,
  maxOption: MAX_OPTION,
  maxNumber: MAX_NUMBER,
} = limits.forms;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const WITH_OPTIONS: readonly FieldType[] = ["one_of", "several_of", "checklist"];
const TYPES = wordsOf("Field", "type");

/** Whether a question is answered by choosing from its options. */
export const hasOptions = (type: FieldType): boolean => WITH_OPTIONS.includes(type);

/** Whether a text names a type of question. */
export const isFieldType = (type: string): type is FieldType => TYPES.includes(type);

/** Throw `InvalidField` unless the question can be answered: a scale has ends, a choice has options. */
export function checkField(name: string, field: Field): void {
  if (isBlank(field.prompt)) throw new InvalidField(`${name} needs a prompt.`);
  if (field.type === "scale" && (field.low === null || field.high === null)) {
    throw new InvalidField(`${name} is a scale and needs a lowest and a highest value.`);
  }
  if (field.low !== null && field.high !== null && !(field.low < field.high)) {
    throw new InvalidField(`${name}: the lowest value must be below the highest.`);
  }
  if (!hasOptions(field.type)) return;
  if (field.options.length === 0 || field.options.some(isBlank)) {
    throw new InvalidField(`${name} needs options, none of them empty.`);
  }
  if (new Set(field.options).size < field.options.length) throw new InvalidField(`${name} has the same option twice.`);
}

/**
 * The answer `value` to a question, with the question's wording. Throws `InvalidField` where it does not fit.
 *
 * A required question takes no null and no empty answer. Options are chosen by their text; a `several_of` or `checklist`
 * takes a list of them and keeps the question's order.
 */
export function answer(key: string, field: Field, value: unknown): Answer {
  const checked = checkedValue(field, value);
  if (field.required && isEmpty(checked)) throw new InvalidField("A required question was left empty.");
  const label = field.type === "scale" ? field.labels.find((one) => one.at === checked)?.text : undefined;
  return { key, prompt: field.prompt, type: field.type, value: checked, label: label ?? "", unit: field.unit };
}

/** Whether an answer says nothing. */
export const isEmpty = (value: Value): boolean =>
  value === null || (Array.isArray(value) && value.length === 0) || (typeof value === "string" && isBlank(value));

/** Throw `InvalidField` unless `value` can answer a question of `type`, whatever its options and ends. */
export function checkAnswer(type: string, value: unknown): void {
  if (!isFieldType(type)) throw new InvalidField("There is no such question type.");
  let options: readonly string[] = [];
  if (hasOptions(type) && value !== null) {
    const chosen = typeof value === "string" ? [value] : value;
    if (!Array.isArray(chosen) || chosen.length > MAX_OPTIONS) {
      throw new InvalidField("Answer this question with a list of its options.");
    }
    options = chosen.map((option) => checkText("An option", option, MAX_OPTION));
  }
  checkedValue({ ...ANY_FIELD, type, options }, value);
}

const ANY_FIELD = structOf("Field", { prompt: "-" }) as unknown as Field;

/**
 * Answers to the questions of a form, in its order; `given` maps a question's id, or its prompt, to a value.
 *
 * Throws `InvalidField` for a value that does not fit, a required question without one, a name that is no question.
 */
export function answers(fields: readonly (readonly [string, Field])[], given: Readonly<Record<string, unknown>>): Answer[] {
  const values = new Map<string, unknown>();
  for (const [name, value] of Object.entries(given)) {
    const id = questionOf(fields, name);
    if (id === null) throw new InvalidField("One of the answers is for a question that this form does not have.");
    if (values.has(id)) throw new InvalidField("A question was answered twice, once by its id and once by its prompt.");
    values.set(id, value);
  }
  return fields
    .filter(([id, field]) => values.has(id) || field.required)
    .map(([id, field]) => answer(id, field, values.get(id) ?? null));
}

/** The id of the question that a name is the id of, or the prompt in any spelling; null for none. */
export function questionOf(fields: readonly (readonly [string, Field])[], name: string): string | null {
  if (fields.some(([id]) => id === name)) return name;
  const byPrompt = new Map(fields.map(([id, field]) => [field.prompt, id]));
  return byPrompt.get(spelledAs(name, byPrompt.keys()) ?? "") ?? null;
}

function checkedValue(field: Field, value: unknown): Value {
  if (value === null || value === undefined) return null;
  switch (field.type) {
    case "prose":
      if (typeof value !== "string") throw new InvalidField("Answer this question with text.");
      return checkText("An answer", value, MAX_ANSWER);
    case "scale":
    case "number":
      return numberWithin(field, value);
    case "yes_no":
      if (typeof value !== "boolean") throw new InvalidField("Answer this question with yes or no (true or false).");
      return value;
    case "time":
      if (typeof value === "string" && TIME.test(value)) return value;
      throw new InvalidField("Answer this question with a time of day, for example 22:30.");
    case "one_of":
      if (typeof value === "string" && field.options.includes(value)) return value;
      throw new InvalidField("Answer this question with one of its options.");
    case "several_of":
    case "checklist":
      return chosenOf(field, value);
  }
}

function numberWithin({ low, high }: Field, value: unknown): number {
  if (typeof value !== "number" || !(Math.abs(value) <= MAX_NUMBER)) {
    throw new InvalidField("Answer this question with a number.");
  }
  if ((low !== null && value < low) || (high !== null && value > high)) {
    throw new InvalidField("The number is outside the range of this question.");
  }
  return value;
}

function chosenOf({ options }: Field, value: unknown): readonly string[] {
  if (!Array.isArray(value) || !value.every((one) => typeof one === "string" && options.includes(one))) {
    throw new InvalidField("Answer this question with a list of its options.");
  }
  const chosen = new Set(value);
  return options.filter((option) => chosen.has(option));
}
