// Bytes to frame and back, with the size limit of a frame.

import { IntersessionError, WireError } from "../errors.ts";
import type { Down, Packed, Up } from "../generated/frames.ts";
import WIRE from "../generated/wire.json";
import { inflated } from "./inflate.ts";
import { isShallow } from "./nesting.ts";
import { cursorOf, Malformed, readAll, readTag, type Cursor } from "./reading.ts";
import { FRAMES, type Type } from "./schema.ts";
import { written } from "./writing.ts";

const LIMITS = WIRE.limits;

/** What a WebSocket brings: bytes, or a text, which no frame is. */
export type Message = Uint8Array | string;

/** The frame as bytes. */
export const encode = (frame: Up | Down | Packed): Uint8Array<ArrayBuffer> =>
  written(frame, Object.hasOwn(FRAMES.up.of, frame.frame) ? FRAMES.up : FRAMES.down);

/**
 * A frame from a replica. Throws `WireError` with code `frame_too_large`, `unknown_frame` (the text names it) or
 * `protocol_error`.
 */
export const decodeUp = (message: Message, limit = LIMITS.frameUp): Up =>
  decoded(message, limit, LIMITS.valuesUp, FRAMES.up) as Up;

/** A frame from a server; of a packed one, what is in it. Throws as `decodeUp` does. */
export function decodeDown(message: Message, limit = LIMITS.frameDown): Down {
  const frame = decoded(message, limit, LIMITS.valuesDown, FRAMES.down) as Down | Packed;
  if (frame.frame !== "packed") return frame;
  const inside = decoded(unpacked(frame.data, limit), limit, LIMITS.valuesDown, FRAMES.down) as Down | Packed;
  if (inside.frame === "rows" || inside.frame === "snapshot") return inside;
  throw new WireError("A `packed` frame holds something else than a page of rows or a snapshot.");
}

function unpacked(data: Uint8Array, limit: number): Uint8Array {
  const frame = inflated(data, limit, "zlib");
  if (frame === "too large") throw tooLarge(limit + 1, limit);
  if (typeof frame === "string") throw new WireError(`What is in a \`packed\` frame is ${frame}.`);
  return frame;
}

function decoded(message: Message, limit: number, mostValues: number, known: Type & { is: "either" }): unknown {
  if (typeof message === "string") {
    throw new WireError("A TEXT message was received; frames are binary messages. The peer's app has a defect.");
  }
  if (message.length > limit) throw tooLarge(message.length, limit);
  const cursor = cursorOf(message);
  let frame: unknown;
  try {
    frame = readAll(cursor, known);
  } catch (failure) {
    if (!(failure instanceof Malformed)) throw failure;
    throw isShallow(message, mostValues) ? explained(message, known) : tooDeep(mostValues);
  }
  // What is known nests a few levels. Only what was left out may go deeper.
  if (cursor.skipped && !isShallow(message, mostValues)) throw tooDeep(mostValues);
  return frame;
}

/** Which of the three it was. Nothing of the frame is quoted but its name. */
function explained(message: Uint8Array, known: Type & { is: "either" }): IntersessionError {
  const tag = tagOf(cursorOf(message));
  if (tag === undefined) {
    return new WireError("The message is not a frame: a frame is a msgpack map with a `frame` field.");
  }
  if (Object.hasOwn(known.of, tag)) return new WireError(`The frame '${tag}' has a missing or malformed field.`);
  const shown = /^[a-z_]\w*$/i.test(tag) ? `'${tag.slice(0, 40)}'` : "of another name";
  const names = Object.keys(known.of).toSorted().join(", ");
  return new WireError(`There is no frame ${shown} in this direction; known frames: ${names}.`, "unknown_frame");
}

/** The name of a frame, whatever else there is in it; undefined where it has none. */
function tagOf(cursor: Cursor): string | undefined {
  try {
    return readTag(cursor);
  } catch (failure) {
    if (failure instanceof Malformed) return undefined;
    throw failure;
  }
}

const tooLarge = (size: number, limit: number): WireError =>
  new WireError(
    `A frame of ${size} bytes was received; the limit is ${limit}. Send less in one frame.`,
    "frame_too_large",
  );

const tooDeep = (mostValues: number): WireError =>
  new WireError(`A frame may be nested ${LIMITS.depth} deep and hold ${mostValues} values besides unknown fields.`);
