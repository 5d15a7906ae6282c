// A file whose blocks are sealed, read and written as if they were not: at any place, in any length.

import { BLOCK, contentSize, SEALED_BLOCK, sealedSize, type Sealing } from "./blocks.ts";

/** A file as bytes. Errors of the disk are thrown. */
export interface Bytes {
  /** Fill `into` with what is at a place. It must not end before. */
  read(into: Uint8Array, at: number): void;
  write(bytes: Uint8Array, at: number): void;
  truncate(size: number): void;
  size(): number;
  /** On disk when it has returned. */
  sync(): void;
}

/** A block is not as it was sealed. */
export class BlockDamaged extends Error {
  constructor() {
    super("A block of the store is damaged.");
    this.name = "BlockDamaged";
  }
}

/** A block in memory, of which the file may not know yet. */
interface Held {
  readonly number: number;
  readonly content: Uint8Array;
  readonly isWritten: boolean;
}

/**
 * The content of a sealed file.
 *
 * A block that is written in pieces, as those of a journal are, is sealed once it is left, or by `sync`: until then a
 * size is what it will be. Reading throws `BlockDamaged`.
 */
export function sealedBytes(under: Bytes, sealing: Sealing): Bytes {
  let held: Held | undefined;
  let size = contentSize(under.size()); // nobody else writes into this file

  const put = (number: number, content: Uint8Array): void =>
    under.write(sealing.seal(number, content), number * SEALED_BLOCK);

  const flush = (): void => {
    if (held === undefined || held.isWritten) return;
    put(held.number, held.content);
    held = { ...held, isWritten: true };
  };

  const hold = (number: number, content: Uint8Array, isWritten: boolean): Uint8Array => {
    if (held?.number !== number) flush();
    held = { number, content, isWritten };
    return content;
  };

  const load = (number: number): Uint8Array => {
    if (held?.number === number) return held.content;
    const sealed = new Uint8Array(sealedSize(Math.min(BLOCK, size - number * BLOCK)));
    under.read(sealed, number * SEALED_BLOCK);
    const content = sealing.open(number, sealed);
    if (content === undefined) throw new BlockDamaged();
    return hold(number, content, true);
  };

  /** Write into one block; what it had beyond stays. */
  const change = (number: number, part: Uint8Array, from: number): void => {
    if (part.length === BLOCK) {
      if (held?.number === number) held = undefined;
      put(number, part);
      return;
    }
    const before = number * BLOCK < size ? load(number) : new Uint8Array();
    const content = new Uint8Array(Math.max(before.length, from + part.length));
    content.set(before);
    content.set(part, from);
    hold(number, content, false);
  };

  const write = (bytes: Uint8Array, at: number): void => {
    for (let done = 0; done < bytes.length; ) {
      const from = (at + done) % BLOCK;
      const part = bytes.subarray(done, done + BLOCK - from);
      change(Math.floor((at + done) / BLOCK), part, from);
      done += part.length;
      size = Math.max(size, at + done);
    }
  };

  /** With zeros, block by block: a hole would be a block that nobody sealed. */
  const extend = (to: number): void => {
    while (size < to) write(new Uint8Array(Math.min(to - size, BLOCK - (size % BLOCK))), size);
  };

  return {
    size: () => size,
    read(into, at) {
      for (let done = 0; done < into.length; ) {
        const from = (at + done) % BLOCK;
        const part = load(Math.floor((at + done) / BLOCK)).subarray(from, from + into.length - done);
        if (part.length === 0) throw new BlockDamaged(); // shorter than the file says
        into.set(part, done);
        done += part.length;
      }
    },
    write(bytes, at) {
      extend(at);
      write(bytes, at);
    },
    truncate(to) {
      if (to > size) return extend(to);
      const [number, rest] = [Math.floor(to / BLOCK), to % BLOCK];
      const last = rest === 0 ? undefined : load(number).slice(0, rest);
      flush();
      held = undefined;
      under.truncate(sealedSize(to - rest));
      size = to - rest;
      if (last !== undefined) write(last, size);
    },
    sync() {
      flush();
      under.sync();
    },
  };
}
