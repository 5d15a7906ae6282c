// Whether a record may be written: each value of its type, no prose too long, and what its kind asks for.

import limits from "../generated/limits.json" with { type: "json" };
import type { Records } from "../generated/models.ts";
import { InvalidField } from "../errors.ts";
import { checkWritten } from "../time/moments.ts";
import { CHECKS } from "./care/checks.ts";
import type { Fields, StoredField } from "./fields.ts";
import type { Json } from "./json.ts";
import { elementFields, isElementId, shapeOf, type RecordKind } from "./shapes.ts";
import { firstOf, lengthOf } from "./texts.ts";
import { holdsMoment, structOf } from "./types.ts";
import { isSame, type Elements } from "./writes.ts";

const { maxElements: MAX_ELEMENTS, maxElementId: MAX_ELEMENT_ID } = limits.shapes;

/** A record that a document may hold, in its canonical form. Throws `InvalidField` where it may not. */
export function checkRecord<K extends RecordKind>(kind: K, given: Partial<Records[K]>): Fields {
  const value = valuesOf(kind, given);
  checkValues(kind, value);
  for (const { name } of elementsOf(kind)) checkCount(name, value[name] as Elements);
  check(kind, value);
  return value;
}

/** `after` in its canonical form. Throws unless it may be written, or what is wrong with it is not this edit's. */
export function checkEdit<K extends RecordKind>(kind: K, before: Fields, after: Records[K]): Fields {
  const wanted = valuesOf(kind, after);
  try {
    return checkRecord(kind, wanted as unknown as Records[K]);
  } catch (failure) {
    if (!(failure instanceof InvalidField)) throw failure;
    const edited = editedOnly(kind, before, wanted);
    for (const { name } of elementsOf(kind)) {
      if (sizeOf(wanted[name]) > sizeOf(before[name])) checkCount(name, wanted[name] as Elements);
    }
    checkValues(kind, { ...valuesOf(kind, {}), ...edited });
    const wrong = wrongWith(kind, { ...wanted, ...edited });
    const asItWas = elementsOf(kind).map(({ name }) => {
      const ids = Object.keys(edited[name] as Elements);
      return [name, Object.fromEntries(ids.flatMap((id) => entryOf(before[name] as Elements, id)))] as const;
    });
    if (wrong !== "" && wrong !== wrongWith(kind, { ...before, ...Object.fromEntries(asItWas) })) throw failure;
    return wanted;
  }
}

const valuesOf = (kind: RecordKind, given: object): Fields => structOf(shapeOf(kind).model, given);

const elementsOf = (kind: RecordKind): readonly StoredField[] =>
  shapeOf(kind).fields.filter((field) => field.element !== undefined);

const entryOf = (elements: Elements, id: string): readonly (readonly [string, Fields])[] => {
  const one = Object.hasOwn(elements, id) ? elements[id] : undefined;
  return one === undefined ? [] : [[id, one]];
};

const sizeOf = (elements: Json | undefined): number => Object.keys(elements ?? {}).length;

/** Throw `InvalidField` for what a kind asks for and a value does not have. */
function check(kind: RecordKind, value: Fields): void {
  (CHECKS[kind] as (value: unknown) => void)(value);
}

/** What `check` says of a value; nothing where it may be written. */
function wrongWith(kind: RecordKind, value: Fields): string {
  try {
    check(kind, value);
    return "";
  } catch (wrong) {
    if (!(wrong instanceof InvalidField)) throw wrong;
    return wrong.message;
  }
}

/** Throw unless each value can be kept: of prose what one device may write, of moments what every zone can show. */
function checkValues(kind: RecordKind, value: Fields): void {
  const { fields } = shapeOf(kind);
  checkFields(fields, value, "");
  for (const field of fields) {
    const elements = elementFields(field);
    if (elements === undefined) continue;
    for (const [id, element] of Object.entries(value[field.name] as Elements)) {
      if (!isElementId(id)) {
        throw new InvalidField(`An id in ${field.name} is 1 to ${MAX_ELEMENT_ID} printable ASCII characters.`);
      }
      checkFields(elements, element, `${field.name}[...].`);
    }
  }
}

function checkFields(fields: readonly StoredField[], value: Fields, where: string): void {
  for (const { name, type, prose } of fields) {
    const one = value[name] ?? null;
    if (prose !== undefined && lengthOf(String(one)) > prose) {
      throw new InvalidField(`${where}${name}: expected text of at most ${prose} characters.`);
    }
    if (one !== null && holdsMoment(type)) checkWritten(`${where}${name}`, one);
  }
}

function checkCount(name: string, elements: Elements): void {
  if (sizeOf(elements) > MAX_ELEMENTS) throw new InvalidField(`${name} may have at most ${MAX_ELEMENTS} elements.`);
}

/** What an edit changes: fields that differ, and of elements those that are new or differ, as they are to be judged. */
function editedOnly(kind: RecordKind, before: Fields, after: Fields): Fields {
  const found = shapeOf(kind).fields.flatMap((field): [string, Json][] => {
    const [old, wanted] = [before[field.name] ?? null, after[field.name] ?? null];
    const elements = elementFields(field);
    if (elements !== undefined) return [[field.name, changedElements(elements, old as Elements, wanted as Elements)]];
    return isSame(old, wanted) ? [] : [[field.name, judged(field, old, wanted)]];
  });
  return Object.fromEntries(found);
}

function changedElements(fields: readonly StoredField[], old: Elements, wanted: Elements): Elements {
  const found = Object.entries(wanted).flatMap(([id, element]): [string, Fields][] => {
    const before = Object.hasOwn(old, id) ? old[id] : undefined;
    if (before === undefined) return [[id, element]];
    if (isSame(before, element)) return [];
    const each = fields.map((one) => [one.name, judged(one, before[one.name] ?? null, element[one.name] ?? null)]);
    return [[id, { ...element, ...(Object.fromEntries(each) as Fields) }]];
  });
  return Object.fromEntries(found);
}

/**
 * A value as it is to be judged: of prose that is no longer than it was, only what fits.
 *
 * A merge may have made it longer than one may write; then what makes it shorter has to be taken.
 */
function judged(field: StoredField, old: Json, wanted: Json): Json {
  if (field.prose === undefined || typeof old !== "string" || typeof wanted !== "string") return wanted;
  return lengthOf(wanted) > lengthOf(old) ? wanted : firstOf(wanted, field.prose);
}
