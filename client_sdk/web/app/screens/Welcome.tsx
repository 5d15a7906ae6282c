// The first screen: what this is, and first to put it on the Home Screen, for a browser keeps it better there.

import { useEffect, useState } from "preact/hooks";
import { sayOfLock } from "@intersession/client/lock/words.ts";
import { Link } from "../parts/Link.tsx";
import { Actions, Part, Screen } from "../parts/Screen.tsx";
import { UpdateNotice } from "../parts/UpdateNotice.tsx";
import { useApp } from "../shell/app.ts";
import { installed, useInstall } from "../shell/install.ts";

export function Welcome() {
  const { words, locale } = useApp();
  return (
    <Screen title={words.welcome.title}>
      <UpdateNotice />
      <p class="lead">{words.welcome.lead}</p>
      <ul class="steps">
        <li>{words.welcome.offline}</li>
        <li>{words.welcome.choose}</li>
        <li>{words.welcome.watched}</li>
      </ul>
      <Install />
      <details>
        <summary>{words.storage.before}</summary>
        <p>{words.storage.gone}</p>
        <p>{sayOfLock(locale, "stays")}</p>
        <p>{words.gone.lost}</p>
      </details>
      <p class="hint">{words.welcome.hasCode}</p>
      <Actions>
        <Link to="/pair" class="button main-button">
          {words.welcome.pair}
        </Link>
      </Actions>
    </Screen>
  );
}

/** How to put it on the Home Screen, where it is not yet. */
export function Install() {
  const { words } = useApp();
  const install = useInstall();
  const [done, setDone] = useState(false);
  useEffect(() => setDone(installed()), []);
  if (done) return null;
  return (
    <Part title={words.welcome.installFirst} id="install">
      <p>{install.byHand ? words.welcome.installIos : words.welcome.installOther}</p>
      {install.ask !== null && (
        <button type="button" onClick={install.ask}>
          {words.welcome.install}
        </button>
      )}
    </Part>
  );
}
