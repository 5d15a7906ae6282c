// A new version waits until the person wants it. It is looked for while the app stays open, as some never close it.

import { useEffect, useState } from "preact/hooks";

/** Whether a new version is here, and how to take it. */
export interface Update {
  readonly waiting: boolean;
  take(): void;
}

/** The word with which the page lets the new version in; the service worker knows it too. */
const TAKE = "update now";
const MINUTE = 60_000;
/** How often an app that stays open looks, and how long it leaves be after a look, in milliseconds. */
const EVERY = 180 * MINUTE;
const AT_MOST = 15 * MINUTE;

/** Watch for a new version. Taking it reloads the page once the new one is in charge. */
export function useUpdate(): Update {
  const [worker, setWorker] = useState<ServiceWorker | null>(null);
  useEffect(() => {
    if (!("serviceWorker" in navigator)) return;
    let current = true;
    const noticed = (registration: ServiceWorkerRegistration): void => {
      // Without one in charge this is the first installation, which is no update.
      if (current && registration.waiting !== null && navigator.serviceWorker.controller !== null) {
        setWorker(registration.waiting);
      }
    };
    void navigator.serviceWorker.getRegistration().then((registration) => {
      if (registration === undefined) return;
      const follow = (): void =>
        registration.installing?.addEventListener("statechange", () => noticed(registration));
      noticed(registration);
      follow(); // one may be on its way already
      registration.addEventListener("updatefound", follow);
    });
    return () => {
      current = false;
    };
  }, []);
  const take = (): void => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    worker?.postMessage(TAKE);
  };
  return { waiting: worker !== null, take };
}

/** Look for a new version whenever the app comes into sight, and every few hours; for as long as the page is there. */
export function lookForUpdates(): void {
  let looked = Date.now(); // registering it was a look
  const look = (): void => {
    if (document.visibilityState !== "visible" || Date.now() - looked < AT_MOST) return;
    looked = Date.now();
    const asked = navigator.serviceWorker.getRegistration().then((registration) => registration?.update());
    // Without a network there is none; the next look is soon enough.
    asked.catch(() => undefined);
  };
  document.addEventListener("visibilitychange", look);
  setInterval(look, EVERY);
}
