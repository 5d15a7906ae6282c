// The browser has deleted what was on this device: what that means, and how to go on. Never just an empty app.

import { sayOfLock } from "@intersession/client/lock/words.ts";
import { Link } from "../parts/Link.tsx";
import { Actions, Screen } from "../parts/Screen.tsx";
import { useApp } from "../shell/app.ts";
import { forget } from "../shell/remembered.ts";
import { Install } from "./Welcome.tsx";

export function Gone() {
  const { words, locale, restart } = useApp();
  return (
    <Screen title={words.gone.title}>
      <p>{words.gone.why}</p>
      <p>{sayOfLock(locale, "stays")}</p>
      <p>{words.gone.lost}</p>
      <Install />
      <p class="hint">{words.gone.code}</p>
      <Actions>
        <Link to="/pair" class="button main-button">
          {words.gone.pair}
        </Link>
        <button
          type="button"
          onClick={() => {
            forget();
            restart();
          }}
        >
          {words.gone.afresh}
        </button>
      </Actions>
    </Screen>
  );
}
