import { hexOf, ofHex } from "@intersession/client/bytes.ts";
import type { Down, Up } from "@intersession/client/generated/frames.ts";
import { readChange } from "@intersession/client/wire/changes.ts";
import { decodeDown, decodeUp, encode } from "@intersession/client/wire/codec.ts";
import type { Values } from "@intersession/client/wire/schema.ts";
import type { Answers } from "./answers.ts";
import { orRefused } from "./refused.ts";
import { FRAME, fromJson, toJson } from "./wire_json.ts";

interface Read {
  direction: "up" | "down";
  bytes: string;
  limit?: number;
}

const frameIn = ({ direction, bytes, limit }: Read): Up | Down =>
  (direction === "up" ? decodeUp : decodeDown)(ofHex(bytes), limit);

function changeIn(bytes: Uint8Array): unknown {
  const { hash, deps, actor, seq, startOp, operations, size, others } = readChange(bytes);
  const header = { hash: hexOf(hash), deps: deps.map(hexOf), actor: hexOf(actor), others: others.map(hexOf) };
  return { ...header, seq, start_op: startOp, operations, size };
}

export const FRAME_ANSWERS: Answers = {
  write: ({ frame }: { frame: Values }) => hexOf(encode(fromJson(frame, FRAME) as Up | Down)),
  read: (given: Read) => orRefused(() => toJson(frameIn(given), FRAME)),
  // Beside the vectors, for random cases.
  rewrite: (given: Read) => orRefused(() => hexOf(encode(frameIn(given)))),
  change: ({ bytes }: { bytes: string }) => orRefused(() => changeIn(ofHex(bytes))),
};
