// What search takes for a word, when two are the same, and the passage of a text that shows a hit.
//
// Words are what people separate by spaces and punctuation, as they look without case and accents. Where a script writes
// no spaces (Chinese, Japanese, Thai …), and in Korean, whose words are compounds, every character is a word and what is
// searched for is a run of them; every emoji is one too. SQLite's own tokenizer knows none of that, so it is given words
// that are cut already (`indexed`), and finds runs and beginnings of them. Positions count code points.

import characters from "../generated/characters.json" with { type: "json" };
import type { Section } from "../generated/models.ts";
import { folded } from "./folding.ts";
import { parted, SPACE } from "./spaces.ts";

/** A word of a text: what it is compared by, and where it stands, in code points. */
export interface Word {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

/** Where something stands in a text: its first code point, and the one past its last. */
export type Span = readonly [start: number, end: number];

/** A part of a text, on one line, and where in it the matches stand. */
export interface Excerpt {
  readonly text: string;
  readonly spans: readonly Span[];
}

/** Runs of keys that must all be found; the last key of a run is the beginning of a word. */
export type Sought = readonly (readonly string[])[];

const { search } = characters;
const ASCII = /^[\0-\x7f]*$/;
const ASCII_WORD = /[0-9A-Za-z]+/g;
/** ASCII that SQLite's tokenizer would cut a word at. */
const NOT_INDEXED = /[\0-/:-@[-`{-\x7f]+/g;
const BLANK = new RegExp(`[${SPACE}\\0-\\x1f\\x7f-\\x9f]`, "gu");
const LETTER = /[\p{L}\p{N}]/u;
const SYMBOL = /\p{So}/u;
const ADDED_ON = /[\p{M}\p{Cf}\p{Sk}]/u;
const NO_SPACES = new RegExp(`[${search.noSpaces}]`, "u");
/** Letters that go on with the character before: vowels and finals of Korean, the sound marks of half-width kana. */
const JOINED_ON = new RegExp(`[${search.joinedOn}]`, "u");
/** Letters that Unicode does not take apart, though people type them without their stroke, or on another keyboard. */
const PLAIN = new Map(Object.entries(search.plain));

/** What a journal entry is found by: its text, what was answered in its sections, its tags. */
export const partsOf = (text: string, sections: readonly Section[], tags: readonly string[]): string[] => [
  text,
  ...sections.flatMap((said) => [said.text, ...chosen(said.value)]),
  ...tags,
];

const chosen = (value: Section["value"]): readonly string[] =>
  typeof value === "string" ? [value] : typeof value === "object" && value !== null ? value : [];

/** The words of a text in their order. */
export function words(text: string): Word[] {
  if (ASCII.test(text)) {
    return Array.from(text.matchAll(ASCII_WORD), ({ 0: found, index }) => ({
      key: found.toLowerCase(),
      start: index,
      end: index + found.length,
    }));
  }
  const points = [...text];
  const found: Word[] = [];
  const add = (start: number, end: number): void => {
    const key = keyOf(points.slice(start, end).join(""));
    if (key !== "") found.push({ key, start, end });
  };
  let start = 0;
  let before: Standing = "separator";
  points.forEach((character, at) => {
    const standing = standingOf(character);
    if (standing === "added" || (standing === "letter" && before === "letter")) return;
    if (before !== "separator") add(start, at);
    start = at;
    before = standing;
  });
  if (before !== ("separator" as Standing)) add(start, points.length);
  return found;
}

/** The words of some texts as SQLite's `ascii` tokenizer is to find them; no run goes across two of the texts. */
export const indexed = (parts: readonly string[]): string =>
  parts
    .filter((part) => part !== "")
    .map((part) => parted(part).flatMap(keysOf).join(" "))
    .join(` ${search.between} `);

const keysOf = (text: string): string[] => words(text).map((word) => word.key);

/** What is searched for: one run of keys for all that stands between two spaces, each once. */
export function sought(query: string): string[][] {
  const runs = parted(query)
    .map(keysOf)
    .filter((run) => run.length > 0);
  // Keys hold no spaces.
  return [...new Map(runs.map((run) => [run.join(" "), run])).values()];
}

/** What FTS5 looks for to find texts that hold all of the runs, in a column of texts that `indexed` has cut. */
export const matching = (runs: Sought): string =>
  // Keys hold no quotes: nothing of ASCII is left in them but letters and digits.
  runs.map((keys) => `"${keys.join(" ")}" *`).join(" ");

/** The passage of the parts that shows most of what was sought, with all that matches in it. */
export function passage(parts: readonly string[], runs: Sought): Excerpt {
  const shown = runs.slice(0, search.mostShown);
  let best = { part: "", spans: [] as readonly Span[] };
  let most = 0;
  for (const part of parts) {
    const { spans, different } = foundIn(words(part), shown);
    if (different > most || best.part === "") {
      best = { part, spans };
      most = different;
    }
  }
  const points = [...best.part];
  const [start, end] = windowOf(points, best.spans);
  const lead = start > 0 ? search.ellipsis : "";
  const trail = end < points.length ? search.ellipsis : "";
  const moved = lead.length - start;
  const spans = best.spans
    .filter(([first]) => start <= first && first < end)
    .map(([first, last]): Span => [first + moved, Math.min(last, end) + moved]);
  return { text: lead + points.slice(start, end).join("").replace(BLANK, " ") + trail, spans };
}

/** Where runs match, without overlaps, and how many different runs do. */
function foundIn(there: readonly Word[], runs: Sought): { readonly spans: Span[]; readonly different: number } {
  const each = runs.map((run) => matchesOf(there, run));
  return { spans: merged(each.flat()), different: each.filter((spans) => spans.length > 0).length };
}

function matchesOf(there: readonly Word[], run: readonly string[]): Span[] {
  const last = run.length - 1;
  return there.flatMap((first, at) => {
    const end = there[at + last];
    const matches =
      end?.key.startsWith(run[last] ?? "") === true && run.slice(0, last).every((key, on) => there[at + on]?.key === key);
    return end !== undefined && matches ? [[first.start, end.end] as const] : [];
  });
}

function merged(spans: readonly Span[]): Span[] {
  const found: Span[] = [];
  for (const [start, end] of spans.toSorted((one, other) => one[0] - other[0] || one[1] - other[1])) {
    const before = found.at(-1);
    if (before !== undefined && start < before[1]) found.splice(-1, 1, [before[0], Math.max(end, before[1])]);
    else found.push([start, end]);
  }
  return found;
}

/** Where a passage begins and ends: between words, round the first match. */
function windowOf(text: readonly string[], found: readonly Span[]): Span {
  const { snippet, lead } = search;
  if (text.length <= snippet) return [0, text.length];
  const [first, last] = found[0] ?? [0, 0];
  const moved = Math.max(0, first - 2 * snippet);
  const near = words(text.slice(moved, first + 2 * snippet).join(""));
  const earliest = Math.max(0, Math.min(first - lead, text.length - snippet));
  const begins = near.map((word) => word.start + moved).find((at) => at >= earliest) ?? first;
  const start = earliest === 0 ? 0 : Math.min(begins, first);
  if (text.length - start <= snippet) return [start, text.length];
  const ends = near.map((word) => word.end + moved).filter((at) => start < at && at <= start + snippet);
  return [start, Math.min(Math.max(last, ...ends), start + snippet)];
}

/** What a word is compared by: compatibility forms, case and marks above or below letters make no difference. */
function keyOf(word: string): string {
  if (ASCII.test(word)) return word.toLowerCase();
  const apart = folded(word.normalize("NFKD")).normalize("NFKD");
  return Array.from(apart, (one) => (isMark(one) ? "" : (PLAIN.get(one) ?? one)))
    .join("")
    .replace(NOT_INDEXED, "");
}

const FORMAT = /[\p{Cf}\p{Me}\p{Sk}\u034f]/u;
const MARK = /\p{Mn}/u;
const SELECTOR = /[\ufe00-\ufe0f\u{e0100}-\u{10ffff}]/u;
/** Characters of a known class of combination: NFD puts those of a lower class first. */
const OF_CLASS_9 = "\u094d";
const OF_CLASS_84 = "\u0c55";
const OF_CLASS_132 = "\u0f74";

/** Whether a character only adds to another: accents, points, selectors, joiners; not vowel signs. */
const isMark = remembered((character: string): boolean => {
  if (FORMAT.test(character)) return true;
  if (!MARK.test(character)) return false;
  const isAbove132 = comesBefore(OF_CLASS_132, character);
  const is10To36 = comesBefore(OF_CLASS_9, character) && comesBefore(character, OF_CLASS_84);
  return isAbove132 || is10To36 || SELECTOR.test(character);
});

/** Whether the class of combination of `one` is below that of `other`, and not 0: JavaScript does not say which it is. */
const comesBefore = (one: string, other: string): boolean => `a${other}${one}`.normalize("NFD") !== `a${other}${one}`;

/** How a character stands to the one before: what goes on with it, a letter of a word, a word of its own, or none. */
type Standing = "added" | "letter" | "alone" | "separator";

const standingOf = remembered((character: string): Standing => {
  if (ADDED_ON.test(character) || JOINED_ON.test(character)) {
    // "^" and "`" are symbols that modify as well, but nothing that one types in front of a word is part of it.
    return ASCII.test(character) ? "separator" : "added";
  }
  if (LETTER.test(character)) return NO_SPACES.test(character) ? "alone" : "letter";
  return SYMBOL.test(character) ? "alone" : "separator";
});

/** A function of a character that is asked for the same few again and again. */
function remembered<Answer>(of: (character: string) => Answer): (character: string) => Answer {
  const known = new Map<string, Answer>();
  return (character) => {
    let answer = known.get(character);
    if (answer === undefined) {
      if (known.size >= 4_096) known.clear();
      answer = of(character);
      known.set(character, answer);
    }
    return answer;
  };
}
