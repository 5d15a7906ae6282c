// Locking by itself, once the app has been in the background for long enough.

/** What it needs of the page. */
export interface PageSurroundings {
  readonly isHidden: () => boolean;
  /** Call when that changes; returns what ends it. */
  readonly onChange: (changed: () => void) => () => void;
  /** Milliseconds, by a clock that goes on while the device sleeps. */
  readonly now: () => number;
  /** Call later; returns what takes it back. */
  readonly later: (milliseconds: number, call: () => void) => () => void;
}

const MINUTE = 60_000;

/** Whether somebody has been away for so many minutes. */
export const isAwayTooLong = (since: number, now: number, minutes: number): boolean => now - since >= minutes * MINUTE;

/**
 * Call `lock` when the page has been hidden for so many minutes; 0: as soon as it is. Returns what ends it.
 *
 * A page in the background is often asleep, and its timers with it: where time went by unseen it is called as the page
 * comes back, before anything else can be.
 */
export function lockWhenAway(page: PageSurroundings, minutes: number, lock: () => void): () => void {
  let since: number | undefined;
  let takeBack: () => void = () => undefined;

  const gone = (): void => {
    takeBack();
    since = undefined;
    lock();
  };

  const changed = (): void => {
    if (page.isHidden()) {
      since ??= page.now();
      if (isAwayTooLong(since, page.now(), minutes)) return gone();
      takeBack();
      takeBack = page.later(since + minutes * MINUTE - page.now(), gone);
    } else if (since !== undefined) {
      if (isAwayTooLong(since, page.now(), minutes)) return gone();
      takeBack();
      since = undefined;
    }
  };

  const end = page.onChange(changed);
  changed();
  return () => {
    takeBack();
    end();
  };
}

/** A browser's page. */
export const thisPage: PageSurroundings = {
  isHidden: () => document.visibilityState === "hidden",
  onChange(changed) {
    document.addEventListener("visibilitychange", changed);
    return () => document.removeEventListener("visibilitychange", changed);
  },
  now: () => Date.now(), // `performance.now()` stands still while some devices sleep
  later(milliseconds, call) {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
};
