// Asking for the passcode: what is wrong with one, and how long to wait after several.

import { useEffect, useState } from "preact/hooks";
import { sayOfLock } from "@intersession/client/lock/words.ts";
import { codeOf, useApp, useDoing } from "../shell/app.ts";
import { waitInWords } from "../words/moments.ts";
import { Line } from "./Fields.tsx";
import { Problem } from "./Shown.tsx";

interface PasscodeGiven {
  /** What the button says. */
  readonly act: string;
  readonly main?: boolean;
  /** What is said while that goes on, where it takes long. */
  readonly busySays?: string;
  readonly onPasscode: (passcode: string) => Promise<unknown>;
}

/** A passcode and what it is asked for. */
export function PasscodeForm({ act, main, busySays, onPasscode }: PasscodeGiven) {
  const { words, locale } = useApp();
  const [passcode, setPasscode] = useState("");
  const doing = useDoing();
  const wait = useWait(doing.problem);
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        doing.run(() => onPasscode(passcode));
      }}
    >
      <Line
        type="password"
        autocomplete="current-password"
        label={words.settings.passcode}
        value={passcode}
        onChange={setPasscode}
      />
      {codeOf(doing.problem) !== "too_many_tries" && <Problem of={doing.problem} />}
      <p class="hint" role="status">
        {doing.busy && busySays}
        {wait > 0 && sayOfLock(locale, "wait").replace("{time}", waitInWords(wait, locale))}
      </p>
      <button
        type="submit"
        class={main === true ? "main-button" : undefined}
        disabled={doing.busy || wait > 0 || passcode === ""}
      >
        {act}
      </button>
    </form>
  );
}

const SECOND = 1_000;

/** Seconds until a passcode may be tried, counted down; asked for at first and after each problem. */
function useWait(problem: unknown): number {
  const { faces } = useApp();
  const [wait, setWait] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setInterval> | undefined;
    let current = true;
    const count = (seconds: number): void => {
      const over = Date.now() + seconds * SECOND;
      const look = (): void => {
        const left = Math.max(0, Math.ceil((over - Date.now()) / SECOND));
        setWait(left);
        if (left === 0) clearInterval(timer);
      };
      if (seconds > 0) timer = setInterval(look, SECOND);
      look();
    };
    // Where it cannot be said, trying says it.
    faces.lock.waits().then((seconds) => current && count(seconds), () => undefined);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [faces, problem]);
  return wait;
}
