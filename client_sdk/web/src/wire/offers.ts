// What stands for the streams that a replica was offered.

import { sha256 } from "@noble/hashes/sha2.js";

import { bigEndian, compareBytes, joined, utf8, uuidBytes } from "../bytes.ts";
import type { StreamOffer } from "../generated/frames.ts";
import WIRE from "../generated/wire.json";

const OFFERS = utf8("intersession offers 1");

/** Which streams are offered as what, whatever is in them: the same on both sides, where they agree. */
export function offersDigest(offers: readonly StreamOffer[]): Uint8Array {
  const sorted = offers.toSorted((one, other) => compareBytes(uuidBytes(one.stream), uuidBytes(other.stream)));
  return sha256(joined([OFFERS, ...sorted.flatMap(told)])).subarray(0, WIRE.limits.known);
}

function told({ stream, grant, client, audience, role, label }: StreamOffer): Uint8Array[] {
  const said = utf8(`${audience}\0${role}\0${label}`);
  return [uuidBytes(stream), uuidBytes(grant), uuidBytes(client), bigEndian(said.length, 4), said];
}
