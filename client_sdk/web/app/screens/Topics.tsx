// For the next session: what a person wants to talk about.

import type { Topic } from "@intersession/client/generated/answers.ts";
import { Prose } from "../parts/Fields.tsx";
import { AddForm, CurrentAndOver } from "../parts/Lists.tsx";
import { Screen } from "../parts/Screen.tsx";
import { AskingButton } from "../parts/Sharing.tsx";
import { Problem, Shown } from "../parts/Shown.tsx";
import { useApp, useAsked, useDoing } from "../shell/app.ts";
import { useDraft } from "../shell/drafts.ts";
import { dayInWords, dayOf, momentInWords } from "../words/moments.ts";

export function Topics() {
  const { words, faces, locale } = useApp();
  const asked = useAsked(async () => {
    const [topics, session] = await Promise.all([faces.topics.list(), faces.sessions.next()]);
    return { topics, session };
  });
  return (
    <Screen title={words.topics.title} above="/more">
      <p class="lead">{words.topics.lead}</p>
      <Shown of={asked}>
        {({ topics, session }) => (
          <>
            {session !== null && (
              <p class="hint">{words.today.session(momentInWords(session.planned_at, locale, new Date()))}</p>
            )}
            <CurrentAndOver
              of={topics}
              isOver={(one) => one.talked_on !== null}
              nothing={words.topics.nothing}
              over={words.topics.done}
            >
              {(some) => <TopicLines of={some} />}
            </CurrentAndOver>
          </>
        )}
      </Shown>
      <NewTopic />
    </Screen>
  );
}

function TopicLines({ of }: { readonly of: readonly Topic[] }) {
  const { words, faces, locale } = useApp();
  const doing = useDoing();
  return (
    <>
      <Problem of={doing.problem} />
      <ul class="rows">
        {of.map((topic) => (
          <li key={topic.id} class="row">
            <label class="tick">
              <input
                type="checkbox"
                autocomplete="off"
                checked={topic.talked_on !== null}
                disabled={doing.busy}
                aria-label={topic.talked_on === null ? words.topics.tick(topic.text) : words.topics.reopen(topic.text)}
                onChange={() =>
                  doing.run(() =>
                    topic.talked_on === null
                      ? faces.topics.tickOff(topic.id, dayOf(new Date()))
                      : faces.topics.reopen(topic.id),
                  )
                }
              />
              <span>
                {topic.text}
                {topic.talked_on !== null && (
                  <span class="hint">{words.topics.talkedOn(dayInWords(topic.talked_on, locale, new Date()))}</span>
                )}
              </span>
            </label>
            <AskingButton
              label={words.sharing.withdraw}
              title={words.sharing.withdrawAsk}
              says={words.sharing.withdrawSays}
              ends
              small
              about={topic.text}
              onYes={() => faces.topics.withdraw(topic.id)}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

function NewTopic() {
  const { words, faces, say } = useApp();
  const draft = useDraft<string>("topic", () => "");
  const doing = useDoing();
  const text = draft.content ?? "";
  return (
    <AddForm
      doing={doing}
      act={words.common.add}
      ready={text.trim() !== ""}
      main
      onAdd={async () => {
        await faces.topics.add(text.trim());
        await draft.discard();
        draft.reset("");
        say(words.common.saved);
      }}
    >
      <Prose label={words.topics.add} rows={2} value={text} onChange={(value) => draft.change(value)} />
    </AddForm>
  );
}
