// How it went over time: what was logged, scores, homework, goals. Told, not judged.

import type { HomeworkCounts, Point, Progress as Told, ScorePoint } from "@intersession/client/generated/answers.ts";
import { useState } from "preact/hooks";
import { Chart } from "../parts/Chart.tsx";
import { Link } from "../parts/Link.tsx";
import { Part, Screen } from "../parts/Screen.tsx";
import { Empty, Shown } from "../parts/Shown.tsx";
import { useApp, useAsked } from "../shell/app.ts";
import { dayInWords, daysBefore, isoOf } from "../words/moments.ts";
import { phrase } from "../words/phrases.ts";
import { titleOf } from "../words/titles.ts";
import type { Words } from "../words/words.ts";

type Range = keyof Words["progress"]["ranges"];

const DAYS: Readonly<Record<Range, number | null>> = { month: 28, quarter: 91, year: 365, all: null };

export function Progress() {
  const { words, faces } = useApp();
  const [range, setRange] = useState<Range>("quarter");
  const days = DAYS[range];
  const progress = useAsked(
    () => faces.plans.progress(days === null ? undefined : isoOf(daysBefore(new Date(), days))),
    [range],
  );
  return (
    <Screen title={words.progress.title} above="/more">
      <p class="lead">{words.progress.lead}</p>
      <div class="pills" role="group" aria-label={words.progress.range}>
        {(Object.keys(DAYS) as Range[]).map((one) => (
          <button type="button" key={one} aria-pressed={one === range} onClick={() => setRange(one)}>
            {words.progress.ranges[one]}
          </button>
        ))}
      </div>
      <Shown of={progress}>{(told) => <Parts of={told} />}</Shown>
    </Screen>
  );
}

function Parts({ of }: { readonly of: Told }) {
  const { words } = useApp();
  const series = Object.entries(of.series).filter(([, points]) => points.length > 0);
  const nothing = series.length === 0 && of.scores.length === 0 && of.homework.length === 0 && of.goals.length === 0;
  if (nothing) return <Empty>{words.progress.nothing}</Empty>;
  return (
    <>
      {series.length > 0 && (
        <Part title={words.progress.symptoms} id="symptoms">
          {series.map(([name, points]) => (
            <Series key={name} name={name} points={points} />
          ))}
        </Part>
      )}
      {of.scores.length > 0 && (
        <Part title={words.progress.scores} id="scores">
          {byScale(of.scores).map((points) => (
            <Scores key={`${points[0]?.instrument} ${points[0]?.scale}`} points={points} />
          ))}
        </Part>
      )}
      {of.homework.length > 0 && (
        <Part title={words.progress.homework} id="homework">
          <p class="hint">{words.progress.notAScore}</p>
          <ul class="rows">
            {of.homework.map((one) => (
              <li key={one.id}>
                <Link to={`/homework/${one.id}`}>
                  {titleOf(one.what)}
                  <span class="hint">{countsInWords(one, words)}</span>
                </Link>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {of.goals.length > 0 && (
        <Part title={words.progress.goals} id="goals">
          <ul class="rows">
            {of.goals.map((goal) => (
              <li key={goal.id}>
                <Link to={`/goals/${goal.id}`}>
                  {titleOf(goal.what)}
                  <span class="hint">
                    {words.goals.states[goal.state]}
                    {goal.steps.length > 0 &&
                      ` · ${words.progress.steps(goal.steps.filter((step) => step.done_on !== null).length, goal.steps.length)}`}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </Part>
      )}
    </>
  );
}

function countsInWords({ adherence }: HomeworkCounts, words: Words): string {
  return [
    words.homework.counts(adherence.done, adherence.counted),
    adherence.partly > 0 ? words.progress.partly(adherence.partly) : "",
    adherence.could_not > 0 ? words.progress.couldNot(adherence.could_not) : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** Values on the scale of the newest one: those on other scales cannot be drawn beside them. */
export function onNewestScale(points: readonly Point[]): readonly Point[] {
  const scale = points[0]?.scale?.join();
  return points.filter((point) => point.scale?.join() === scale);
}

function Series({ name, points }: { readonly name: string; readonly points: readonly Point[] }) {
  const { words } = useApp();
  const drawn = onNewestScale(points);
  const values = drawn.map((point) => point.value);
  const [low, high] = drawn[0]?.scale ?? [Math.min(...values), Math.max(...values)];
  return (
    <section class="card">
      <h3>{name}</h3>
      <p class="hint">
        {words.progress.points(points.length)} · {words.common.between(low, high)}
      </p>
      <Chart
        name={name}
        low={low}
        high={high}
        points={drawn.map((point) => ({
          at: point.at,
          value: point.value,
          ...(point.late ? { note: words.progress.late } : {}),
        }))}
      />
    </section>
  );
}

/** Scores of one scale each, newest first. */
export function byScale(scores: readonly ScorePoint[]): readonly (readonly ScorePoint[])[] {
  const scales = new Map<string, ScorePoint[]>();
  for (const score of scores) {
    const key = `${score.instrument} ${score.scale}`;
    scales.set(key, [...(scales.get(key) ?? []), score]);
  }
  return [...scales.values()];
}

function changeInWords(point: ScorePoint, words: Words): string {
  switch (point.last?.change.verdict) {
    case "reliable improvement":
      return words.progress.since(words.progress.verdicts.better);
    case "reliable deterioration":
      return words.progress.since(words.progress.verdicts.worse);
    case "within measurement error":
      return words.progress.since(words.progress.verdicts.same);
    default:
      return "";
  }
}

function Scores({ points }: { readonly points: readonly ScorePoint[] }) {
  const { words, locale } = useApp();
  const [newest] = points;
  if (newest === undefined) return null;
  const change = changeInWords(newest, words);
  const drawn = points.flatMap((point) =>
    point.value === null || point.amended
      ? []
      : [{ at: point.at, value: point.value, ...(point.paper ? { note: words.progress.paper } : {}) }],
  );
  const title = newest.label === "" || newest.label === newest.title ? newest.title : `${newest.title}: ${newest.label}`;
  return (
    <section class="card">
      <h3>{title}</h3>
      <p>
        {newest.value === null ? (
          words.assessments.noScore
        ) : (
          <>
            <strong>{words.common.value(newest.value, newest.high)}</strong>
            {newest.band !== null && ` · ${phrase(locale, newest.band)}`}
          </>
        )}{" "}
        <span class="hint">{dayInWords(newest.at, locale, new Date())}</span>
      </p>
      {change !== "" && <p class="hint">{change}</p>}
      <Chart name={title} low={newest.low} high={newest.high} points={drawn} />
    </section>
  );
}
