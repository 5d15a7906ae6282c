// What is exchanged of what was written. Whoever waits for it wrote something before, and what is written meanwhile is
// not theirs to wait for; so writes are counted, and what stands is known by the count at which it stood.

import { pause, type World } from "./world.ts";

/** Where a run stands. */
export interface Standing {
  /** How often something was put into the outbox since the run began. */
  readonly writes: number;
  /** Something was put into the outbox. */
  wrote(): void;
  /** All is exchanged that can be, of what had been written at `readAt`. */
  exchanged(readAt: number, what: { readonly left: boolean; readonly stopped: boolean }): void;
  /** What is exchanged is not known any more. */
  disconnected(): void;
  /** The run has ended, with what has ended it for good, if anything has. */
  end(failure: unknown): void;
  /** Whether it was said before that all of that is exchanged. */
  isKnownAt(readAt: number): boolean;
  /**
   * Wait until all is exchanged; false where that cannot be, or not within so many seconds. Throws what has ended the
   * run for good.
   */
  waitSynced(seconds: number): Promise<boolean>;
}

/** A run that is yet to begin. */
export function standing(world: World): Standing {
  let [writes, syncedAt, stoppedAt] = [0, -1, -1];
  let over: { readonly failure: unknown } | null = null;
  let differs = new AbortController();

  const told = (): void => {
    differs.abort();
    differs = new AbortController();
  };

  return {
    get writes() {
      return writes;
    },
    wrote() {
      writes += 1;
    },
    exchanged(readAt, { left, stopped }) {
      syncedAt = left ? -1 : readAt;
      stoppedAt = stopped ? readAt : -1;
      told();
    },
    disconnected() {
      syncedAt = stoppedAt = -1;
    },
    end(failure) {
      over = { failure };
      syncedAt = -1;
      told();
    },
    isKnownAt: (readAt) => syncedAt === readAt,
    async waitSynced(seconds) {
      const deadline = world.seconds() + seconds;
      for (;;) {
        if (syncedAt === writes) return true;
        if (over !== null && over.failure !== null) throw over.failure;
        const left = deadline - world.seconds();
        if (stoppedAt === writes || over !== null || left <= 0) return false;
        await pause(world, left, differs.signal);
      }
    },
  };
}
