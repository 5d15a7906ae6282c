// Search in the journal, on this device.

import type { FoundEntry } from "@intersession/client/generated/answers.ts";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Line } from "../parts/Fields.tsx";
import { Screen } from "../parts/Screen.tsx";
import { Empty, Shown } from "../parts/Shown.tsx";
import { useApp, useAsked } from "../shell/app.ts";
import { EntryCard } from "./Journal.tsx";

const FIRST = 20;

export function Search() {
  const { words } = useApp();
  const [query, setQuery] = useState("");
  return (
    <Screen title={words.search.title} above="/journal">
      <form role="search" class="form" onSubmit={(event) => event.preventDefault()}>
        <Line
          type="search"
          label={words.search.label}
          hint={words.search.hint}
          value={query}
          onChange={setQuery}
        />
      </form>
      {query.trim() !== "" && <Results query={query} />}
    </Screen>
  );
}

function Results({ query }: { readonly query: string }) {
  const { words, faces } = useApp();
  const [limit, setLimit] = useState(FIRST);
  const found = useAsked(() => faces.journal.search(query, { limit }), [query, limit]);
  return (
    <Shown of={found}>
      {({ entries, next }) => (
        <>
          <p role="status" class="hint">
            {entries.length === 0 ? "" : words.search.found(entries.length)}
          </p>
          {entries.length === 0 && <Empty>{words.search.nothing}</Empty>}
          <ul class="list">
            {entries.map((entry) => (
              <li key={entry.id}>
                <EntryCard entry={entry} text={<>{marked(entry)}</>} />
              </li>
            ))}
          </ul>
          {next !== null && (
            <button type="button" onClick={() => setLimit(limit + 2 * FIRST)}>
              {words.common.older}
            </button>
          )}
        </>
      )}
    </Shown>
  );
}

/** The passage that was found, its words marked. Spans count code points. */
function marked({ snippet, spans }: Pick<FoundEntry, "snippet" | "spans">): ComponentChildren[] {
  const points = [...snippet];
  const parts: ComponentChildren[] = [];
  let at = 0;
  for (const [first, end] of spans) {
    parts.push(points.slice(at, first).join(""), <mark>{points.slice(first, end).join("")}</mark>);
    at = end;
  }
  parts.push(points.slice(at).join(""));
  return parts;
}
