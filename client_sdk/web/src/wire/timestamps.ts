// Moments as they are on the wire and in hashes: microseconds since 1970, or a text as RFC 3339 has it.

import { momentText, readMoment } from "../time/moments.ts";

/** Microseconds from the beginning of the year 1, and up to the end of the year 9999. */
const FIRST = -62_135_596_800_000_000n;
const END = 253_402_300_800_000_000n;
const WRITTEN = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:?\d\d)$/;

/** The text of a moment, with its clock's offset in microseconds; undefined outside of the years 1 to 9999. */
export function isoOf(micros: bigint, offset = 0): string | undefined {
  const shown = micros + BigInt(offset);
  return shown >= FIRST && shown < END ? momentText({ micros, offset }) : undefined;
}

/**
 * The moment that a text says, in whichever way RFC 3339 has, as everything here writes it: to the nearest microsecond,
 * with the offset that it came with. Undefined where it says none, or no offset.
 */
export function readIso(text: string): string | undefined {
  const [, day, time, fraction = "", zone = ""] = WRITTEN.exec(text) ?? [];
  const at = readMoment(`${day}T${time}${zone.toUpperCase()}`);
  return at === null ? undefined : isoOf(at.micros + fractionOf(fraction), at.offset);
}

/** Digits after the second in microseconds; the seventh says whether to round up. */
const fractionOf = (digits: string): bigint =>
  BigInt(digits.slice(0, 6).padEnd(6, "0")) + (Number(digits.charAt(6)) >= 5 ? 1n : 0n);

/** A moment in microseconds since 1970. Throws `RangeError` for a text that is none. */
export function microsOf(iso: string): bigint {
  const at = readMoment(iso);
  if (at === null) throw new RangeError("This is no moment.");
  return at.micros;
}
