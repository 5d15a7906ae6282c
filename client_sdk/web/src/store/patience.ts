// Waiting for files that another worker still has open: one that was ended gives them back a little later.

import { StoreBusy } from "../errors.ts";

const TRIES = 50;
const PAUSE = 100;

/** Open something, for a few seconds again and again while it is open elsewhere. Throws `StoreBusy` after that. */
export async function patiently<T>(open: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await open();
    } catch (failure) {
      if (!(failure instanceof DOMException) || failure.name !== "NoModificationAllowedError") throw failure;
      if (tries === TRIES) throw new StoreBusy("The store is open in another window. Close that one first.");
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}
