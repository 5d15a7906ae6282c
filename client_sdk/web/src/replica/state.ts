// The state of one connection, and what follows from it alone.

import type { StreamOffer, Welcome } from "../generated/frames.ts";
import type { Effect, Stopped } from "./effects.ts";
import type { Outgoing } from "./outgoing.ts";
import { UNTOLD, type Pace } from "./pace.ts";

/** One connection's state. */
export interface Session {
  /** That of the process: the next connection goes on with it. */
  readonly pace: Pace;
  /**
   * A frame of that size was too large for the server before, whatever it says; so frames are kept smaller, and one push
   * is under way at a time.
   */
  readonly mostBytes: number | null;
  /** Whether this connection has brought anything forward. */
  readonly progressed: boolean;
  /** In how many seconds the server wants to see this device again, as its last error said. */
  readonly retryAfter: number | null;
  /** Over how many seconds devices come back after a break, as its last welcome said. */
  readonly spread: number | null;
  /** When the session wants to be told of the time. */
  readonly deadline: number | null;
  /** The streams that cannot go on with this server, and why. The others do. */
  readonly stopped: ReadonlyMap<string, Stopped>;
  readonly stoppedBefore: boolean;
  readonly known: readonly StreamOffer[];
  readonly welcome: Welcome | null;
  /** By stream: the last row that is held, the rows that are still to come of a new device, and the last one known of. */
  readonly held: ReadonlyMap<string, number>;
  readonly backfill: ReadonlyMap<string, number | null>;
  readonly goal: ReadonlyMap<string, number>;
  readonly vaults: ReadonlySet<string>;
  /** The pushes that the server has not answered, by id. */
  readonly pushes: ReadonlyMap<number, Outgoing>;
  readonly nextPush: number;
  /** Documents whose push is tried again, and when. */
  readonly waiting: ReadonlyMap<string, number>;
  /** Documents that were sent whole already. */
  readonly resent: ReadonlySet<string>;
  readonly outbox: {
    /** Whether it is being read, whether something may be in it, and whether nothing was. */
    readonly read: boolean;
    readonly due: boolean;
    readonly empty: boolean;
  };
  readonly pausedUntil: number;
}

/** What comes of an event. */
export interface Step {
  readonly session: Session;
  readonly effects: readonly Effect[];
}

/** A connection that is to be opened. */
export const begun = (pace: Pace = UNTOLD, mostBytes: number | null = null): Session => ({
  pace,
  mostBytes,
  progressed: false,
  retryAfter: null,
  spread: null,
  deadline: null,
  stopped: new Map(),
  stoppedBefore: false,
  known: [],
  welcome: null,
  held: new Map(),
  backfill: new Map(),
  goal: new Map(),
  vaults: new Set(),
  pushes: new Map(),
  nextPush: 1,
  waiting: new Map(),
  resent: new Set(),
  outbox: { read: false, due: false, empty: false },
  pausedUntil: 0,
});

/** Whether nothing waits to be sent and every row known of has been stored. */
export const isCaughtUp = ({ welcome, outbox, pushes, waiting, goal, held, backfill }: Session): boolean =>
  welcome !== null &&
  outbox.empty &&
  !outbox.due &&
  !outbox.read &&
  pushes.size === 0 &&
  waiting.size === 0 &&
  [...goal].every(([stream, seq]) => (held.get(stream) ?? 0) >= seq) &&
  ![...backfill.values()].some(Boolean);

/** Whether there are stopped streams, and none of the others ever had a row. */
export const nothingGoesOn = ({ stopped, held }: Session): boolean =>
  stopped.size > 0 && ![...held].some(([stream, cursor]) => cursor > 0 && !stopped.has(stream));

/** The same, with an outbox that may hold something. */
export const due = (session: Session): Session => ({ ...session, outbox: { ...session.outbox, due: true } });

/** Push nothing, and read nothing to push, before that moment. */
export const pausedUntil = (session: Session, when: number): Session => ({
  ...session,
  pausedUntil: Math.max(session.pausedUntil, when),
});

/** A map with one more entry. */
export const withEntry = <K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> =>
  new Map(map).set(key, value);

/** A map without the entries whose keys are among those. */
export const without = <K, V>(map: ReadonlyMap<K, V>, ...keys: readonly K[]): ReadonlyMap<K, V> =>
  new Map([...map].filter(([key]) => !keys.includes(key)));
