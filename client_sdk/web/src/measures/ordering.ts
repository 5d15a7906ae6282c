// Orders: every list that is told has one of its own, the same for every reader.

import { compareTexts } from "../text/order.ts";

/** Below 0 where `one` comes first, above 0 where it comes last. */
export type Order<T> = (one: T, other: T) => number;

/** What can be put in order by `<`. A boolean: false comes first. */
export type Comparable = string | number | bigint | boolean;

/** By several keys, one after the other. Texts are compared by code points. */
export const by =
  <T>(...keys: readonly ((one: T) => Comparable)[]): Order<T> =>
  (one, other) => {
    for (const key of keys) {
      const order = compare(key(one), key(other));
      if (order !== 0) return order;
    }
    return 0;
  };

/** The other way round; what is equal stays as it is. */
export const reversed =
  <T>(order: Order<T>): Order<T> =>
  (one, other) =>
    order(other, one);

/** Two values of one type. */
function compare(one: Comparable, other: Comparable): number {
  if (typeof one === "string" && typeof other === "string") return compareTexts(one, other);
  return one < other ? -1 : one > other ? 1 : 0;
}
