// A passcode or passphrase of one's own, typed twice, since nobody can look it up.

import { useState } from "preact/hooks";
import { useApp } from "../shell/app.ts";
import { Line } from "./Fields.tsx";

interface NewSecretGiven {
  readonly label: string;
  readonly hint: string;
  /** The fewest characters, and what is said of fewer. */
  readonly shortest: number;
  readonly tooShort: string;
  /** What was typed; null while it cannot be taken. */
  readonly onChange: (secret: string | null) => void;
}

/** Two fields, and what is not right about them yet. */
export function NewSecret({ label, hint, shortest, tooShort, onChange }: NewSecretGiven) {
  const { words } = useApp();
  const [typed, setTyped] = useState({ first: "", second: "" });
  const { first, second } = typed;
  const isShort = (secret: string): boolean => [...secret.normalize("NFKC")].length < shortest;
  const change = (part: Partial<typeof typed>): void => {
    const next = { ...typed, ...part };
    setTyped(next);
    onChange(next.first === next.second && !isShort(next.first) ? next.first : null);
  };
  const wrong = (): string => {
    if (first !== "" && isShort(first)) return tooShort;
    return second !== "" && first !== second ? words.settings.passcodeDiffers : "";
  };
  return (
    <>
      <Line
        type="password"
        autocomplete="new-password"
        label={label}
        hint={hint}
        value={first}
        onChange={(value) => change({ first: value })}
      />
      <Line
        type="password"
        autocomplete="new-password"
        label={words.settings.passcodeAgain}
        value={second}
        onChange={(value) => change({ second: value })}
      />
      <p class="hint" role="status">
        {wrong()}
      </p>
    </>
  );
}
