// Addresses within the app: real ones, so that back, reload and links from outside work.

import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";

/** Where the app is served. */
export const BASE = "/app";

/** Where one is: a path within the app, its question and its fragment. */
export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly fragment: string;
}

/** The place that an address names. */
export function placeOf(address: { readonly pathname: string; readonly search: string; readonly hash: string }): Place {
  const inner = address.pathname.startsWith(BASE) ? address.pathname.slice(BASE.length) : address.pathname;
  const path = `/${inner.split("/").filter(Boolean).join("/")}`;
  return { path, query: new URLSearchParams(address.search), fragment: address.hash.slice(1) };
}

/** What a pattern like `/journal/:id` takes from a path; null where it does not fit. */
export function matched(pattern: string, path: string): Readonly<Record<string, string>> | null {
  const [wanted, given] = [pattern.split("/"), path.split("/")];
  if (wanted.length !== given.length) return null;
  const found: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const one = given[at] ?? "";
    if (part.startsWith(":")) found[part.slice(1)] = decodeURIComponent(one);
    else if (part !== one) return null;
  }
  return found;
}

/** An address of the app for a path within it, as a link takes it. */
export function hrefOf(path: string): string {
  return path === "/" ? `${BASE}/` : `${BASE}${path}`;
}

/** How many steps one has gone within the app: with none, back leads out of it. */
function depth(): number {
  const state: unknown = history.state;
  return typeof state === "object" && state !== null && "depth" in state ? Number(state.depth) : 0;
}

const MOVED = "intersession-moved";

/** Go to a path; `replace` leaves no step to go back to. */
export function go(path: string, how: { readonly replace?: boolean } = {}): void {
  if (how.replace === true) history.replaceState({ depth: depth() }, "", hrefOf(path));
  else history.pushState({ depth: depth() + 1 }, "", hrefOf(path));
  scrollTo(0, 0);
  dispatchEvent(new Event(MOVED));
}

/** Go back to where one came from in the app, or to a path above where one came from outside. */
export function goBack(above: string): void {
  if (depth() > 0) history.back();
  else go(above, { replace: true });
}

/** Where one is now, kept up to date. */
export function usePlace(): Place {
  const [place, setPlace] = useState(() => placeOf(location));
  useEffect(() => {
    const moved = () => setPlace(placeOf(location));
    addEventListener("popstate", moved);
    addEventListener("hashchange", moved);
    addEventListener(MOVED, moved);
    return () => {
      removeEventListener("popstate", moved);
      removeEventListener("hashchange", moved);
      removeEventListener(MOVED, moved);
    };
  }, []);
  return place;
}

export const Here = createContext<Place>({ path: "/", query: new URLSearchParams(), fragment: "" });

/** Where one is, for a screen. */
export function useHere(): Place {
  return useContext(Here);
}
