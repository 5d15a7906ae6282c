// What the generated tables say: bands of scores, parts of the safety plan.

import { languageOf, say, wordsIn, type ClientPhrase } from "@intersession/client/words/saying.ts";
import type { SafetyStep } from "@intersession/client/generated/models.ts";

/** A published label in the language of a locale; as it is where there is no other; nothing for none. */
export function phrase(locale: string, label: string | null): string {
  if (label === null) return "";
  return languageOf(locale) === "en" ? label : (wordsIn(locale).phrases[label] ?? label);
}

/** What a part of the safety plan is called. */
export function partInWords(locale: string, part: SafetyStep["part"]): string {
  const key: ClientPhrase = `part ${part}`;
  return say(locale, key);
}
