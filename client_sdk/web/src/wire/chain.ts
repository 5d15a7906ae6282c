// The chain of a stream's log: two logs that agree on the chain of a row agree on every row before it.

import { sha256 } from "@noble/hashes/sha2.js";

import { bigEndian, joined, utf8, uuidBytes } from "../bytes.ts";
import type { RowType } from "../generated/frames.ts";
import WIRE from "../generated/wire.json";
import { microsOf } from "./timestamps.ts";

/** What of a row its chain is over. Bytes of changes may be dropped later on, so only their hash is. */
export interface ChainedRow {
  readonly seq: number;
  readonly document: string;
  /** What the row was appended as. */
  readonly type: RowType;
  readonly kind: string;
  readonly hash: Uint8Array;
  readonly author: string;
  readonly device: string;
  readonly receivedAt: string;
}

/** The chain before the first row of every stream. */
export const GENESIS: Uint8Array = new Uint8Array(32);

const ROW = utf8("intersession row 1\0");
const ERASURE = utf8("intersession erasure 1");

/** The chain at a row of a stream, after the row before it. */
export function extended(previous: Uint8Array, stream: string, row: ChainedRow): Uint8Array {
  return sha256(
    joined([
      ROW,
      previous,
      uuidBytes(stream),
      bigEndian(row.seq, 8),
      uuidBytes(row.document),
      ...counted(utf8(row.type)),
      ...counted(utf8(row.kind)),
      ...counted(row.hash),
      uuidBytes(row.author),
      uuidBytes(row.device),
      bigEndian(microsOf(row.receivedAt), 8),
    ]),
  );
}

const counted = (bytes: Uint8Array): Uint8Array[] => [bigEndian(bytes.length, 2), bytes];

/** The part of a chain that replicas keep. */
export const onWire = (chain: Uint8Array): Uint8Array => chain.subarray(0, WIRE.limits.chain);

/** The hash of the row that erases a document: it has one such row, whoever asks for it and however often. */
export const erasureHash = (document: string): Uint8Array => sha256(joined([ERASURE, uuidBytes(document)]));
