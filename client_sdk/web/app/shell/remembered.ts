// That this app has kept a record on this device, remembered where a browser does not delete it along with the record.
//
// A browser may delete what a website keeps: when room runs out, or after some time without a visit. It takes all files,
// caches and databases at once, but not cookies; so it is a cookie, with nothing in it. Where cookies are deleted too, as
// when a person clears a website's data, or by Safari after a week where the app is not installed, nothing is left to know
// it by.

import { BASE } from "./router.ts";

const MARK = "device=1";
/** In seconds; no browser keeps one longer. It begins anew with each start. */
const AS_LONG_AS_POSSIBLE = 400 * 24 * 3_600;

function keep(seconds: number): void {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${MARK}; Path=${BASE}; Max-Age=${seconds}; SameSite=Strict${secure}`;
}

/** There is a record on this device now. */
export const remember = (): void => keep(AS_LONG_AS_POSSIBLE);

/** It was deleted by the person, or they know that it is gone. */
export const forget = (): void => keep(0);

/** Whether there was one, as far as the browser still knows. */
export const isRemembered = (): boolean => document.cookie.split("; ").includes(MARK);
