// The journal: entries, newest first.

import type { Entry } from "@intersession/client/generated/answers.ts";
import type { Section } from "@intersession/client/generated/models.ts";
import { useState } from "preact/hooks";
import { Link } from "../parts/Link.tsx";
import { Actions, Screen } from "../parts/Screen.tsx";
import { States } from "../parts/Sharing.tsx";
import { Empty, Shown } from "../parts/Shown.tsx";
import { useApp, useAsked } from "../shell/app.ts";
import type { Words } from "../words/words.ts";
import { momentInWords } from "../words/moments.ts";

const FIRST = 20;

export function Journal() {
  const { words, faces } = useApp();
  const [limit, setLimit] = useState(FIRST);
  const entries = useAsked(() => faces.journal.entries({ limit }), [limit]);
  return (
    <Screen
      title={words.journal.title}
      beside={
        <Link to="/search" class="beside">
          {words.search.title}
        </Link>
      }
    >
      <Shown of={entries}>
        {(found) => (
          <>
            {found.length === 0 && <Empty>{words.journal.nothing}</Empty>}
            <ul class="list">
              {found.map((entry) => (
                <li key={entry.id}>
                  <EntryCard entry={entry} text={beginning(entry)} />
                </li>
              ))}
            </ul>
            {found.length === limit && (
              <button type="button" onClick={() => setLimit(limit + 2 * FIRST)}>
                {words.common.older}
              </button>
            )}
          </>
        )}
      </Shown>
      <Actions>
        <Link to="/journal/new" class="button main-button">
          {words.journal.write}
        </Link>
      </Actions>
    </Screen>
  );
}

/** The first words of an entry, its sections included. */
export function beginning(entry: Entry): string {
  return [entry.text, ...entry.sections.map((section) => section.text)].find((text) => text.trim() !== "") ?? "";
}

interface EntryCardGiven {
  readonly entry: Entry;
  readonly text: string | preact.JSX.Element;
}

/** One entry in a list: the whole card leads to it. */
export function EntryCard({ entry, text }: EntryCardGiven) {
  const { words, locale } = useApp();
  return (
    <article class="card leads">
      <h2 class="moment">
        <Link to={`/journal/${entry.id}`}>
          <time dateTime={entry.written_at}>{momentInWords(entry.written_at, locale, new Date())}</time>
        </Link>
      </h2>
      <p class="glimpse">{text === "" ? words.journal.untitled : text}</p>
      <p class="badges">
        <States of={entry} about={entry.written_at} />
        {entry.mood !== null && <span class="hint">{words.journal.mood(entry.mood)}</span>}
      </p>
    </article>
  );
}

/** What was answered in a section, in words. */
export function answerInWords(section: Pick<Section, "label" | "unit" | "value">, words: Words): string {
  const { value, label, unit } = section;
  if (value === null) return "";
  if (typeof value === "boolean") return value ? words.common.yes : words.common.no;
  if (typeof value === "object") return value.join(", ");
  return [String(value), unit, label].filter(Boolean).join(" ");
}
