// One field of a record in its document: what it is, how its value is stored and read back.

import { NULL, number, sameness, text, yesNo, type ObjectId, type ObjectKind, type Scalar } from "../crdt/scalars.ts";
import type { Document } from "../crdt/document.ts";
import { InvalidField } from "../errors.ts";
import { isKept } from "../time/moments.ts";
import { jsonText, readJson, type Json } from "./json.ts";
import { readTimestamp } from "./timestamps.ts";
import { holdsMoment, plainOf, takesFractions, takesNull, takesWhole, valueOf, type StructName, type Type } from "./types.ts";

/** One field of a document or of an element. */
export interface StoredField {
  readonly name: string;
  readonly type: Type;
  readonly default: Json;
  /** Of a text that merges character by character: how many characters one device may write. */
  readonly prose?: number;
  /** Of a map of elements: what each of them is. */
  readonly element?: StructName;
}

/** What is read from a field, by its name. */
export type Fields = Readonly<Record<string, Json>>;

const OBJECTS: readonly ObjectKind[] = ["map", "list", "text"];

/** A value as it lies in the document. */
export function stored(type: Type, value: Json): Scalar {
  const plain = plainOf(type, value);
  if (plain === null) return NULL;
  switch (typeof plain) {
    case "boolean":
      return yesNo(plain);
    case "string":
      return text(plain);
    case "number":
      return takesWhole(type) ? number(plain) : { type: "f64", value: plain };
    default:
      return text(jsonText(plain));
  }
}

/** A map of a document, and what is known of it before its fields are read. */
export interface Held {
  readonly document: Document;
  readonly object: ObjectId;
  readonly keys: ReadonlySet<string>;
  /** The document has several heads, so values that were set at once are looked for. */
  readonly merged: boolean;
}

/** A map of a document, to be read from. */
export const held = (document: Document, object: ObjectId, merged: boolean): Held => ({
  document,
  object,
  keys: new Set(document.keys(object)),
  merged,
});

/** The field's value; its default and a line in `problems`, beginning with `where`, for what is not one. */
export function readField(from: Held, field: StoredField, where: string, problems: string[]): Json {
  const { document, object, keys } = from;
  const { name, type } = field;
  if (field.prose !== undefined) {
    const target = document.object(name, "text", object);
    if (target !== null) return document.text(target);
    problems.push(`${where}${name}: missing or not a text`);
    return field.default;
  }
  if (!keys.has(name)) return field.default;
  const raw = document.scalar(name, object);
  if (raw === null || raw.type === "null") {
    if (takesNull(type) && !holdsObject(document, name, object)) return null;
    problems.push(`${where}${name}: invalid`);
    return field.default;
  }
  if (from.merged && new Set(document.conflicts(name, object).map(sameness)).size > 1) {
    problems.push(`${where}${name}: set on two devices at once; one of the values is shown`);
  }
  try {
    return typed(raw, type);
  } catch (failure) {
    if (!(failure instanceof InvalidField)) throw failure;
    problems.push(`${where}${name}: invalid`);
    return field.default;
  }
}

/** Whether an object lies at a key. */
export const holdsObject = (document: Document, key: string, obj: ObjectId): boolean =>
  OBJECTS.some((of) => document.object(key, of, obj) !== null);

/** The value that `stored` made `raw` of. Text of a plain type is no JSON, so that is tried first. */
function typed(raw: Scalar, type: Type): Json {
  if (raw.type === "f64" && !takesFractions(type)) throw new InvalidField("A fraction where none belongs.");
  let found: Json;
  try {
    found = valueOf(type, raw.value);
  } catch (failure) {
    if (raw.type !== "str") throw failure;
    found = valueOf(type, readJson(raw.value));
  }
  if (holdsMoment(type) && found !== null) {
    const at = readTimestamp(found);
    if (at === null || !isKept(at)) throw new InvalidField("A time that not every time zone can show.");
  }
  return found;
}
