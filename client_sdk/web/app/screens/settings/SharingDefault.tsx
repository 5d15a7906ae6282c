// With which practice, as whom, and who can read what is written from now on.

import { useState } from "preact/hooks";
import type { Pairing } from "@intersession/client/generated/answers.ts";
import { Options } from "../../parts/Fields.tsx";
import { Part } from "../../parts/Screen.tsx";
import { Problem, Shown } from "../../parts/Shown.tsx";
import { useApp, useAsked, useDoing } from "../../shell/app.ts";

export function SharingDefault() {
  const { words, faces } = useApp();
  const pairing = useAsked(() => faces.device.pairing());
  return (
    <Part title={words.settings.sharing} id="sharing">
      <Shown of={pairing}>
        {(found) => (found === null ? <p>{words.settings.notPaired}</p> : <Choice pairing={found} />)}
      </Shown>
    </Part>
  );
}

function Choice({ pairing }: { readonly pairing: Pairing }) {
  const { words, faces, say } = useApp();
  // What was tapped shows at once, not only when it is on disk.
  const [chosen, setChosen] = useState<boolean | null>(null);
  const doing = useDoing();
  const choose = (shared: boolean): void => {
    setChosen(shared);
    doing.run(async () => {
      try {
        await faces.device.shareByDefault(shared);
      } catch (problem) {
        setChosen(null);
        throw problem;
      }
      say(shared ? words.settings.sharedByDefault : words.settings.privateByDefault);
    });
  };
  const shared = chosen ?? pairing.share_by_default;
  return (
    <>
      <p>
        {words.settings.practice(pairing.practice)}
        <span class="hint">{words.settings.as(pairing.name)}</span>
      </p>
      <Options
        legend={words.settings.sharingDefault}
        options={[
          { text: words.pair.private, value: false, says: words.pair.privateSays },
          { text: words.pair.shared, value: true, says: words.pair.sharedSays },
        ]}
        value={shared}
        onChange={(next) => next !== null && next !== shared && choose(next)}
        optional={false}
      />
      <p class="hint">{words.settings.sharingStays}</p>
      <Problem of={doing.problem} />
    </>
  );
}
