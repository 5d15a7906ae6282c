// JSON texts as they lie in documents: read with bounds, written as the Python code writes them.

import limits from "../generated/limits.json" with { type: "json" };
import { InvalidField } from "../errors.ts";

/** What JSON holds. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Lists and maps inside one another; stored values have up to ten. */
const DEPTH = limits.nesting.depth;

/** What a text holds. Throws `InvalidField` where it is no JSON, nested too deeply, or holds what no document may. */
export function readJson(text: string): Json {
  if (isTooDeep(text)) throw new InvalidField(`Nested more than ${DEPTH} levels deep.`);
  let found: Json;
  try {
    found = JSON.parse(text) as Json;
  } catch {
    throw new InvalidField("This is not JSON.");
  }
  checkSound(found);
  return found;
}

/** A value as text. */
export const jsonText = (value: Json): string => JSON.stringify(value);

function isTooDeep(text: string): boolean {
  if ((text.match(/[[{]/g) ?? []).length <= DEPTH) return false; // as in nearly all that is ever read
  const outside = text.replaceAll("\\\\", "").replaceAll('\\"', "").split('"').filter((_, at) => at % 2 === 0);
  let level = 0;
  for (const bracket of outside.join("").match(/[[\]{}]/g) ?? []) {
    level += bracket === "[" || bracket === "{" ? 1 : -1;
    if (level > DEPTH) return true;
  }
  return false;
}

/** JSON can spell texts that are no Unicode, and numbers too large to be one. */
function checkSound(value: Json): void {
  if (typeof value === "string" && !isUnicode(value)) throw new InvalidField("A text is no Unicode.");
  if (typeof value === "number" && !Number.isFinite(value)) throw new InvalidField("A number is too large.");
  if (typeof value !== "object" || value === null) return;
  for (const [key, one] of Object.entries(value)) {
    if (!isUnicode(key)) throw new InvalidField("A text is no Unicode.");
    checkSound(one as Json);
  }
}

/** Whether a text has no half of a surrogate pair in it. */
export const isUnicode = (text: string): boolean => !/\p{Cs}/u.test(text);
