// Small files beside the store, each kept twice, so that one of the two is whole at every moment.
//
// Whoever writes one writes both copies, one after the other: when it is done nothing of what it said before is left.
// Writing content of the same length takes no room, so that it can be done where there is none.

import { sha256 } from "@noble/hashes/sha2.js";
import { bigEndian, joined, sameBytes, textOf, utf8 } from "../bytes.ts";
import { StoreFull } from "../errors.ts";
import { isQuota, openFile, type OpenFile } from "../store/openFiles.ts";
import { patiently } from "../store/patience.ts";
import { damaged } from "./header.ts";

/** Files by their names; contents are texts. In a worker only. Calls are done one after the other; all throw `StoreFull`. */
export interface SmallFiles {
  /** The content; undefined where there is no such file. Throws `StoreInvalid` where neither copy is whole. */
  read(name: string): Promise<string | undefined>;
  /** On disk when it has returned; `half` is called between the two copies. What it says already is not written. */
  write(name: string, content: string, half?: () => void): Promise<void>;
  /** Overwritten, then taken away; nothing happens where there is none. */
  remove(name: string): Promise<void>;
}

/** A whole copy: the higher its number, the later it was written. */
interface Copy {
  readonly number: number;
  readonly content: string;
}

/** One of the two files. */
interface Found {
  readonly isBegun: boolean;
  readonly copy: Copy | undefined;
}

const NUMBER = 6;
const DIGEST = 32;
const ENDINGS = ["a", "b"] as const;

/** A copy as its file has it. */
export function packed({ number, content }: Copy): Uint8Array<ArrayBuffer> {
  const body = joined([bigEndian(number, NUMBER), utf8(content)]);
  return joined([sha256(body), body]);
}

/** The copy that a file has; undefined where it was not written to its end. */
export function unpacked(bytes: Uint8Array): Copy | undefined {
  const body = bytes.subarray(DIGEST);
  if (body.length < NUMBER || !sameBytes(bytes.subarray(0, DIGEST), sha256(body))) return undefined;
  const number = body.subarray(0, NUMBER).reduce((sum, byte) => sum * 256 + byte, 0);
  return { number, content: textOf(body.subarray(NUMBER)) };
}

const newestOf = (found: readonly Found[]): Copy | undefined =>
  found.map(({ copy }) => copy).reduce((one, other) => ((other?.number ?? -1) > (one?.number ?? -1) ? other : one));

/** Those of a directory of this origin's private file system, which is made where there is none. */
export function smallFiles(root: FileSystemDirectoryHandle, directory: string): SmallFiles {
  const folder = (): Promise<FileSystemDirectoryHandle> => root.getDirectoryHandle(directory, { create: true });

  const use = async <T>(name: string, work: (file: OpenFile) => T): Promise<T> => {
    try {
      const handle = await (await folder()).getFileHandle(name, { create: true });
      const file = await patiently(() => openFile(handle));
      try {
        return work(file);
      } finally {
        file.close();
      }
    } catch (failure) {
      throw isQuota(failure) ? noRoom() : failure;
    }
  };

  const exists = async (name: string): Promise<boolean> => {
    try {
      await (await folder()).getFileHandle(name);
      return true;
    } catch (failure) {
      if (failure instanceof DOMException && failure.name === "NotFoundError") return false;
      throw failure;
    }
  };

  const contentOf = (file: OpenFile): Uint8Array => {
    const bytes = new Uint8Array(file.getSize());
    file.read(bytes, { at: 0 });
    return bytes;
  };

  const put = (file: OpenFile, bytes: Uint8Array<ArrayBuffer>): void => {
    const written = file.write(bytes, { at: 0 });
    if (written !== bytes.length) throw noRoom();
    file.truncate(bytes.length);
    file.flush();
  };

  const readBoth = async (name: string): Promise<readonly Found[]> => {
    const found: Found[] = [];
    for (const ending of ENDINGS) {
      const there = await exists(`${name}.${ending}`);
      const bytes = there ? await use(`${name}.${ending}`, contentOf) : new Uint8Array();
      found.push({ isBegun: bytes.length > 0, copy: unpacked(bytes) });
    }
    return found;
  };

  const files: SmallFiles = {
    async read(name) {
      const found = await readBoth(name);
      const newest = newestOf(found);
      // A first copy that was not written to its end said nothing yet; but two of them did, once.
      if (newest === undefined && found.every(({ isBegun }) => isBegun)) throw damaged();
      if (newest === undefined) return undefined;
      // Writing it ended between the two: what one of them goes on to say is not to be left there.
      for (const [at, ending] of ENDINGS.entries()) {
        if (found[at]?.copy?.number === newest.number) continue;
        await use(`${name}.${ending}`, (file) => put(file, packed(newest)));
      }
      return newest.content;
    },
    async write(name, content, half) {
      const found = await readBoth(name);
      const newest = newestOf(found);
      if (found.every(({ copy }) => copy?.content === content && copy.number === newest?.number)) return;
      const bytes = packed({ number: (newest?.number ?? 0) + 1, content });
      const [first, second] = found[0]?.copy === newest ? ([1, 0] as const) : ([0, 1] as const);
      await use(`${name}.${ENDINGS[first]}`, (file) => put(file, bytes));
      half?.();
      await use(`${name}.${ENDINGS[second]}`, (file) => put(file, bytes));
    },
    async remove(name) {
      for (const ending of ENDINGS) {
        const full = `${name}.${ending}`;
        if (!(await exists(full))) continue;
        await use(full, (file) => {
          put(file, new Uint8Array(file.getSize()));
          put(file, new Uint8Array());
        });
        await (await folder()).removeEntry(full);
      }
    },
  };

  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work, work);
    last = done;
    return done;
  };
  return {
    read: (name) => inTurn(() => files.read(name)),
    write: (name, content, half) => inTurn(() => files.write(name, content, half)),
    remove: (name) => inTurn(() => files.remove(name)),
  };
}

const noRoom = (): StoreFull =>
  new StoreFull("There is no space left for the lock's files. Nothing was changed; free some space and try again.");
