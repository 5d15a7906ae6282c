// What this app is made of: the fingerprint that the release publishes too.

import { useEffect, useState } from "preact/hooks";
import { Part } from "../../parts/Screen.tsx";
import { useApp } from "../../shell/app.ts";
import { fingerprint } from "../../shell/fingerprint.ts";

export function About() {
  const { words } = useApp();
  const [bundle, setBundle] = useState<string | null>(null);
  useEffect(() => {
    fingerprint().then(setBundle, () => setBundle(null));
  }, []);
  return (
    <Part title={words.settings.about} id="about">
      <p>{words.settings.bundle}:</p>
      <p>
        <code class="fingerprint">{bundle ?? words.settings.noBundle}</code>
      </p>
      <p class="hint">{words.settings.bundleSays}</p>
    </Part>
  );
}
