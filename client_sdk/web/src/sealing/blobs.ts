// The blobs of a vault. A blob can be opened with the vault's key only, and in the place it was sealed for only: stream,
// document and key are part of what is authenticated.

import { joined, sameBytes, utf8, uuidBytes } from "../bytes.ts";
import type { Content } from "../generated/frames.ts";
import WIRE from "../generated/wire.json";
import { isShallow } from "../wire/nesting.ts";
import { cursorOf, Malformed, readAll } from "../wire/reading.ts";
import type { Type } from "../wire/schema.ts";
import { written } from "../wire/writing.ts";
import { decrypted, encrypted } from "./cipher.ts";

/** A vault's key and the name that its blobs call it by. */
export interface VaultKey {
  readonly id: Uint8Array;
  readonly key: Uint8Array;
}

/** Where a blob lies. */
export interface Place {
  readonly stream: string;
  readonly document: string;
}

const { version: VERSION, bytes: BYTES } = WIRE.sealing;
const DOMAIN = utf8(WIRE.sealing.contentDomain);
const HEADER = 1 + BYTES.id;
const CONTENT: Type = { is: "struct", name: "Content" };

/** One blob: version, key id, nonce, ciphertext. `nonce` is 12 random bytes; never use one twice. */
export function seal(
  key: VaultKey,
  place: Place,
  content: Content,
  nonce: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const sealed = encrypted(key.key, nonce, plaintextOf(content), authenticated(key.id, place));
  return joined([Uint8Array.of(VERSION), key.id, nonce, sealed]);
}

/** What is sealed. */
export const plaintextOf = (content: Content): Uint8Array<ArrayBuffer> => written(content, CONTENT);

/** What is authenticated with it. */
export const authenticated = (keyId: Uint8Array, { stream, document }: Place): Uint8Array<ArrayBuffer> =>
  joined([DOMAIN, keyId, uuidBytes(stream), uuidBytes(document)]);

/** The id of the key that a blob says it is sealed with; undefined where it is no blob. */
export const keyIdOf = (blob: Uint8Array): Uint8Array | undefined =>
  blob.length > HEADER + BYTES.nonce && blob[0] === VERSION ? blob.subarray(1, HEADER) : undefined;

/** What is in a blob; undefined where it cannot be opened with this key in this place, damaged, or no blob at all. */
export function openBlob(key: VaultKey, place: Place, blob: Uint8Array): Content | undefined {
  const id = keyIdOf(blob);
  if (id === undefined || !sameBytes(id, key.id)) return undefined;
  const start = HEADER + BYTES.nonce;
  const nonce = blob.subarray(HEADER, start);
  const plain = decrypted(key.key, nonce, blob.subarray(start), authenticated(key.id, place));
  return plain === undefined ? undefined : (unpacked(plain, CONTENT) as Content | undefined);
}

/** A value of a type from bytes that a peer has written; undefined where they hold none. */
export function unpacked(bytes: Uint8Array, type: Type): unknown {
  if (!isShallow(bytes)) return undefined;
  try {
    return readAll(cursorOf(bytes), type);
  } catch (failure) {
    if (failure instanceof Malformed) return undefined;
    throw failure;
  }
}
