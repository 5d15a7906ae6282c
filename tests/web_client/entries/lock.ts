// A store with its lock in a worker, which is asked by the page, and ended by it wherever a test says so.

import { hexOf, ofHex } from "@intersession/client/bytes.ts";
import { IntersessionError } from "@intersession/client/errors.ts";
import type { Safety } from "@intersession/client/generated/answers.ts";
import { lockWhenAway } from "@intersession/client/lock/away.ts";
import { askPasskey, makePasskey } from "@intersession/client/lock/passkey.ts";
import { safetyOutside } from "@intersession/client/lock/safetyOutside.ts";
import { smallFiles } from "@intersession/client/lock/smallFiles.ts";
import {
  deleteEverything,
  openLock,
  type LockSurroundings,
  type StoreLock,
  type WayIn,
} from "@intersession/client/lock/storeLock.ts";
import type { Secret } from "@intersession/client/lock/wrapping.ts";
import { patiently } from "@intersession/client/store/patience.ts";
import { openPool, startSqlite, type Pool, type Sqlite } from "@intersession/client/store/sqlite.ts";
import { BLOCK, KEY, sealedSize, sealingOf } from "@intersession/client/store/vfs/blocks.ts";
import { sealedBytes, type Bytes } from "@intersession/client/store/vfs/sealedBytes.ts";
import { openStore, type Store } from "@intersession/client/store/store.ts";

/** Byte strings are hexadecimal digits on their way from and to a test. */
interface Known {
  readonly credential: string;
  readonly salt: string;
}

type Typed = { readonly passcode: string } | (Known & { readonly output: string });

interface Given {
  readonly secret?: Typed;
  readonly next?: Typed;
  readonly outside?: Safety | null;
  readonly many?: readonly Safety[];
  readonly texts?: readonly string[];
  readonly word?: string;
  readonly now?: string;
  readonly until?: string;
}

const FOLDER = "store";
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

let [sqlite, pool, lock, store]: [Sqlite?, Pool?, StoreLock?, Store?] = [];
let [now, until] = ["2026-05-04T18:30:00+02:00", ""];

function there<T>(thing: T | undefined): T {
  if (thing === undefined) throw new Error("This has not been opened.");
  return thing;
}

/** Say so, and do nothing more: to be ended here. */
function halt(point: string): void {
  postMessage({ point });
  for (;;);
}

const around = async (): Promise<LockSurroundings> => ({
  files: smallFiles(await navigator.storage.getDirectory(), `${FOLDER}-lock`),
  now: () => now,
  random,
  reached: (point) => {
    if (point === until) halt(point);
  },
});

function secretOf(given: Typed | undefined): Secret {
  if (given === undefined) throw new Error("A secret is missing.");
  if ("passcode" in given) return { way: "passcode", passcode: given.passcode };
  const { credential, salt, output } = given;
  return { way: "passkey", credential: ofHex(credential), salt: ofHex(salt), output: ofHex(output) };
}

const wayOf = (secret: Secret): WayIn => secret;
const closed = (): void => {
  store?.close();
  store = undefined;
};

/** Each text as a row, and in the index that is searched. */
function write(texts: readonly string[]): void {
  const into = there(store);
  for (const text of texts) {
    const row = into.number("SELECT count(*) FROM meta") + 1;
    into.setMeta(`text ${String(row).padStart(5, "0")}`, text);
    into.run("INSERT INTO entries_text (rowid, body) VALUES (?, ?)", row, text);
  }
}

