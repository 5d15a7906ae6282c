// The vault: private entries on one's other devices, and what opens it.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { VaultStatus } from "@intersession/client/generated/answers.ts";
import { Line } from "../../parts/Fields.tsx";
import { NewPassphrase } from "../../parts/NewPassphrase.tsx";
import { RecoveryCode } from "../../parts/RecoveryCode.tsx";
import { Part } from "../../parts/Screen.tsx";
import { Problem, Shown } from "../../parts/Shown.tsx";
import { useApp, useAsked, useDoing } from "../../shell/app.ts";

export function Vault() {
  const { words, faces } = useApp();
  const [version, setVersion] = useState(0);
  const [code, setCode] = useState<string | null>(null);
  const status = useAsked(() => faces.vault.status(), [version]);
  const again = (): void => setVersion((count) => count + 1);
  return (
    <Part title={words.settings.vault} id="vault">
      {/* Nothing else can be done until it is written down: it is never shown again. */}
      {code !== null ? (
        <RecoveryCode code={code} onKept={() => setCode(null)} />
      ) : (
        <Shown of={status}>
          {(found) => <Ways state={found.state} onCode={setCode} onChanged={again} />}
        </Shown>
      )}
    </Part>
  );
}

interface WaysGiven {
  readonly state: VaultStatus["state"];
  readonly onCode: (code: string) => void;
  readonly onChanged: () => void;
}

function Ways({ state, onCode, onChanged }: WaysGiven) {
  const { words, faces, say } = useApp();
  switch (state) {
    case "none":
      return (
        <>
          <p>{words.settings.vaultNone}</p>
          <Folded act={words.settings.vaultCreate}>
            {(close) => (
              <NewPassphrase
                act={words.settings.vaultCreate}
                onPassphrase={async (passphrase) => {
                  onCode(await faces.vault.create(passphrase));
                  close();
                  onChanged();
                }}
              />
            )}
          </Folded>
        </>
      );
    case "locked":
      return (
        <>
          <p>{words.settings.vaultLocked}</p>
          <Folded act={words.settings.vaultUnlock}>
            {(close) => (
              <OneSecret
                act={words.settings.vaultUnlock}
                onSecret={async (secret) => {
                  await faces.vault.unlock(secret);
                  close();
                  onChanged();
                }}
              />
            )}
          </Folded>
        </>
      );
    case "open":
      return (
        <>
          <p>{words.settings.vaultOpen}</p>
          <Folded act={words.vault.change}>
            {(close) => (
              <NewPassphrase
                act={words.vault.change}
                asksCurrent
                says={words.vault.changeSays}
                onPassphrase={async (passphrase, current) => {
                  await faces.vault.changePassphrase(current, passphrase);
                  say(words.vault.changed);
                  close();
                }}
              />
            )}
          </Folded>
          <Folded act={words.vault.newCode}>
            {(close) => (
              <OneSecret
                act={words.vault.newCode}
                says={words.vault.newCodeSays}
                onSecret={async (secret) => {
                  onCode(await faces.vault.newRecoveryCode(secret));
                  close();
                }}
              />
            )}
          </Folded>
        </>
      );
  }
}

interface FoldedGiven {
  readonly act: string;
  readonly children: (close: () => void) => ComponentChildren;
}

/** A form behind what it does; made anew when it is opened again, so that no secret stays in it. */
function Folded({ act, children }: FoldedGiven) {
  const [open, setOpen] = useState(false);
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{act}</summary>
      {open && children(() => setOpen(false))}
    </details>
  );
}

interface OneSecretGiven {
  readonly act: string;
  readonly says?: string;
  readonly onSecret: (secret: string) => Promise<void>;
}

/** The passphrase or the recovery code. */
function OneSecret({ act, says, onSecret }: OneSecretGiven) {
  const { words } = useApp();
  const [secret, setSecret] = useState("");
  const doing = useDoing();
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        doing.run(() => onSecret(secret));
      }}
    >
      {says !== undefined && <p>{says}</p>}
      <Line
        type="password"
        autocomplete="current-password"
        label={words.settings.passphraseOrCode}
        value={secret}
        onChange={setSecret}
      />
      <Problem of={doing.problem} />
      <button type="submit" disabled={doing.busy || secret === ""}>
        {act}
      </button>
    </form>
  );
}
