// What the practice did not accept: why, what it said, and what can be done with it.

import type { Refusal } from "@intersession/client/generated/answers.ts";
import { Part } from "../parts/Screen.tsx";
import { AskingButton } from "../parts/Sharing.tsx";
import { Problem } from "../parts/Shown.tsx";
import { useApp, useDoing } from "../shell/app.ts";
import { download } from "../shell/download.ts";
import { dayOf, notedInWords } from "../words/moments.ts";

/** All that was refused and not dismissed. */
export function Refusals({ of }: { readonly of: readonly Refusal[] }) {
  const { words } = useApp();
  return (
    <Part title={words.sync.refused} id="refused">
      <p class="hint">{words.sync.refusedSays}</p>
      <ul class="list">
        {of.map((one) => (
          <li key={`${one.document} ${one.at}`} class="card">
            <Refused refusal={one} />
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Refused({ refusal }: { readonly refusal: Refusal }) {
  const { words, faces, locale, say } = useApp();
  const doing = useDoing();
  const { message, text, at } = refusal;
  return (
    <>
      <p class="hint">
        <time dateTime={at}>{notedInWords(at, locale, new Date())}</time>
      </p>
      <p>{message}</p>
      {text !== "" && <p class="prose quoted">{text}</p>}
      <Problem of={doing.problem} />
      <div class="choices">
        {text !== "" && (
          <>
            <button
              type="button"
              disabled={doing.busy}
              onClick={() =>
                doing.run(async () => {
                  // Written first: rather kept twice than not at all.
                  await faces.journal.write({ text, shared: false });
                  await faces.device.dismiss(refusal);
                  say(words.sync.keptPrivate);
                })
              }
            >
              {words.sync.keepPrivate}
            </button>
            <button
              type="button"
              onClick={() => download(`intersession-${dayOf(new Date(at))}.txt`, "text/plain;charset=utf-8", text)}
            >
              {words.sync.saveFile}
            </button>
          </>
        )}
        <AskingButton
          label={words.sync.dismiss}
          title={words.sync.dismissAsk}
          says={text === "" ? words.sync.dismissNothing : words.sync.dismissSays}
          ends={text !== ""}
          onYes={() => faces.device.dismiss(refusal)}
        />
      </div>
    </>
  );
}
