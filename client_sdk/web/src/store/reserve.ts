// Room that is kept for taking things away: to delete something SQLite first writes down what is to be overwritten, and the
// search's index is written anew. On a device without room nothing could be deleted or withdrawn else.

import { StoreFull } from "../errors.ts";
import { openFile, type OpenFile } from "./openFiles.ts";
import { patiently } from "./patience.ts";

/** An estimate: deleting an entry of a small record has room in it; what a very large one takes was not measured. */
const SIZE = 2 * 1024 * 1024;
const PIECE = 64 * 1024;
/** A browser counts room as free some time after it was given back. */
const TRIES = 25;
const PAUSE = 40;

/** That room. */
export interface Reserve {
  /** Take as much as is missing of it, where there is any. */
  fill(): Promise<void>;
  /** Do something; where there is no room for it, once more with the room that was kept. */
  using<T>(work: () => T | Promise<T>): Promise<T>;
}

/** The room that a file takes in a directory of `root`. In a worker only, and in one at a time. */
export function reserveIn(root: FileSystemDirectoryHandle, directory: string): Reserve {
  /** It is closed in between: only then does a browser count as free what it gave up. */
  const withFile = async <T>(work: (file: OpenFile) => T): Promise<T> => {
    const folder = await root.getDirectoryHandle(directory, { create: true });
    const handle = await folder.getFileHandle("reserve", { create: true });
    const file = await patiently(() => openFile(handle));
    try {
      return work(file);
    } finally {
      file.close();
    }
  };

  /** Whether there was something to give up. */
  const empty = (): Promise<boolean> =>
    withFile((file) => {
      const had = file.getSize() > 0;
      file.truncate(0);
      file.flush();
      return had;
    });

  const reserve: Reserve = {
    async fill() {
      // Where there is no more room, it is tried again with the next start.
      await withFile(fillUp).catch(() => undefined);
    },
    async using(work) {
      try {
        return await work();
      } catch (failure) {
        if (!(failure instanceof StoreFull) || !(await empty())) throw failure;
        try {
          return await again(work);
        } finally {
          await reserve.fill();
        }
      }
    },
  };
  return reserve;
}

/** Written and not only made longer: a file with holes takes no room. */
function fillUp(file: OpenFile): void {
  for (let at = file.getSize(); at < SIZE; at += PIECE) file.write(new Uint8Array(Math.min(PIECE, SIZE - at)), { at });
  file.flush();
}

async function again<T>(work: () => T | Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (failure) {
      if (!(failure instanceof StoreFull) || tries === TRIES) throw failure;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}
