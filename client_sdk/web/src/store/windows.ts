// Which rows of a list are read.

import type { Id, IsoMoment } from "../generated/models.ts";
import { toMicros } from "./values.ts";

/** From `since` up to but not including `until`, the newest `limit`, of one stream or of all, behind the item `after`. */
export interface ReadWindow {
  readonly since?: IsoMoment;
  readonly until?: IsoMoment;
  readonly limit?: number;
  readonly stream?: Id;
  /** The item that the page before ended with. */
  readonly after?: Id;
}

/** All rows. */
export const ALL: ReadWindow = {};

/** The values of the placeholders of queries; a limit of -1 is none. */
export const boundsOf = ({ since, until, limit }: ReadWindow): { readonly since: bigint; readonly until: bigint; readonly limit: number } => ({
  since: since === undefined ? -(2n ** 63n) : toMicros(since),
  until: until === undefined ? 2n ** 63n - 1n : toMicros(until),
  limit: limit ?? -1,
});
