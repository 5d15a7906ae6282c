// Keeps the app's own files for when there is no network, and shows reminders while the app is closed. Nothing of a
// record passes through it or any cache.
//
// A version is kept whole: all of its files are fetched, and compared with the hashes that the build wrote here, before
// it may take over; it takes over when the person says so, or when no page of the one before is open.

import { keptLanguage, LOST, remind, type Shows } from "./shell/notice.ts";

/** Set by the build: each file of the app with the SHA-256 of its bytes, in hexadecimal. */
declare const PRECACHE: readonly (readonly [path: string, hash: string])[];
/** Set by the build: the hash of that list. */
declare const VERSION: string;
declare const BASE: string;

// What a service worker has around it; the types of a page, which the compiler knows, are others.
interface Extendable extends Event {
  waitUntil(until: Promise<unknown>): void;
}
interface Fetching extends Extendable {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Tapped extends Extendable {
  readonly notification: Notification;
}
interface OpenPage {
  focus(): Promise<unknown>;
  postMessage(message: unknown): void;
}
interface Surroundings extends EventTarget {
  readonly clients: {
    matchAll(which: { readonly type: "window" }): Promise<readonly OpenPage[]>;
    openWindow(address: string): Promise<unknown>;
  };
  readonly registration: Shows;
  skipWaiting(): Promise<void>;
}
const worker = globalThis as unknown as Surroundings;

const CACHE = `shell-${VERSION}`;
const SELF = `${BASE}/sw.js`;
const TAKE = "update now";

async function fetched(path: string, hash: string): Promise<Response> {
  const answer = await fetch(path, { cache: "reload", credentials: "omit" });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  const bytes = await answer.clone().arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const found = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  // A mixture of two versions, or something in between that changed a file, is never kept.
  if (found !== hash) throw new Error(`${path} is not as it was built`);
  return answer;
}

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await Promise.all(PRECACHE.map(async ([path, hash]) => cache.put(path, await fetched(path, hash))));
  // Only so that the app can tell its fingerprint, which this file is part of; it is never answered with.
  await cache.put(SELF, await fetch(SELF, { cache: "reload", credentials: "omit" }));
}

async function activate(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("shell-") && name !== CACHE).map((name) => caches.delete(name)));
}

const KEPT = new Set(PRECACHE.map(([path]) => path));
const INDEX = `${BASE}/index.html`;
const NOT_SHELL = new Set([SELF, `${BASE}/version.json`, `${BASE}/install`]);

/** The kept file that answers a request; null: it is none of the shell's, and goes to the network untouched. */
function keptFor(request: Request): string | null {
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin || NOT_SHELL.has(address.pathname)) return null;
  if (KEPT.has(address.pathname)) return address.pathname;
  const within = address.pathname === BASE || address.pathname.startsWith(`${BASE}/`);
  return request.mode === "navigate" && within ? INDEX : null;
}

async function answer(request: Request, path: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}

async function open(): Promise<void> {
  const [page] = await worker.clients.matchAll({ type: "window" });
  await (page === undefined ? worker.clients.openWindow(`${BASE}/`) : page.focus());
}

async function showReminder(): Promise<void> {
  await remind(worker.registration, await keptLanguage());
}

/** The token that the practice's server would want is in the store, so this is a page's to mend: now, or when one is
 * opened. */
async function tellPages(): Promise<void> {
  for (const page of await worker.clients.matchAll({ type: "window" })) page.postMessage(LOST);
}

worker.addEventListener("install", (event) => (event as Extendable).waitUntil(install()));
worker.addEventListener("activate", (event) => (event as Extendable).waitUntil(activate()));
worker.addEventListener("fetch", (event) => {
  const { request } = event as Fetching;
  const path = keptFor(request);
  if (path !== null) (event as Fetching).respondWith(answer(request, path));
});
worker.addEventListener("message", (event) => {
  if ((event as MessageEvent).data === TAKE) void worker.skipWaiting();
});
// What a message says is that something is due, and it says no more. A browser that gets one wants something shown.
worker.addEventListener("push", (event) => (event as Extendable).waitUntil(showReminder()));
worker.addEventListener("pushsubscriptionchange", (event) => (event as Extendable).waitUntil(tellPages()));
worker.addEventListener("notificationclick", (event) => {
  (event as Tapped).notification.close();
  (event as Extendable).waitUntil(open());
});
