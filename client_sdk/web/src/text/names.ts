// Names of symptoms, tags and questions: which spellings are one name.
//
// People type on phones: "Sleep", "sleep ", an "é" in two code points, a curly apostrophe, full-width letters and a space
// that cannot be seen are meant as one. A name is kept as it was typed, but for its Unicode form (NFC), its spaces and
// what cannot be seen; what is compared is its `nameKey`. Where several spellings meet, the first one is shown.

import limits from "../generated/limits.json" with { type: "json" };
import names from "../generated/names.json" with { type: "json" };
import { folded } from "./folding.ts";
import { parted } from "./spaces.ts";
import { isPrintable, withoutUnseen } from "./texts.ts";

/** Different symptoms of one record. Each is a series of its own, with a chart of its own. */
export const MAX_NAMES = limits.names.maxNames;

const ALIKE = new Map(Object.entries(names.alike));
const JOINERS = new RegExp(`[${names.joiners}]`, "gu");
const JOINERS_AROUND = new RegExp(`^[${names.joiners}]+|[${names.joiners}]+$`, "gu");
const NOT_COMPARED = new RegExp(`[${names.notCompared}]`, "gu");
const ASCII = /^[\0-\x7f]*$/;

/** A name as it is kept: NFC, without what cannot be seen, no spaces around, one space wherever there is any. */
export function tidyName(name: string): string {
  if (ASCII.test(name)) return parted(name).join(" ");
  const words = parted(withoutUnseen(name).normalize("NFC")).map((word) => word.replace(JOINERS_AROUND, ""));
  return words.filter((word) => word !== "").join(" ");
}

/** What two spellings of one name have in common; empty where nothing of it can be seen. */
export function nameKey(name: string): string {
  if (ASCII.test(name)) return parted(name.replaceAll("`", "'")).join(" ").toLowerCase();
  let key = name;
  for (let next = likenedKey(key); next !== key; next = likenedKey(key)) key = next;
  return key;
}

function likenedKey(name: string): string {
  const plain = likened(withoutUnseen(name)).normalize("NFKC").replace(NOT_COMPARED, "");
  return parted(likened(folded(plain).replaceAll("i\u0307", "i")).normalize("NFKC")).join(" ");
}

/** With one character for all that keyboards put in its place. */
const likened = (text: string): string => Array.from(text, (one) => ALIKE.get(one) ?? one).join("");

/** The one of some known names that a name is, or is another spelling of; null for none of them. */
export function spelledAs(name: string, known: Iterable<string>): string | null {
  const all = [...known];
  if (all.includes(name)) return name;
  const key = nameKey(name);
  return all.find((one) => nameKey(one) === key) ?? null;
}

/** Whether all of a name can be seen, wherever it is read. */
export const isName = (name: string): boolean => isPrintable(name.replace(JOINERS, "")) && nameKey(name) !== "";

/** What is given under a spelling of the name whose `nameKey` is `key`; undefined where nothing is. */
export function valueUnder<V>(values: Readonly<Record<string, V>>, key: string): V | undefined {
  return Object.entries(values).find(([name]) => name === key || nameKey(name) === key)?.[1];
}

/** The names met so far, each under its first spelling. */
export interface Names {
  /** The spelling under which a name is shown; null for one that is too many. */
  meet(name: string): string | null;
  /** The spellings shown, in the order in which they were met. */
  shown(): readonly string[];
  /** How many different names were met after there were as many as there may be. */
  leftOut(): number;
}

/** No names yet, and at most `most`. */
export function newNames(most = MAX_NAMES): Names {
  const shown = new Map<string, string>();
  const leftOut = new Set<string>();
  return {
    meet(name) {
      const key = nameKey(name);
      const known = shown.get(key);
      if (known !== undefined) return known;
      if (shown.size >= most) {
        leftOut.add(key);
        return null;
      }
      shown.set(key, name);
      return name;
    },
    shown: () => [...shown.values()],
    leftOut: () => leftOut.size,
  };
}
