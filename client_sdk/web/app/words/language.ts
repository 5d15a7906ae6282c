// In which language, for whoever does not need all of its words.

/** The languages that there are. */
export const TAGS = ["en", "de"] as const;

export type Language = (typeof TAGS)[number];

/** What a person chose, else the first of their device's languages that there is, else English. */
export function languageOf(chosen: string | null, device: readonly string[]): Language {
  const wanted = chosen === null ? device : [chosen, ...device];
  const known = wanted.map((one) => TAGS.find((tag) => tag === one.toLowerCase().split("-")[0]));
  return known.find((one) => one !== undefined) ?? "en";
}
