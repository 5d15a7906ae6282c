// What rows hold, and what the rest of the core has for it: ids are UUIDs as 16 bytes, moments microseconds since 1970.

import { uuidBytes, uuidOf } from "../bytes.ts";
import type { Id, IsoMoment } from "../generated/models.ts";
import { momentText, type Moment } from "../time/moments.ts";
import { isoOf, microsOf } from "../wire/timestamps.ts";

/** A value of a column; whole numbers that a `number` does not hold exactly come as `bigint`. */
export type Value = null | number | bigint | string | Uint8Array;
/** What may be given for a placeholder. */
export type Given = Value | boolean;
/** Microseconds since 1970 as a row has them. */
export type Micros = number | bigint;

const FIRST: Moment = { micros: -62_135_596_800_000_000n, offset: 0 };
const LAST: Moment = { micros: 253_402_300_799_999_999n, offset: 0 };

/** The id that 16 bytes are. */
export const idOf = (bytes: Uint8Array): Id => uuidOf(bytes);
/** The same, where there may be none. */
export const idOrNull = (bytes: Uint8Array | null): Id | null => (bytes === null ? null : uuidOf(bytes));
/** An id as rows have it. */
export const bytesOfId = (id: Id): Uint8Array => uuidBytes(id);

/** A moment as rows have it. Throws `RangeError` for a text that is none. */
export const toMicros = (at: IsoMoment): bigint => microsOf(at);

/** The moment in UTC; the first or last there is, for one that lies beyond in UTC though not in its own zone. */
export const fromMicros = (micros: Micros): IsoMoment =>
  isoOf(BigInt(micros)) ?? momentText(BigInt(micros) < 0n ? FIRST : LAST);
/** The same, where there may be none. */
export const momentOrNull = (micros: Micros | null): IsoMoment | null => (micros === null ? null : fromMicros(micros));

/** Yes, no or nothing, as rows have them. */
export const flagOf = (value: number | null): boolean | null => (value === null ? null : value !== 0);
