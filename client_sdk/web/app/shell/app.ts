// What every screen may ask for: the faces, the words, where it says something to the person.

import { createContext } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import type { Remote, Faces } from "@intersession/client/faces/faces.ts";
import { sayOfLock, type LockPhrase } from "@intersession/client/lock/words.ts";
import { own } from "@intersession/client/words/saying.ts";
import type { Language, Words } from "../words/words.ts";
import type { LockAfter } from "./away.ts";

/** Choices for the whole app: how it looks, and when it locks. */
export interface Preferences {
  readonly language: Language | null;
  readonly text: TextSize;
  readonly lockAfter: LockAfter;
}

export type TextSize = "huge" | "large" | "normal" | "small";

/** The app around a screen. */
export interface App {
  readonly faces: Remote<Faces>;
  readonly words: Words;
  readonly language: Language;
  /** For dates and numbers. */
  readonly locale: string;
  /** Counts what changed; what was asked before is asked again. */
  readonly changes: number;
  readonly preferences: Preferences;
  prefer(preferences: Partial<Preferences>): Promise<void>;
  /** Say something for a moment, with what can be done about it. */
  say(text: string, act?: { readonly label: string; readonly run: () => void }): void;
  /** A lock was set, opened, closed or removed, or the app was paired or emptied: look again at how things are. */
  restart(): void;
}

export const AppContext = createContext<App | null>(null);

/** The app around this screen. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (app === null) throw new Error("a screen needs an app around it");
  return app;
}

/** What was asked of a face. What is shown stays until the newer answer is there. */
export type Asked<Value> =
  | { readonly state: "waiting" }
  | { readonly state: "failed"; readonly problem: unknown; readonly again: () => void }
  | { readonly state: "ready"; readonly value: Value };

/** Ask when a screen begins, and again whenever something has changed. */
export function useAsked<Value>(
  ask: (faces: Remote<Faces>) => Promise<Value>,
  given: readonly unknown[] = [],
): Asked<Value> {
  const { faces, changes, restart } = useApp();
  const [asked, setAsked] = useState<Asked<Value>>({ state: "waiting" });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let current = true;
    ask(faces).then(
      (value) => current && setAsked({ state: "ready", value }),
      (problem: unknown) => {
        if (!current) return;
        setAsked({ state: "failed", problem, again: () => setTries((count) => count + 1) });
        // It has locked itself meanwhile: then this is not the screen any more.
        if (codeOf(problem) === LOCKED) restart();
      },
    );
    return () => {
      current = false;
    };
  }, [changes, tries, ...given]);
  return asked;
}

/** Something a person started: whether it is under way, and what went wrong. */
export interface Doing {
  readonly busy: boolean;
  readonly problem: unknown;
  run(what: () => Promise<unknown>): void;
}

/** For buttons and forms: one at a time; what fails is kept to be shown. */
export function useDoing(): Doing {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const running = useRef(false);
  const run = (what: () => Promise<unknown>): void => {
    // A second tap comes before the button has been drawn as busy.
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setProblem(null);
    what()
      .catch((wrong: unknown) => setProblem(wrong))
      .finally(() => {
        running.current = false;
        setBusy(false);
      });
  };
  return { busy, problem, run };
}

/** What every face but the lock throws while the device is locked. */
const LOCKED = "locked";

/** The stable code of what went wrong; empty for a defect of this app. */
export function codeOf(problem: unknown): string {
  return typeof problem === "object" && problem !== null && "code" in problem ? String(problem.code) : "";
}

/** The code of what found no room on this device. */
export const STORE_FULL = "store_full";
/** What the address of Sync then says: not every browser tells how much is left. */
export const FOUND_FULL = "full";

/** What the lock has its own words for, by code. */
const OF_LOCK: Readonly<Record<string, LockPhrase>> = {
  cancelled: "cancelled",
  damaged: "damaged",
  no_prf: "passkey",
  passcode_too_short: "short",
  store_invalid: "damaged",
  wrong_secret: "wrong",
};

/** What went wrong, for people. */
export function problemInWords(problem: unknown, { words, locale }: Pick<App, "locale" | "words">): string {
  // A server says which code it is; what every object has is none.
  const code = codeOf(problem);
  const ofLock = own<LockPhrase>(OF_LOCK, code);
  if (ofLock !== undefined) return sayOfLock(locale, ofLock);
  return own<string>(words.errors, code) ?? words.errors.unknown;
}
