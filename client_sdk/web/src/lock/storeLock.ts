// The lock of one device's store: whether it is sealed, by what it opens, and how it gets from one state to the other.
//
// A lock is set or removed by moving the store into another file. Until the header names that one the store is the file
// it was; from then on it is the new one, and the old one is erased, at the next start at the latest. So there is one
// whole store at every moment, whenever it ends. In a worker only, and in one at a time; the worker is to be ended and
// started anew after `lock`, as only that makes a browser give back the memory in which the record was.

import { sameBytes } from "../bytes.ts";
import { IntersessionError, InvalidField, StoreFull, StoreInvalid } from "../errors.ts";
import type { Safety } from "../generated/answers.ts";
import type { IsoMoment } from "../generated/models.ts";
import { isQuota } from "../store/openFiles.ts";
import type { Database, Pool, Sqlite } from "../store/sqlite.ts";
import { KEY } from "../store/vfs/blocks.ts";
import { DiskError } from "../store/vfs/files.ts";
import { copyFile, eraseFile, type Side } from "../store/vfs/moving.ts";
import { sealedFiles, type SealedFiles } from "../store/vfs/sealedVfs.ts";
import { microsOf } from "../wire/timestamps.ts";
import { StoreLocked, TriesExhausted, WrongSecret } from "./errors.ts";
import {
  damaged,
  FIRST_HEADER,
  type Header,
  headerText,
  leftOver,
  readHeader,
  type Sealed,
  storeName,
  type Way,
} from "./header.ts";
import { dropSafety, keepSafety } from "./safetyOutside.ts";
import type { SmallFiles } from "./smallFiles.ts";
import { NO_TRIES, oneMore, readTries, triesText, waitAfter, type Tries } from "./tries.ts";
import { unwrapKey, wrapKey, type Random, type Secret } from "./wrapping.ts";

/** Where a move can be interrupted; for tests. */
export type Point = "begun" | "copied" | "half named" | "named" | "erased" | "deleting";

/** What the lock needs of the world. */
export interface LockSurroundings {
  readonly files: SmallFiles;
  readonly now: () => IsoMoment;
  readonly random: Random;
  readonly reached?: (point: Point) => void;
}

/** A way in, as far as whoever asks for it must know. */
export type WayIn =
  | { readonly way: "passcode" }
  | { readonly way: "passkey"; readonly credential: Uint8Array; readonly salt: Uint8Array };

/** A passkey that is a way in. */
export type PasskeyWay = Extract<WayIn, { way: "passkey" }>;

/** How things are. */
export interface LockState {
  readonly state: "locked" | "none" | "open";
  readonly ways: readonly WayIn[];
  /** The safety plan is kept outside of the lock. */
  readonly safetyOutside: boolean;
}

/** The lock of one store. What moves or deletes the store, and `lock`, wants it closed before. */
export interface StoreLock {
  state(): LockState;
  /** Open the store's file. Throws `StoreLocked`, `SQLite3Error`. */
  open(): Database;
  /** Seconds until a passcode may be tried; 0 for at once. */
  waits(): Promise<number>;
  /**
   * Set a lock that each of these opens, with the safety plan outside of it if that is given: the person agreed.
   *
   * It is open afterwards. Throws `InvalidField`, `StoreFull`.
   */
  set(secrets: readonly Secret[], outside: Safety | null): Promise<void>;
  /** Throws `WrongSecret`, `TriesExhausted`. */
  unlock(secret: Secret): Promise<void>;
  /** Forget the key. */
  lock(): void;
  /** Have it opened by `next` too; a passcode takes the place of the one before. Throws as `unlock` and `set` do. */
  put(current: Secret, next: Secret): Promise<void>;
  /** Have it no longer opened by one of its ways; not the last. Throws as `unlock` does, and `InvalidField`. */
  drop(current: Secret, way: WayIn): Promise<void>;
  /** Take the lock away. Throws as `unlock` does, and `StoreFull`. */
  remove(current: Secret): Promise<void>;
  /** Keep this safety plan outside of the lock from now on, or none. */
  agree(outside: Safety | null): Promise<void>;
  /** The plan has changed, or may have. */
  safetyChanged(safety: Safety): Promise<void>;
}

const LOCK = "lock";
const TRIES = "tries";
const ID = 16;

