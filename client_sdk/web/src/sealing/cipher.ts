// AES-256-GCM and Argon2id, as the vault uses them. What is random comes from outside, and is never used twice.
//
// WebCrypto answers later, and an edit is sealed in the transaction that makes it: hence a cipher that answers at once.

import { gcm } from "@noble/ciphers/aes.js";
import { argon2id } from "hash-wasm";

import WIRE from "../generated/wire.json";

/** Bytes that authenticate the others. */
const TAG = 16;

/** How much work Argon2id does: `memory` in KiB, `passes` over it, `lanes` in parallel. */
export interface Work {
  readonly memory: number;
  readonly passes: number;
  readonly lanes: number;
}

/** What new keys are wrapped with: 64 MiB, three times over. */
export const WORK: Work = WIRE.sealing.work;

/** Whether a device can do it. What a stored key asks for is checked before it is done. */
export const isSane = ({ memory, passes, lanes }: Work): boolean =>
  lanes >= 1 && lanes <= 16 && passes >= 1 && passes <= 10 && memory >= 8 * lanes && memory <= 256 * 1024;

/** The key that a secret gives. Takes a moment, on purpose: in a worker, where people wait for a page. */
export const derived = (secret: Uint8Array, salt: Uint8Array, work: Work): Promise<Uint8Array> =>
  argon2id({
    password: secret,
    salt,
    iterations: work.passes,
    parallelism: work.lanes,
    memorySize: work.memory,
    hashLength: WIRE.sealing.bytes.key,
    outputType: "binary",
  });

/** Encrypt, and authenticate a place besides. */
export const encrypted = (
  key: Uint8Array,
  nonce: Uint8Array,
  content: Uint8Array,
  place: Uint8Array,
): Uint8Array<ArrayBuffer> => gcm(key, nonce, place).encrypt(content);

/** Decrypt; undefined where it is not this key, place or content. */
export function decrypted(
  key: Uint8Array,
  nonce: Uint8Array,
  sealed: Uint8Array,
  place: Uint8Array,
): Uint8Array<ArrayBuffer> | undefined {
  if (sealed.length < TAG) return undefined;
  const cipher = gcm(key, nonce, place);
  try {
    return cipher.decrypt(sealed);
  } catch {
    return undefined; // the tag is another one: a key or nonce of a wrong length would not have come so far
  }
}
