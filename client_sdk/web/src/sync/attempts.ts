// Connecting, exchanging, and connecting again: one run, until all is exchanged or it is ended.
//
// One attempt is one connection to its end. What it meant is decided here: whether another one can help, when it is
// made, and what is to be learnt from this one. The exchange itself is a conversation.

import { LogDiverged, StoreFull, WireError } from "../errors.ts";
import WIRE from "../generated/wire.json";
import type { Event } from "../replica/effects.ts";
import { afterTooLarge } from "../replica/outgoing.ts";
import type { Trouble } from "../replica/problems.ts";
import { attemptAfter, waitBefore } from "../replica/reconnect.ts";
import { isCaughtUp, nothingGoesOn } from "../replica/session.ts";
import * as transfers from "../replica/transfers.ts";
import { conversation, type Conversation, type Exchanged, type Memory } from "./conversation.ts";
import type { LocalSide } from "./local.ts";
import type { Standing } from "./runState.ts";
import { Ended } from "./socket.ts";
import * as troubles from "./troubles.ts";
import { pause, type World } from "./world.ts";

/** Seconds that `sync` tries to reach a server that has not answered once, before it says `Unreachable`. */
const FIRST_CONTACT_WITHIN = 5;

/** What a run is for, and with what. */
export interface Aim {
  readonly world: World;
  readonly local: LocalSide;
  readonly memory: Memory;
  readonly standing: Standing;
  /** It ends once all is exchanged, or after so many seconds; null: it goes on. */
  readonly syncWithin: number | null;
  /** Resolves while it makes sense to connect, as not while nobody looks at the app; at once, usually. */
  readonly awake: (signal: AbortSignal) => Promise<void>;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** One run. */
export interface Attempts {
  /** Whether a server has welcomed this replica and the connection stands. */
  readonly connected: boolean;
  /** Whether a server has welcomed it once. */
  readonly reached: boolean;
  /** What went wrong last, and has not gone well since. */
  readonly trouble: Trouble | null;
  readonly exchanged: Exchanged;
  /** Connect until all is exchanged, the time is over, or it is ended. Throws what is final. */
  run(): Promise<void>;
  /** Something has happened on this device: the session hears of it, if there is one. */
  tell(event: Event): void;
  /** The network may be back: try now, and doubt a connection that has long been silent. */
  hurry(): void;
  /** There is no network: the connection, if there is one, is none. */
  lost(): void;
}

/** How one connection went. */
interface Went {
  readonly trouble: Trouble;
  readonly progressed: boolean;
  readonly stood: number;
  readonly retryAfter: number | null;
  /** All is exchanged that can be; another attempt would change nothing. */
  readonly nowhereToGo: boolean;
}

/** A run that is yet to begin. */
export function attempts({ world, local, memory, standing, syncWithin, awake, signal }: Aim): Attempts {
  const untilSynced = syncWithin !== null;
  const exchanged: Exchanged = { pushed: 0, pulled: 0, refused: 0, complete: false };
  let talk: Conversation | null = null;
  let trouble: Trouble | null = null;
  let [reached, failed, connected] = [false, true, false];
  let waiting = new AbortController();

  const say = (told: Trouble | null): void => {
    trouble = told;
    local.trouble(told);
  };

  /** Why something is left when all is exchanged that can be; null: nothing is. */
  const left = ({ session }: Conversation): Trouble | null => {
    if (session.stopped.size > 0) return troubles.ofStopped(local.stopped());
    return local.waits() ? troubles.NO_STREAM : null;
  };

  const setConnected = (stands: boolean): void => {
    if (connected === stands) return;
    connected = stands;
    local.connectionChanged();
  };

  /** Take down where the talk stands; returns whether there is nothing left that could be exchanged. */
  const note = (one: Conversation): boolean => {
    const { session, readAt } = one;
    if (session.welcome !== null && !connected) {
      reached = true;
      local.accessEnded(false);
      setConnected(true);
    }
    trouble = one.takeSaid() ?? trouble;
    if (session.progressed && failed) {
      failed = false;
      if (one.complained === null) say(null);
    }
    // What was written counts as seen only when the outbox was read after it was written.
    if (!isCaughtUp(session) || one.isBehind || readAt !== standing.writes) return false;
    const why = left(one);
    if (why !== null && !isSame(trouble, why)) say(why);
    if (why === null && !standing.isKnownAt(readAt)) {
      memory.meter = transfers.finished(memory.meter);
      if (one.complained === null) say(null);
    }
    standing.exchanged(readAt, { left: why !== null, stopped: session.stopped.size > 0 });
    return true;
  };

  /** Talk until the connection ends, which throws, or all is exchanged that can be. Returns why some cannot. */
  const converse = async (one: Conversation): Promise<Trouble | null> => {
    await one.begin();
    for (;;) {
      if (note(one) && untilSynced) {
        const why = left(one);
        if (why !== null && nothingGoesOn(one.session)) throw new LogDiverged(why.message, why.code);
        exchanged.complete = why === null;
        return why;
      }
      await one.goOn();
    }
  };

  /** A frame was too large: remember to send smaller ones, and give up the change that cannot go. */
  const learnSize = ({ session }: Conversation): void => {
    const { mostBytes, refused } = afterTooLarge([...session.pushes.values()], memory.mostBytes);
    memory.mostBytes = mostBytes;
    if (refused === null) return;
    local.refuse({ ...refused, code: "too_large", message: WIRE.session.tooLarge });
    exchanged.refused += 1;
  };

  /** What the end of a connection means, and what is to be learnt from it. Throws what is final. */
  const ended = (one: Conversation, { closeCode, wasOpen }: Ended): Trouble => {
    const meant = troubles.ofEnd(closeCode, wasOpen);
    if (troubles.TOO_LARGE.has(closeCode)) learnSize(one);
    // The server's own words say more than a number.
    const said = troubles.TOO_LARGE.has(closeCode) ? null : one.complained;
    const why = said === null ? meant : { ...said, final: said.final || meant.final };
    if (why.code === "access_ended" || why.code === "wrong_token") local.accessEnded(true);
    troubles.throwIfFinal(why);
    return why;
  };

  const meaning = (one: Conversation, failure: unknown): Trouble => {
    if (failure instanceof Ended) return ended(one, failure);
    if (failure instanceof StoreFull && !untilSynced) return troubles.STORE_FULL;
    if (failure instanceof WireError) return troubles.BAD_ANSWER;
    throw failure;
  };

  /** One connection to its end. Throws `AccessEnded` and the like when another attempt cannot help. */
  const connectOnce = async (): Promise<Went> => {
    const began = world.seconds();
    const one = conversation({ world, local, memory, exchanged, writes: () => standing.writes, signal });
    talk = one;
    let why: Trouble;
    let nowhereToGo = false;
    try {
      const over = await converse(one);
      nowhereToGo = true;
      why = over ?? WIRE.lost;
    } catch (failure) {
      if (signal.aborted) throw failure;
      why = meaning(one, failure);
    } finally {
      talk = null;
      one.drop();
      standing.disconnected();
      setConnected(false);
    }
    const { session } = one;
    if (!exchanged.complete) {
      failed = true;
      say(why);
    }
    memory.spread = session.spread ?? memory.spread;
    const { progressed, retryAfter } = session;
    return { trouble: why, progressed, stood: world.seconds() - began, retryAfter, nowhereToGo };
  };

  const run = async (): Promise<void> => {
    const started = world.seconds();
    for (let attempt = 0; ; ) {
      await awake(signal);
      signal.throwIfAborted();
      const went = await connectOnce();
      if (untilSynced && went.nowhereToGo) return;
      attempt = attemptAfter(attempt, went);
      const wait = waitBefore(attempt, world.chance(), went.retryAfter, memory.spread);
      if (syncWithin !== null) {
        const waited = world.seconds() - started;
        if (!reached && (waited > Math.min(FIRST_CONTACT_WITHIN, syncWithin) || waited + wait >= syncWithin)) {
          throw troubles.unreachable(went.trouble);
        }
        if (waited + wait >= syncWithin) return; // nothing can come of waiting for it
      }
      waiting = new AbortController();
      await pause(world, wait, AbortSignal.any([waiting.signal, signal]));
      signal.throwIfAborted();
    }
  };

  return {
    get connected() {
      return connected;
    },
    get reached() {
      return reached;
    },
    get trouble() {
      return trouble;
    },
    exchanged,
    async run() {
      try {
        await run();
      } catch (failure) {
        if (!signal.aborted) say(troubles.ofError(failure));
        throw failure;
      } finally {
        setConnected(false);
      }
    },
    tell: (event) => talk?.tell(event),
    hurry() {
      waiting.abort();
      talk?.check();
    },
    lost: () => talk?.lost(),
  };
}

const isSame = (one: Trouble | null, other: Trouble): boolean =>
  one !== null && one.code === other.code && one.message === other.message && one.final === other.final;
