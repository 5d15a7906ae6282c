// Numbers and bytes as a change is written in, read with bounds.

import { DocumentError } from "../errors.ts";

/** A whole number >= 0 as Automerge writes it. */
export function leb128(number: number): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  let left = number;
  while (left > 0x7f) {
    bytes.push((left % 0x80) + 0x80);
    left = Math.floor(left / 0x80);
  }
  bytes.push(left);
  return Uint8Array.from(bytes);
}

/** What was to be read is not there. */
export class EndsEarly extends Error {}

/** Bytes that are so many are read as a number that can be told from its neighbours. */
const EXACT_BYTES = 7;
const LONGEST = 10;

/** A cursor over bytes that refuses what is malformed. Running past the end throws `EndsEarly`. */
export class ByteReader {
  readonly data: Uint8Array;
  at: number;

  constructor(data: Uint8Array, at = 0) {
    this.data = data;
    this.at = at;
  }

  /** Whether there is anything left. */
  get more(): boolean {
    return this.at < this.data.length;
  }

  /** An unsigned number; beyond 2^53 the nearest that there is. */
  uint(): number {
    return this.#number(false);
  }

  /** A signed number; beyond 2^53 the nearest that there is. */
  sint(): number {
    return this.#number(true);
  }

  /** The next `length` bytes. */
  take(length: number): Uint8Array {
    const end = this.at + length;
    if (end > this.data.length) throw new EndsEarly();
    const taken = this.data.subarray(this.at, end);
    this.at = end;
    return taken;
  }

  /** An unsigned number that may be at most `most`. */
  count(most: number, what: string): number {
    const number = this.uint();
    if (number > most) throw bad(`it names ${number} ${what}; the limit is ${most}`);
    return number;
  }

  #number(signed: boolean): number {
    const start = this.at;
    let byte = this.#byte();
    let before = 0;
    while (byte >= 0x80) {
      if (this.at - start === LONGEST) throw bad("a number in it is too long");
      before = byte;
      byte = this.#byte();
    }
    const length = this.at - start;
    // A signed number may need its last byte for the sign.
    if (length > 1 && byte === 0 && (before & 0x40) === 0) throw bad("a number in it is longer than it need be");
    const isNegative = signed && (byte & 0x40) !== 0;
    return length > EXACT_BYTES ? this.#long(start, isNegative) : this.#short(start, isNegative);
  }

  #short(start: number, isNegative: boolean): number {
    let value = 0;
    for (let place = this.at - 1; place >= start; place -= 1) value = value * 0x80 + ((this.data[place] ?? 0) & 0x7f);
    return isNegative ? value - 0x80 ** (this.at - start) : value;
  }

  #long(start: number, isNegative: boolean): number {
    let value = 0n;
    for (let place = this.at - 1; place >= start; place -= 1) {
      value = (value << 7n) | BigInt((this.data[place] ?? 0) & 0x7f);
    }
    return Number(isNegative ? value - (1n << BigInt(7 * (this.at - start))) : value);
  }

  #byte(): number {
    const byte = this.data[this.at];
    if (byte === undefined) throw new EndsEarly();
    this.at += 1;
    return byte;
  }
}

/** That a change is malformed, and why. */
export const bad = (why: string): DocumentError =>
  new DocumentError(`A change is malformed: ${why}. The app that wrote it has a defect.`, "bad_change");
