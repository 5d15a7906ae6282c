// Reminders while the app is open out of sight. They say nothing of what is due.

import { useEffect } from "preact/hooks";
import type { Due } from "@intersession/client/generated/answers.ts";
import { useApp } from "./app.ts";
import { remind } from "./notice.ts";

/** The name under which the choice is kept. */
export const REMINDERS = "reminders";

/** How often it is looked whether something is due now. */
const EVERY = 60_000;

/** What is worth a reminder that was none before: what has a time that has come, or asks to be reminded of. */
export function newlyDue(due: readonly Due[], now: Date, known: ReadonlySet<string>): readonly string[] {
  return due
    .filter((one) => (one.timed || one.reminder) && Date.parse(one.at) <= now.getTime())
    .map((one) => `${one.kind} ${one.id} ${one.occurrence}`)
    .filter((key) => !known.has(key));
}

/** Remind while nobody looks, if that was chosen and the browser allows it. */
export function useReminders(): void {
  const { faces, language } = useApp();
  useEffect(() => {
    const known = new Set<string>();
    let first = true;
    const look = async (): Promise<void> => {
      if ((await faces.settings.get(REMINDERS)) !== true) return;
      const now = new Date();
      const fresh = newlyDue(await faces.plans.due(), now, known);
      for (const key of fresh) known.add(key);
      // What was due when the app was opened has been seen there.
      const seen = first || document.visibilityState === "visible";
      first = false;
      if (seen || fresh.length === 0 || Notification.permission !== "granted") return;
      const registration = await navigator.serviceWorker.getRegistration();
      if (registration !== undefined) await remind(registration, language);
    };
    const timer = setInterval(() => void look().catch(() => undefined), EVERY);
    void look().catch(() => undefined);
    return () => clearInterval(timer);
  }, [language]);
}

/** Ask the browser for its leave; false where it does not give it. */
export async function allowed(): Promise<boolean> {
  return (await Notification.requestPermission()) === "granted";
}

/** Whether this browser can remind at all. */
export function canRemind(): boolean {
  return "Notification" in globalThis && "serviceWorker" in navigator;
}
