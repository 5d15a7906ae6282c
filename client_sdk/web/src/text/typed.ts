// Codes as people type them, on whatever keyboard, or scan them: the same code in one form.
//
// A QR code holds a pairing link, the server's address and a pairing code in one text:
//
//     https://intersession.example.org/pair#ABCD-EFGH
//
// Whoever scans it with a camera gets a page of that server which says what to do with it. The code stands behind the
// `#`, which no browser sends: it is in no log.

import { InvalidField } from "../errors.ts";
import characters from "../generated/characters.json" with { type: "json" };
import { stripped } from "./spaces.ts";

const { typed } = characters;
/** Crockford's base32: what codes are made of. */
export const ALPHABET = typed.alphabet;

const READ_AS = new Map(Object.entries(typed.readAs));
const MAKES_NO_DIFFERENCE = /[\p{P}\p{Z}\p{C}\p{S}\p{Mn}\p{Me}]/u;
const DIGIT = /\p{Nd}/u;

/**
 * A code of `ALPHABET` as it was typed, without what makes no difference to people.
 *
 * Case, width (as of full-width forms), spaces, dashes of any length and other punctuation, what cannot be seen, and
 * the digits of which script do not matter; O is read as 0, I and L as 1, and a letter of another alphabet that looks
 * like one of these as that one. What is no such letter stays as it is, for the caller to refuse.
 */
export const typedCode = (text: string): string =>
  Array.from(text.normalize("NFKC"), plain)
    .flatMap((kept) => [...kept])
    .map((one) => READ_AS.get(one) ?? one)
    .join("");

function plain(character: string): string {
  if (MAKES_NO_DIFFERENCE.test(character)) return "";
  if (DIGIT.test(character)) return String(digitOf(character));
  const upper = character.toUpperCase();
  return [...upper].length === 1 ? upper : character;
}

/** The value of a digit: those of each script stand in a row, from 0 to 9. */
function digitOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  let first = code;
  while (DIGIT.test(String.fromCodePoint(first - 1))) first -= 1;
  return (code - first) % 10;
}

/** What a pairing link holds. */
export interface Pairing {
  readonly url: string;
  readonly code: string;
}

/** The link of a code for the server at `url`. */
export const pairingLink = ({ url, code }: Pairing): string => `${url.replace(/\/+$/, "")}${typed.linkPath}#${code}`;

/** The server's address and the code of a pairing link. Throws `InvalidField` for any other text. */
export function readPairingLink(text: string): Pairing {
  const [address = "", ...rest] = stripped(text).split("#");
  const code = rest.join("#");
  const path = without(address, "/");
  const url = without(path, typed.linkPath);
  const isShaped = code !== "" && path.endsWith(typed.linkPath) && /^https?:\/\//.test(url);
  if (!isShaped || [...text].length > typed.longestLink) {
    throw new InvalidField("This is not a pairing link. It has the form https://SERVER/pair#CODE.");
  }
  return { url, code };
}

const without = (text: string, end: string): string => (text.endsWith(end) ? text.slice(0, -end.length) : text);
