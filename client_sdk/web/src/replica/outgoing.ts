// What waits in the outbox, as it is sent: how much of it goes into one frame, and what that costs the server.

import { DocumentError } from "../errors.ts";
import type { Erase, Push, Pushes } from "../generated/frames.ts";
import WIRE from "../generated/wire.json";
import { readChange } from "../wire/changes.ts";

/**
 * What waits in the outbox of one document: changes, oldest first, or its erasure.
 *
 * Of a vault the changes are blobs, and `replaces` names those on the server that they take the place of.
 */
export interface Outgoing {
  readonly stream: string;
  readonly document: string;
  readonly kind: string;
  readonly hashes: readonly Uint8Array[];
  readonly changes: readonly Uint8Array[];
  readonly erase: boolean;
  readonly replaces: readonly Uint8Array[];
}

const { work: WORK, limits: LIMITS } = WIRE;
/** At most so many bytes of a frame, of each of its changes and of each hash are not the change itself. */
const { overhead: OVERHEAD, pushBytes: PUSH_BYTES, leastFrame: LEAST_FRAME } = WIRE.session;

/** Bytes of all changes of an item. */
export const bytesOf = (outgoing: Outgoing): number =>
  outgoing.changes.reduce((size, change) => size + change.length, 0);

/** The first changes of an item. What its blobs replace then stays on the server, which does no harm. */
export const first = (outgoing: Outgoing, count: number): Outgoing => ({
  ...outgoing,
  hashes: outgoing.hashes.slice(0, count),
  changes: outgoing.changes.slice(0, count),
  replaces: [],
});

/** As much of an item, from its beginning, as goes into a frame of `most` bytes; undefined if nothing does. */
export function cut(outgoing: Outgoing, most: number): Outgoing | undefined {
  if (sizeOf(outgoing) <= most) return outgoing;
  let size = OVERHEAD.frame;
  let count = 0;
  for (const change of outgoing.changes) {
    size += change.length + OVERHEAD.change;
    if (size > most) break;
    count += 1;
  }
  return count ? first(outgoing, count) : undefined;
}

/** At most how many bytes of a frame it takes. */
const sizeOf = (outgoing: Outgoing): number =>
  OVERHEAD.frame +
  OVERHEAD.hash * outgoing.replaces.length +
  outgoing.changes.reduce((size, change) => size + change.length + OVERHEAD.change, 0);

/** Frames that pushes go into, and how much room the last of them has. */
export interface Packing {
  readonly frames: readonly (readonly Push[] | Erase)[];
  readonly most: number;
  readonly room: number;
}

/** No frames yet, of at most `most` bytes each. */
export const packing = (most: number): Packing => ({ frames: [], most, room: 0 });

/** Whether it goes into the frame of the one before. */
export function hasRoom({ frames, room }: Packing, outgoing: Outgoing): boolean {
  const last = frames.at(-1);
  return (
    last !== undefined && isList(last) && !outgoing.erase && sizeOf(outgoing) <= room && last.length < LIMITS.pushes
  );
}

/** Send it as the push, or erasure, with that id. */
export function packed(into: Packing, id: number, outgoing: Outgoing): Packing {
  const { stream, document, kind, changes, replaces } = outgoing;
  if (outgoing.erase) return { ...into, frames: [...into.frames, { frame: "erase", id, stream, document, kind }] };
  const push: Push = { frame: "push", id, stream, document, kind, changes, replaces };
  const last = into.frames.at(-1);
  return last !== undefined && isList(last) && hasRoom(into, outgoing)
    ? { ...into, frames: into.frames.with(-1, [...last, push]), room: into.room - sizeOf(outgoing) }
    : { ...into, frames: [...into.frames, [push]], room: into.most - sizeOf(outgoing) };
}

/** The frames; a push that is alone in one needs no list. */
export const made = ({ frames }: Packing): readonly (Push | Pushes | Erase)[] =>
  frames.map((one) => {
    if (!isList(one)) return one;
    const [only, ...others] = one;
    return only !== undefined && others.length === 0 ? only : { frame: "pushes", items: one };
  });

const isList = (frame: readonly Push[] | Erase): frame is readonly Push[] => Array.isArray(frame);

/** What a frame that was too large has taught: how large frames may be from now on, and a push that cannot go. */
export interface Learnt {
  readonly mostBytes: number | null;
  readonly refused: Outgoing | null;
}

/**
 * A frame was too large for the server, whatever its welcome said, with these pushes under way.
 *
 * Frames become smaller and go one at a time, so that the change that cannot go is known in the end. It is refused for
 * good, as the connection would end with it for ever. `mostBytes` is as it was learnt before.
 */
export function afterTooLarge(underWay: readonly Outgoing[], mostBytes: number | null): Learnt {
  const [only, ...others] = underWay;
  if (only === undefined) return { mostBytes, refused: null };
  if (mostBytes !== null && others.length === 0 && only.changes.length === 1) return { mostBytes, refused: only };
  const largest = Math.max(...underWay.map(bytesOf));
  const half = Math.floor(Math.min(mostBytes ?? PUSH_BYTES, largest) / 2);
  return { mostBytes: Math.max(LEAST_FRAME, half), refused: null };
}

/**
 * What a push costs the server, in units of about a millisecond of its work. What is `sealed` is not looked into;
 * `follows`: it goes in the frame of the one before.
 */
export function cost(outgoing: Outgoing, how: { readonly sealed: boolean; readonly follows: boolean }): number {
  let size = 0;
  let operations = 0;
  for (const data of outgoing.changes) {
    const told = how.sealed ? undefined : readIfSound(data);
    size += told?.size ?? data.length;
    operations += told?.operations ?? 0;
  }
  const rows = outgoing.changes.length + outgoing.replaces.length;
  const frames = how.follows ? 0 : 1;
  return WORK.frame * frames + WORK.push + WORK.row * rows + (WORK.kib * size) / 1024 + WORK.operation * operations;
}

/** What a change says of itself; undefined where it is malformed, which the server will say. */
function readIfSound(data: Uint8Array): { readonly size: number; readonly operations: number } | undefined {
  try {
    return readChange(data);
  } catch (failure) {
    if (failure instanceof DocumentError) return undefined;
    throw failure;
  }
}
