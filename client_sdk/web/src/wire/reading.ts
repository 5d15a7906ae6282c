// MessagePack read by types: what is not known is skipped, what is known is bounded, and nothing is taken for anything
// else than it is. What is refused here is what the Python implementation refuses.

import { textOf, uuidOf } from "../bytes.ts";
import { defaultOf, shapeOf, TAG, type Field, type Shape, type Type, type Values } from "./schema.ts";
import { isoOf, readIso } from "./timestamps.ts";

/** The bytes are not what was asked for. Quotes nothing. */
export class Malformed extends Error {}

/** Bytes that are read, and how far. */
export interface Cursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
  /** Whether anything was left out that is not known. */
  skipped: boolean;
}

/** The beginning of a value: all of a number, and how long anything else is. */
type Head =
  | { readonly is: "null" }
  | { readonly is: "truth"; readonly value: boolean }
  | { readonly is: "whole"; readonly value: number | bigint }
  | { readonly is: "fraction"; readonly value: number }
  | { readonly is: "text" | "bytes" | "list" | "map"; readonly length: number }
  | { readonly is: "extension"; readonly length: number; readonly type: number };

const TIMESTAMP = -1;
const MICROS = 1_000_000n;
/** More than the name of any field has. */
const LONGEST_KEY = 64;
/** The greatest number that can be told from its neighbours; beyond it numbers are a `bigint`, and refused. */
const COUNTED = 2 ** 53;

/** Begin reading. */
export const cursorOf = (bytes: Uint8Array): Cursor => ({
  bytes,
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  at: 0,
  skipped: false,
});

/** All of the bytes as one value of a type. Throws `Malformed`. */
export function readAll(cursor: Cursor, type: Type): unknown {
  const value = read(cursor, type);
  if (cursor.at !== cursor.bytes.length) throw new Malformed("bytes follow");
  return value;
}

/** The tag of a map that is all of the bytes, whatever else there is in it. Throws `Malformed`. */
export function readTag(cursor: Cursor): string {
  let tag: string | undefined;
  const count = lengthOf(cursor, "map");
  for (let each = 0; each < count; each += 1) {
    if (keyAt(cursor) === TAG) tag = asTag(cursor);
    else skip(cursor);
  }
  if (tag === undefined || cursor.at !== cursor.bytes.length) throw new Malformed("no tag");
  return tag;
}

/** The next value, which has to be of a type. Throws `Malformed`. */
export function read(cursor: Cursor, type: Type): unknown {
  switch (type.is) {
    case "struct":
      return readStruct(cursor, shapeOf(type.name));
    case "either":
      return readTagged(cursor, type.of);
    case "optional":
      if (cursor.bytes[cursor.at] !== NULL) return read(cursor, type.of);
      cursor.at += 1;
      return null;
    case "list": {
      const length = lengthOf(cursor, "list");
      within(length, type.least, type.most);
      return items(cursor, length, type.of);
    }
    case "tuple": {
      if (lengthOf(cursor, "list") !== type.of.length) throw new Malformed("a list of another length");
      return type.of.map((one) => read(cursor, one));
    }
    default:
      return readScalar(cursor, type);
  }
}

/** One by one, so that a length that lies takes no memory. */
function items(cursor: Cursor, length: number, type: Type): unknown[] {
  const found: unknown[] = [];
  for (let count = 0; count < length; count += 1) found.push(read(cursor, type));
  return found;
}

function readScalar(cursor: Cursor, type: Exclude<Type, { is: "struct" | "either" | "optional" | "list" | "tuple" }>) {
  const head = headOf(cursor);
  switch (type.is) {
    case "truth":
      if (head.is !== "truth") break;
      return head.value;
    case "whole":
      if (head.is !== "whole" || typeof head.value === "bigint") break;
      within(head.value, type.least, type.most);
      return head.value;
    case "number":
      if (head.is !== "whole" && head.is !== "fraction") break;
      within(Number(head.value), type.least, type.most);
      return Number(head.value);
    case "text": {
      if (head.is !== "text") break;
      const text = asText(take(cursor, head.length));
      if (type.most !== undefined && text.length > type.most) within([...text].length, 0, type.most);
      return text;
    }
    case "choice": {
      if (head.is !== "text") break;
      const text = asText(take(cursor, head.length));
      if (!type.of.includes(text)) break;
      return text;
    }
    case "bytes":
      if (head.is !== "bytes") break;
      within(head.length, type.least, type.most);
      return take(cursor, head.length);
    case "uuid":
      return asUuid(cursor, head);
    case "moment":
      return asMoment(cursor, head);
  }
  throw new Malformed(`no ${type.is}`);
}

// -- structs ----------------------------------------------------------------------------------------------------------

