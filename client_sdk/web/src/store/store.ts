// The file that a replica lives in: every write a durable transaction.
//
// It knows nothing of what its rows mean. A transaction is on disk when its function has returned, or has left no trace;
// after any error, a full disk included, the store can be used again. Everything is done at once: nothing here waits for
// anything, so no call ever sees another half done.

import type { PreparedStatement } from "@sqlite.org/sqlite-wasm";
import type { IsoMoment } from "../generated/models.ts";
import { IntersessionError, StoreBusy, StoreClosed, StoreFull, StoreInvalid, StoreTooNew } from "../errors.ts";
import { MIGRATION_SET, MIGRATIONS, MIGRATIONS_TABLE } from "./migrations.ts";
import type { Database, Pool, Sqlite } from "./sqlite.ts";
import type { Given, Value } from "./values.ts";

/** Marks the file as ours, in SQLite's header: "ISJN". */
const APPLICATION_ID = 0x49534a4e;
/** Statements that are kept prepared. */
const MOST_PREPARED = 200;
const MOST_PAGE_ENDS = 1_000;
/** Where a file's header says whether it has a write-ahead log, which there is none of here. */
const JOURNAL_VERSIONS = [18, 19] as const;
const DISK_OF_PAGES = "main";

/** What the store needs of the world. */
export interface Surroundings {
  /** Now, with the offset of this device's clock. */
  readonly now: () => IsoMoment;
  /** So many random bytes, fit for keys. */
  readonly random: (length: number) => Uint8Array;
}

/** One open store. Placeholders are `?`, rows lists of their columns. */
export interface Store extends Surroundings {
  /** All statements of `work`, or none; on disk when it has returned. May be nested. */
  transaction<T>(work: () => T): T;
  /** What `work` writes is there to be read until it returns, and never was. */
  undone<T>(work: () => T): T;
  /** Whether a transaction is under way. */
  readonly inTransaction: boolean;
  /** Every row of a query. */
  all<Row extends readonly Value[]>(sql: string, ...parameters: readonly Given[]): readonly Row[];
  /** The first row of a query; null for none. */
  one<Row extends readonly Value[]>(sql: string, ...parameters: readonly Given[]): Row | null;
  /** The first value of a query as a number; 0 where there is none. */
  number(sql: string, ...parameters: readonly Given[]): number;
  /** Execute one statement in a transaction; returns the rowid of what it inserted. */
  run(sql: string, ...parameters: readonly Given[]): number;
  /** Execute one statement for each list of parameters, in a transaction. */
  runMany(sql: string, rows: Iterable<readonly Given[]>): void;
  /** The fact kept under a name, as JSON holds it; null for none. */
  meta<T>(name: string): T | null;
  /** Keep a fact; null removes it. */
  setMeta(name: string, value: unknown): void;
  /** Counts what took something away: a document loaded under an earlier epoch may hold what is gone. */
  readonly epoch: number;
  /** Count it. */
  tookAway(): void;
  /** Where pages of lists ended that were read of late. Only in memory: their last items may be deleted. */
  readonly pageEnds: Map<string, readonly Value[]>;
  /** The file as it is now. */
  file(): Uint8Array;
  /** Close it; every later call throws. Another of this does nothing. */
  close(): void;
}

/** Where a store is: a file of a pool, any database that was opened, or in memory, with what it begins with. */
export type Place =
  | { readonly pool: Pool; readonly name: string }
  | { readonly database: Database }
  | { readonly memory: Uint8Array | null };

/**
 * Open a store, making it if there is none.
 *
 * Throws `StoreInvalid` for another file, `StoreTooNew`, `StoreFull`.
 */
export function openStore(sqlite: Sqlite, place: Place, surroundings: Surroundings): Store {
  let db: Database;
  try {
    db = databaseOf(sqlite, place);
  } catch (failure) {
    throw translated(sqlite, failure);
  }
  try {
    prepare(sqlite, db, surroundings);
  } catch (failure) {
    db.close();
    throw translated(sqlite, failure);
  }
  return storeOf(sqlite, db, surroundings);
}

function databaseOf(sqlite: Sqlite, place: Place): Database {
  if ("pool" in place) return new place.pool.OpfsSAHPoolDb(place.name);
  return "database" in place ? place.database : inMemory(sqlite, place.memory);
}

