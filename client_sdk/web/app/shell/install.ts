// On the Home Screen or not yet, and how it gets there.

import { useEffect, useState } from "preact/hooks";

/** What browsers other than Safari send before they ask whether to install. */
interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

/** How this browser installs. */
export interface Install {
  /** Asks; null where the browser has not offered it. */
  readonly ask: (() => void) | null;
  /** Only a person can do it, by the menu for sharing. */
  readonly byHand: boolean;
}

let offered: InstallPrompt | null = null;
const OFFERED = "intersession-offered";

/** The offer may come before any screen is there: call this first of all. */
export function awaitOffer(): void {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offered = event as InstallPrompt;
    dispatchEvent(new Event(OFFERED));
  });
}

/** Whether this is running from the Home Screen. */
export function installed(): boolean {
  const standalone = "standalone" in navigator && navigator.standalone === true;
  return standalone || matchMedia("(display-mode: standalone)").matches;
}

/** Whether this is an iPhone or iPad. */
export function onIos(): boolean {
  // An iPad says that it is a Mac, but no Mac has a touch screen.
  return /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
}

export function useInstall(): Install {
  const [prompt, setPrompt] = useState(offered);
  useEffect(() => {
    const noticed = () => setPrompt(offered);
    addEventListener(OFFERED, noticed);
    return () => removeEventListener(OFFERED, noticed);
  }, []);
  const ask = prompt === null ? null : () => void prompt.prompt();
  return { ask, byHand: onIos() };
}
