// How long to wait before connecting again: exponential backoff with full jitter, or what the server asked for.

import WIRE from "../generated/wire.json";

const { first: FIRST, longest: LONGEST, mostSpread: MOST_SPREAD, stood: STOOD } = WIRE.session.reconnect;
const MOST_DOUBLINGS = 16;

/**
 * Seconds to wait before attempt number `attempt` (1 is the first retry); `chance` is random in [0, 1).
 *
 * Anywhere between nothing and the exponential bound, so that devices which lost the server at one moment do not come back
 * at one moment; and the bound is at least `spread`, the seconds over which the server wants its devices to come back.
 * Where it has `told` how many seconds to stay away, at least those, and up to a quarter more.
 */
export function waitBefore(attempt: number, chance: number, told: number | null = null, spread = 0): number {
  if (told !== null) return told + chance * Math.min(LONGEST, told / 4);
  const bound = Math.min(LONGEST, FIRST * 2 ** Math.min(attempt - 1, MOST_DOUBLINGS));
  return chance * Math.max(bound, Math.min(spread, MOST_SPREAD));
}

/**
 * The number of the next attempt, after a connection that was number `attempt` (0: the first) and has ended.
 *
 * Only a connection that brought something forward, or stood for long, resets the count: a server that welcomes and closes
 * at once is not to be asked forty times in ten seconds.
 */
export const attemptAfter = (attempt: number, { progressed, stood }: { progressed: boolean; stood: number }): number =>
  progressed || stood >= STOOD ? 1 : attempt + 1;
