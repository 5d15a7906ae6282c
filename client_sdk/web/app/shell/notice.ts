// The one notification that this app shows, for the page and for the service worker, which opens no store: all that it
// knows of a person is the language of their screens, kept beside the app's files while they want reminders.

import { languageOf, type Language } from "../words/language.ts";
import { APP, REMINDER } from "../words/notice.ts";

/** A newer reminder takes the place of an older one that is still shown. */
const TAG = "due";
const CACHE = "reminders";
const LANGUAGE = "/app/reminders/language";

/** What the service worker tells open pages when the browser has given up the subscription. */
export const LOST = "subscription lost";

/** What shows notifications; a service worker's types are others than a page's. */
export type Shows = Pick<ServiceWorkerRegistration, "showNotification">;

/** Show that something is due. */
export async function remind(registration: Shows, language: Language): Promise<void> {
  await registration.showNotification(APP, { body: REMINDER[language], tag: TAG, lang: language });
}

/** In which language reminders are from now on. */
export async function keepLanguage(language: Language): Promise<void> {
  await (await caches.open(CACHE)).put(LANGUAGE, new Response(language));
}

/** The language that was kept, else the device's. */
export async function keptLanguage(): Promise<Language> {
  const kept = await caches.match(LANGUAGE, { cacheName: CACHE });
  return languageOf(kept === undefined ? null : await kept.text(), navigator.languages);
}

/** Nothing is kept. */
export async function forgetLanguage(): Promise<void> {
  await caches.delete(CACHE);
}
