// MessagePack written by types, in the fewest bytes. The Python implementation writes the same.

import { bigEndian, joined, utf8, uuidBytes } from "../bytes.ts";
import { defaultOf, shapeOf, TAG, type Field, type Shape, type Type, type Values } from "./schema.ts";
import { microsOf } from "./timestamps.ts";

const MICROS = 1_000_000n;

/** A value of a type as bytes. The value has to be of that type: bounds are not looked at. */
export function written(value: unknown, type: Type): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  write(parts, value, type);
  return joined(parts);
}

function write(parts: Uint8Array[], value: unknown, type: Type): void {
  switch (type.is) {
    case "truth":
      parts.push(Uint8Array.of(value ? 0xc3 : 0xc2));
      break;
    case "whole":
      parts.push(whole(value as number));
      break;
    case "number":
      parts.push(fraction(value as number));
      break;
    case "text":
    case "choice": {
      const text = utf8(value as string);
      parts.push(head(text.length, 0xa0, 32, [0xd9, 0xda, 0xdb]), text);
      break;
    }
    case "bytes":
      pushBytes(parts, value as Uint8Array);
      break;
    case "uuid":
      pushBytes(parts, uuidBytes(value as string));
      break;
    case "moment":
      parts.push(timestamp(value as string));
      break;
    case "optional":
      if (value === null) parts.push(Uint8Array.of(0xc0));
      else write(parts, value, type.of);
      break;
    case "list":
    case "tuple":
      writeList(parts, value as readonly unknown[], (at) => (type.is === "list" ? type.of : type.of[at]));
      break;
    case "struct":
      writeStruct(parts, value as Values, shapeOf(type.name));
      break;
    case "either": {
      const one = value as Values;
      writeStruct(parts, one, shapeOf(type.of[one[TAG] as string] ?? ""));
      break;
    }
  }
}

function writeList(parts: Uint8Array[], items: readonly unknown[], typeAt: (at: number) => Type | undefined): void {
  parts.push(head(items.length, 0x90, 16, [undefined, 0xdc, 0xdd]));
  items.forEach((item, at) => {
    const type = typeAt(at);
    if (type !== undefined) write(parts, item, type);
  });
}

function writeStruct(parts: Uint8Array[], values: Values, shape: Shape): void {
  const { fields } = shape;
  if (shape.asList) {
    writeList(parts, fields.map((field) => values[field.name]), (at) => fields[at]?.type);
    return;
  }
  const told = shape.sparse ? fields.filter((field) => !isDefault(values[field.name], field)) : fields;
  parts.push(head(told.length + (shape.tag === undefined ? 0 : 1), 0x80, 16, [undefined, 0xde, 0xdf]));
  if (shape.tag !== undefined) {
    write(parts, TAG, { is: "text" });
    write(parts, shape.tag, { is: "text" });
  }
  for (const field of told) {
    write(parts, field.key ?? field.name, { is: "text" });
    write(parts, values[field.name], field.type);
  }
}

function isDefault(value: unknown, field: Field): boolean {
  if (!("default" in field)) return false;
  const usual = defaultOf(field);
  return Object.is(value, usual) || (isEmpty(value) && isEmpty(usual)); // -0 is another number
}

const isEmpty = (value: unknown): boolean =>
  (Array.isArray(value) || value instanceof Uint8Array) && value.length === 0;

function pushBytes(parts: Uint8Array[], bytes: Uint8Array): void {
  parts.push(head(bytes.length, 0, 0, [0xc4, 0xc5, 0xc6]), bytes);
}

/** The length of what follows: in its first byte below `few`, else in one, two or four after the first. */
function head(
  length: number,
  first: number,
  few: number,
  [one, two, four]: readonly [number | undefined, number, number],
): Uint8Array {
  if (length < few) return Uint8Array.of(first + length);
  if (length < 0x100 && one !== undefined) return Uint8Array.of(one, length);
  return length < 0x1_0000 ? prefixed(two, length, 2) : prefixed(four, length, 4);
}

const prefixed = (first: number, number: number | bigint, length: number): Uint8Array =>
  joined([Uint8Array.of(first), bigEndian(number, length)]);

function whole(number: number): Uint8Array {
  if (number >= 0) {
    if (number < 0x80) return Uint8Array.of(number);
    if (number < 0x100) return Uint8Array.of(0xcc, number);
    if (number < 0x1_0000) return prefixed(0xcd, number, 2);
    return number < 0x1_0000_0000 ? prefixed(0xce, number, 4) : prefixed(0xcf, number, 8);
  }
  if (number >= -0x20) return Uint8Array.of(number + 0x100);
  if (number >= -0x80) return prefixed(0xd0, number, 1);
  if (number >= -0x8000) return prefixed(0xd1, number, 2);
  return number >= -0x8000_0000 ? prefixed(0xd2, number, 4) : prefixed(0xd3, number, 8);
}

function fraction(number: number): Uint8Array {
  const bytes = new Uint8Array(9);
  bytes[0] = 0xcb;
  new DataView(bytes.buffer).setFloat64(1, number);
  return bytes;
}

/** In 4 bytes a whole second until 2106, in 8 any moment until 2514, in 12 any at all. */
function timestamp(iso: string): Uint8Array {
  const micros = microsOf(iso);
  const beyond = ((micros % MICROS) + MICROS) % MICROS;
  const seconds = (micros - beyond) / MICROS;
  const nanos = beyond * 1000n;
  if (seconds < 0n || seconds >> 34n) {
    return joined([Uint8Array.of(0xc7, 12, 0xff), bigEndian(nanos, 4), bigEndian(seconds, 8)]);
  }
  if (nanos === 0n && !(seconds >> 32n)) return joined([Uint8Array.of(0xd6, 0xff), bigEndian(seconds, 4)]);
  return joined([Uint8Array.of(0xd7, 0xff), bigEndian((nanos << 34n) | seconds, 8)]);
}
