// Changes as they are kept and sent: long ones deflated, which makes prose about eight times shorter.

import { deflateRaw } from "pako";
import { ByteReader, leb128 } from "../wire/leb128.ts";

const MAGIC_AND_CHECKSUM = 8;
const CHANGE = 1;
const DEFLATED = 2;
/** Shorter contents are not worth it; the number is Automerge's own. */
const WORTH_IT = 256;

/** A change with its contents deflated where that is worth it. It is the same change: its hash is that of what it holds. */
export function compressed(change: Uint8Array): Uint8Array {
  if (change[MAGIC_AND_CHECKSUM] !== CHANGE) return change;
  const reader = new ByteReader(change, MAGIC_AND_CHECKSUM + 1);
  const body = reader.take(reader.uint());
  if (body.length <= WORTH_IT) return change;
  const deflated = deflateRaw(body);
  const length = leb128(deflated.length);
  const made = new Uint8Array(MAGIC_AND_CHECKSUM + 1 + length.length + deflated.length);
  made.set(change.subarray(0, MAGIC_AND_CHECKSUM));
  made[MAGIC_AND_CHECKSUM] = DEFLATED;
  made.set(length, MAGIC_AND_CHECKSUM + 1);
  made.set(deflated, MAGIC_AND_CHECKSUM + 1 + length.length);
  return made.length < change.length ? made : change;
}
