// Which change of a document brought a value as it stands.

import type { Document } from "../../crdt/document.ts";
import { ROOT, type ObjectId } from "../../crdt/scalars.ts";

/** A change: its actor in hexadecimal digits, its first operation, how many it has, and what is to be found. */
export type Brought<T> = readonly [actor: string, start: number, operations: number, found: T];

/** What brought the value at a key of a map; null where there is none, or its change is not among them. */
export type Provenance<T> = (document: Document, key: string, container?: ObjectId) => T | null;

/** Finds the change that holds the operation which wrote a value. */
export function provenanceOf<T>(changes: Iterable<Brought<T>>): Provenance<T> {
  const byActor = new Map<string, Brought<T>[]>();
  for (const change of changes) {
    const there = byActor.get(change[0]);
    if (there === undefined) byActor.set(change[0], [change]);
    else there.push(change);
  }
  for (const some of byActor.values()) some.sort((one, other) => one[1] - other[1]);
  return (document, key, container = ROOT) => {
    const origin = document.origin(key, container);
    if (origin === null) return null;
    const change = lastFrom(byActor.get(origin.actor) ?? [], origin.number);
    return change === undefined || origin.number >= change[1] + change[2] ? null : change[3];
  };
}

/** The last of those that begin at that operation or before. */
function lastFrom<T>(changes: readonly Brought<T>[], operation: number): Brought<T> | undefined {
  let [low, high] = [0, changes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((changes[middle]?.[1] ?? 0) <= operation) low = middle + 1;
    else high = middle;
  }
  return changes[low - 1];
}