/** The lock of the store in a pool. Throws `StoreInvalid` where its files are damaged, `StoreTooNew`. */
export async function openLock(sqlite: Sqlite, pool: Pool, around: LockSurroundings): Promise<StoreLock> {
  const { files, random, reached = () => undefined } = around;
  let header = await settled(sqlite, pool, files);
  let sealed: SealedFiles | undefined;
  let opened = 0;

  const nowMs = (): number => Number(microsOf(around.now()) / 1_000n);
  const filesWith = (key: Uint8Array): SealedFiles =>
    sealedFiles(sqlite, pool, `${pool.vfsName}-sealed-${(opened += 1)}`, key, random);
  const state = (): LockState["state"] => (header.sealed === null ? "none" : sealed === undefined ? "locked" : "open");

  const open = (): Database => {
    if (header.sealed === null) return new pool.OpfsSAHPoolDb(storeName(header));
    if (sealed === undefined) throw new StoreLocked();
    return sealed.open(storeName(header));
  };

  const tries = async (): Promise<Tries> => {
    const text = await files.read(TRIES);
    return text === undefined ? NO_TRIES : readTries(text);
  };

  /** Each passcode is counted before it is looked at, so that ending the app does not give another try. */
  const keyFor = async (secret: Secret, { ways, id }: Sealed): Promise<Uint8Array> => {
    if (secret.way === "passcode") {
      const before = await tries();
      const wait = waitAfter(before, nowMs());
      if (wait > 0) throw new TriesExhausted(Math.ceil(wait / 1_000));
      await files.write(TRIES, triesText(oneMore(before, nowMs())));
    }
    const key = await unwrapKey({ ways, id }, secret);
    if (key === undefined) throw new WrongSecret();
    if (secret.way === "passcode") await files.write(TRIES, triesText(NO_TRIES));
    return key;
  };

  const locked = (): Sealed => {
    if (header.sealed === null) throw new InvalidField("There is no lock.", "no_lock");
    return header.sealed;
  };

  const keep = async (next: Header): Promise<void> => {
    await files.write(LOCK, headerText(next));
    header = next;
  };

  /** Move the store: sealed with a key, or not. */
  const move = async (next: Header, key: Uint8Array | null): Promise<void> => {
    const db = open();
    db.exec("BEGIN IMMEDIATE; COMMIT"); // a journal that is still needed is used up
    db.close();
    await files.write(LOCK, headerText(header)); // there is one before there is a second file
    reached("begun");
    const made = key === null ? undefined : filesWith(key);
    const from: Side = { vfsName: sealed?.vfsName ?? pool.vfsName, name: storeName(header) };
    const to: Side = { vfsName: made?.vfsName ?? pool.vfsName, name: storeName(next) };
    try {
      await pool.reserveMinimumCapacity(pool.getFileCount() + 3);
      copyFile(sqlite, from, to);
      reached("copied");
      await files.write(LOCK, headerText(next), () => reached("half named"));
    } catch (failure) {
      const kept = await files.read(LOCK);
      if (kept === undefined || readHeader(kept).generation !== next.generation) {
        made?.forget();
        eraseFile(sqlite, pool, to.name);
        throw translated(sqlite, failure);
      }
    }
    header = next;
    reached("named");
    sealed?.forget();
    sealed = made;
    for (const name of leftOver(header, pool.getFileNames())) eraseFile(sqlite, pool, name);
    reached("erased");
  };

  const keepOutside = (outside: Safety | null): Promise<void> =>
    outside === null ? dropSafety(files) : keepSafety(files, outside);

  return {
    state: () => ({ state: state(), ways: header.sealed?.ways.map(wayIn) ?? [], safetyOutside: header.safetyOutside }),
    open,
    waits: async () => Math.ceil(waitAfter(await tries(), nowMs()) / 1_000),
    async set(secrets, outside) {
      if (header.sealed !== null) throw new InvalidField("There is a lock already.", "lock_exists");
      if (secrets.length === 0) throw new InvalidField("A lock needs a passcode or a passkey.");
      const [key, id] = [random(KEY), random(ID)];
      const ways: Way[] = [];
      for (const secret of secrets) ways.push(await wrapKey(key, id, secret, random));
      const generation = header.generation + 1;
      try {
        await files.write(TRIES, triesText(NO_TRIES));
        await keepOutside(outside); // without a lock the next start would take it away
        await move({ ...header, generation, sealed: { id, ways }, safetyOutside: outside !== null }, key);
      } catch (failure) {
        if (header.sealed === null) await dropSafety(files);
        throw failure;
      } finally {
        key.fill(0);
      }
    },
    async unlock(secret) {
      if (header.sealed === null || sealed !== undefined) return;
      const key = await keyFor(secret, header.sealed);
      sealed = filesWith(key);
      key.fill(0);
    },
    lock() {
      sealed?.forget();
      sealed = undefined;
    },
    async put(current, next) {
      const { id, ways } = locked();
      const key = await keyFor(current, { id, ways });
      const way = await wrapKey(key, id, next, random).finally(() => key.fill(0));
      await keep({ ...header, sealed: { id, ways: [...ways.filter((one) => !isSame(one, way)), way] } });
    },
    async drop(current, way) {
      const { id, ways } = locked();
      const left = ways.filter((one) => !isSame(one, way));
      if (left.length === 0) throw new InvalidField("A lock needs a passcode or a passkey. Remove the lock instead.");
      (await keyFor(current, { id, ways })).fill(0);
      await keep({ ...header, sealed: { id, ways: left } });
    },
    async remove(current) {
      const key = await keyFor(current, locked());
      sealed ??= filesWith(key);
      key.fill(0);
      await move({ ...header, generation: header.generation + 1, sealed: null, safetyOutside: false }, null);
      await files.remove(TRIES);
      await dropSafety(files);
    },
    async agree(outside) {
      locked();
      if (header.safetyOutside !== (outside !== null)) await keep({ ...header, safetyOutside: outside !== null });
      await keepOutside(outside);
    },
    async safetyChanged(safety) {
      if (header.sealed !== null && header.safetyOutside) await keepSafety(files, safety);
    },
  };
}