const CALLS: Readonly<Record<string, (given: Given) => unknown>> = {
  async start() {
    sqlite = await startSqlite();
    pool = await openPool(sqlite, FOLDER);
    lock = await openLock(sqlite, pool, await around());
    return lock.state().state;
  },
  open() {
    store = openStore(there(sqlite), { database: there(lock).open() }, { now: () => now, random });
  },
  write: ({ texts = [] }) => there(store).transaction(() => write(texts)),
  /** So little that only the journal's beginning is on disk. */
  slightWrite: ({ texts = [] }) =>
    there(store).transaction(() => {
      write(texts);
      halt("half written");
    }),
  /** So much that pages and journal are on disk before its end. */
  halfWrite: ({ texts = [] }) =>
    there(store).transaction(() => {
      there(store).run("PRAGMA cache_size = 10");
      there(store).run("UPDATE meta SET value = upper(value)");
      write(texts);
      halt("half written");
    }),
  texts() {
    const rows = there(store).all("SELECT value FROM meta ORDER BY name");
    return rows.map(([value]) => JSON.parse(String(value)) as unknown);
  },
  count: ({ word = "" }) => there(store).number("SELECT count(*) FROM entries_text WHERE entries_text MATCH ?", word),
  check: () => there(store).one("PRAGMA integrity_check")?.[0],
  files: () => there(pool).getFileNames(),
  state() {
    const { state, ways, safetyOutside: outside } = there(lock).state();
    return { state, ways: ways.map(({ way }) => way), outside };
  },
  passkeys: () =>
    there(lock)
      .state()
      .ways.filter((way) => way.way === "passkey")
      .map(({ credential, salt }) => ({ credential: hexOf(credential), salt: hexOf(salt) })),
  waits: () => there(lock).waits(),
  async set({ secret, next, outside = null }) {
    closed();
    await there(lock).set([secretOf(secret), ...(next === undefined ? [] : [secretOf(next)])], outside);
  },
  unlock: ({ secret }) => there(lock).unlock(secretOf(secret)),
  lock() {
    closed();
    there(lock).lock();
  },
  put: ({ secret, next }) => there(lock).put(secretOf(secret), secretOf(next)),
  drop: ({ secret, next }) => there(lock).drop(secretOf(secret), wayOf(secretOf(next))),
  async remove({ secret }) {
    closed();
    await there(lock).remove(secretOf(secret));
  },
  agree: ({ outside = null }) => there(lock).agree(outside),
  changed: ({ outside }) => there(lock).safetyChanged(there(outside ?? undefined)),
  changes: ({ many = [] }) => Promise.all(many.map((safety) => there(lock).safetyChanged(safety))),
  safety: async () => safetyOutside((await around()).files, "de-AT"),
  async deleteEverything() {
    if (sqlite === undefined) {
      sqlite = await startSqlite();
      pool = await openPool(sqlite, FOLDER);
    }
    closed();
    await deleteEverything(sqlite, there(pool), await around());
  },
};

async function answered(call: string, given: Given): Promise<unknown> {
  now = given.now ?? now;
  until = given.until ?? "";
  try {
    return { answer: (await CALLS[call]?.(given)) ?? null };
  } catch (failure) {
    if (failure instanceof IntersessionError) return { refused: failure.code, message: failure.message };
    return { failed: failure instanceof Error ? (failure.stack ?? failure.message) : String(failure) };
  }
}

// On the page.

let worker: Worker | undefined;

/** What the worker answers; `{point}`, and no worker any more, where it came to the point that it was to come to. */
function ask(call: string, given: Given): Promise<unknown> {
  worker ??= new Worker("main.js", { type: "module" });
  const asked = worker;
  return new Promise((resolve, reject) => {
    asked.onmessage = ({ data }: MessageEvent<{ point?: string }>) => {
      if (data.point !== undefined) end();
      resolve(data);
    };
    asked.onerror = ({ message }) => reject(new Error(message));
    asked.postMessage([call, given]);
  });
}

/** What another worker answers, which is ended then. */
async function elsewhere(call: string): Promise<unknown> {
  const mine = worker;
  worker = undefined;
  try {
    return await ask(call, {});
  } finally {
    end();
    worker = mine;
  }
}

/** End the worker, whatever it does. */
function end(): void {
  worker?.terminate();
  worker = undefined;
}

type Entries = FileSystemDirectoryHandle & AsyncIterable<[string, FileSystemHandle]>;

async function filesIn(folder: FileSystemDirectoryHandle, path = ""): Promise<[string, FileSystemFileHandle][]> {
  const found: [string, FileSystemFileHandle][] = [];
  for await (const [name, handle] of folder as Entries) {
    if (handle instanceof FileSystemDirectoryHandle) found.push(...(await filesIn(handle, `${path}${name}/`)));
    else found.push([`${path}${name}`, handle as FileSystemFileHandle]);
  }
  return found;
}

/** All files of this origin, byte by byte; no worker may have them open. */
async function raw(): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const contents = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [path, handle] of await filesIn(await navigator.storage.getDirectory())) {
    contents.set(path, new Uint8Array(await (await handle.getFile()).arrayBuffer()));
  }
  return contents;
}

const wide = (text: string, isBig: boolean): string =>
  [...text].map((letter) => (isBig ? `\0${letter}` : `${letter}\0`)).join("");

/** The texts that any file holds, in UTF-8 or in UTF-16, and how many bytes there are in all. Texts are ASCII. */
async function leaks(texts: readonly string[]): Promise<{ found: string[]; bytes: number }> {
  const decoder = new TextDecoder("latin1");
  const all = [...(await raw()).values()];
  const contents = all.map((bytes) => decoder.decode(bytes));
  const isThere = (text: string): boolean =>
    [text, wide(text, false), wide(text, true)].some((form) => contents.some((one) => one.includes(form)));
  return { found: texts.filter(isThere), bytes: all.reduce((sum, { length }) => sum + length, 0) };
}

/** The name that SQLite's pool has written at the beginning of one of its files. */
const nameOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));

