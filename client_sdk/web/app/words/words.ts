// In which language the screens speak.

import { de } from "./de.ts";
import { en, type Words } from "./en.ts";
import type { Language } from "./language.ts";

export type { Words } from "./en.ts";
export { languageOf, type Language } from "./language.ts";

/** The languages that there are, each complete. */
export const LANGUAGES = { en, de } as const satisfies Readonly<Record<Language, Words>>;

/** The device's own words for dates (as `en-GB`) where they are of the language that is shown. */
export function localeOf(language: Language, device: readonly string[]): string {
  return device.find((one) => one.toLowerCase().startsWith(language)) ?? language;
}
