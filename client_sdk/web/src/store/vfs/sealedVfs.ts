// A VFS over that of a pool, in which all that lies on disk is sealed: the store, and the journal of its transactions.
//
// SQLite opens, locks and deletes files of the pool as ever; only what is read and written passes through here.

import type { WasmPointer } from "@sqlite.org/sqlite-wasm";
import type { Database, Pool, Sqlite } from "../sqlite.ts";
import { BLOCK, type Kind, sealingOf } from "./blocks.ts";
import { type Disk, DiskError, diskOf, methodOf, type Struct, vfsOf } from "./files.ts";
import { BlockDamaged, type Bytes, sealedBytes } from "./sealedBytes.ts";

/** Files of a pool that are sealed with one key. */
export interface SealedFiles {
  readonly vfsName: string;
  /** Open a database, making it if there is none. Throws `SQLite3Error`. */
  open(name: string): Database;
  /** Forget the key: its bytes become zeros, and nothing can be opened. Close databases first. */
  forget(): void;
}

interface Opened {
  readonly bytes: Bytes;
  readonly kind: Kind;
  readonly disk: Disk;
}

/** What of the pool's methods SQLite goes on to call itself. */
const KEPT = [
  "$iVersion",
  "$xLock",
  "$xUnlock",
  "$xCheckReservedLock",
  "$xFileControl",
  "$xSectorSize",
  "$xDeviceCharacteristics",
] as const;
const KEPT_OF_VFS = ["$iVersion", "$szOsFile", "$mxPathname", "$xRandomness"] as const;

/**
 * The files of a pool that are sealed with `key`, which is copied; `vfsName` is one that no other VFS has.
 *
 * `random` gives so many random bytes, for nonces.
 */
export function sealedFiles(
  sqlite: Sqlite,
  pool: Pick<Pool, "vfsName">,
  vfsName: string,
  key: Uint8Array,
  random: (length: number) => Uint8Array,
): SealedFiles {
  const { capi } = sqlite;
  const own = key.slice();
  const below = vfsOf(sqlite, pool.vfsName);
  const open = new Map<WasmPointer, Opened>();
  const openInPool = methodOf(sqlite, below, "$xOpen");
  let over: { readonly disk: Disk; readonly methods: Struct } | undefined;

  const kindOf = (flags: number): Kind =>
    flags & capi.SQLITE_OPEN_MAIN_DB ? "store" : flags & capi.SQLITE_OPEN_MAIN_JOURNAL ? "journal" : "other";

  /** Put ourselves between SQLite and a file that the pool has opened. */
  const seal = (file: WasmPointer, kind: Kind): void => {
    const made = new capi.sqlite3_file(file) as unknown as Struct;
    if (over === undefined) {
      const base = new capi.sqlite3_io_methods(made["$pMethods"]) as unknown as Struct;
      over = { disk: diskOf(sqlite, base), methods: methodsOver(sqlite, base, open) };
    }
    const bytes = sealedBytes(over.disk.bytesOf(file), sealingOf(own, kind, random));
    open.set(file, { bytes, kind, disk: over.disk });
    made["$pMethods"] = over.methods.pointer;
    made.dispose();
  };

  const xOpen = (
    _: WasmPointer,
    name: WasmPointer,
    file: WasmPointer,
    flags: number,
    flagsOut: WasmPointer,
  ): number => {
    const code = openInPool(below.pointer, name, file, flags, flagsOut);
    if (code !== capi.SQLITE_OK) return code;
    try {
      seal(file, kindOf(flags));
      return capi.SQLITE_OK;
    } catch {
      return capi.SQLITE_CANTOPEN; // nothing may be thrown through SQLite, which closes the file by the pool's methods
    }
  };

  /** A method of the pool's VFS, which must be told that it is that one. As many parameters as C has. */
  const passed = (name: `$x${string}`) => {
    const method = methodOf(sqlite, below, name);
    return (_: WasmPointer, ...rest: readonly number[]): number => method(below.pointer, ...rest);
  };

  const vfs = new capi.sqlite3_vfs();
  const members = vfs as unknown as Struct;
  for (const name of KEPT_OF_VFS) members[name] = below[name];
  vfs.installMethods({
    xOpen,
    xDelete: passed("$xDelete"),
    xAccess: passed("$xAccess"),
    xFullPathname: passed("$xFullPathname"),
    xGetLastError: passed("$xGetLastError"),
    xCurrentTime: passed("$xCurrentTime"),
    xCurrentTimeInt64: passed("$xCurrentTimeInt64"),
    xSleep: passed("$xSleep"),
  });
  sqlite.vfs.installVfs({ vfs: { struct: vfs, methods: {}, name: vfsName } });

  return {
    vfsName,
    open: (name) => new sqlite.oo1.DB({ filename: name, flags: "c", vfs: vfsName }),
    forget() {
      own.fill(0);
      // Where a file is still open SQLite goes on to call this VFS, and every block is damaged.
      if (open.size > 0 || !capi.sqlite3_vfs_find(vfsName)) return;
      capi.sqlite3_vfs_unregister(members.pointer);
      over?.disk.dispose();
    },
  };
}

