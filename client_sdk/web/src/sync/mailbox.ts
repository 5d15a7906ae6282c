// What comes in one after the other, for one that waits for it.

import { pause, type World } from "./world.ts";

export interface Mailbox<Item> {
  put(item: Item): void;
  /** The first of them, which stays. */
  readonly first: Item | undefined;
  /** Take the first out. */
  take(): Item | undefined;
  /** Wait until there is one, `seconds` are over (null: without end), or `signal` is aborted. */
  wait(seconds: number | null, signal: AbortSignal): Promise<void>;
}

export function mailbox<Item>(world: World): Mailbox<Item> {
  const items: Item[] = [];
  let arrived = new AbortController();
  return {
    put(item) {
      items.push(item);
      arrived.abort();
    },
    get first() {
      return items[0];
    },
    take: () => items.shift(),
    async wait(seconds, signal) {
      if (items.length > 0) return;
      arrived = new AbortController();
      await pause(world, seconds ?? FOR_EVER, AbortSignal.any([arrived.signal, signal]));
    },
  };
}

/** Longer than any connection, and no longer than a timer can. */
const FOR_EVER = 1_000_000;
