// What to splice so that one text becomes another, keeping whole words together.
//
// Concurrent edits merge character by character, so a rewrite that is recorded as "some characters kept" would be
// interleaved with the other device's. Words are compared first; inside a replaced run only the common beginning and
// end are kept, and only if they are most of it, so that two other words put in its place do not share a character
// that just happened to be there. The Python implementation (intersession_schemas.prose) makes the same splices.

/** At code point `at`, delete `delete` code points and insert `insert`. */
export interface Splice {
  readonly at: number;
  readonly delete: number;
  readonly insert: string;
}

// As Python's \s and \w see them, which are not JavaScript's: marks are no part of a word, U+0085 is a space.
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const WORD = "\\p{L}\\p{N}_";
const TOKEN = new RegExp(`[${SPACE}]+|[${WORD}]+|[^${WORD}${SPACE}]`, "gu");
const WITHIN = new RegExp(`^(?:[${SPACE}]{2}|[${WORD}]{2})$`, "u");
/** The comparison keeps a bit for each pair of tokens: 64 M bits are 8 MB. */
const MOST_COMPARISONS = 64_000_000;
/** From this share of common characters on, a replaced word is the same one mended: below, another word. */
const LIKENESS = 0.5;

type Points = readonly string[];

/** Splices that turn `before` into `after`, last position first, so that they can be applied in turn. */
export function splices(before: string, after: string): Splice[] {
  if (before === after) return [];
  const old = [...before];
  const young = [...after];
  if (old.length * young.length > MOST_COMPARISONS && tokens(before).length * tokens(after).length > MOST_COMPARISONS) {
    return trimmed(old, young, 0, 0);
  }
  // What both begin and end with is left out first, so that an edit in a long text costs what it changes.
  const start = sameWords(old, young);
  const end = sameEnding(old.slice(start), young.slice(start));
  const removed = tokens(old.slice(start, old.length - end).join(""));
  const added = tokens(young.slice(start, young.length - end).join(""));
  const starts = [start];
  for (const token of removed) starts.push(starts.at(-1)! + [...token].length);
  return replaced(removed, added)
    .flatMap((run) =>
      trimmed(points(removed, run.from, run.to), points(added, run.into, run.until), starts[run.from]!, LIKENESS),
    )
    .reverse();
}

const tokens = (text: string): string[] => text.match(TOKEN) ?? [];
const points = (words: Points, from: number, to: number): Points => [...words.slice(from, to).join("")];
const isWithin = (text: Points, at: number): boolean => WITHIN.test(`${text[at - 1] ?? ""}${text[at] ?? ""}`);

/** How many characters the tokens have that both begin with. */
function sameWords(before: Points, after: Points): number {
  let start = Math.max(common(before, after) - 1, 0);
  while (start > 0 && isWithin(before, start)) start -= 1;
  const old = tokens(before.slice(start).join(""));
  const young = tokens(after.slice(start).join(""));
  for (let at = 0; at < old.length && old[at] === young[at]; at += 1) start += [...old[at]!].length;
  return start;
}

/** How many characters the tokens have that both end with; the very first of these may be left out. */
function sameEnding(before: Points, after: Points): number {
  let end = common(before.toReversed(), after.toReversed());
  while (end > 0 && (isWithin(before, before.length - end) || isWithin(after, after.length - end))) end -= 1;
  return end;
}

/** Tokens `from` to `to` became tokens `into` to `until`. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly into: number;
  readonly until: number;
}

/** The runs between the tokens that both have in common: a longest common subsequence, found as rapidfuzz finds it. */
function replaced(old: Points, young: Points): Run[] {
  const head = common(old, young);
  const tail = common(old.slice(head).toReversed(), young.slice(head).toReversed());
  const width = old.length - head - tail;
  const height = young.length - head - tail;
  const pairs = matched(old.slice(head, head + width), young.slice(head, head + height));
  const runs: Run[] = [];
  let from = head;
  let into = head;
  for (const [column, row] of [...pairs, [width, height] as const]) {
    const to = head + column;
    const until = head + row;
    if (to > from || until > into) runs.push({ from, to, into, until });
    from = to + 1;
    into = until + 1;
  }
  return runs;
}

/** Pairs of positions of equal tokens, ascending. Where several sequences are the longest, the choice is rapidfuzz's. */
function matched(old: Points, young: Points): (readonly [number, number])[] {
  const width = old.length;
  // For each row a bit a column: whether the longest sequence up to both grows with that column.
  const grows = new Uint8Array(Math.ceil((width * young.length) / 8));
  let above = new Uint32Array(width + 1);
  for (let row = 0; row < young.length; row += 1) {
    const here = new Uint32Array(width + 1);
    for (let column = 0; column < width; column += 1) {
      const length =
        old[column] === young[row] ? above[column]! + 1 : Math.max(here[column]!, above[column + 1]!);
      here[column + 1] = length;
      if (length > here[column]!) {
        const bit = row * width + column;
        grows[bit >> 3]! |= 1 << (bit & 7);
      }
    }
    above = here;
  }
  const growsAt = (row: number, column: number): boolean => {
    const bit = row * width + column;
    return ((grows[bit >> 3]! >> (bit & 7)) & 1) === 1;
  };
  const pairs: (readonly [number, number])[] = [];
  let column = width;
  let row = young.length;
  while (row > 0 && column > 0) {
    if (!growsAt(row - 1, column - 1)) {
      column -= 1;
    } else {
      row -= 1;
      if (row === 0 || !growsAt(row - 1, column - 1)) {
        column -= 1;
        pairs.push([column, row]);
      }
    }
  }
  return pairs.reverse();
}

/** One splice, without the characters that both begin and end with, if they are a share of at least `least`. */
function trimmed(removed: Points, added: Points, at: number, least: number): Splice[] {
  const head = common(removed, added);
  const tail = common(removed.slice(head).toReversed(), added.slice(head).toReversed());
  if (removed.length && added.length && head + tail < least * Math.max(removed.length, added.length)) {
    return [{ at, delete: removed.length, insert: added.join("") }];
  }
  const gone = removed.length - head - tail;
  const insert = added.slice(head, added.length - tail).join("");
  return gone || insert ? [{ at: at + head, delete: gone, insert }] : [];
}

/** How many both begin with. */
function common(one: Points, other: Points): number {
  const most = Math.min(one.length, other.length);
  let same = 0;
  while (same < most && one[same] === other[same]) same += 1;
  return same;
}