/** Methods of a file: ours where bytes pass, and those of the pool for everything else. */
function methodsOver(sqlite: Sqlite, base: Struct, open: Map<WasmPointer, Opened>): Struct {
  const { capi, wasm } = sqlite;

  const opened = (file: WasmPointer): Opened => {
    const found = open.get(file);
    if (found === undefined) throw new DiskError(capi.SQLITE_MISUSE);
    return found;
  };

  /** What SQLite is answered: nothing may be thrown through it. */
  const answered = (otherwise: number, work: () => number): number => {
    try {
      return work();
    } catch (failure) {
      if (failure instanceof DiskError) return failure.code;
      return failure instanceof BlockDamaged ? capi.SQLITE_IOERR_DATA : otherwise;
    }
  };
  const done = (otherwise: number, work: () => void): number =>
    answered(otherwise, () => {
      work();
      return capi.SQLITE_OK;
    });

  const made = new capi.sqlite3_io_methods();
  made.installMethods({
    xRead: (file: WasmPointer, into: WasmPointer, length: number, at: bigint) =>
      answered(capi.SQLITE_IOERR_READ, () => {
        const content = new Uint8Array(length);
        const read = readLeniently(opened(file), content, Number(at));
        wasm.heap8u().set(content, into);
        return read < length ? capi.SQLITE_IOERR_SHORT_READ : capi.SQLITE_OK;
      }),
    xWrite: (file: WasmPointer, from: WasmPointer, length: number, at: bigint) =>
      done(capi.SQLITE_IOERR_WRITE, () => {
        opened(file).bytes.write(wasm.heap8u().slice(from, from + length), Number(at));
      }),
    xTruncate: (file: WasmPointer, size: bigint) =>
      done(capi.SQLITE_IOERR_TRUNCATE, () => opened(file).bytes.truncate(Number(size))),
    xSync: (file: WasmPointer, _flags: number) => done(capi.SQLITE_IOERR_FSYNC, () => opened(file).bytes.sync()),
    xFileSize: (file: WasmPointer, out: WasmPointer) =>
      done(capi.SQLITE_IOERR_FSTAT, () => wasm.poke64(out, BigInt(opened(file).bytes.size()))),
    xClose: (file: WasmPointer) =>
      answered(capi.SQLITE_IOERR_CLOSE, () => {
        const { bytes, disk } = opened(file);
        try {
          bytes.sync();
        } finally {
          open.delete(file);
          disk.close(file);
        }
        return capi.SQLITE_OK;
      }),
  });
  const methods = made as unknown as Struct;
  for (const name of KEPT) methods[name] = base[name];
  return methods;
}

/**
 * Fill `into` with what there is; returns how many bytes that were, the rest being zeros.
 *
 * Where a power cut tore a block apart a journal ends, as it does for SQLite where a checksum is wrong; and of the
 * first page SQLite looks at parts before it puts it right by the journal, and reads it as a whole afterwards.
 */
function readLeniently({ bytes, kind }: Opened, into: Uint8Array, at: number): number {
  const length = Math.max(0, Math.min(into.length, bytes.size() - at));
  try {
    bytes.read(into.subarray(0, length), at);
    return length;
  } catch (failure) {
    if (!(failure instanceof BlockDamaged)) throw failure;
    const isFirstLook = kind === "store" && at + into.length < BLOCK;
    if (kind !== "journal" && !isFirstLook) throw failure;
    into.fill(0);
    return isFirstLook ? 0 : length;
  }
}
