// A passphrase for the vault.

import { useState } from "preact/hooks";
import limits from "@intersession/client/generated/limits.json" with { type: "json" };
import { useApp, useDoing } from "../shell/app.ts";
import { Line } from "./Fields.tsx";
import { NewSecret } from "./NewSecret.tsx";
import { Problem } from "./Shown.tsx";

const SHORTEST = limits.sealing.smallestPassphrase;

interface NewPassphraseGiven {
  readonly act: string;
  readonly says?: string;
  /** Ask for what opens the vault now, too. */
  readonly asksCurrent?: boolean;
  /** `current` is empty where it was not asked for. */
  readonly onPassphrase: (passphrase: string, current: string) => Promise<void>;
}

/** A new passphrase. */
export function NewPassphrase({ act, says, asksCurrent = false, onPassphrase }: NewPassphraseGiven) {
  const { words } = useApp();
  const [current, setCurrent] = useState("");
  const [passphrase, setPassphrase] = useState<string | null>(null);
  const doing = useDoing();
  const ready = passphrase !== null && (current !== "" || !asksCurrent);
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) doing.run(() => onPassphrase(passphrase, current));
      }}
    >
      {says !== undefined && <p>{says}</p>}
      {asksCurrent && (
        <Line
          type="password"
          autocomplete="current-password"
          label={words.settings.passphraseOrCode}
          value={current}
          onChange={setCurrent}
        />
      )}
      <NewSecret
        label={words.vault.newPassphrase}
        hint={words.vault.atLeast(SHORTEST)}
        shortest={SHORTEST}
        tooShort={words.vault.atLeast(SHORTEST)}
        onChange={setPassphrase}
      />
      <Problem of={doing.problem} />
      <button type="submit" disabled={doing.busy || !ready}>
        {act}
      </button>
    </form>
  );
}
