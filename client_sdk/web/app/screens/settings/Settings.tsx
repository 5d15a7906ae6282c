// What a person can choose, and everything that has to do with their data as a whole.

import { Options } from "../../parts/Fields.tsx";
import { Screen } from "../../parts/Screen.tsx";
import { useApp, type TextSize } from "../../shell/app.ts";
import type { Language } from "../../words/words.ts";
import { About } from "./About.tsx";
import { Data } from "./Data.tsx";
import { Lock } from "./Lock.tsx";
import { Reminders } from "./Reminders.tsx";
import { SharingDefault } from "./SharingDefault.tsx";
import { Vault } from "./Vault.tsx";

export function Settings() {
  const { words } = useApp();
  return (
    <Screen title={words.settings.title} above="/more">
      <Looks />
      <SharingDefault />
      <Reminders />
      <Lock />
      <Vault />
      <Data />
      <About />
    </Screen>
  );
}

function Looks() {
  const { words, preferences, prefer } = useApp();
  return (
    <>
      <Options<Language | "">
        legend={words.settings.language}
        options={[
          { text: words.settings.system, value: "" },
          { text: words.settings.languages.en, value: "en" },
          { text: words.settings.languages.de, value: "de" },
        ]}
        value={preferences.language ?? ""}
        onChange={(language) => void prefer({ language: language === "" ? null : language })}
        optional={false}
      />
      <Options<TextSize>
        legend={words.settings.text}
        options={(["small", "normal", "large", "huge"] as const).map((value) => ({
          text: words.settings.sizes[value],
          value,
        }))}
        value={preferences.text}
        onChange={(text) => text !== null && void prefer({ text })}
        optional={false}
      />
    </>
  );
}
