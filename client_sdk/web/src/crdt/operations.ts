// The operations of a change: for whoever has to know what a change touches.

import { decodeChange } from "@automerge/automerge/slim";
import { DocumentError } from "../errors.ts";
import { ROOT, type ObjectId } from "./scalars.ts";

/** One operation, in an object, under a key of a map (null: at a place in a text or a list). */
export interface Operation {
  /** What it is called, and an object that it makes. */
  readonly id: ObjectId;
  readonly object: ObjectId;
  readonly key: string | null;
  readonly inserts: boolean;
  /** `set`, `del`, `makeMap`, `makeText`, and what no document of ours has. */
  readonly action: string;
  readonly value: unknown;
}

/** What a change does, and what it builds on. */
export interface Operations {
  readonly hash: string;
  readonly deps: readonly string[];
  readonly operations: readonly Operation[];
}

/** What a change does. It is taken apart as a whole, so it must have been bounded before. Throws `DocumentError`. */
export function operationsOf(change: Uint8Array): Operations {
  let decoded: ReturnType<typeof decodeChange>;
  try {
    decoded = decodeChange(change);
  } catch {
    throw new DocumentError("A change is malformed.", "bad_change");
  }
  const { hash, deps, actor, startOp } = decoded;
  // Automerge's own types leave out what it says of places in texts.
  const operations = decoded.ops as readonly { action: string; obj?: string; key?: string; insert?: boolean; value?: unknown }[];
  return {
    hash: hash ?? "",
    deps,
    operations: operations.map((one, at) => ({
      id: `${startOp + at}@${actor}`,
      object: one.obj ?? ROOT,
      key: one.key ?? null,
      inserts: one.insert ?? false,
      action: one.action,
      value: one.value ?? null,
    })),
  };
}
