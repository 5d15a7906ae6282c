// Homework: what was agreed, what it is for, how it went so far.

import type { Assignment, HomeworkProgress } from "@intersession/client/generated/answers.ts";
import { useState } from "preact/hooks";
import { Comments } from "../parts/Comments.tsx";
import { Link } from "../parts/Link.tsx";
import { CurrentAndOver } from "../parts/Lists.tsx";
import { Actions, Part, Screen } from "../parts/Screen.tsx";
import { Shown } from "../parts/Shown.tsx";
import { Titled } from "../parts/Titled.tsx";
import { useApp, useAsked } from "../shell/app.ts";
import { dayInWords, momentInWords } from "../words/moments.ts";
import { titleOf } from "../words/titles.ts";
import { answerInWords } from "./Journal.tsx";

export function HomeworkList() {
  const { words, faces } = useApp();
  const all = useAsked(() => faces.homework.list({ ended: true }));
  return (
    <Screen title={words.homework.title} above="/more">
      <Shown of={all}>
        {(found) => (
          <CurrentAndOver
            of={found}
            isOver={(one) => one.ended_on !== null}
            nothing={words.homework.nothing}
            over={words.homework.ended}
          >
            {(some) => <Assignments of={some} />}
          </CurrentAndOver>
        )}
      </Shown>
    </Screen>
  );
}

function Assignments({ of }: { readonly of: readonly Assignment[] }) {
  const { words } = useApp();
  return (
    <ul class="list">
      {of.map((one) => (
        <li key={one.id}>
          <article class="card leads">
            <h2>
              <Link to={`/homework/${one.id}`}>{titleOf(one.what)}</Link>
            </h2>
            <p class="hint">
              <WhenDue of={one} />
            </p>
            {one.adherence.counted > 0 && (
              <p class="hint">{words.homework.counts(one.adherence.done, one.adherence.counted)}</p>
            )}
          </article>
        </li>
      ))}
    </ul>
  );
}

function WhenDue({ of }: { readonly of: Assignment }) {
  const { words, locale } = useApp();
  if (of.due !== null) return <>{words.homework.due(dayInWords(of.due, locale, new Date()))}</>;
  return <>{of.rule === "" ? words.homework.anyTime : words.homework.repeats}</>;
}

export function HomeworkPage({ id }: { readonly id: string }) {
  const { words, faces } = useApp();
  const asked = useAsked(async () => {
    const assignment = await faces.homework.get(id);
    // What it serves and what helps may have been withdrawn; the homework is shown all the same.
    const resources = await Promise.all(assignment.resources.map((one) => faces.resources.get(one).catch(() => null)));
    const goals = assignment.goal === null ? [] : await faces.goals.list();
    return {
      assignment,
      resources: resources.filter((one) => one !== null),
      goal: goals.find((one) => one.id === assignment.goal),
    };
  }, [id]);
  return (
    <Screen title={words.homework.title} above="/homework">
      <Shown of={asked}>
        {({ assignment, resources, goal }) => (
          <>
            <article class="card">
              <Titled text={assignment.what} />
              <p class="hint">
                <WhenDue of={assignment} />
              </p>
              {assignment.why !== "" && (
                <>
                  <h3>{words.homework.why}</h3>
                  <p class="prose">{assignment.why}</p>
                </>
              )}
              {goal !== undefined && (
                <p>
                  {words.homework.goal}: <Link to={`/goals/${goal.id}`}>{titleOf(goal.what)}</Link>
                </p>
              )}
              {assignment.confidence !== null && <p class="hint">{words.homework.confidence(assignment.confidence)}</p>}
            </article>
            {resources.length > 0 && (
              <Part title={words.homework.help} id="help">
                <ul class="rows">
                  {resources.map((one) => (
                    <li key={one.id}>
                      <Link to={`/resources/${one.id}`}>{one.title}</Link>
                    </li>
                  ))}
                </ul>
              </Part>
            )}
            <SoFar of={assignment} />
            {assignment.reviews.length > 0 && (
              <Part title={words.homework.review} id="reviews">
                <ul class="list">
                  {assignment.reviews.map((review) => (
                    <li key={review.id} class="card">
                      <p>
                        <strong>{words.homework.decisions[review.decision]}</strong>
                      </p>
                      {review.reason !== "" && <p class="prose">{review.reason}</p>}
                    </li>
                  ))}
                </ul>
              </Part>
            )}
            <Comments on={assignment.id} />
            {assignment.ended_on === null && (
              <Actions>
                <Link to={`/homework/${assignment.id}/report`} class="button main-button">
                  {words.homework.record}
                </Link>
              </Actions>
            )}
          </>
        )}
      </Shown>
    </Screen>
  );
}

/** How many occurrences are shown at first; the others are one tap away. */
const FIRST = 3;

function SoFar({ of }: { readonly of: Assignment }) {
  const { words, locale } = useApp();
  const [limit, setLimit] = useState(FIRST);
  const newest = [...of.occurrences].reverse();
  if (newest.length === 0) return null;
  const now = new Date();
  const counts = of.adherence;
  return (
    <Part title={words.homework.occurrences} id="so-far">
      {counts.counted > 0 && <p>{words.homework.counts(counts.done, counts.counted)}</p>}
      <ul class="list">
        {newest.slice(0, limit).map((one) => {
          const said = of.progress.filter((report) => one.progress.includes(report.id));
          return (
            <li key={one.key} class="card">
              <p>
                {one.day === null ? words.homework.anyTime : dayInWords(one.day, locale, now)} ·{" "}
                <strong>{words.homework.statusShort[one.state]}</strong>
              </p>
              {said.map((report) => (
                <Report key={report.id} of={report} />
              ))}
              <p>
                <Link
                  to={`/homework/${of.id}/report?occurrence=${encodeURIComponent(one.key)}`}
                  label={`${said.length > 0 ? words.common.edit : words.homework.record}: ${one.day ?? one.key}`}
                >
                  {said.length > 0 ? words.common.edit : words.homework.record}
                </Link>
              </p>
            </li>
          );
        })}
      </ul>
      {newest.length > limit && (
        <button type="button" onClick={() => setLimit(limit + 4 * FIRST)}>
          {words.common.older}
        </button>
      )}
    </Part>
  );
}

function Report({ of }: { readonly of: HomeworkProgress }) {
  const { words, locale } = useApp();
  return (
    <div class="answer">
      <p class="hint">
        <time dateTime={of.done_at}>{momentInWords(of.done_at, locale, new Date())}</time>
      </p>
      {of.answers.map((answer) => (
        <p key={answer.key}>
          <span class="hint">{answer.prompt}</span> {answerInWords(answer, words)}
        </p>
      ))}
      {of.learned !== "" && <p class="prose">{of.learned}</p>}
      {of.barrier !== null && <p>{words.homework.barriers[of.barrier]}</p>}
      {of.barrier_note !== "" && <p class="prose">{of.barrier_note}</p>}
    </div>
  );
}
