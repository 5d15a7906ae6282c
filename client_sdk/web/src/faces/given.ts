// What callers give, checked before anything is begun: every refusal is an `InvalidField` that names the field.
//
// A page is code of our own, and its types say what may be given; but what it hands on, a person may have typed.

import { isUnicode } from "../documents/json.ts";
import { readId } from "../documents/ids.ts";
import { InvalidField } from "../errors.ts";
import type { Id, IsoDay, IsoMoment } from "../generated/models.ts";
import type { ReadWindow } from "../store/windows.ts";
import { tidyName } from "../text/names.ts";
import { linesOf } from "../text/spaces.ts";
import { readDay } from "../time/calendar.ts";
import { checkMoment, checkWritten, MINUTE, momentText } from "../time/moments.ts";
import type { PageOf, Window } from "./faces.ts";

/** Entries of a page at most: each is shown with its passage. */
const MAX_PAGE = 1_000;

/** `value` if it is text that can be written down: a lone half of a surrogate pair cannot. */
export function text(field: string, value: unknown): string {
  if (typeof value !== "string") throw new InvalidField(`${field} must be text.`);
  if (!isUnicode(value)) throw new InvalidField(`${field} contains a lone surrogate, which is not valid text.`);
  return value;
}

/** Texts in their order. */
export function texts(field: string, value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw new InvalidField(`${field} must be a list of strings.`);
  return value.map((one: unknown) => text(field, one));
}

/** The id that a text is, in its canonical form. */
export function id(field: string, value: unknown): Id {
  const found = readId(value);
  if (found === null) throw new InvalidField(`${field} must be a UUID.`);
  return found;
}

/** A moment, in the form that it is kept in. */
export function moment(field: string, value: unknown): IsoMoment {
  const at = checkMoment(field, value);
  if (at.offset % MINUTE !== 0) throw new InvalidField(`${field} must have a UTC offset of whole minutes.`);
  return momentText(at);
}

/** The same, of what time it is taken to be: it, and the months around it, must be in the calendar. */
export const present = (field: string, value: unknown): IsoMoment =>
  momentText(checkWritten(field, moment(field, value)));

/** A day. */
export function day(field: string, value: unknown): IsoDay {
  const found = readDay(value);
  if (found === null) throw new InvalidField(`${field} must be a date.`);
  return found;
}

/** A name as it is kept; what no name may hold is left for the documents to refuse. */
export function name(field: string, value: unknown): string {
  const given = text(field, value);
  return linesOf(given).length > 1 ? given : tidyName(given);
}

/** Tags as they are kept. */
export function tags(value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw new InvalidField("tags must be a list of strings.");
  return value.map((tag: unknown) => name("A tag", tag));
}

/** Values of symptoms, by names as they are kept. */
export function values(given: unknown): Readonly<Record<string, number>> {
  if (!isMapping(given)) throw new InvalidField("values must map names to numbers.");
  // Where two spellings are kept as one, the log has to be refused: so none may take the place of the other here.
  const tidied = Object.entries(given).map(([key, value]) => [name("A symptom's name", key) || key, value] as const);
  if (new Set(tidied.map(([key]) => key)).size < tidied.length) {
    throw new InvalidField("Two of the names are spellings of the same symptom: give each symptom one value.");
  }
  return Object.fromEntries(tidied) as Readonly<Record<string, number>>;
}

/** Two numbers, or null; whether they make a scale, the documents check. */
export function scale(value: unknown): readonly [number, number] | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === "number")) {
    return [value[0] as number, value[1] as number];
  }
  throw new InvalidField("scale must be two numbers, as in [1, 5].");
}

/** Answers by what they answer. */
export function answers<T>(value: Mapping<T> | undefined, refusal: string): Mapping<T> {
  if (value === undefined) return {};
  if (!isMapping(value)) throw new InvalidField(refusal);
  return value;
}

/** Which part of a list to read. */
export function listed({ limit, after }: PageOf = {}): ReadWindow {
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit >= 0)) {
    throw new InvalidField("limit must be a non-negative integer.");
  }
  return { ...(limit === undefined ? {} : { limit }), ...(after === undefined ? {} : { after: id("after", after) }) };
}

/** Which rows to read. */
export const window = ({ since, until, ...page }: Window = {}): ReadWindow => ({
  ...listed(page),
  ...(since === undefined ? {} : { since: moment("since", since) }),
  ...(until === undefined ? {} : { until: moment("until", until) }),
});

/** How many items a page of a search has. */
export function pageLimit(limit: number): number {
  if (!(Number.isSafeInteger(limit) && limit >= 1 && limit <= MAX_PAGE)) {
    throw new InvalidField(`limit must be an integer from 1 to ${MAX_PAGE}.`);
  }
  return limit;
}

/** What to search for: any text, without what can be in no entry. */
export function query(value: unknown): string {
  if (typeof value !== "string") throw new InvalidField("query must be a string.");
  return value.replace(/\p{Cs}/gu, "").replaceAll("\0", " ");
}

type Mapping<T> = Readonly<Record<string, T>>;

const isMapping = (value: unknown): value is Mapping<unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