function readStruct(cursor: Cursor, shape: Shape): Values {
  return shape.asList ? readListed(cursor, shape) : readFields(cursor, shape, lengthOf(cursor, "map"));
}

function readListed(cursor: Cursor, shape: Shape): Values {
  const length = lengthOf(cursor, "list");
  const values: Record<string, unknown> = {};
  shape.fields.forEach((field, place) => {
    values[field.name] = place < length ? read(cursor, field.type) : missing(field);
  });
  for (let place = shape.fields.length; place < length; place += 1) skip(cursor);
  return values;
}

/** The fields of a map with `count` keys left. Of a key that comes twice, the last counts, and both have to be well. */
function readFields(cursor: Cursor, shape: Shape, count: number): Values {
  const values: Record<string, unknown> = shape.tag === undefined ? {} : { [TAG]: shape.tag };
  const fields = byKey(shape);
  for (let each = 0; each < count; each += 1) {
    const key = keyAt(cursor);
    const field = fields.get(key);
    if (field !== undefined) values[field.name] = read(cursor, field.type);
    else if (shape.tag !== undefined && key === TAG) expectTag(cursor, shape.tag);
    else skip(cursor);
  }
  for (const field of shape.fields) if (!(field.name in values)) values[field.name] = missing(field);
  return values;
}

/** One of several structs, by a tag that may stand anywhere. */
function readTagged(cursor: Cursor, of: Readonly<Record<string, string>>): Values {
  const count = lengthOf(cursor, "map");
  const start = cursor.at;
  const { skipped } = cursor;
  for (let each = 0; each < count; each += 1) {
    if (keyAt(cursor) !== TAG) {
      skip(cursor);
      continue;
    }
    const tag = asTag(cursor);
    const name = Object.hasOwn(of, tag) ? of[tag] : undefined;
    if (name === undefined) throw new Malformed("not known");
    if (each === 0) return readFields(cursor, shapeOf(name), count - 1);
    cursor.at = start;
    cursor.skipped = skipped;
    return readFields(cursor, shapeOf(name), count);
  }
  throw new Malformed("no tag");
}

const asTag = (cursor: Cursor): string => asText(take(cursor, lengthOf(cursor, "text")));

function expectTag(cursor: Cursor, tag: string): void {
  if (asTag(cursor) !== tag) throw new Malformed("another tag");
}

function missing(field: Field): unknown {
  if (!("default" in field)) throw new Malformed("a field is missing");
  return defaultOf(field);
}

const KEYS = new WeakMap<Shape, ReadonlyMap<string, Field>>();

function byKey(shape: Shape): ReadonlyMap<string, Field> {
  const known = KEYS.get(shape);
  if (known !== undefined) return known;
  const fields = new Map(shape.fields.map((field) => [field.key ?? field.name, field]));
  KEYS.set(shape, fields);
  return fields;
}

/** A key of a map. Known ones are short and ASCII, so the others may be read as anything. */
const keyAt = (cursor: Cursor): string =>
  String.fromCharCode(...take(cursor, lengthOf(cursor, "text")).subarray(0, LONGEST_KEY));

// -- scalars ----------------------------------------------------------------------------------------------------------

const COMPACT = /^[0-9a-f]{32}$/i;
const HYPHENATED = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function asUuid(cursor: Cursor, head: Head): string {
  if (head.is === "bytes" && head.length === 16) return uuidOf(take(cursor, 16));
  if (head.is === "text") {
    const text = asText(take(cursor, head.length)).toLowerCase();
    if (HYPHENATED.test(text)) return text;
    if (COMPACT.test(text)) return text.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }
  throw new Malformed("no UUID");
}

function asMoment(cursor: Cursor, head: Head): string {
  let found: string | undefined;
  if (head.is === "text") found = readIso(asText(take(cursor, head.length)));
  else if (head.is === "extension" && head.type === TIMESTAMP) found = timestamp(cursor, head.length);
  if (found === undefined) throw new Malformed("no moment");
  return found;
}

function timestamp(cursor: Cursor, length: number): string | undefined {
  const { view, at: place } = cursor;
  take(cursor, length);
  switch (length) {
    case 4:
      return isoOf(BigInt(view.getUint32(place)) * MICROS);
    case 8:
      return isoIn(view.getBigUint64(place) & 0x3_ffff_ffffn, view.getUint32(place) >>> 2);
    case 12:
      return isoIn(view.getBigInt64(place + 4), view.getUint32(place));
    default:
      return undefined;
  }
}

/** The text of a moment, to the nearest microsecond; its second has to be one that a text can say. */
function isoIn(seconds: bigint, nanos: number): string | undefined {
  if (nanos > 999_999_999 || isoOf(seconds * MICROS) === undefined) return undefined;
  return isoOf(seconds * MICROS + BigInt(Math.floor((nanos + 500) / 1000)));
}

