// Pairing codes: what a person reads out or types to connect a device.

import { ALPHABET, typedCode } from "./typed.ts";

/** Characters of a code that lives for an hour at most, and of one that lives for longer. */
const LENGTHS: readonly number[] = [8, 16];
const LONGEST = 64;

/** The pairing code that somebody typed, in its one form; undefined where it cannot be one. */
export function pairingCode(typed: string): string | undefined {
  if ([...typed].length > LONGEST) return undefined;
  const code = typedCode(typed);
  const characters = [...code];
  return LENGTHS.includes(characters.length) && characters.every((one) => ALPHABET.includes(one)) ? code : undefined;
}
