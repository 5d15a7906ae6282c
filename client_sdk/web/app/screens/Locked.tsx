// Before unlocking. The tabs stay, for the safety plan is one of them.

import { askPasskey, hasPasskeys } from "@intersession/client/lock/passkey.ts";
import { sayOfLock } from "@intersession/client/lock/words.ts";
import { DeleteEverything } from "../parts/DeleteEverything.tsx";
import { PasscodeForm } from "../parts/PasscodeForm.tsx";
import { Screen } from "../parts/Screen.tsx";
import { Problem } from "../parts/Shown.tsx";
import { UpdateNotice } from "../parts/UpdateNotice.tsx";
import { useApp, useAsked, useDoing } from "../shell/app.ts";
import { random } from "../shell/random.ts";

export function Locked() {
  const { words, faces, restart } = useApp();
  return (
    <Screen title={words.lock.title}>
      <UpdateNotice />
      <PasscodeForm
        main
        act={words.lock.open}
        onPasscode={async (passcode) => {
          await faces.lock.unlock(passcode);
          restart();
        }}
      />
      <ByPasskey />
      <Forgotten />
    </Screen>
  );
}

/** Where a passkey opens it, and this browser has passkeys. */
function ByPasskey() {
  const { words, faces, restart } = useApp();
  const status = useAsked(() => faces.lock.status());
  const doing = useDoing();
  // They are known before the tap: a browser asks for a passkey only right after one.
  const passkeys = status.state === "ready" ? status.value.passkeys : [];
  if (passkeys.length === 0 || !hasPasskeys()) return null;
  return (
    <>
      <Problem of={doing.problem} />
      <button
        type="button"
        disabled={doing.busy}
        onClick={() =>
          doing.run(async () => {
            await faces.lock.unlock(await askPasskey(passkeys, random));
            restart();
          })
        }
      >
        {words.lock.passkey}
      </button>
    </>
  );
}

function Forgotten() {
  const { words, locale } = useApp();
  return (
    <details>
      <summary>{words.lock.forgotten}</summary>
      <p>{sayOfLock(locale, "forgotten")}</p>
      <DeleteEverything
        says={
          <>
            <p>{sayOfLock(locale, "lost")}</p>
            <p>{sayOfLock(locale, "stays")}</p>
          </>
        }
      />
    </details>
  );
}
