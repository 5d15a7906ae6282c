// A short title for a text that somebody wrote as one long piece, and what is left to be read below it.

/** Characters of a title at most: two lines on a small phone. */
const MOST = 80;
/** A title is not cut at a comma before so many characters. */
const LEAST = 24;

/** A text as it is shown: its title, and the prose below; empty where the title says it all. */
export interface Titled {
  readonly title: string;
  readonly rest: string;
}

/** The first line of a text, or its first sentence, as its title; where that is too long, how it begins, and all of it below. */
export function titled(text: string): Titled {
  const whole = text.trim();
  const [line = ""] = whole.split("\n", 1);
  const first = line.length <= MOST ? line : sentenceOf(line);
  if (first.length <= MOST) return { title: first.trim(), rest: whole.slice(first.length).trim() };
  return { title: `${beginningOf(first)} …`, rest: whole };
}

/** Its title alone, for lists and links. */
export const titleOf = (text: string): string => titled(text).title;

/** The first sentence of a line. */
function sentenceOf(line: string): string {
  const sentences = new Intl.Segmenter(undefined, { granularity: "sentence" }).segment(line);
  return sentences[Symbol.iterator]().next().value?.segment ?? line;
}

/** As many words as fit, up to a comma where there is one. */
function beginningOf(text: string): string {
  const beginning = text.slice(0, MOST);
  const comma = Math.max(...[...",;:–—"].map((sign) => beginning.lastIndexOf(sign)));
  const end = comma >= LEAST ? comma : beginning.lastIndexOf(" ");
  return (end > 0 ? beginning.slice(0, end) : beginning).trimEnd();
}
