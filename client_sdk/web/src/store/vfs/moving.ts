// A whole store, from one file of a pool to another; and files that are to be gone.

import type { Pool, Sqlite } from "../sqlite.ts";
import { BLOCK } from "./blocks.ts";
import { withFile } from "./files.ts";

/** A file, as one VFS shows it. */
export interface Side {
  readonly vfsName: string;
  readonly name: string;
}

/** So many blocks at a time. */
const PIECE = 64 * BLOCK;

/**
 * Copy a file's content into another, block by block: on disk, and read back, when it has returned.
 *
 * Neither may be open, and the first must not have a journal that is still needed. Throws `DiskError`.
 */
export function copyFile(sqlite: Sqlite, from: Side, to: Side): void {
  withFile(sqlite, from.vfsName, from.name, (source) => {
    const size = source.size();
    const pieceAt = (at: number): Uint8Array => {
      const piece = new Uint8Array(Math.min(PIECE, size - at));
      source.read(piece, at);
      return piece;
    };
    withFile(sqlite, to.vfsName, to.name, (copy) => {
      copy.truncate(0);
      for (let at = 0; at < size; at += PIECE) copy.write(pieceAt(at), at);
      copy.sync();
    });
    withFile(sqlite, to.vfsName, to.name, (copy) => {
      if (copy.size() !== size) throw new Error("The copy of the store is not as long as the store.");
      const found = new Uint8Array(PIECE);
      for (let at = 0; at < size; at += PIECE) {
        const piece = pieceAt(at);
        copy.read(found.subarray(0, piece.length), at);
        if (piece.some((byte, index) => byte !== found[index])) throw new Error("The copy of the store differs.");
      }
    });
  });
}

/** Overwrite a file with zeros and take it out of the pool, if it is there. It must not be open. Throws `DiskError`. */
export function eraseFile(sqlite: Sqlite, pool: Pool, name: string): void {
  if (!pool.getFileNames().includes(name)) return;
  withFile(sqlite, pool.vfsName, name, (file) => {
    const size = file.size();
    for (let at = 0; at < size; at += PIECE) file.write(new Uint8Array(Math.min(PIECE, size - at)), at);
    file.sync();
  });
  pool.unlink(name);
}
