// One questionnaire: question by question, every answer kept at once, finished when the person says so.

import type { Assessment as Answered, Available, Question } from "@intersession/client/generated/answers.ts";
import { useRef, useState } from "preact/hooks";
import { Line, Options } from "../parts/Fields.tsx";
import { Actions, Part, Screen } from "../parts/Screen.tsx";
import { AskingButton } from "../parts/Sharing.tsx";
import { Badge, Problem, Shown } from "../parts/Shown.tsx";
import { useApp, useAsked, useDoing } from "../shell/app.ts";
import { go } from "../shell/router.ts";
import type { Words } from "../words/words.ts";
import { dayInWords } from "../words/moments.ts";
import { RiskNotice } from "./RiskNotice.tsx";
import { phrase } from "../words/phrases.ts";

type Value = boolean | number | null;

export function Assessment({ id }: { readonly id: string }) {
  const { words, faces } = useApp();
  const asked = useAsked(async () => {
    const [assessment, available] = await Promise.all([faces.assessments.get(id), faces.assessments.available()]);
    return { assessment, about: available.find((one) => one.instrument === assessment.instrument) };
  }, [id]);
  return (
    <Screen title={words.assessments.title} above="/assessments">
      <Shown of={asked}>
        {({ assessment, about }) =>
          assessment.state === "completed" ? (
            <Completed of={assessment} />
          ) : (
            <Draft of={assessment} about={about} />
          )
        }
      </Shown>
    </Screen>
  );
}

interface DraftGiven {
  readonly of: Answered;
  readonly about: Available | undefined;
}

/** The first question that is asked and has no answer; past the last one where there is none. */
export function placeToGoOn(items: readonly Question[]): number {
  const open = items.findIndex((item) => item.applies && item.answer === null && !item.optional);
  return open === -1 ? items.filter((item) => item.applies).length : items.slice(0, open).filter((item) => item.applies).length;
}

function Draft({ of, about }: DraftGiven) {
  const { words } = useApp();
  const [at, setAt] = useState(() => placeToGoOn(of.items));
  const asked = of.items.filter((item) => item.applies);
  const question = asked[at];
  return (
    <>
      <h2>{of.title}</h2>
      {at === 0 && about !== undefined && <Before about={about} />}
      {of.risk.length > 0 && <RiskNotice sent={of.sent} />}
      {question === undefined ? (
        <Review of={of} onGo={setAt} />
      ) : (
        <>
          <p class="hint" role="status">
            {words.assessments.of(at + 1, asked.length)}
          </p>
          <progress max={asked.length} value={at} aria-label={words.assessments.of(at + 1, asked.length)} />
          <OneQuestion key={question.item} id={of.id} question={question} at={at} onGo={setAt} />
          <p class="hint">{words.assessments.kept}</p>
        </>
      )}
    </>
  );
}

function Before({ about }: { readonly about: Available }) {
  const { words } = useApp();
  const notes = [...about.instructions, ...about.notes, words.assessments.wording[about.status]].filter(Boolean);
  return (
    <>
      {notes.map((text) => (
        <p key={text} class="prose">
          {text}
        </p>
      ))}
      {about.copyright !== "" && <p class="hint">{about.copyright}</p>}
    </>
  );
}

/** How an answer is shown where the wording does not say it. */
function choicesOf(question: Question, words: Words): readonly { readonly text: string; readonly value: Value }[] {
  if (question.choices.length > 0) return question.choices;
  if (question.yes_no) {
    return [
      { text: words.common.yes, value: true },
      { text: words.common.no, value: false },
    ];
  }
  return question.allowed.map((value) => ({ text: String(value), value }));
}

/** Beyond this many answers a number is typed. */
const MOST_CHOICES = 21;

interface OneQuestionGiven {
  readonly id: string;
  readonly question: Question;
  readonly at: number;
  readonly onGo: (at: number) => void;
}

