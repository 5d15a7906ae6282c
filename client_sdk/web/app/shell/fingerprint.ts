// The fingerprint of this app, as the build works it out: of the files that this device keeps and runs, whatever the
// server has by now.

import { BASE } from "./router.ts";

/** Where the service worker keeps the shell, one cache for each version. */
const SHELL = "shell-";

/** The fingerprint; before the app is kept on this device, what the server says it is. Null where that is not known. */
export async function fingerprint(): Promise<string | null> {
  const cache = await ownShell();
  return cache === null ? saidByServer() : fingerprintOf(cache);
}

/** The cache of the version that runs: the one that has this very file. */
async function ownShell(): Promise<Cache | null> {
  if (!("caches" in globalThis)) return null;
  for (const name of (await caches.keys()).filter((one) => one.startsWith(SHELL))) {
    const cache = await caches.open(name);
    if ((await cache.match(import.meta.url)) !== undefined) return cache;
  }
  return null;
}

async function fingerprintOf(cache: Cache): Promise<string> {
  const lines = new Map<string, string>();
  for (const request of await cache.keys()) {
    const name = new URL(request.url).pathname.slice(`${BASE}/`.length);
    const bytes = await (await cache.match(request))?.arrayBuffer();
    lines.set(name, `${await sha256(bytes ?? new ArrayBuffer())}  ${name}\n`);
  }
  const sorted = [...lines.keys()].sort().map((name) => lines.get(name) ?? "");
  return sha256(new TextEncoder().encode(sorted.join("")));
}

async function saidByServer(): Promise<string | null> {
  const answer = await fetch(`${BASE}/version.json`);
  return answer.ok ? ((await answer.json()) as { readonly bundle: string }).bundle : null;
}

async function sha256(bytes: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
