// The blocks that a sealed file is made of: each 4,096 bytes of content, encrypted and authenticated by themselves.
//
// XChaCha20-Poly1305, and not AES: in JavaScript it is several times as fast, takes the same time whatever the key is,
// and its nonces of 24 bytes may be drawn at random for as long as a key lasts. What kind of file a block is of and its
// place there are authenticated with it, so that one block does not pass for another.

import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { bigEndian, joined, utf8 } from "../../bytes.ts";

/** Bytes of content in a block; the last one of a file may have fewer. A page of SQLite's is one block. */
export const BLOCK = 4096;
/** Bytes of a key. */
export const KEY = 32;
const NONCE = 24;
const TAG = 16;
/** Bytes by which a sealed block is longer than its content. */
const EXTRA = NONCE + TAG;
/** Bytes of a whole sealed block. */
export const SEALED_BLOCK = BLOCK + EXTRA;

/** What a sealed file is for; numbers as they are authenticated. */
export const KINDS = { store: 1, journal: 2, other: 3 } as const;
export type Kind = keyof typeof KINDS;

const DOMAIN = utf8("intersession store block 1");

/** Seals and opens the blocks of one file. */
export interface Sealing {
  seal(number: number, content: Uint8Array): Uint8Array;
  /** What is in a block; undefined where it is not as it was sealed, or not in its place. */
  open(number: number, sealed: Uint8Array): Uint8Array | undefined;
}

/** With this key, which is read at each call: filled with zeros, it opens nothing any more. */
export function sealingOf(key: Uint8Array, kind: Kind, random: (length: number) => Uint8Array): Sealing {
  const prefix = joined([DOMAIN, Uint8Array.of(KINDS[kind])]);
  const placeOf = (number: number): Uint8Array => joined([prefix, bigEndian(number, 8)]);
  return {
    seal(number, content) {
      const nonce = random(NONCE);
      return joined([nonce, xchacha20poly1305(key, nonce, placeOf(number)).encrypt(content)]);
    },
    open(number, sealed) {
      if (sealed.length < EXTRA) return undefined;
      const cipher = xchacha20poly1305(key, sealed.subarray(0, NONCE), placeOf(number));
      try {
        return cipher.decrypt(sealed.subarray(NONCE));
      } catch {
        return undefined; // the only thing that it throws for, lengths being right, is a tag that is not the content's
      }
    },
  };
}

/** Bytes that a file of so many bytes has when it is sealed. */
export const sealedSize = (size: number): number =>
  Math.floor(size / BLOCK) * SEALED_BLOCK + (size % BLOCK === 0 ? 0 : (size % BLOCK) + EXTRA);

/** Bytes of content in a sealed file of so many bytes. */
export const contentSize = (size: number): number =>
  Math.floor(size / SEALED_BLOCK) * BLOCK + Math.max(0, (size % SEALED_BLOCK) - EXTRA);
