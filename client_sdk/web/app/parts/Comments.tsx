// What was said about a shared document, by the person and by the care team.

import type { Id } from "@intersession/client/generated/models.ts";
import { useApp, useAsked, useDoing } from "../shell/app.ts";
import { useDraft } from "../shell/drafts.ts";
import { notedInWords } from "../words/moments.ts";
import { Prose } from "./Fields.tsx";
import { AddForm } from "./Lists.tsx";
import { Part } from "./Screen.tsx";
import { Empty, Shown } from "./Shown.tsx";

/** The comments on a document, and a form for another one. */
export function Comments({ on }: { readonly on: Id }) {
  const { words, faces, locale, say } = useApp();
  const comments = useAsked(() => faces.comments.of(on), [on]);
  const draft = useDraft<string>(`comment ${on}`, () => "");
  const doing = useDoing();
  const text = draft.content ?? "";
  return (
    <Part title={words.comments.title} id="comments">
      <Shown of={comments}>
        {(found) =>
          found.length === 0 ? (
            <Empty>{words.comments.nothing}</Empty>
          ) : (
            <ul class="list">
              {found.map((one) => (
                <li key={one.id} class="card">
                  <p class="hint">
                    {one.mine ? words.comments.mine : words.comments.team} ·{" "}
                    <time dateTime={one.made_at}>{notedInWords(one.made_at, locale, new Date())}</time>
                  </p>
                  {one.helped !== null && <p>{one.helped ? words.resources.yes : words.resources.no}</p>}
                  {one.text !== "" && <p class="prose">{one.text}</p>}
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      <AddForm
        doing={doing}
        act={words.comments.send}
        ready={text.trim() !== ""}
        onAdd={async () => {
          await faces.comments.add(on, text);
          await draft.discard();
          draft.reset("");
          say(words.common.saved);
        }}
      >
        <Prose
          label={words.comments.add}
          hint={words.comments.says}
          rows={2}
          value={text}
          onChange={(value) => draft.change(value)}
        />
      </AddForm>
    </Part>
  );
}
