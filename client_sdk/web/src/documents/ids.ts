// UUIDs: in their canonical form wherever they are kept.

import type { Id } from "../generated/models.ts";

const CANONICAL = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ANY = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i;
const DASHES = new Set([0, 4]);

/** The id that a text is, in its canonical form, with all its dashes or with none; null if it is none. */
export function readId(text: unknown): Id | null {
  const found = typeof text === "string" ? ANY.exec(text) : null;
  if (found === null || !DASHES.has(found[0].split("-").length - 1)) return null;
  return found.slice(1).join("-").toLowerCase();
}

/** The id that a text is, if it is one in its canonical form; null if not. */
export const canonicalId = (text: unknown): Id | null => (typeof text === "string" && CANONICAL.test(text) ? text : null);
