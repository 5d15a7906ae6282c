// The steps of an edit of a record: what turns one value of a field, or one set of elements, into another.

import limits from "../generated/limits.json" with { type: "json" };
import { Document } from "../crdt/document.ts";
import type { Edit } from "../crdt/edits.ts";
import { ROOT, yesNo, type ObjectId, type Scalar } from "../crdt/scalars.ts";
import { InvalidField } from "../errors.ts";
import { splices } from "../text/prose.ts";
import { held, readField, stored, type Fields, type StoredField } from "./fields.ts";
import type { Json } from "./json.ts";
import { lengthOf } from "./texts.ts";

/** Characters that one change may write or take out, in all prose together: each is an operation of the change. */
export const MAX_PROSE = limits.writes.maxProse;
const MAX_PUTS = limits.writes.maxPuts;
/** The mark of an element that was taken out. */
export const REMOVED = "removed";

/** Elements by their ids. */
export type Elements = Readonly<Record<string, Fields>>;

/** One step of an edit, with the characters it writes or takes out and the values it sets. */
export interface Write {
  readonly write: (edit: Edit) => void;
  readonly characters: number;
  readonly puts: number;
}

/** Do it, in one change; null where nothing came of it. Throws `InvalidField` for more than a change may hold. */
export function written(document: Document, writes: readonly Write[]): Uint8Array | null {
  const { characters, puts } = total(writes);
  if (characters > MAX_PROSE || puts > MAX_PUTS) {
    throw new InvalidField(
      `Too much in one edit: at most ${MAX_PROSE} characters and ${MAX_PUTS} values. Split it into two.`,
    );
  }
  return document.edit((edit) => {
    for (const one of writes) one.write(edit);
  });
}

/** Set one value of a map. */
export const putAt = (obj: ObjectId, key: string, value: Scalar): Write => ({
  write: (edit) => edit.put(key, value, obj),
  characters: 0,
  puts: 1,
});

/** Write a field into a map just made. Prose is made even if empty, so that no two devices ever make it. */
export function putNew(field: StoredField, value: Json, obj: ObjectId): readonly Write[] {
  if (field.prose !== undefined) return [putProse(field.name, String(value), obj)];
  return isSame(value, field.default) ? [] : [putAt(obj, field.name, stored(field.type, value))];
}

/** Make the map of elements at `name`. */
export function putElements(name: string, fields: readonly StoredField[], elements: Elements): Write {
  const { characters, puts } = total(Object.entries(elements).map(([id, one]) => putElement(id, fields, one, ROOT)));
  return {
    write: (edit) => {
      const made = edit.putMap(name);
      for (const [id, one] of Object.entries(elements)) putElement(id, fields, one, made).write(edit);
    },
    characters,
    puts: 1 + puts,
  };
}

/** What turns one field of a map from `old` into `wanted`. */
export function changeField(
  document: Document,
  field: StoredField,
  old: Json,
  wanted: Json,
  obj: ObjectId,
): readonly Write[] {
  if (isSame(old, wanted)) return [];
  if (field.prose === undefined) return [putAt(obj, field.name, stored(field.type, wanted))];
  const target = document.object(field.name, "text", obj);
  if (target === null) return [putProse(field.name, String(wanted), obj)];
  const there = document.text(target);
  const after = there === old ? String(wanted) : merged(String(old), there, String(wanted));
  const sizes = splices(there, after).map((splice) => splice.delete + lengthOf(splice.insert));
  return [{ write: (edit) => edit.rewrite(target, after), characters: sum(sizes), puts: 1 }];
}

/** What turns the elements of the field `name` from `old` into `wanted`; `fields` are those of an element. */
export function changeElements(
  document: Document,
  name: string,
  fields: readonly StoredField[],
  old: Elements,
  wanted: Elements,
): readonly Write[] {
  const container = document.object(name, "map");
  if (container === null) {
    // Made by a version that had no such elements.
    return Object.keys(wanted).length > 0 ? [putElements(name, fields, wanted)] : [];
  }
  const thereOf = (id: string): ObjectId | null => document.object(id, "map", container);
  const removed = Object.keys(old)
    .filter((id) => !Object.hasOwn(wanted, id))
    .flatMap((id) => thereOf(id) ?? [])
    .map((there) => putAt(there, REMOVED, yesNo(true)));
  const changed = Object.entries(wanted).flatMap(([id, element]) => {
    const there = thereOf(id);
    if (there === null) return [putElement(id, fields, element, container)];
    const seen = Object.hasOwn(old, id) ? old[id] : undefined;
    return changeElement(document, fields, seen, element, there);
  });
  return [...removed, ...changed];
}

function changeElement(
  document: Document,
  fields: readonly StoredField[],
  seen: Fields | undefined,
  wanted: Fields,
  there: ObjectId,
): readonly Write[] {
  const from = held(document, there, false);
  const isBack = seen === undefined && isRemoved(document, there);
  const changed = fields.flatMap((field) => {
    const before = seen === undefined ? readField(from, field, "", []) : (seen[field.name] ?? null);
    return changeField(document, field, before, wanted[field.name] ?? null, there);
  });
  return isBack ? [putAt(there, REMOVED, yesNo(false)), ...changed] : changed;
}

/** Whether an element is marked removed. */
export const isRemoved = (document: Document, element: ObjectId): boolean => {
  const mark = document.scalar(REMOVED, element);
  return mark?.type === "boolean" && mark.value;
};

/** Whether two values are the same; structs have all their fields, so their order says nothing. */
export function isSame(one: Json, other: Json): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  const [names, others] = [Object.keys(one), Object.keys(other)];
  const [first, second] = [one as Fields, other as Fields];
  return (
    Array.isArray(one) === Array.isArray(other) &&
    names.length === others.length &&
    names.every((name) => Object.hasOwn(other, name) && isSame(first[name] ?? null, second[name] ?? null))
  );
}

function putElement(id: string, fields: readonly StoredField[], element: Fields, container: ObjectId): Write {
  const writes = (obj: ObjectId): readonly Write[] =>
    fields.flatMap((field) => putNew(field, element[field.name] ?? null, obj));
  const { characters, puts } = total(writes(ROOT));
  return {
    write: (edit) => {
      for (const one of writes(edit.putMap(id, container))) one.write(edit);
    },
    characters,
    puts: 1 + puts,
  };
}

const putProse = (name: string, value: string, obj: ObjectId): Write => ({
  write: (edit) => void edit.putText(name, value, obj),
  characters: lengthOf(value),
  puts: 1,
});

const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);

const total = (writes: readonly Write[]): { characters: number; puts: number } => ({
  characters: sum(writes.map((one) => one.characters)),
  puts: sum(writes.map((one) => one.puts)),
});

/** What two who both began with `before` have made of it, as two devices' edits merge. */
function merged(before: string, there: string, after: string): string {
  const one = Document.new("31".repeat(16));
  const other = Document.new("32".repeat(16));
  try {
    one.edit((edit) => void edit.putText("text", before));
    other.apply(one.changes());
    for (const [document, text] of [[one, there], [other, after]] as const) {
      const target = document.object("text", "text") ?? ROOT;
      document.edit((edit) => edit.rewrite(target, text));
    }
    one.apply(other.changes());
    return one.text(one.object("text", "text") ?? ROOT);
  } finally {
    one.free();
    other.free();
  }
}
