// Whom to call in a crisis, by country: from a table of the app's own, so that it is there without a network or a practice.

import crisis from "../generated/crisis.json" with { type: "json" };
import type { LocalHelp } from "../generated/answers.ts";
import { own } from "./saying.ts";

// What is imported from JSON has `string` where the table has two words.
const TABLE = crisis as unknown as Readonly<Record<string, LocalHelp>>;

/** The countries that are known, by their two letters. */
export const COUNTRIES: readonly string[] = Object.keys(TABLE);

/** Whom to call in a country; null for one that is not known here, and for none. */
export const localHelp = (country: string | null): LocalHelp | null =>
  country === null ? null : (own(TABLE, country) ?? null);

/**
 * The country that a device is set to, going by the first of its languages that names one ("en-GB"), where that is known.
 *
 * A language alone says too little: "en" is spoken with the numbers of several countries.
 */
export function countryOf(languages: readonly string[]): string | null {
  for (const language of languages) {
    const region = /[-_]([A-Za-z]{2})(?:$|[-_])/.exec(language)?.[1]?.toUpperCase();
    if (region !== undefined) return own(TABLE, region) === undefined ? null : region;
  }
  return null;
}
