// What is shown before there is a client: starting, could not start, in use elsewhere.

import { useState } from "preact/hooks";
import { sayOfLock } from "@intersession/client/lock/words.ts";
import { CrisisLines, EmergencyCalls, useCrisis } from "../parts/CrisisHelp.tsx";
import type { Words } from "../words/words.ts";
import { codeOf } from "./app.ts";
import { forget } from "./remembered.ts";

export function Starting({ words }: { readonly words: Words }) {
  return (
    <main id="content" class="screen">
      <p class="waiting" role="status">
        {words.common.loading}
      </p>
    </main>
  );
}

interface FailedGiven {
  readonly words: Words;
  readonly locale: string;
  readonly problem: unknown;
  readonly erase: (() => Promise<void>) | undefined;
  readonly onAgain: () => void;
}

/** What the app cannot be without. */
function tooOld(): boolean {
  return !("locks" in navigator && "storage" in navigator && "getDirectory" in navigator.storage);
}

/** It could not start: why, as far as something can be done about it; and whom to call all the same. */
export function Failed({ words, locale, problem, erase, onAgain }: FailedGiven) {
  const code = codeOf(problem);
  const isDamaged = code === "damaged" || code === "store_invalid";
  const crisis = useCrisis(null);
  return (
    <main id="content" class="screen">
      <h1>{words.failed.title}</h1>
      <p>{tooOld() ? words.failed.old : (whyInWords(code, words, locale) ?? words.failed.says)}</p>
      <button type="button" class="main-button" onClick={onAgain}>
        {words.common.again}
      </button>
      {isDamaged && erase !== undefined && <Erase words={words} locale={locale} erase={erase} onErased={onAgain} />}
      <p class="notice notice-risk">{words.safety.emergency}</p>
      <EmergencyCalls of={crisis.help} locale={locale} />
      <CrisisLines of={crisis} level={2} words={words} locale={locale} />
    </main>
  );
}

function whyInWords(code: string, words: Words, locale: string): string | null {
  switch (code) {
    case "damaged":
    case "store_invalid":
      return sayOfLock(locale, "damaged");
    case "store_too_new":
      return words.failed.tooNew;
    case "store_full":
      return words.errors.store_full;
    default:
      return null;
  }
}

interface EraseGiven {
  readonly words: Words;
  readonly locale: string;
  readonly erase: () => Promise<void>;
  readonly onErased: () => void;
}

/** The way out of a store that cannot be read: behind a word, as it cannot be taken back. */
function Erase({ words, locale, erase, onErased }: EraseGiven) {
  const [state, setState] = useState<"busy" | "failed" | "asking">("asking");
  return (
    <details>
      <summary>{words.settings.deleteAll}</summary>
      <p>{sayOfLock(locale, "lost")}</p>
      <p>{sayOfLock(locale, "stays")}</p>
      {state === "failed" && (
        <p class="notice notice-attention" role="alert">
          {words.errors.store_busy}
        </p>
      )}
      <button
        type="button"
        class="end-button"
        disabled={state === "busy"}
        onClick={() => {
          setState("busy");
          erase().then(
            () => {
              forget();
              onErased();
            },
            () => setState("failed"),
          );
        }}
      >
        {words.settings.deleteAll}
      </button>
    </details>
  );
}

interface ElsewhereGiven {
  readonly words: Words;
  readonly onTake: () => void;
}

export function Elsewhere({ words, onTake }: ElsewhereGiven) {
  return (
    <main id="content" class="screen">
      <h1>{words.elsewhere.title}</h1>
      <p>{words.elsewhere.says}</p>
      <button type="button" class="main-button" onClick={onTake}>
        {words.elsewhere.take}
      </button>
    </main>
  );
}
