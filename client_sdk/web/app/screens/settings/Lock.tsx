// The lock of this device.

import { useState } from "preact/hooks";
import type { LockStatus } from "@intersession/client/faces/faces.ts";
import { SMALLEST_PASSCODE } from "@intersession/client/lock/passcode.ts";
import { sayOfLock } from "@intersession/client/lock/words.ts";
import { Options, Switch } from "../../parts/Fields.tsx";
import { NewSecret } from "../../parts/NewSecret.tsx";
import { PasscodeForm } from "../../parts/PasscodeForm.tsx";
import { Part } from "../../parts/Screen.tsx";
import { Problem, Shown } from "../../parts/Shown.tsx";
import { useApp, useAsked, useDoing } from "../../shell/app.ts";
import type { LockAfter } from "../../shell/away.ts";
import { Passkey } from "./Passkey.tsx";

export function Lock() {
  const { words, faces, restart } = useApp();
  const [version, setVersion] = useState(0);
  const status = useAsked(() => faces.lock.status(), [version]);
  const again = (): void => {
    setVersion((count) => count + 1);
    restart();
  };
  return (
    <Part title={words.settings.lock} id="lock">
      <Shown of={status}>
        {(found) => (found.state === "none" ? <SetLock onSet={again} /> : <KeepLock status={found} onChanged={again} />)}
      </Shown>
    </Part>
  );
}

function SetLock({ onSet }: { readonly onSet: () => void }) {
  const { words, faces, locale, say } = useApp();
  const [passcode, setPasscode] = useState<string | null>(null);
  const [outside, setOutside] = useState(true);
  const doing = useDoing();
  return (
    <>
      <p>{words.settings.lockNone}</p>
      <details>
        <summary>{words.settings.lockSet}</summary>
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault();
            if (passcode === null) return;
            doing.run(async () => {
              await faces.lock.set(passcode, { safety_outside: outside });
              say(words.settings.lockOn);
              onSet();
            });
          }}
        >
          <p>{sayOfLock(locale, "forgotten")}</p>
          <p>{sayOfLock(locale, "lost")}</p>
          <p>{sayOfLock(locale, "stays")}</p>
          <NewSecret
            label={words.settings.passcodeNew}
            hint={sayOfLock(locale, "short")}
            shortest={SMALLEST_PASSCODE}
            tooShort={words.settings.passcodeShort}
            onChange={setPasscode}
          />
          <Switch
            label={words.settings.safetyOutside}
            hint={sayOfLock(locale, "safety")}
            on={outside}
            onChange={setOutside}
          />
          <Problem of={doing.problem} />
          <p class="hint" role="status">
            {doing.busy && sayOfLock(locale, "moving")}
          </p>
          <button type="submit" class="main-button" disabled={doing.busy || passcode === null}>
            {words.settings.lockSet}
          </button>
        </form>
      </details>
    </>
  );
}

interface KeepGiven {
  readonly status: LockStatus;
  readonly onChanged: () => void;
}

function KeepLock({ status, onChanged }: KeepGiven) {
  const { words, faces, locale, restart } = useApp();
  const doing = useDoing();
  return (
    <>
      <p>{words.settings.lockOn}</p>
      <button
        type="button"
        onClick={() =>
          doing.run(async () => {
            await faces.lock.lock();
            restart();
          })
        }
      >
        {words.settings.lockNow}
      </button>
      <WhenAway />
      <Passkey known={status.passkeys} onChanged={onChanged} />
      <details>
        <summary>{words.settings.lockRemove}</summary>
        <PasscodeForm
          act={words.settings.lockRemove}
          busySays={sayOfLock(locale, "unmoving")}
          onPasscode={async (passcode) => {
            await faces.lock.remove(passcode);
            onChanged();
          }}
        />
      </details>
    </>
  );
}

function WhenAway() {
  const { words, preferences, prefer } = useApp();
  return (
    <Options<LockAfter>
      legend={words.settings.lockAfter}
      options={([1, 5, 15, "off"] as const).map((value) => ({
        text: value === "off" ? words.settings.lockAfterOff : words.settings.lockAfterMinutes(value),
        value,
      }))}
      value={preferences.lockAfter}
      onChange={(lockAfter) => lockAfter !== null && void prefer({ lockAfter })}
      optional={false}
    />
  );
}
