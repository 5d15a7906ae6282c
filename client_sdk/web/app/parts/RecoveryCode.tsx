// A recovery code, shown this once: it stays until its end was typed from what was written down.

import { useState } from "preact/hooks";
import { typedCode } from "@intersession/client/text/typed.ts";
import { useApp } from "../shell/app.ts";
import { Line } from "./Fields.tsx";

/** Characters of its end that are asked for: enough to look at the paper, and not a chore. */
const ASKED = 4;

interface RecoveryCodeGiven {
  readonly code: string;
  /** It was written down. */
  readonly onKept: () => void;
}

/** Shows the code; then, without it, asks for its end. */
export function RecoveryCode({ code, onKept }: RecoveryCodeGiven) {
  const { words } = useApp();
  const [isAsking, setAsking] = useState(false);
  const [typed, setTyped] = useState("");
  const isRight = typedCode(typed) === typedCode(code).slice(-ASKED);
  return (
    <div class="notice notice-note">
      {isAsking ? (
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault();
            if (isRight) onKept();
          }}
        >
          <Line label={words.vault.lastOf(ASKED)} hint={words.vault.lastHint} value={typed} onChange={setTyped} />
          <div class="choices">
            <button type="submit" disabled={!isRight}>
              {words.common.next}
            </button>
            <button
              type="button"
              onClick={() => {
                setAsking(false);
                setTyped("");
              }}
            >
              {words.vault.showAgain}
            </button>
          </div>
        </form>
      ) : (
        <div role="alert">
          <p>
            {words.settings.recovery}: <code>{code}</code>
          </p>
          <p>{words.settings.recoverySays}</p>
          <button type="button" onClick={() => setAsking(true)}>
            {words.settings.recoveryKept}
          </button>
        </div>
      )}
    </div>
  );
}
