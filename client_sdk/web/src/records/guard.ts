// Which changes of a document would alter what must stay as it is, where no order of changes is common to all devices, as
// in a vault: a change is judged by itself and its ancestors alone. So every device comes to the same, in whatever order
// changes reach it. What must stay is data (src/generated/protection.json).

import protection from "../generated/protection.json" with { type: "json" };
import { operationsOf, type Operation, type Operations } from "../crdt/operations.ts";
import { ROOT, type ObjectId } from "../crdt/scalars.ts";

/**
 * One place in a document: what it `holds`, and how it is `kept`.
 *
 * `free` values may be replaced and deleted, `once` values are added and stay, an `origin` comes with the first change or
 * never. Texts and maps are made once. `fields` are the places in a map, `each` is any other in it.
 */
interface Slot {
  readonly holds: "anything" | "value" | "text" | "map";
  readonly kept: "free" | "once" | "origin";
  readonly fields?: Readonly<Record<string, Slot>>;
  readonly each?: Slot;
}

interface Protection {
  readonly whole: boolean;
  readonly root: Slot;
}

const PROTECTED = protection as unknown as Readonly<Record<string, Protection>>;
const ANYTHING: Slot = { holds: "anything", kept: "free" };
const MAKES: Readonly<Record<string, Slot["holds"]>> = { set: "value", makeMap: "map", makeText: "text" };

/** What must stay as it is in one document, learnt change by change, dependencies first. */
export interface Guard {
  /** These are part of the document, whatever is said of them. */
  learn(changes: readonly Uint8Array[]): void;
  /** Take changes, and give the hashes of those that may not be part of the document, with all that build on them. */
  admit(changes: readonly Uint8Array[]): readonly string[];
}

/** What a change adds to what must stay; `fits`: it alters nothing of what is there. */
interface Touched {
  readonly change: Operations;
  readonly fits: boolean;
  readonly objects: ReadonlyMap<ObjectId, Slot>;
  readonly places: ReadonlySet<string>;
}

/** The guard of a document of which nothing is known yet. Documents of unknown kinds have nothing to guard. */
export function newGuard(kind: string): Guard {
  const rules = Object.hasOwn(PROTECTED, kind) ? PROTECTED[kind] : undefined;
  const objects = new Map<ObjectId, Slot>();
  const takers = new Map<string, Set<string>>();
  const known = new Map<string, readonly string[]>();

  /** Whether something is there already, as far as the change could have seen. */
  const isTaken = (place: string, deps: readonly string[]): boolean => {
    const by = takers.get(place);
    if (by === undefined) return false;
    const wanted = [...deps];
    const seen = new Set(deps);
    for (let hash = wanted.pop(); hash !== undefined; hash = wanted.pop()) {
      if (by.has(hash)) return true;
      for (const dep of known.get(hash) ?? []) {
        if (!seen.has(dep)) wanted.push(dep);
        seen.add(dep);
      }
    }
    return false;
  };

  const look = (change: Operations): Touched => {
    const made = new Map<ObjectId, Slot>();
    const places = new Set<string>();
    if (rules === undefined || known.has(change.hash)) return { change, fits: true, objects: made, places };
    const isFirst = change.deps.length === 0;

    const fitsMap = (one: Operation, holder: Slot): boolean => {
      if (one.key === null || one.inserts) return false;
      const slot = slotAt(holder, one.key);
      if (slot.holds === "anything") return true;
      if (one.action === "del") return slot.kept === "free";
      if (slot.holds !== MAKES[one.action]) return false;
      if (slot.kept === "free") return true;
      const place = `${one.object} ${one.key}`;
      const fits = !places.has(place) && !isTaken(place, change.deps);
      places.add(place);
      if (slot.holds !== "value") made.set(one.id, slot);
      return fits && (slot.kept === "once" || isFirst);
    };

    let fits = isFirst || !rules.whole;
    for (const one of change.operations) {
      const holder = one.object === ROOT ? rules.root : (made.get(one.object) ?? objects.get(one.object) ?? ANYTHING);
      // All operations are looked at, as what the change makes counts even where it does not fit.
      if (holder.holds === "text") fits = types(one) && fits;
      if (holder.holds === "map") fits = fitsMap(one, holder) && fits;
    }
    return { change, fits, objects: made, places };
  };

  const take = ({ change, objects: made, places }: Touched): void => {
    if (known.has(change.hash)) return;
    known.set(change.hash, change.deps);
    for (const [id, slot] of made) objects.set(id, slot);
    for (const place of places) takers.set(place, (takers.get(place) ?? new Set()).add(change.hash));
  };

  return {
    learn: (changes) => {
      for (const change of changes) take(look(operationsOf(change)));
    },
    admit: (changes) => {
      const refused = new Set<string>();
      for (const change of changes.map(operationsOf)) {
        const touched = look(change);
        if (touched.fits && !change.deps.some((dep) => refused.has(dep))) take(touched);
        else refused.add(change.hash);
      }
      return [...refused];
    },
  };
}

const slotAt = (holder: Slot, key: string): Slot => {
  const field = holder.fields !== undefined && Object.hasOwn(holder.fields, key) ? holder.fields[key] : undefined;
  return field ?? holder.each ?? ANYTHING;
};

/** Whether an operation in a text writes a character or takes one out, as people do. */
function types({ key, inserts, action, value }: Operation): boolean {
  if (key !== null) return false;
  if (!inserts) return action === "del";
  return action === "set" && typeof value === "string" && [...value].length === 1;
}
