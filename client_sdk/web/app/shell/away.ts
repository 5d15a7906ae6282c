// Locking by itself, while nobody looks; and nothing on the screen for those who then do.

import { useEffect, useRef } from "preact/hooks";
import { lockWhenAway, thisPage } from "@intersession/client/lock/away.ts";

/** What a page is called that shows nothing. */
const APP = document.title;

/** Minutes in the background after which the app locks, where it has a lock at all. */
export type LockAfter = 1 | 5 | 15 | "off";

/** Call `lock` once the app has been in the background for so long; never while there is no lock to close. */
export function useLockWhenAway(hasLock: boolean, after: LockAfter, lock: () => void): void {
  useEffect(() => (hasLock && after !== "off" ? lockWhenAway(thisPage, after, lock) : undefined), [hasLock, after, lock]);
}

/**
 * With a lock, leave no picture of a record behind.
 *
 * Out of sight everything is covered, for the pictures in which a phone shows its apps. As the page is frozen, or kept for
 * the way back, `clear` is called: what would come back is then an empty screen, and the lock before anything else.
 */
export function useClearedWhenGone(hasLock: boolean, clear: () => void): void {
  const told = useRef(clear);
  told.current = clear;
  useEffect(() => {
    if (!hasLock) return;
    const ended = new AbortController();
    const listen = (target: EventTarget, name: string, listener: () => void): void =>
      target.addEventListener(name, listener, { signal: ended.signal });
    const root = document.documentElement;
    const cover = (): void => void root.toggleAttribute("data-covered", document.visibilityState === "hidden");
    const gone = (): void => {
      document.title = APP; // the title of a screen may say what is on it
      told.current();
    };
    listen(document, "visibilitychange", cover);
    listen(document, "freeze", gone);
    listen(window, "pagehide", gone);
    cover();
    return () => {
      ended.abort();
      root.removeAttribute("data-covered");
    };
  }, [hasLock]);
}