/**
 * Delete everything there is: the store, locked or not, damaged or not, its lock, and a safety plan outside of it.
 *
 * The store must be closed, and a lock of it not be used again. Interrupted, it is done by the next `openLock`.
 */
export async function deleteEverything(
  sqlite: Sqlite,
  pool: Pool,
  { files, reached = () => undefined }: Pick<LockSurroundings, "files" | "reached">,
): Promise<void> {
  await files.write(LOCK, headerText({ ...FIRST_HEADER, isDeleting: true }));
  reached("deleting");
  await dropSafety(files);
  for (const name of pool.getFileNames()) eraseFile(sqlite, pool, name);
  await files.remove(TRIES);
  await files.remove(LOCK);
}

/** The header, once what was interrupted has been brought to its end. */
async function settled(sqlite: Sqlite, pool: Pool, files: SmallFiles): Promise<Header> {
  const text = await files.read(LOCK);
  const header = text === undefined ? FIRST_HEADER : readHeader(text);
  if (header.isDeleting) {
    await deleteEverything(sqlite, pool, { files });
    return FIRST_HEADER;
  }
  const names = pool.getFileNames();
  const left = leftOver(header, names);
  // Nothing is erased for want of a header, nor for one that names no store.
  if (left.length > 0 && (text === undefined || !names.includes(storeName(header)))) throw damaged();
  for (const name of left) eraseFile(sqlite, pool, name);
  if (header.sealed === null || !header.safetyOutside) await dropSafety(files);
  return header;
}

const wayIn = (way: Way): WayIn =>
  way.way === "passcode" ? { way: "passcode" } : { way: "passkey", credential: way.credential, salt: way.salt };

const isSame = (one: WayIn, other: WayIn): boolean =>
  one.way === "passkey" && other.way === "passkey"
    ? sameBytes(one.credential, other.credential)
    : one.way === other.way;

/** Our error for one of the file system's. */
function translated({ capi }: Sqlite, failure: unknown): unknown {
  if (failure instanceof IntersessionError) return failure;
  if (failure instanceof DiskError) {
    if (failure.code === capi.SQLITE_IOERR_DATA) return new StoreInvalid("The store is damaged.", "damaged");
    if (failure.code === capi.SQLITE_IOERR || failure.code === capi.SQLITE_IOERR_WRITE) return full();
  }
  return isQuota(failure) ? full() : failure; // of the pool
}

const full = (): StoreFull =>
  new StoreFull("To be moved the store needs its own size once more, and there is no such space. Nothing was changed.");
