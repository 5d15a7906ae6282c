// The network half of a replica: syncing once, staying connected, and where that stands.
//
// There is one connection at a time. While the network is down nothing here is needed, and nothing that was written
// depends on it.

import type { SyncReport, Transfer } from "../generated/answers.ts";
import { UNTOLD } from "../replica/pace.ts";
import { transferOf, UNMEASURED } from "../replica/transfers.ts";
import { attempts, type Attempts } from "./attempts.ts";
import type { Exchanged, Memory } from "./conversation.ts";
import type { LocalSide } from "./local.ts";
import { standing, type Standing } from "./runState.ts";
import { NO_ANSWER, unreachable, whyIncomplete } from "./troubles.ts";
import type { World } from "./world.ts";

/** What a page tells of its surroundings. */
export type Surrounding = "visible" | "hidden" | "online" | "offline";

/** The replica's connection. */
export interface Connection {
  /** Whether a server has welcomed this replica and the connection stands. */
  readonly connected: boolean;
  /** How far the exchange under way has come, or the last one. */
  readonly transfer: Transfer;
  /** Stay connected from now on, or no longer. Throws `NotPaired`. */
  live(on: boolean): void;
  /**
   * Exchange everything; where it is live, wait until all is exchanged. Broken connections are taken up again until
   * `seconds` are over; the report then says what is left.
   *
   * Throws `NotPaired`, `AccessEnded`, `Unreachable` when no server was reached, and what the store throws.
   */
  sync(seconds?: number): Promise<SyncReport>;
  /** Something was put into the outbox. */
  outboxChanged(): void;
  /** The page was hidden or shown, or the network has gone or come back. */
  noticed(what: Surrounding): void;
  /** End what is under way, as this is another device now; where it is live, it connects anew. */
  restart(): void;
  /** End it all, without waiting for the network. Nothing is lost. */
  close(): void;
}

interface Run {
  readonly attempts: Attempts;
  readonly standing: Standing;
  readonly end: () => void;
  /** Resolves when it has ended, whatever it was that ended it. */
  readonly ended: Promise<void>;
}

const SYNC_WITHIN = 60;

/** The connection of a replica, which is not connected yet. */
export function connectionOf(local: LocalSide, world: World): Connection {
  const memory: Memory = { pace: UNTOLD, meter: UNMEASURED, mostBytes: null, spread: 0 };
  let live: Run | null = null;
  let syncing: { readonly run: Run; readonly report: Promise<SyncReport> } | null = null;
  let [wanted, closed, hidden] = [false, false, false];
  let shown = new AbortController();

  const awake = async (signal: AbortSignal): Promise<void> => {
    while (hidden && !signal.aborted) {
      await new Promise<void>((resolve) => {
        AbortSignal.any([signal, shown.signal]).addEventListener("abort", () => resolve());
      });
    }
  };

  const begin = (syncWithin: number | null): Run => {
    const stop = new AbortController();
    const stands = standing(world);
    const run = attempts({
      world,
      local,
      memory,
      standing: stands,
      syncWithin,
      awake: syncWithin === null ? awake : async () => {},
      signal: stop.signal,
    });
    const ended = run.run().then(
      () => stands.end(null),
      (failure: unknown) => stands.end(stop.signal.aborted ? null : failure),
    );
    return { attempts: run, standing: stands, end: () => stop.abort(), ended };
  };

  const goLive = (): void => {
    if (!wanted || closed || live !== null || syncing !== null) return;
    const run = begin(null);
    live = run;
    void run.ended.then(() => {
      if (live === run) live = null;
    });
  };

  const report = (run: Run, done: Exchanged, seconds: number): SyncReport => {
    const { pushed, pulled, refused, complete } = done;
    if (complete) return { pushed, pulled, refused, complete, reason: null, reason_code: null };
    const why = whyIncomplete(run.attempts.trouble, transferOf(memory.meter), local.amount(), seconds);
    return { pushed, pulled, refused, complete, reason: why.message, reason_code: why.code };
  };

  const waitForLive = async (run: Run, seconds: number): Promise<SyncReport> => {
    const before = { ...run.attempts.exchanged };
    const complete = await run.standing.waitSynced(seconds);
    const { pushed, pulled, refused } = run.attempts.exchanged;
    const done = {
      pushed: pushed - before.pushed,
      pulled: pulled - before.pulled,
      refused: refused - before.refused,
      complete,
    };
    return report(run, done, seconds);
  };

  const syncOnce = async (run: Run, seconds: number): Promise<SyncReport> => {
    const cancel = world.after(seconds, run.end);
    try {
      await run.ended;
    } finally {
      cancel();
      syncing = null;
      goLive();
    }
    await run.standing.waitSynced(0); // throws what has ended it
    if (!run.attempts.reached) throw unreachable(run.attempts.trouble ?? NO_ANSWER);
    return report(run, run.attempts.exchanged, seconds);
  };

  const runs = (): readonly Run[] => [live, syncing?.run ?? null].filter((run) => run !== null);

  return {
    get connected() {
      return runs().some((run) => run.attempts.connected);
    },
    get transfer() {
      return transferOf(memory.meter);
    },
    live(on) {
      if (on) local.credentials();
      wanted = on;
      if (on) goLive();
      else live?.end();
      if (!on) live = null;
    },
    async sync(seconds = SYNC_WITHIN) {
      local.credentials();
      if (live !== null) {
        live.attempts.hurry();
        return waitForLive(live, seconds);
      }
      if (syncing === null) {
        const run = begin(seconds);
        syncing = { run, report: syncOnce(run, seconds) };
      }
      return syncing.report;
    },
    outboxChanged() {
      for (const run of runs()) {
        run.standing.wrote();
        run.attempts.tell({ event: "outboxChanged" });
      }
    },
    noticed(what) {
      if (what === "offline") for (const run of runs()) run.attempts.lost();
      if (what === "visible" || what === "hidden") hidden = what === "hidden";
      if (what === "visible") {
        shown.abort();
        shown = new AbortController();
      }
      if (what === "visible" || what === "online") for (const run of runs()) run.attempts.hurry();
    },
    restart() {
      for (const run of runs()) run.end();
      live = null;
      goLive();
    },
    close() {
      closed = true;
      for (const run of runs()) run.end();
    },
  };
}