/** Change a file: swap two pieces of it, or spoil one byte. */
async function spoil(name: string, at: number, other: number | null, length: number): Promise<void> {
  const [path, bytes] = there([...(await raw())].find(([, content]) => nameOf(content) === name));
  const changed = bytes.slice();
  if (other === null) changed[at] = (changed[at] ?? 0) ^ 1;
  else {
    changed.set(bytes.subarray(other, other + length), at);
    changed.set(bytes.subarray(at, at + length), other);
  }
  const found = (await filesIn(await navigator.storage.getDirectory())).find(([one]) => one === path);
  const writing = await patiently(() => there(found)[1].createWritable());
  await writing.write(changed);
  await writing.close();
}

/** What one of these passkeys answers, or a new one where there is none. */
async function passkey(known: readonly Known[]): Promise<unknown> {
  const ways = known.map(({ credential, salt }): WayIn => {
    return { way: "passkey", credential: ofHex(credential), salt: ofHex(salt) };
  });
  try {
    const { credential, salt, output } =
      known.length === 0
        ? await makePasskey("Intersession", "This device", random)
        : await askPasskey(ways, random);
    return { credential: hexOf(credential), salt: hexOf(salt), output: hexOf(output) };
  } catch (failure) {
    if (failure instanceof IntersessionError) return { refused: failure.code };
    throw failure;
  }
}

/** Where a sealed file differs from a plain one after writing, reading and cutting at random; null: nowhere. */
function compared(seed: number, steps: number): string | null {
  let drawn = seed;
  const below = (most: number): number => {
    drawn = (Math.imul(drawn, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((drawn / 2 ** 32) * most);
  };
  const key = random(KEY);
  const kept: number[] = [];
  const disk = bytesIn(kept);
  let sealed = sealedBytes(disk, sealingOf(key, "journal", random));
  const plain: number[] = [];
  for (let step = 0; step < steps; step += 1) {
    const at = below(3) === 0 ? BLOCK * below(6) : below(5 * BLOCK);
    const length = [4, 8, BLOCK, below(3 * BLOCK)][below(4)] ?? 0;
    const doing = ["write", "write", "read", "cut", "reopen"][below(5)];
    if (doing === "write") {
      const bytes = random(length);
      sealed.write(bytes, at);
      bytesIn(plain).write(bytes, at);
    } else if (doing === "cut") {
      sealed.truncate(at);
      bytesIn(plain).truncate(at);
    } else if (doing === "reopen") {
      sealed.sync();
      if (disk.size() !== sealedSize(plain.length)) return `after ${step} steps ${disk.size()} bytes on disk`;
      sealed = sealedBytes(disk, sealingOf(key, "journal", random));
    }
    if (sealed.size() !== plain.length) return `after ${step} steps ${sealed.size()} bytes, not ${plain.length}`;
    const read = new Uint8Array(Math.max(0, Math.min(length, plain.length - at)));
    sealed.read(read, at);
    if (read.some((byte, index) => byte !== plain[at + index])) return `after ${step} steps, ${doing} at ${at}`;
  }
  return null;
}

/** A file of numbers. */
const bytesIn = (file: number[]): Bytes => ({
  size: () => file.length,
  read: (into, at) => into.set(file.slice(at, at + into.length)),
  write(bytes, at) {
    while (file.length < at) file.push(0);
    for (const [index, byte] of bytes.entries()) file[at + index] = byte;
  },
  truncate(size) {
    while (file.length < size) file.push(0);
    file.length = size;
  },
  sync: () => undefined,
});

/** At which of these moments an app locks that is away at "hide" and back at "show"; `asleep`: no timer goes off. */
function away(minutes: number, moments: readonly (readonly [number, "hide" | "show"])[], asleep: boolean): number[] {
  let [clock, isHidden, changed] = [0, false, () => undefined as void];
  let timer: { at: number; call: () => void } | undefined;
  const locked: number[] = [];
  const goTo = (at: number): void => {
    if (timer !== undefined && timer.at <= at && !asleep) {
      const { at: due, call } = timer;
      [clock, timer] = [due, undefined];
      call();
    }
    clock = at;
  };
  const page = {
    isHidden: () => isHidden,
    onChange: (call: () => void) => {
      changed = call;
      return () => undefined;
    },
    now: () => clock,
    later: (milliseconds: number, call: () => void) => {
      timer = { at: clock + milliseconds, call };
      return () => void (timer = undefined);
    },
  };
  lockWhenAway(page, minutes, () => locked.push(clock / 60_000));
  for (const [minute, what] of moments) {
    goTo(minute * 60_000);
    isHidden = what === "hide";
    changed();
  }
  return locked;
}

if (typeof document === "undefined") {
  globalThis.onmessage = async ({ data: [call, given] }: MessageEvent<[string, Given]>) =>
    postMessage(await answered(call, given));
} else {
  Object.assign(globalThis, { ask, elsewhere, end, leaks, spoil, passkey, compared, away });
}
