// SQLite's WebAssembly, loaded once a worker or process. Only src/store imports SQLite.

import start, { type Database, type SAHPoolUtil, type Sqlite3Static } from "@sqlite.org/sqlite-wasm";
import wasm from "@sqlite.org/sqlite-wasm/sqlite3.wasm";
import { patiently } from "./patience.ts";

export type { Database };
/** SQLite as it was loaded. */
export type Sqlite = Sqlite3Static;
/** The files of this origin that only SQLite looks into. */
export type Pool = SAHPoolUtil;

interface Options {
  readonly locateFile: (name: string) => string;
  readonly wasmBinary?: Uint8Array;
}

/** It would else look for ways to files that need what no page of ours has, and warn of each. */
const UNUSED = { disable: { vfs: { opfs: true, "opfs-vfs": true, "opfs-wl": true, kvvfs: true } } };

// Its own types leave out what it takes.
const startWith = start as unknown as (options: Options) => Promise<Sqlite>;
/** Room for the store, its journal, and those of a second file. */
const CAPACITY = 6;

let started: Promise<Sqlite> | undefined;

/**
 * Load SQLite. Done once, however often it is called.
 *
 * `source` is its WebAssembly where it cannot be fetched from beside this bundle, as under Node.js.
 */
export function startSqlite(source: URL | Uint8Array = new URL(wasm, import.meta.url)): Promise<Sqlite> {
  started ??= load(source);
  return started;
}

async function load(source: URL | Uint8Array): Promise<Sqlite> {
  Object.assign(globalThis, { sqlite3ApiConfig: UNUSED });
  try {
    const address = source instanceof URL ? source.href : wasm;
    return await startWith({ locateFile: () => address, ...(source instanceof URL ? {} : { wasmBinary: source }) });
  } catch (failure) {
    started = undefined; // the network may be back next time
    throw failure;
  }
}

/** Of what its own types leave out: by default it deletes all of a pool's files where it cannot open one of them. */
const CAREFUL = { preserveOnInitFailure: true, forceReinitIfPreviouslyFailed: true } as const;

/**
 * The pool of files in `directory` of this origin's private file system. In a worker only, and in one at a time.
 *
 * Throws `StoreBusy` where another one goes on having it open.
 */
export function openPool(sqlite: Sqlite, directory: string): Promise<Pool> {
  const options = { directory, name: directory, initialCapacity: CAPACITY, ...CAREFUL };
  return patiently(() => sqlite.installOpfsSAHPoolVfs(options));
}
