// Reminders while the app is closed, by the push service of the browser: as far as browser, person and practice agree.
//
// The browser may give up a subscription at any time, and the practice's server may have another key. So whoever wants
// reminders is subscribed anew whenever the app is opened, if that is needed.

import { useEffect } from "preact/hooks";
import type { Faces, Remote } from "@intersession/client/faces/faces.ts";
import type { Language } from "../words/words.ts";
import { codeOf, useApp } from "./app.ts";
import { installed, onIos } from "./install.ts";
import { forgetLanguage, keepLanguage, LOST } from "./notice.ts";

type Asked = Remote<Pick<Faces, "reminders" | "settings">>;

/** The name under which the choice is kept. */
const WHILE_CLOSED = "reminders while closed";
/** Milliseconds that the server has to hear of the end; whoever leaves does not wait for longer. */
const HEARD_WITHIN = 3_000;

/** Where they stand; else why they cannot be had. */
export type WhileClosed = "install" | "no push" | "not offered" | "off" | "on";

/** How it is on this device. Throws where the practice's server cannot be asked. */
export async function whileClosed(faces: Asked): Promise<WhileClosed> {
  if (!canPush()) return onIos() && !installed() ? "install" : "no push";
  const [offer, wanted, held] = await Promise.all([
    faces.reminders.offer(),
    faces.settings.get(WHILE_CLOSED),
    subscription(),
  ]);
  if (!offer.offered) return "not offered";
  return wanted === true && offer.on && held !== null ? "on" : "off";
}

/** Have them from now on; the browser's leave to notify has been given. Throws what stands in the way. */
export async function beginWhileClosed(faces: Asked, language: Language): Promise<void> {
  const { key } = await faces.reminders.offer();
  if (key === null) return;
  await subscribe(faces, key, language);
  await faces.settings.set(WHILE_CLOSED, true);
}

/** Have none any more. What cannot be told to the server it hears from the push service, with its next reminder. */
export async function endWhileClosed(faces: Asked): Promise<void> {
  await letGo();
  const told = Promise.all([faces.reminders.end(), faces.settings.set(WHILE_CLOSED, false)]);
  const late = new Promise((resolve) => setTimeout(resolve, HEARD_WITHIN));
  await Promise.race([told.catch(() => undefined), late]);
}

/** See to it, when the app is opened, that whoever wants them gets them. */
export function useWhileClosed(): void {
  const { faces, language } = useApp();
  useEffect(() => {
    const look = (): void => void mend(faces, language).catch(() => undefined);
    const hear = ({ data }: MessageEvent): void => {
      if (data === LOST) look();
    };
    look();
    // Without https there are no service workers.
    const workers: ServiceWorkerContainer | undefined = navigator.serviceWorker;
    workers?.addEventListener("message", hear);
    return () => workers?.removeEventListener("message", hear);
  }, [faces, language]);
}

async function mend(faces: Asked, language: Language): Promise<void> {
  if (!canPush() || (await faces.settings.get(WHILE_CLOSED)) !== true) return;
  try {
    const { key } = await faces.reminders.offer();
    if (key === null || Notification.permission !== "granted") await letGo();
    else await subscribe(faces, key, language);
  } catch (problem) {
    if (codeOf(problem) === "access_ended") await letGo();
  }
}

async function subscribe(faces: Asked, key: string, language: Language): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration();
  if (registration === undefined) throw noPush();
  const before = await registration.pushManager.getSubscription();
  const isOfOtherKey = before !== null && keyOf(before) !== key;
  if (isOfOtherKey) await before.unsubscribe();
  const held =
    before !== null && !isOfOtherKey
      ? before
      : await registration.pushManager
          .subscribe({ userVisibleOnly: true, applicationServerKey: key })
          .catch(() => Promise.reject(noPush()));
  const { p256dh, auth } = held.toJSON().keys ?? {};
  if (p256dh === undefined || auth === undefined) throw noPush();
  await keepLanguage(language);
  await faces.reminders.subscribe({ endpoint: held.endpoint, p256dh, auth, key });
}

/** The browser forgets where reminders go, and in which language they are. */
async function letGo(): Promise<void> {
  await (await subscription())?.unsubscribe().catch(() => false);
  await forgetLanguage().catch(() => undefined);
}

async function subscription(): Promise<PushSubscription | null> {
  if (!canPush()) return null;
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/** What a subscription was made with, in base64url; empty where the browser does not say. */
function keyOf({ options }: PushSubscription): string {
  const bytes = new Uint8Array(options.applicationServerKey ?? []);
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const canPush = (): boolean => "PushManager" in globalThis && "serviceWorker" in navigator;

/** The browser's push service does not answer, or is not there. */
const noPush = (): Error => Object.assign(new Error("The browser's push service cannot be used."), { code: "no_push" });