function OneQuestion({ id, question, at, onGo }: OneQuestionGiven) {
  const { words, faces } = useApp();
  const doing = useDoing();
  const [typed, setTyped] = useState(typeof question.answer === "number" ? String(question.answer) : "");
  // What was tapped is shown at once; of several quick taps the last one is kept.
  const [tapped, setTapped] = useState<Value>();
  const latest = useRef<Value>(null);
  const shown = tapped === undefined ? question.answer : tapped;
  const keep = async (): Promise<void> => {
    let kept: Value;
    do {
      kept = latest.current;
      await faces.assessments.answer(id, question.item, kept);
    } while (latest.current !== kept);
  };
  const answer = (value: Value): void => {
    latest.current = value;
    setTapped(value);
    doing.run(() => keep().catch((problem: unknown) => (setTapped(undefined), Promise.reject(problem))));
  };
  const choices = choicesOf(question, words);
  const legend = question.prompt === "" ? question.label : question.prompt;
  const parsed = typed.trim() === "" ? null : Number(typed);
  const many = choices.length > MOST_CHOICES;
  const fits = parsed === null || question.allowed.includes(parsed);
  return (
    <>
      {question.conflict.length > 0 && <p class="notice notice-attention">{words.assessments.conflict}</p>}
      {many ? (
        <Line
          label={legend}
          hint={words.common.between(question.allowed[0] ?? 0, question.allowed[question.allowed.length - 1] ?? 0)}
          value={typed}
          onChange={(next) => {
            setTyped(next);
            const value = next.trim() === "" ? null : Number(next);
            if (value === null || question.allowed.includes(value)) answer(value);
          }}
        />
      ) : (
        <Options
          legend={legend}
          options={choices.filter((one) => one.value !== null)}
          value={shown}
          onChange={(value) => answer(value)}
        />
      )}
      {!fits && <Problem of={{ code: "invalid_field" }} />}
      <Problem of={doing.problem} />
      <Actions>
        <div class="choices">
          <button type="button" disabled={at === 0 || doing.busy} onClick={() => onGo(at - 1)}>
            {words.common.previous}
          </button>
          <button type="button" class="main-button" disabled={!fits || doing.busy} onClick={() => onGo(at + 1)}>
            {shown === null ? words.assessments.leave : words.common.next}
          </button>
        </div>
      </Actions>
    </>
  );
}

function answerOf(question: Question, words: Words): string {
  if (question.answer === null) return words.common.noAnswer;
  return choicesOf(question, words).find((one) => one.value === question.answer)?.text ?? String(question.answer);
}

function Review({ of, onGo }: { readonly of: Answered; readonly onGo: (at: number) => void }) {
  const { words, faces } = useApp();
  const asked = of.items.filter((item) => item.applies);
  return (
    <>
      <Part title={words.assessments.review} id="review">
        <ol class="rows">
          {asked.map((item, at) => (
            <li key={item.item}>
              <button type="button" class="row-button" onClick={() => onGo(at)}>
                <span>{item.prompt === "" ? item.label : item.prompt}</span>
                <strong>{answerOf(item, words)}</strong>
              </button>
            </li>
          ))}
        </ol>
      </Part>
      {of.missing.length > 0 && <p class="notice notice-note">{words.assessments.missing(of.missing.length)}</p>}
      {of.conflicts.length > 0 && <p class="notice notice-attention">{words.assessments.conflict}</p>}
      <Actions>
        <AskingButton
          label={words.assessments.complete}
          title={words.assessments.completeAsk}
          says={words.assessments.completeSays}
          onYes={() => faces.assessments.complete(of.id)}
        />
      </Actions>
    </>
  );
}

function Completed({ of }: { readonly of: Answered }) {
  const { words, faces, locale } = useApp();
  const doing = useDoing();
  const now = new Date();
  return (
    <>
      {of.risk.length > 0 && <RiskNotice sent={of.sent} />}
      <article class="card">
        <h2>{of.title}</h2>
        <p class="hint">{words.assessments.on(dayInWords(of.completed_at ?? of.started_at, locale, now))}</p>
        <p>{words.assessments.thanks}</p>
        {of.scores.map((score) => (
          <p key={score.key}>
            {score.score === null
              ? words.assessments.noScore
              : [words.common.value(score.score, score.high), phrase(locale, score.band)].filter(Boolean).join(" · ")}
          </p>
        ))}
        <p class="badges">
          {!of.sent && <Badge kind="quiet">{words.states.notSent}</Badge>}
          {of.amended_by.length > 0 && <Badge kind="quiet">{words.assessments.amended}</Badge>}
        </p>
      </article>
      <Part title={words.assessments.review} id="review">
        <ol class="rows">
          {of.items
            .filter((item) => item.applies)
            .map((item) => (
              <li key={item.item} class="row">
                <span>{item.prompt === "" ? item.label : item.prompt}</span>
                <strong>{answerOf(item, words)}</strong>
              </li>
            ))}
        </ol>
      </Part>
      <Problem of={doing.problem} />
      {of.administered_by === null && of.amended_by.length === 0 && (
        <button
          type="button"
          disabled={doing.busy}
          onClick={() => doing.run(async () => go(`/assessments/${(await faces.assessments.amend(of.id)).id}`))}
        >
          {words.assessments.amend}
        </button>
      )}
    </>
  );
}
