// Elements of a document, as steps of a goal: their ids, and the numbers that they are shown in the order of.

import { hexOf } from "../../bytes.ts";
import { NotFound } from "../../errors.ts";
import { inOrder } from "../../documents/shapes.ts";
import type { Store } from "../../store/store.ts";

/** What has a place among others of a document. */
export interface Element {
  readonly order: number;
}
/** Elements by their ids. */
export type Elements<E extends Element> = Readonly<Record<string, E>>;

const ID_BYTES = 8;

/** An id that no other device has given. */
export const newElementId = ({ random }: Pick<Store, "random">): string => hexOf(random(ID_BYTES));

/** New elements in that order, each with an id. */
export const numbered = <E extends Element>(store: Store, elements: readonly E[]): Elements<E> =>
  Object.fromEntries(elements.map((one, at) => [newElementId(store), { ...one, order: at + 1 }]));

/** `elements` with another one: right after the one `after`, or at their end. Throws `NotFound`. */
export function placed<E extends Element>(elements: Elements<E>, id: string, element: E, after?: string): Elements<E> {
  const last = Object.values(elements).reduce((most, { order }) => Math.max(most, order), -Infinity);
  const more = { ...elements, [id]: { ...element, order: (last === -Infinity ? 0 : last) + 1 } };
  return after === undefined ? more : moved(more, id, after);
}

/**
 * `elements` with the one that has that id right after the one `after`, or first. Throws `NotFound`.
 *
 * Its own number alone changes, as long as there is one between its new neighbours.
 */
export function moved<E extends Element>(elements: Elements<E>, id: string, after?: string): Elements<E> {
  const one = there(elements, id);
  if (after !== undefined) there(elements, after);
  if (after === id) return elements;
  const others = inOrder(elements).filter(([key]) => key !== id);
  const at = after === undefined ? 0 : others.findIndex(([key]) => key === after) + 1;
  const order = between(others[at - 1]?.[1].order, others[at]?.[1].order);
  if (order !== null) return { ...elements, [id]: { ...one, order } };
  const all = others.toSpliced(at, 0, [id, one]);
  return Object.fromEntries(all.map(([key, element], place) => [key, { ...element, order: place + 1 }]));
}

/** `elements` without one. Throws `NotFound`. */
export function without<E extends Element>(elements: Elements<E>, id: string): Elements<E> {
  there(elements, id);
  return Object.fromEntries(Object.entries(elements).filter(([key]) => key !== id));
}

/** A number between the two; null where there is none left. */
function between(below: number | undefined, above: number | undefined): number | null {
  if (below === undefined) return above === undefined ? 1 : above - 1;
  if (above === undefined) return below + 1;
  const middle = (below + above) / 2;
  return below < middle && middle < above ? middle : null;
}

function there<E extends Element>(elements: Elements<E>, id: string): E {
  const found = Object.hasOwn(elements, id) ? elements[id] : undefined;
  if (found === undefined) throw new NotFound("There is no element with that id in it.");
  return found;
}
