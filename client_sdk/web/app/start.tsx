// Starts the app with whatever opens a client.

import { render } from "preact";
import type { OpenClient } from "./shell/client.ts";
import { awaitOffer } from "./shell/install.ts";
import { Root } from "./shell/Root.tsx";
import { BASE } from "./shell/router.ts";
import { lookForUpdates } from "./shell/update.ts";

/**
 * Show the app in the page, and let the service worker keep its files for when there is no network.
 *
 * `erase` deletes everything on this device where it cannot be opened.
 */
export function start(open: OpenClient, erase?: () => Promise<void>): void {
  awaitOffer();
  const place = document.getElementById("app");
  if (place !== null) render(<Root open={open} erase={erase} />, place);
  if ("serviceWorker" in navigator) {
    // Without it everything works, but not offline; there is nothing that a person could do about it.
    void navigator.serviceWorker
      .register(`${BASE}/sw.js`, { scope: `${BASE}/` })
      .then(lookForUpdates)
      .catch(() => undefined);
  }
}
