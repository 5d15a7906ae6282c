// The order of texts as Python has it: by code points. JavaScript compares UTF-16 units, in which what lies beyond the
// basic plane comes before what lies at its end.

/** Which of two texts is first: below 0, 0 for the same, above 0. */
export function compareTexts(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  for (let at = 0; at < most; at += 1) {
    const [unit, against] = [one.charCodeAt(at), other.charCodeAt(at)];
    if (unit !== against) return rank(unit) - rank(against);
  }
  return one.length - other.length;
}

/** A unit of a pair of surrogates, after all others. */
const rank = (unit: number): number => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit);