function inMemory(sqlite: Sqlite, content: Uint8Array | null): Database {
  const db = new sqlite.oo1.DB(":memory:");
  if (content === null || content.length === 0) return db;
  const { capi, wasm } = sqlite;
  const bytes = content.slice();
  for (const at of JOURNAL_VERSIONS) bytes[at] = 1;
  const data = wasm.allocFromTypedArray(bytes);
  const flags = capi.SQLITE_DESERIALIZE_FREEONCLOSE | capi.SQLITE_DESERIALIZE_RESIZEABLE;
  const pointer = db.pointer;
  if (pointer === undefined) throw new Error("A database that is open has an address.");
  db.checkRc(capi.sqlite3_deserialize(pointer, DISK_OF_PAGES, data, bytes.length, bytes.length, flags));
  return db;
}

/** Make sure that it is ours, and bring it to this version's shape. */
function prepare(sqlite: Sqlite, db: Database, { now }: Surroundings): void {
  const pointer = db.pointer;
  if (pointer !== undefined) sqlite.capi.sqlite3_extended_result_codes(pointer, 1);
  // What was deleted is overwritten, in the file at once. A journal holds it for as long as its transaction, and is cut
  // to nothing at its end: that, and not a header of zeros, is what `TRUNCATE` does where the file is locked for good.
  for (const pragma of [
    "locking_mode=EXCLUSIVE",
    "journal_mode=TRUNCATE",
    "synchronous=FULL",
    "secure_delete=ON",
    "foreign_keys=ON",
    "temp_store=MEMORY",
  ]) {
    db.exec(`PRAGMA ${pragma}`);
  }
  const version = checkOurs(db);
  if (version === MIGRATIONS.length) return;
  // Each by itself, as the Python SDK has them: what one drops, foreign keys of another may name.
  db.exec(`PRAGMA application_id=${APPLICATION_ID}`);
  for (const [at, { name, script }] of MIGRATIONS.entries()) {
    if (at < version) continue;
    db.transaction(() => {
      if (at === 0) db.exec(MIGRATIONS_TABLE);
      db.exec(script);
      db.exec({
        sql: "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)",
        bind: [MIGRATION_SET, name, now().replace("T", " ")],
      });
      db.exec(`PRAGMA user_version=${at + 1}`);
    });
  }
}

/** How many migrations a file has had. Throws where it is no store of ours, or a newer one; changes nothing. */
function checkOurs(db: Database): number {
  const application = Number(db.selectValue("PRAGMA application_id"));
  const version = Number(db.selectValue("PRAGMA user_version"));
  const tables = db.selectValues("SELECT name FROM sqlite_master WHERE type = 'table'").map(String);
  if (application === 0 && version === 0 && tables.length === 0) return 0;
  if (application !== APPLICATION_ID) throw new StoreInvalid("This is a database of another program, and no store of this app.");
  const known = new Set(MIGRATIONS.map(({ name }) => name));
  const had = tables.includes("_sqlite_migrations")
    ? db.selectValues("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", [MIGRATION_SET]).map(String)
    : [];
  if (version > MIGRATIONS.length || had.some((name) => !known.has(name))) {
    throw new StoreTooNew("This store was made by a newer version of this app. Update the app to open it.");
  }
  return version;
}

