// Recovery codes as people write them down: 160 bits in Crockford's base32, in groups, with a check letter.

import WIRE from "../generated/wire.json";
import { ALPHABET, typedCode } from "../text/typed.ts";

const { codeBytes: CODE_BYTES } = WIRE.sealing;
const DIGITS = (CODE_BYTES * 8) / 5;
const GROUP = /.{4}(?=.)/g;
/** Characters of what may be a code: a passphrase of any length is asked the same question. */
const LONGEST = 200;

/** A code as text; the check letter is the last of all. */
export function writtenCode(code: Uint8Array): string {
  const digits = inBase(code, 8, 5);
  const letters = digits.map((digit) => ALPHABET.charAt(digit)).join("");
  return letters.replace(GROUP, "$&-") + ALPHABET.charAt(checkOf(digits));
}

/** The code that a person typed, however; undefined where it is none, or one with a slip of the pen. */
export function readCode(text: string): Uint8Array<ArrayBuffer> | undefined {
  if ([...text].length > LONGEST) return undefined;
  const digits = [...typedCode(text)].map((letter) => ALPHABET.indexOf(letter));
  const check = digits.pop();
  if (digits.length !== DIGITS || digits.includes(-1) || checkOf(digits) !== check) return undefined;
  return Uint8Array.from(inBase(digits, 5, 8));
}

/** Numbers of so many bits, as numbers of so many others; all of them fit. */
function inBase(numbers: Iterable<number>, from: number, into: number): number[] {
  const found: number[] = [];
  let held = 0;
  let bits = 0;
  for (const number of numbers) {
    held = (held << from) | number;
    for (bits += from; bits >= into; ) {
      bits -= into;
      found.push(held >> bits);
      held &= (1 << bits) - 1;
    }
  }
  return found;
}

/**
 * A sum in the field of 32 elements, each place with another weight: one wrong letter always shows, and so do two
 * neighbours that changed places.
 */
function checkOf(digits: readonly number[]): number {
  let check = 0;
  for (const digit of digits) {
    check <<= 1;
    if (check & 32) check ^= 0b100101;
    check ^= digit;
  }
  return check;
}
