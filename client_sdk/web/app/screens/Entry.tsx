// One journal entry: what was written, who can read it, what was said of it.

import type { Entry as JournalEntry } from "@intersession/client/generated/answers.ts";
import { Comments } from "../parts/Comments.tsx";
import { Link } from "../parts/Link.tsx";
import { Readers } from "../parts/Readers.tsx";
import { Screen } from "../parts/Screen.tsx";
import { SharingButtons, States } from "../parts/Sharing.tsx";
import { Shown } from "../parts/Shown.tsx";
import { useApp, useAsked } from "../shell/app.ts";
import { go } from "../shell/router.ts";
import { momentInWords } from "../words/moments.ts";
import { answerInWords } from "./Journal.tsx";

export function Entry({ id }: { readonly id: string }) {
  const { words, faces } = useApp();
  const entry = useAsked(() => faces.journal.get(id), [id]);
  return (
    <Screen title={words.journal.entry} above="/journal">
      <Shown of={entry}>
        {(found) => (
          <>
            <Written entry={found} />
            <Choices entry={found} />
            {found.shared ? <Comments on={found.id} /> : <p class="hint">{words.comments.onlyShared}</p>}
          </>
        )}
      </Shown>
    </Screen>
  );
}

function Written({ entry }: { readonly entry: JournalEntry }) {
  const { words, locale } = useApp();
  const now = new Date();
  return (
    <article class="card">
      <p>
        <strong>
          <time dateTime={entry.written_at}>{momentInWords(entry.written_at, locale, now)}</time>
        </strong>
      </p>
      {entry.text !== "" && <p class="prose">{entry.text}</p>}
      {entry.sections.map((section, at) => (
        <div class="answer" key={at}>
          <h2 class="prompt">{section.prompt}</h2>
          {section.value !== null && <p>{answerInWords(section, words)}</p>}
          {section.text !== "" && <p class="prose">{section.text}</p>}
        </div>
      ))}
      {entry.mood !== null && <p>{words.journal.mood(entry.mood)}</p>}
      {entry.tags.length > 0 && <p class="hint">{entry.tags.join(", ")}</p>}
      {entry.problems.length > 0 && <p class="notice notice-attention">{words.common.problems}</p>}
      {entry.earlier.map((moment) => (
        <p class="hint" key={moment}>
          {words.log.before(momentInWords(moment, locale, now))}
        </p>
      ))}
      <States of={entry} about={entry.written_at} />
      <Readers of={entry} />
    </article>
  );
}

function Choices({ entry }: { readonly entry: JournalEntry }) {
  const { words, faces, say } = useApp();
  return (
    <div class="choices">
      <Link to={`/journal/${entry.id}/edit`} class="button main-button">
        {words.common.edit}
      </Link>
      <SharingButtons
        shared={entry.shared}
        says={{
          share: words.sharing.shareSays,
          withdraw: (
            <>
              <p>{words.sharing.withdrawSays}</p>
              <p>{words.sharing.withdrawComments}</p>
            </>
          ),
        }}
        onShare={async () => {
          // A shared entry is a new document: what was private and deleted before does not come along.
          const shared = await faces.journal.share(entry.id);
          say(words.sharing.shared);
          go(`/journal/${shared.id}`, { replace: true });
        }}
        onWithdraw={async () => {
          await faces.journal.withdraw(entry.id);
          go("/withdrawn", { replace: true });
        }}
        onDelete={async () => {
          await faces.journal.delete(entry.id);
          go("/journal", { replace: true });
        }}
      />
    </div>
  );
}
