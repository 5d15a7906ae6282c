// Resources: what the care team put here to read or do, also without a network.

import type { Resource } from "@intersession/client/generated/answers.ts";
import { useState } from "preact/hooks";
import { Comments } from "../parts/Comments.tsx";
import { Leaflet } from "../parts/Leaflet.tsx";
import { Link } from "../parts/Link.tsx";
import { Part, Screen } from "../parts/Screen.tsx";
import { Empty, Problem, Shown } from "../parts/Shown.tsx";
import { useApp, useAsked, useDoing } from "../shell/app.ts";

export function Resources() {
  const { words, faces } = useApp();
  const [tag, setTag] = useState<string | null>(null);
  const resources = useAsked(async () => {
    const all = await faces.resources.list();
    // What was put away is still read where something points to it, and no longer offered.
    return all.filter((one) => !one.retired);
  });
  return (
    <Screen title={words.resources.title} above="/more">
      <Shown of={resources}>
        {(found) => {
          const tags = [...new Set(found.flatMap((one) => one.tags))].sort();
          const shown = tag === null ? found : found.filter((one) => one.tags.includes(tag));
          return (
            <>
              {found.length === 0 && <Empty>{words.resources.nothing}</Empty>}
              {tags.length > 1 && (
                <div class="pills" role="group" aria-label={words.journal.tags}>
                  {[null, ...tags].map((one) => (
                    <button type="button" key={one ?? ""} aria-pressed={one === tag} onClick={() => setTag(one)}>
                      {one ?? words.resources.all}
                    </button>
                  ))}
                </div>
              )}
              <ul class="list">
                {shown.map((one) => (
                  <li key={one.id}>
                    <article class="card leads">
                      <h2>
                        <Link to={`/resources/${one.id}`}>{one.title}</Link>
                      </h2>
                      {one.text !== "" && <p class="glimpse">{one.text}</p>}
                    </article>
                  </li>
                ))}
              </ul>
            </>
          );
        }}
      </Shown>
    </Screen>
  );
}

export function ResourcePage({ id }: { readonly id: string }) {
  const { words, faces } = useApp();
  const resource = useAsked(() => faces.resources.get(id), [id]);
  return (
    <Screen title={words.resources.title} above="/resources">
      <Shown of={resource}>{(found) => <OneResource of={found} />}</Shown>
    </Screen>
  );
}

function OneResource({ of }: { readonly of: Resource }) {
  const { words, faces, say } = useApp();
  const doing = useDoing();
  const answer = (helped: boolean): void =>
    doing.run(async () => {
      await faces.resources.helped(of.id, helped);
      say(words.common.saved);
    });
  return (
    <>
      <article class="card">
        <h2>{of.title}</h2>
        <Leaflet of={of} level={3} />
      </article>
      <Part title={words.resources.helped} id="helped">
        {of.helped !== null && (
          <p class="hint">{of.helped ? words.resources.saidYes : words.resources.saidNo}</p>
        )}
        <Problem of={doing.problem} />
        <div class="choices">
          <button type="button" disabled={doing.busy} onClick={() => answer(true)}>
            {words.resources.yes}
          </button>
          <button type="button" disabled={doing.busy} onClick={() => answer(false)}>
            {words.resources.no}
          </button>
        </div>
      </Part>
      <Comments on={of.id} />
    </>
  );
}
