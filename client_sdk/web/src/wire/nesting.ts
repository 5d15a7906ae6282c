// How deeply what came from outside may be nested: one bound, the same for every implementation.

import WIRE from "../generated/wire.json";

const { depth: DEPTH } = WIRE.limits;

/**
 * Whether MessagePack is nested at most 100 deep, and holds at most so many values. What is malformed otherwise passes:
 * reading says so.
 */
export function isShallow(bytes: Uint8Array, mostValues = Infinity): boolean {
  const outer: number[] = [];
  let left = 1; // values to come in this container
  let at = 0;
  for (let count = 0; count <= mostValues; count += 1) {
    while (left === 0) {
      const before = outer.pop();
      if (before === undefined) return true;
      left = before;
    }
    const first = bytes[at];
    if (first === undefined) return true;
    left -= 1;
    const told = lengthBytes(first);
    const length = told === undefined ? fixed(first) : numberAt(bytes, at + 1, told);
    at += 1 + (told ?? 0);
    const each = valuesOf(first);
    if (each === 0) {
      at += length + (first >= 0xc7 && first <= 0xc9 ? 1 : 0); // the type of an extension
    } else {
      outer.push(left);
      if (outer.length > DEPTH) return false;
      left = length * each;
    }
  }
  return false;
}

/** How many bytes tell a value's length; undefined where its first byte does. */
function lengthBytes(first: number): number | undefined {
  if (first >= 0xc4 && first <= 0xc6) return 2 ** (first - 0xc4);
  if (first >= 0xc7 && first <= 0xc9) return 2 ** (first - 0xc7);
  if (first >= 0xd9 && first <= 0xdb) return 2 ** (first - 0xd9);
  if (first >= 0xdc && first <= 0xdf) return first % 2 ? 4 : 2;
  return undefined;
}

/** The bytes after the first, or the values in a container, where the first byte tells them. */
function fixed(first: number): number {
  if (first >= 0x80 && first < 0xa0) return first & 0x0f;
  if (first >= 0xa0 && first < 0xc0) return first & 0x1f;
  if (first >= 0xca && first <= 0xcb) return 4 * (first - 0xc9);
  if (first >= 0xcc && first <= 0xcf) return 2 ** (first - 0xcc);
  if (first >= 0xd0 && first <= 0xd3) return 2 ** (first - 0xd0);
  if (first >= 0xd4 && first <= 0xd8) return 1 + 2 ** (first - 0xd4);
  return 0;
}

/** How many values each of a container's length is; 0 for what is none. */
function valuesOf(first: number): number {
  if ((first >= 0x80 && first < 0x90) || first === 0xde || first === 0xdf) return 2;
  if ((first >= 0x90 && first < 0xa0) || first === 0xdc || first === 0xdd) return 1;
  return 0;
}

/** Big end first, as far as there are bytes. */
function numberAt(bytes: Uint8Array, from: number, length: number): number {
  let number = 0;
  for (const byte of bytes.subarray(from, from + length)) number = number * 0x100 + byte;
  return number;
}