function storeOf(sqlite: Sqlite, db: Database, surroundings: Surroundings): Store {
  const { capi } = sqlite;
  const prepared = new Map<string, PreparedStatement>();
  const pageEnds = new Map<string, readonly Value[]>();
  let [depth, epoch, isOpen] = [0, 0, true];

  const pointer = (): NonNullable<Database["pointer"]> => {
    if (!isOpen || db.pointer === undefined) throw new StoreClosed("The store has been closed. Open it again.");
    return db.pointer;
  };

  const guarded = <T>(work: () => T): T => {
    pointer();
    try {
      return work();
    } catch (failure) {
      throw translated(sqlite, failure);
    }
  };

  const statement = (sql: string): PreparedStatement => {
    const known = prepared.get(sql);
    if (known !== undefined) {
      prepared.delete(sql);
      prepared.set(sql, known); // the ones not used for longest come first
      return known;
    }
    const made = db.prepare(sql);
    prepared.set(sql, made);
    const [oldest] = prepared.size > MOST_PREPARED ? prepared : [];
    if (oldest !== undefined) {
      prepared.delete(oldest[0]);
      oldest[1].finalize();
    }
    return made;
  };

  const rows = (sql: string, parameters: readonly Given[], most: number): Value[][] =>
    guarded(() => {
      const query = statement(sql);
      try {
        if (parameters.length > 0) query.bind([...parameters]);
        const found: Value[][] = [];
        while (found.length < most && query.step()) found.push(query.get([]) as Value[]);
        return found;
      } finally {
        query.reset(true);
      }
    });

  const execute = (sql: string): void => guarded(() => void db.exec(sql));

  const atomic = <T>(work: () => T, keeps: boolean): T => {
    const [begin, end, undo] =
      depth === 0
        ? ["BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"]
        : [`SAVEPOINT s${depth}`, `RELEASE s${depth}`, `ROLLBACK TO s${depth}; RELEASE s${depth}`];
    execute(begin);
    depth += 1;
    try {
      const answer = work();
      execute(keeps ? end : undo);
      return answer;
    } catch (failure) {
      // SQLite may have undone all of it by itself, as where the disk is full.
      if (isOpen && capi.sqlite3_get_autocommit(pointer()) === 0) execute(undo);
      throw failure;
    } finally {
      depth -= 1;
    }
  };

  const store: Store = {
    ...surroundings,
    transaction: (work) => atomic(work, true),
    undone: (work) => atomic(work, false),
    get inTransaction() {
      return depth > 0;
    },
    all: <Row>(sql: string, ...parameters: readonly Given[]) => rows(sql, parameters, Infinity) as Row[],
    one: <Row>(sql: string, ...parameters: readonly Given[]) => (rows(sql, parameters, 1)[0] as Row | undefined) ?? null,
    number: (sql, ...parameters) => Number(rows(sql, parameters, 1)[0]?.[0] ?? 0),
    run(sql, ...parameters) {
      rows(sql, parameters, Infinity);
      return Number(capi.sqlite3_last_insert_rowid(pointer()));
    },
    runMany(sql, all) {
      for (const parameters of all) rows(sql, parameters, Infinity);
    },
    meta<T>(name: string) {
      const row = store.one<[string]>("SELECT value FROM meta WHERE name = ?", name);
      return row === null ? null : (JSON.parse(row[0]) as T);
    },
    setMeta(name, value) {
      if (value === null) store.run("DELETE FROM meta WHERE name = ?", name);
      else store.run("REPLACE INTO meta (name, value) VALUES (?, ?)", name, JSON.stringify(value));
    },
    get epoch() {
      return epoch;
    },
    tookAway() {
      epoch += 1;
    },
    pageEnds,
    file: () => guarded(() => capi.sqlite3_js_db_export(pointer())),
    close() {
      if (!isOpen) return;
      for (const one of prepared.values()) one.finalize();
      prepared.clear();
      isOpen = false;
      db.close();
    },
  };
  return store;
}

/** Remember where a page of a list ended, of so many pages. */
export function notePageEnd({ pageEnds }: Store, key: string, place: readonly Value[]): void {
  pageEnds.delete(key);
  pageEnds.set(key, place);
  const [oldest] = pageEnds.size > MOST_PAGE_ENDS ? pageEnds.keys() : [];
  if (oldest !== undefined) pageEnds.delete(oldest);
}

/** Our error for one of SQLite's. A failure that is not the file's is a defect and stays as it is. */
function translated(sqlite: Sqlite, failure: unknown): unknown {
  if (failure instanceof IntersessionError || !(failure instanceof sqlite.SQLite3Error)) return failure;
  const { capi } = sqlite;
  const code = failure.resultCode;
  switch (code & 0xff) {
    case capi.SQLITE_FULL:
      return full();
    case capi.SQLITE_IOERR:
      if (code === capi.SQLITE_IOERR_DATA) return damaged(); // a block that was sealed, and is not as it was
      // Where the room of an origin is used up the browser refuses a write, and SQLite says that writing failed.
      return code === capi.SQLITE_IOERR || code === capi.SQLITE_IOERR_WRITE ? full() : unusable();
    case capi.SQLITE_BUSY:
    case capi.SQLITE_LOCKED:
      return new StoreBusy("The store is open in another window. Close that one first.");
    case capi.SQLITE_NOTADB:
      return new StoreInvalid("This is not a store of this app.");
    case capi.SQLITE_CORRUPT:
      return damaged();
    case capi.SQLITE_CANTOPEN:
    case capi.SQLITE_READONLY:
    case capi.SQLITE_PERM:
      return unusable();
    default:
      return failure;
  }
}

const full = (): StoreFull =>
  new StoreFull("There is no space left for the store. Nothing was changed; free some space and try again.");
const damaged = (): StoreInvalid =>
  new StoreInvalid("The store is damaged. Restore a backup, or start a new one and pair it.", "damaged");
const unusable = (): StoreInvalid => new StoreInvalid("The store cannot be read or written here.");
