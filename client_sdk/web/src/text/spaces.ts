// Spaces and lines as Python sees them, which are not JavaScript's: U+0085 is a space, a byte order mark is none.

/** The inside of a class of a regular expression: what Python's `\s` matches. */
export const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

const AROUND = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "gu");
const BETWEEN = new RegExp(`[${SPACE}]+`, "u");
const LINE_END = /\r\n|[\n-\r\x1c-\x1e\x85\u2028\u2029]/u;

/** A text without the spaces around it. */
export const stripped = (text: string): string => text.replace(AROUND, "");

/** What stands between the spaces of a text. */
export const parted = (text: string): string[] => text.split(BETWEEN).filter((part) => part !== "");

/** The lines of a text, without their ends. */
export function linesOf(text: string): string[] {
  const lines = text.split(LINE_END);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
