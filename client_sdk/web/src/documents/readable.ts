// What people wrote in a document, as plain text: for showing an edit that could not be kept.

import type { Assessment, Records } from "../generated/models.ts";
import { sorted, type AnswerValue } from "./assessments/answers.ts";
import type { Fields } from "./fields.ts";
import type { Json } from "./json.ts";
import { elementFields, shapeOf, type RecordKind } from "./shapes.ts";
import { isBlank } from "./texts.ts";
import { fieldsOf, holdsDay, holdsMoment, holdsText, type Type } from "./types.ts";

/** What people wrote in a record, one paragraph a text; without any, its days and times (as of a session). */
export function textOfRecord<K extends RecordKind>(kind: K, model: Records[K]): string {
  const value = model as unknown as Fields;
  const { fields } = shapeOf(kind);
  const texts = fields.flatMap((field) => {
    const one = value[field.name] ?? null;
    const isElements = elementFields(field) !== undefined;
    return isElements ? Object.values(one as object).flatMap((each) => textsOf(elementOf(field.type), each as Json)) : textsOf(field.type, one);
  });
  const words = texts.filter((text) => !isBlank(text)).join("\n\n");
  if (words !== "") return words;
  const days = fields.filter(({ type }) => holdsDay(type) || holdsMoment(type)).flatMap(({ name }) => value[name] ?? []);
  return days.map((day) => dayText(String(day))).join("\n");
}

/** The answers that stand in an assessment, one a line. */
export function textOfAssessment({ draft, completions }: Assessment): string {
  const drafted = Object.entries(draft).flatMap(([item, given]) =>
    given.filter((one) => one.value !== null).map((one) => answerLine(item, one.value)),
  );
  const completed = completions.flatMap(({ answers }) =>
    Object.entries(sorted(answers)).map(([item, value]) => answerLine(item, value)),
  );
  return [...drafted, ...completed].join("\n");
}

const answerLine = (item: string, value: AnswerValue): string => {
  const word = typeof value === "boolean" ? { true: "True", false: "False" }[`${value}`] : String(value);
  return `${item}: ${word}`;
};

const elementOf = (type: Type): Type => (type.is === "map" ? type.of : type);

/** The texts in a value; names of choices, ids and days are none. */
function textsOf(type: Type, value: Json): readonly string[] {
  if (typeof value === "string") return holdsText(type) ? [value] : [];
  if (Array.isArray(value)) {
    const list = listIn(type);
    return list === null ? [] : (value as readonly Json[]).flatMap((one) => textsOf(list, one));
  }
  if (type.is !== "struct" || value === null || typeof value !== "object") return [];
  const fields = value as Fields;
  return fieldsOf(type.name).flatMap((field) => textsOf(field.type, fields[field.name] ?? null));
}

const listIn = (type: Type): Type | null => {
  const list = type.is === "union" ? type.of.find((one) => one.is === "list") : type;
  return list?.is === "list" ? list.of : null;
};

/** A moment to the minute, as its own clock showed it. */
const dayText = (day: string): string =>
  day.includes("T") ? `${day.slice(0, 10)} ${day.slice(11, 16)}${day.slice(19).replace(/^\.\d+/, "")}` : day;
