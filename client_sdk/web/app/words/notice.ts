// What a reminder shows, also on a locked screen: nothing of what is due. Apart from the other words, for the service
// worker has no use for those.

import type { Language } from "./language.ts";

export const APP = "Intersession";

export const REMINDER: Readonly<Record<Language, string>> = {
  en: "There is something on your plan.",
  de: "In Ihrem Plan steht etwas an.",
};
