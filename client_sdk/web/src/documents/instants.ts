// When what documents tell of was, for comparing: their moments are ISO texts, each with the offset of its own clock.

import type { IsoMoment } from "../generated/models.ts";
import { readMoment } from "../time/moments.ts";
import { compareTexts } from "../text/order.ts";

/** The microseconds since 1970 of a moment that was read from a document. */
export function instantOf(text: IsoMoment): bigint {
  const at = readMoment(text);
  if (at === null) throw new TypeError("This is no moment with an offset.");
  return at.micros;
}

/** Values in the order of moments that they have, and by id where these are the same. */
export function byMoment<T extends { readonly id: string }>(values: readonly T[], at: (one: T) => IsoMoment): T[] {
  return values
    .map((one) => ({ one, instant: instantOf(at(one)) }))
    .sort((a, b) => (a.instant === b.instant ? compareTexts(a.one.id, b.one.id) : a.instant < b.instant ? -1 : 1))
    .map(({ one }) => one);
}

/** The earlier of two moments; the first where they are the same. */
export const earlierOf = (one: IsoMoment, other: IsoMoment): IsoMoment => (instantOf(other) < instantOf(one) ? other : one);

/** The earliest of the moments that there are; null for none. */
export const earliest = (moments: readonly (IsoMoment | null)[]): IsoMoment | null =>
  moments.reduce((one, other) => (one === null || other === null ? (one ?? other) : earlierOf(one, other)), null);
