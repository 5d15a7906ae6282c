// A brief as the text that everybody makes of it: canonical JSON, keys sorted, no spaces; equal briefs are equal bytes.
//
// Fractions are written as such (3.0). A logged value is written as the number it is: of a whole one JavaScript cannot
// tell whether it was logged as 3 or as 3.0.

import fields from "../generated/brief.json" with { type: "json" };
import { compareTexts } from "../text/order.ts";
import { momentText } from "../time/moments.ts";
import type { Brief } from "./brief.ts";
import { moment } from "./material.ts";

const FRACTIONS = new Set(fields.fractions);
const MOMENTS = new Set(fields.moments);

/** The text of a brief. */
export const briefText = (brief: Brief): string => textOf(brief, "");

/** A value that a field of this name holds; what is in its list is held by `name[]`. */
function textOf(value: unknown, name: string): string {
  if (Array.isArray(value)) return `[${value.map((one) => textOf(one, `${name}[]`)).join()}]`;
  if (typeof value === "object" && value !== null) {
    const sorted = Object.entries(value).sort(([one], [other]) => compareTexts(one, other));
    return `{${sorted.map(([key, one]) => `${JSON.stringify(key)}:${textOf(one, key)}`).join()}}`;
  }
  if (typeof value === "number" && FRACTIONS.has(name)) return fraction(value);
  if (typeof value === "string" && MOMENTS.has(name)) return JSON.stringify(instantText(value));
  return JSON.stringify(value);
}

const fraction = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));

/** A moment, in UTC with a Z. */
const instantText = (text: string): string => momentText(moment(text)).replace(/\+00:00$/, "Z");
