// How documents that are records of fields are laid out: which fields a kind has, and what elements hold. All of it is
// data from the Python code.

import limits from "../generated/limits.json" with { type: "json" };
import shapes from "../generated/shapes.json" with { type: "json" };
import type { Records } from "../generated/models.ts";
import { compareTexts } from "../text/order.ts";
import type { StoredField } from "./fields.ts";
import type { StructName } from "./types.ts";

/** A kind that is made and edited field by field. */
export type RecordKind = keyof Records;

/** How documents of one kind are laid out. */
export interface Shape {
  /** What is read from them. */
  readonly model: StructName;
  /** The field that names the document it is about. */
  readonly subject: string | null;
  /** The fields that say when it was done or made, those that count first. */
  readonly moments: readonly string[];
  readonly fields: readonly StoredField[];
}

const SHAPES = shapes.shapes as unknown as Readonly<Record<RecordKind, Shape>>;
const ELEMENTS = shapes.elements as unknown as Readonly<Record<string, readonly StoredField[]>>;
const ID = /^[\x20-\x7e]+$/;
const MAX_ID = limits.shapes.maxElementId;

/** Whether documents of a kind are records of fields. */
export const isRecordKind = (kind: string): kind is RecordKind => Object.hasOwn(SHAPES, kind);

/** How documents of a kind are laid out. */
export const shapeOf = (kind: RecordKind): Shape => SHAPES[kind];

/** What an element of a field holds; nothing of a field without elements. */
export const elementFields = (field: StoredField): readonly StoredField[] | undefined =>
  field.element === undefined ? undefined : ELEMENTS[field.element];

/** Whether it can be the id of an element. */
export const isElementId = (id: string): boolean => id.length <= MAX_ID && ID.test(id);

/** Elements as they are shown: by their order, and by id where it is the same. */
export const inOrder = <T extends { readonly order: number }>(elements: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(elements).sort(([one, { order }], [other, { order: after }]) => order - after || compareTexts(one, other));
