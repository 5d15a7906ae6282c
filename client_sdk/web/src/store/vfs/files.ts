// Files of SQLite's pool as bytes: what our own VFS builds upon, and what moves a whole store from one file to another.

import type { WasmPointer } from "@sqlite.org/sqlite-wasm";
import type { Sqlite } from "../sqlite.ts";
import { SEALED_BLOCK } from "./blocks.ts";
import type { Bytes } from "./sealedBytes.ts";

type Method = (...given: readonly (number | bigint | WasmPointer)[]) => number;
/** A C structure as SQLite's JavaScript shows it: its members have a `$` before their names. */
export interface Struct {
  readonly pointer: WasmPointer;
  dispose(): void;
  [member: `$${string}`]: WasmPointer | undefined;
}

/** A call of SQLite's file system failed; `code` says how. */
export class DiskError extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`The file system answered ${code}.`);
    this.name = "DiskError";
    this.code = code;
  }
}

/** The method that a member of a structure points to. Throws `Error` where there is none. */
export function methodOf(sqlite: Sqlite, struct: Struct, name: `$x${string}`): Method {
  const method = sqlite.wasm.functionEntry(struct[name] ?? 0);
  if (typeof method !== "function") throw new Error(`This structure has no ${name}.`);
  return method as Method;
}

/** The VFS of a name. Throws `Error` where there is none. */
export function vfsOf(sqlite: Sqlite, name: string): Struct {
  const pointer = sqlite.capi.sqlite3_vfs_find(name);
  if (!pointer) throw new Error(`There is no VFS ${name}.`);
  return new sqlite.capi.sqlite3_vfs(pointer) as unknown as Struct;
}

/** The methods of an open file's kind, and the piece of memory that bytes go through. */
export interface Disk {
  bytesOf(file: WasmPointer): Bytes;
  close(file: WasmPointer): number;
  /** Give the memory back. */
  dispose(): void;
}

/** How files with these `sqlite3_io_methods` are read and written. */
export function diskOf(sqlite: Sqlite, methods: Struct): Disk {
  const { wasm, capi } = sqlite;
  const [read, write, truncate, fileSize, sync, close] = (
    ["$xRead", "$xWrite", "$xTruncate", "$xFileSize", "$xSync", "$xClose"] as const
  ).map((name) => methodOf(sqlite, methods, name)) as [Method, Method, Method, Method, Method, Method];
  const memory = wasm.alloc(SEALED_BLOCK);
  const inMemory = (length: number): Uint8Array => wasm.heap8u().subarray(Number(memory), Number(memory) + length);
  const checked = (code: number): void => {
    if (code !== capi.SQLITE_OK) throw new DiskError(code);
  };

  return {
    close: (file) => close(file),
    dispose: () => wasm.dealloc(memory),
    bytesOf: (file) => ({
      size() {
        checked(fileSize(file, memory));
        return Number(wasm.peek64(memory));
      },
      read(into, at) {
        for (let done = 0; done < into.length; done += SEALED_BLOCK) {
          const part = Math.min(SEALED_BLOCK, into.length - done);
          checked(read(file, memory, part, BigInt(at + done)));
          into.set(inMemory(part), done);
        }
      },
      write(bytes, at) {
        for (let done = 0; done < bytes.length; done += SEALED_BLOCK) {
          const part = bytes.subarray(done, done + SEALED_BLOCK);
          inMemory(part.length).set(part);
          checked(write(file, memory, part.length, BigInt(at + done)));
        }
      },
      truncate: (size) => checked(truncate(file, BigInt(size))),
      sync: () => checked(sync(file, capi.SQLITE_SYNC_NORMAL)),
    }),
  };
}

/** Use a file of a VFS, made where there is none; closed when `work` has returned. Throws `DiskError`. */
export function withFile<T>(sqlite: Sqlite, vfsName: string, name: string, work: (bytes: Bytes) => T): T {
  const { wasm, capi } = sqlite;
  const vfs = vfsOf(sqlite, vfsName);
  const path = wasm.allocCString(name, false);
  const flagsOut = wasm.alloc(8);
  const file = wasm.alloc(Number(vfs["$szOsFile"]));
  try {
    const flags = capi.SQLITE_OPEN_READWRITE | capi.SQLITE_OPEN_CREATE | capi.SQLITE_OPEN_MAIN_DB;
    const code = methodOf(sqlite, vfs, "$xOpen")(vfs.pointer, path, file, flags, flagsOut);
    if (code !== capi.SQLITE_OK) throw new DiskError(code);
    const open = new capi.sqlite3_file(file) as unknown as Struct;
    const methods = new capi.sqlite3_io_methods(open["$pMethods"]) as unknown as Struct;
    const disk = diskOf(sqlite, methods);
    try {
      return work(disk.bytesOf(file));
    } finally {
      disk.close(file);
      disk.dispose();
      methods.dispose();
      open.dispose();
    }
  } finally {
    vfs.dispose();
    for (const used of [path, flagsOut, file]) wasm.dealloc(used);
  }
}
