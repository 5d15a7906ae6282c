// What every text that a person gives has to be before it is written into a document.

import characters from "../generated/characters.json" with { type: "json" };

const UNPRINTABLE = new RegExp(`[${characters.unprintable}]`, "u");
const UNSEEN = new RegExp(`[${characters.unseen}]`, "gu");

/** A text without the characters that nobody can see, and that phones and web pages leave in it. */
export const withoutUnseen = (text: string): string => text.replace(UNSEEN, "");

/** Whether all of a text can be seen, wherever it is read: what is new in Unicode is known to some only, and taken. */
export const isPrintable = (text: string): boolean => !UNPRINTABLE.test(text);
