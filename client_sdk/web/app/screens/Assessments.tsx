// Questionnaires: what can be answered, and what was.

import { useState } from "preact/hooks";
import { Answer } from "../parts/Answer.tsx";
import { Link } from "../parts/Link.tsx";
import { Part, Screen } from "../parts/Screen.tsx";
import { Empty, Shown } from "../parts/Shown.tsx";
import { useApp, useAsked } from "../shell/app.ts";
import { dayInWords } from "../words/moments.ts";

/** How many of the newest are looked through at first for those that were answered. */
const FIRST = 8;

export function Assessments() {
  const { words, faces, locale } = useApp();
  const [limit, setLimit] = useState(FIRST);
  const asked = useAsked(async () => {
    const [available, newest] = await Promise.all([
      faces.assessments.available(),
      faces.assessments.list({ limit }),
    ]);
    const past = newest.filter((one) => one.state === "completed");
    return { available, past, isAll: newest.length < limit };
  }, [limit]);
  const now = new Date();
  return (
    <Screen title={words.assessments.title} above="/more">
      <Shown of={asked}>
        {({ available, past, isAll }) => {
          const due = available.filter((one) => one.due !== null || one.draft !== null);
          const others = available.filter((one) => one.due === null && one.draft === null);
          return (
            <>
              <Part title={words.assessments.available} id="available">
                {available.length === 0 && <Empty>{words.assessments.nothing}</Empty>}
                <ul class="list">
                  {[...due, ...others].map((one) => (
                    <li key={`${one.instrument} ${one.due?.occurrence ?? ""}`} class="card">
                      <h3>{one.title}</h3>
                      <p class="hint">
                        {[
                          one.window,
                          one.due?.closes_on == null
                            ? ""
                            : words.assessments.closes(dayInWords(one.due.closes_on, locale, now)),
                        ]
                          .filter(Boolean)
                          .join(" · ")}
                      </p>
                      <Answer
                        what={one.due ?? one.instrument}
                        title={one.title}
                        draft={one.draft}
                        main={one.due !== null}
                      />
                    </li>
                  ))}
                </ul>
              </Part>
              {(past.length > 0 || !isAll) && (
                <Part title={words.assessments.past} id="past">
                  <ul class="rows">
                    {past.map((one) => (
                      <li key={one.id}>
                        <Link to={`/assessments/${one.id}`}>
                          {one.title}
                          <span class="hint">{dayInWords(one.completed_at ?? one.started_at, locale, now)}</span>
                        </Link>
                      </li>
                    ))}
                  </ul>
                  {!isAll && (
                    <button type="button" onClick={() => setLimit(limit + 4 * FIRST)}>
                      {words.common.older}
                    </button>
                  )}
                </Part>
              )}
            </>
          );
        }}
      </Shown>
    </Screen>
  );
}
