// The folding of case as Python has it, which JavaScript does not: of the lower case, but for the ß, the ς at the end
// of a word and the like, which are to be found by their other spellings.

import names from "../generated/names.json" with { type: "json" };

const FOLDED = new Map(Object.entries(names.folded));

/** A text with the case of its letters folded. */
export const folded = (text: string): string =>
  Array.from(text, (one) => FOLDED.get(one) ?? one.toLowerCase()).join("");
