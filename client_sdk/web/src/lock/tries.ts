// How long to wait after wrong passcodes. It slows down somebody who has the unlocked device in their hands; whoever
// can copy its files does not ask here, and has only the work of Argon2id before them.

/** Passcodes that were wrong in a row, each counted before it is looked at; `at`: the last, in ms since 1970. */
export interface Tries {
  readonly count: number;
  readonly at: number;
}

/** None so far. */
export const NO_TRIES: Tries = { count: 0, at: 0 };

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Slips of the finger. */
const FREE = 5;
/** After each wrong one beyond them; the last goes for all further ones. Nothing is ever deleted for it. */
const WAITS = [30 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE] as const;

/**
 * Milliseconds until another passcode may be tried; 0 for at once.
 *
 * A clock that was set back does not make it longer than it was to begin with.
 */
export function waitAfter({ count, at }: Tries, now: number): number {
  if (count < FREE) return 0;
  const wait = WAITS[Math.min(count - FREE, WAITS.length - 1)] ?? 0;
  return Math.max(0, wait - Math.max(0, now - at));
}

/** With one more. */
export const oneMore = ({ count }: Tries, now: number): Tries => ({ count: count + 1, at: now });

/** Longer than any: the file keeps its size, so that a device without room can still be unlocked. */
const LENGTH = 64;

/** As JSON, always as long. */
export const triesText = (tries: Tries): string => JSON.stringify(tries).padEnd(LENGTH);

/** What JSON says; what is none counts as if nobody could go on trying freely. */
export function readTries(text: string): Tries {
  try {
    const { count, at } = JSON.parse(text) as Tries;
    if (Number.isSafeInteger(count) && count >= 0 && Number.isFinite(at)) return { count, at };
  } catch {
    // as below
  }
  return { count: FREE, at: 0 };
}
