// Documents that are records of fields: how they lie in an Automerge document, written and read back.
//
// The root map holds `kind` and, by name, the fields:
//
// - prose is an Automerge text: edits of it on two devices merge character by character;
// - elements are a map of maps by the element's id, each a map of its own fields. So two who add an element each keep
//   both, and one who moves an element and one who rewords it lose nothing of either. An element is never deleted but
//   marked `removed`: what somebody wrote into it meanwhile stays;
// - everything else is one value: a scalar as it is, a day, a moment or an id as text, a list or a struct as JSON text.
//   Where two write it at once one value is shown, and `problems` says so.
//
// All maps and texts are made by the document's first change (those of an element by the one that adds it), so that no
// two devices ever make one at the same place. Reading is lenient, writing strict. Which fields a kind has is data.

import type { Records } from "../generated/models.ts";
import type { Document } from "../crdt/document.ts";
import { ROOT, text } from "../crdt/scalars.ts";
import { compareTexts } from "../text/order.ts";
import { checkEdit, checkRecord } from "./checking.ts";
import { held, readField, type Fields, type Held, type StoredField } from "./fields.ts";
import { elementFields, isElementId, shapeOf, type RecordKind } from "./shapes.ts";
import {
  changeElements,
  changeField,
  isRemoved,
  putAt,
  putElements,
  putNew,
  written,
  type Elements,
} from "./writes.ts";

/**
 * Write a new document into an empty one; returns the change. Fields that are not given have their defaults.
 *
 * Throws `InvalidField`.
 */
export function create<K extends RecordKind>(kind: K, document: Document, given: Partial<Records[K]>): Uint8Array {
  const value = checkRecord(kind, given);
  const writes = shapeOf(kind).fields.flatMap((field) => {
    const one = value[field.name] ?? null;
    const elements = elementFields(field);
    return elements === undefined ? putNew(field, one, ROOT) : [putElements(field.name, elements, one as Elements)];
  });
  const change = written(document, [putAt(ROOT, "kind", text(kind)), ...writes]);
  if (change === null) throw new Error("A new document is a change.");
  return change;
}

/**
 * Write what differs between the two into a document; returns the change, or null where nothing does.
 *
 * `before` is what the editor saw: what others changed since, and this edit does not, stays. Elements that `after` lacks
 * are marked removed; one marked so that `after` has and `before` had not is put back. Throws `InvalidField`, and not for
 * what merges or other apps left and this edit leaves as it is.
 */
export function update<K extends RecordKind>(
  kind: K,
  document: Document,
  before: Records[K],
  after: Records[K],
): Uint8Array | null {
  const old = before as unknown as Fields;
  const wanted = checkEdit(kind, old, after);
  const writes = shapeOf(kind).fields.flatMap((field) => {
    const [was, is] = [old[field.name] ?? null, wanted[field.name] ?? null];
    const elements = elementFields(field);
    return elements === undefined
      ? changeField(document, field, was, is, ROOT)
      : changeElements(document, field.name, elements, was as Elements, is as Elements);
  });
  return writes.length > 0 ? written(document, writes) : null;
}

/** What the document says; odd content is listed in `problems` and never thrown. */
export function read<K extends RecordKind>(kind: K, document: Document): Records[K] {
  const problems: string[] = [];
  const root = held(document, ROOT, document.heads.length > 1);
  const fields = shapeOf(kind).fields.map((field) => {
    const elements = elementFields(field);
    const value = elements === undefined ? readField(root, field, "", problems) : readElements(root, field, elements, problems);
    return [field.name, value] as const;
  });
  return { ...Object.fromEntries(fields), problems } as unknown as Records[K];
}

/** The elements of the field `name` that are marked removed, by id, as whoever edits them last left them. */
export function removed<K extends RecordKind, N extends keyof Records[K]>(kind: K, document: Document, name: N): Records[K][N] {
  const field = shapeOf(kind).fields.find((one) => one.name === name);
  const elements = field && elementFields(field);
  if (field === undefined || elements === undefined) throw new TypeError(`A ${kind} has no elements called ${String(name)}.`);
  return readElements(held(document, ROOT, false), field, elements, [], true) as unknown as Records[K][N];
}

function readElements(
  from: Held,
  field: StoredField,
  fields: readonly StoredField[],
  problems: string[],
  wantsRemoved = false,
): Elements {
  const { document, merged } = from;
  const { name } = field;
  const container = document.object(name, "map");
  if (container === null) {
    problems.push(`${name}: missing or not a map`);
    return {};
  }
  const found: [string, Fields][] = [];
  for (const id of document.keys(container)) {
    const one = document.object(id, "map", container);
    if (!isElementId(id)) {
      problems.push(`${name}: an element has an invalid id`);
    } else if (one === null) {
      problems.push(`${name} ${id.slice(0, 8)}: not an element`);
    } else if (isRemoved(document, one) === wantsRemoved) {
      const where = `${name} ${id.slice(0, 8)}: `;
      const element = held(document, one, merged);
      found.push([id, Object.fromEntries(fields.map((each) => [each.name, readField(element, each, where, problems)]))]);
    }
  }
  const order = (one: Fields): number => (typeof one["order"] === "number" ? one["order"] : 0);
  found.sort(([one, first], [other, second]) => order(first) - order(second) || compareTexts(one, other));
  return Object.fromEntries(found);
}
