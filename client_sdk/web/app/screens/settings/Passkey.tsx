// A passkey that opens the lock beside the passcode.

import { useRef } from "preact/hooks";
import type { LockStatus } from "@intersession/client/faces/faces.ts";
import { makePasskey, mayMakeKeys, type PasskeySecret } from "@intersession/client/lock/passkey.ts";
import { PasscodeForm } from "../../parts/PasscodeForm.tsx";
import { useApp, useAsked } from "../../shell/app.ts";
import { random } from "../../shell/random.ts";

interface PasskeyGiven {
  readonly known: LockStatus["passkeys"];
  readonly onChanged: () => void;
}

/** Adds a passkey, where this browser may have one; takes away the one there is. */
export function Passkey({ known, onChanged }: PasskeyGiven) {
  const [first] = known;
  return first === undefined ? <Add onChanged={onChanged} /> : <Drop known={first} onChanged={onChanged} />;
}

function Add({ onChanged }: Pick<PasskeyGiven, "onChanged">) {
  const { words, faces, say } = useApp();
  const may = useAsked(mayMakeKeys);
  // After a wrong passcode the same passkey is taken, not another one made.
  const made = useRef<PasskeySecret | null>(null);
  if (may.state !== "ready" || !may.value) return null;
  return (
    <details>
      <summary>{words.settings.passkeyAdd}</summary>
      <p>{words.settings.passkeySays}</p>
      <PasscodeForm
        act={words.settings.passkeyAdd}
        onPasscode={async (passcode) => {
          // Its name in lists of passkeys, which may reach other devices, says nothing of the person.
          made.current ??= await makePasskey(words.app, words.app, random);
          await faces.lock.addPasskey(passcode, made.current);
          say(words.settings.passkeyOn);
          onChanged();
        }}
      />
    </details>
  );
}

interface DropGiven {
  readonly known: LockStatus["passkeys"][number];
  readonly onChanged: () => void;
}

function Drop({ known, onChanged }: DropGiven) {
  const { words, faces } = useApp();
  return (
    <>
      <p>{words.settings.passkeyOn}</p>
      <details>
        <summary>{words.settings.passkeyDrop}</summary>
        <p>{words.settings.passkeyDropSays}</p>
        <PasscodeForm
          act={words.settings.passkeyDrop}
          onPasscode={async (passcode) => {
            await faces.lock.dropPasskey(passcode, known);
            onChanged();
          }}
        />
      </details>
    </>
  );
}