function asText(bytes: Uint8Array): string {
  try {
    return textOf(bytes);
  } catch {
    throw new Malformed("no UTF-8");
  }
}

/** Throws where a number is not between two others, or none. */
function within(value: number, least = 0, most = Infinity): void {
  if (!(value >= least && value <= most)) throw new Malformed("out of bounds");
}

// -- MessagePack ------------------------------------------------------------------------------------------------------

const NULL = 0xc0;

function take(cursor: Cursor, length: number): Uint8Array {
  const end = cursor.at + length;
  if (end > cursor.bytes.length) throw new Malformed("ends too early");
  const taken = cursor.bytes.subarray(cursor.at, end);
  cursor.at = end;
  return taken;
}

function lengthOf(cursor: Cursor, is: "text" | "list" | "map"): number {
  const head = headOf(cursor);
  if (head.is !== is || !("length" in head)) throw new Malformed(`no ${is}`);
  return head.length;
}

/** Pass over the next value, whatever it holds, without a stack. */
function skip(cursor: Cursor): void {
  cursor.skipped = true;
  for (let left = 1; left > 0; left -= 1) {
    const head = headOf(cursor);
    if (head.is === "list") left += head.length;
    else if (head.is === "map") left += 2 * head.length;
    else if ("length" in head) take(cursor, head.length);
  }
}

/** Read the beginning of a value: numbers whole, of all else up to where its content begins. */
function headOf(cursor: Cursor): Head {
  const first = unsigned(cursor, 1);
  if (first < 0x80) return { is: "whole", value: first };
  if (first < 0x90) return { is: "map", length: first & 0x0f };
  if (first < 0xa0) return { is: "list", length: first & 0x0f };
  if (first < NULL) return { is: "text", length: first & 0x1f };
  if (first >= 0xe0) return { is: "whole", value: first - 0x100 };
  if (first >= 0xd4 && first <= 0xd8) return extension(cursor, 2 ** (first - 0xd4));
  switch (first) {
    case NULL:
      return { is: "null" };
    case 0xc2:
    case 0xc3:
      return { is: "truth", value: first === 0xc3 };
    case 0xc4:
    case 0xc5:
    case 0xc6:
      return { is: "bytes", length: unsigned(cursor, 2 ** (first - 0xc4)) };
    case 0xc7:
    case 0xc8:
    case 0xc9:
      return extension(cursor, unsigned(cursor, 2 ** (first - 0xc7)));
    case 0xca:
      return { is: "fraction", value: at(cursor, 4, (view, place) => view.getFloat32(place)) };
    case 0xcb:
      return { is: "fraction", value: at(cursor, 8, (view, place) => view.getFloat64(place)) };
    case 0xcc:
    case 0xcd:
    case 0xce:
      return { is: "whole", value: unsigned(cursor, 2 ** (first - 0xcc)) };
    case 0xcf:
      return { is: "whole", value: counted(at(cursor, 8, (view, place) => view.getBigUint64(place))) };
    case 0xd0:
      return { is: "whole", value: at(cursor, 1, (view, place) => view.getInt8(place)) };
    case 0xd1:
      return { is: "whole", value: at(cursor, 2, (view, place) => view.getInt16(place)) };
    case 0xd2:
      return { is: "whole", value: at(cursor, 4, (view, place) => view.getInt32(place)) };
    case 0xd3:
      return { is: "whole", value: counted(at(cursor, 8, (view, place) => view.getBigInt64(place))) };
    case 0xd9:
    case 0xda:
    case 0xdb:
      return { is: "text", length: unsigned(cursor, 2 ** (first - 0xd9)) };
    case 0xdc:
    case 0xdd:
      return { is: "list", length: unsigned(cursor, 2 * (first - 0xdb)) };
    case 0xde:
    case 0xdf:
      return { is: "map", length: unsigned(cursor, 2 * (first - 0xdd)) };
    default:
      throw new Malformed("no MessagePack");
  }
}

/** What lies in the next bytes. */
function at<T>(cursor: Cursor, length: number, get: (view: DataView, place: number) => T): T {
  const place = cursor.at;
  take(cursor, length);
  return get(cursor.view, place);
}

/** A number of one, two or four bytes. */
function unsigned(cursor: Cursor, length: number): number {
  const place = cursor.at;
  take(cursor, length);
  if (length === 1) return cursor.view.getUint8(place);
  return length === 2 ? cursor.view.getUint16(place) : cursor.view.getUint32(place);
}

function extension(cursor: Cursor, length: number): Head {
  return { is: "extension", type: at(cursor, 1, (view, place) => view.getInt8(place)), length };
}

const counted = (value: bigint): number | bigint =>
  value <= COUNTED && value >= -COUNTED ? Number(value) : value;
