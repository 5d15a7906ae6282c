// What every text that a person gives has to be before it is written into a document.

import { InvalidField } from "../errors.ts";
import { SPACE } from "../text/spaces.ts";
import { isUnicode } from "./json.ts";

/** How many characters a text has: code points, not the units that JavaScript counts. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/** A text's first characters. */
export const firstOf = (text: string, most: number): string =>
  text.length <= most ? text : [...text.slice(0, 2 * most)].slice(0, most).join("");

/** `text` if it is at most `most` characters of Unicode; throws `InvalidField`, naming `field`, if not. */
export function checkText(field: string, text: unknown, most: number): string {
  if (typeof text !== "string" || lengthOf(text) > most) {
    throw new InvalidField(`${field} must be text of at most ${most} characters.`);
  }
  if (!isUnicode(text)) throw new InvalidField(`${field} contains a lone surrogate, which is not valid text.`);
  return text;
}

/**
 * As `checkText`, for a text that is there already: a merge may have made it longer than `most`.
 *
 * What is no longer than it was is taken, so that it can be shortened step by step; it may not grow beyond `most`.
 */
export function checkRewritten(field: string, before: string, after: unknown, most: number): string {
  const length = lengthOf(before);
  const shorter = typeof after === "string" && lengthOf(after) <= length;
  return checkText(field, after, shorter ? length : most);
}

const NOT_SPACE = new RegExp(`[^${SPACE}]`, "u");

/** Whether a text says nothing: no character of it is other than space, as Python sees that. */
export const isBlank = (text: string): boolean => !NOT_SPACE.test(text);

/** A number with commas between its thousands. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ",");
