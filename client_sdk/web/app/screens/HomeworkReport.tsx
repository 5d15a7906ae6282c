// How homework went: what was done, or what was in the way. None of it is judged.

import type { AnswersGiven, ProgressGiven } from "@intersession/client/faces/faces.ts";
import type { Assignment, HomeworkProgress } from "@intersession/client/generated/answers.ts";
import { FieldInput, inOrder, Options, Prose, When } from "../parts/Fields.tsx";
import { Scale } from "../parts/Scale.tsx";
import { Actions, Part, Screen } from "../parts/Screen.tsx";
import { Problem, Shown } from "../parts/Shown.tsx";
import { useApp, useAsked, useDoing } from "../shell/app.ts";
import { useDraft } from "../shell/drafts.ts";
import { go, useHere } from "../shell/router.ts";
import { fieldNow, fieldOf, momentOf } from "../words/moments.ts";
import { titled } from "../words/titles.ts";

type Status = NonNullable<ProgressGiven["status"]>;
type Barrier = NonNullable<ProgressGiven["barrier"]>;

interface Typed {
  readonly status: Status | null;
  readonly answers: AnswersGiven;
  readonly difficulty: number | null;
  readonly helpfulness: number | null;
  readonly learned: string;
  readonly barrier: Barrier | null;
  readonly barrier_note: string;
  readonly when: string;
  readonly record: string | null;
  readonly based_on: string | null;
}

const NOTHING: Typed = {
  status: null,
  answers: {},
  difficulty: null,
  helpfulness: null,
  learned: "",
  barrier: null,
  barrier_note: "",
  when: "",
  record: null,
  based_on: null,
};

/** What was said before of this occurrence, to go on from. */
function typedOf(said: HomeworkProgress | undefined): Typed {
  if (said === undefined) return NOTHING;
  const { status, difficulty, helpfulness, learned, barrier, barrier_note } = said;
  return {
    status,
    answers: Object.fromEntries(said.answers.map((answer) => [answer.key, answer.value])),
    difficulty,
    helpfulness,
    learned,
    barrier,
    barrier_note,
    when: fieldOf(said.done_at),
    record: said.id,
    based_on: said.version,
  };
}

export function HomeworkReport({ id }: { readonly id: string }) {
  const { words, faces } = useApp();
  const occurrence = useHere().query.get("occurrence") ?? "";
  const assignment = useAsked(() => faces.homework.get(id), [id]);
  return (
    <Screen title={words.homework.howDid} above={`/homework/${id}`}>
      <Shown of={assignment}>{(found) => <ReportForm assignment={found} occurrence={occurrence} />}</Shown>
    </Screen>
  );
}

interface ReportFormGiven {
  readonly assignment: Assignment;
  readonly occurrence: string;
}

function ReportForm({ assignment, occurrence }: ReportFormGiven) {
  const { words, faces, say } = useApp();
  const said = assignment.progress.find((one) => one.occurrence === occurrence);
  const draft = useDraft<Typed>(`report ${assignment.id} ${occurrence}`, () => typedOf(said));
  const doing = useDoing();
  const typed = draft.content;
  if (typed === null) return <p class="waiting">{words.common.loading}</p>;
  const change = (next: Partial<Typed>): void => draft.change({ ...typed, ...next });
  const worked = typed.status === "done" || typed.status === "partly";
  const save = async (status: Status): Promise<void> => {
    const { answers, difficulty, helpfulness, learned, barrier, barrier_note, when, record, based_on } = typed;
    // What belongs to the other way that it went is taken back, not left behind unseen.
    const went = worked
      ? { answers, difficulty, helpfulness, learned, barrier: null, barrier_note: "" }
      : { barrier, barrier_note };
    const at = said !== undefined && when === fieldOf(said.done_at) ? null : momentOf(when);
    await faces.homework.record(assignment.id, {
      status,
      ...went,
      ...(occurrence === "" ? {} : { occurrence }),
      ...(at === null ? {} : { done_at: at }),
      ...(record === null ? {} : { record }),
      ...(based_on === null ? {} : { based_on }),
    });
    await draft.discard();
    say(words.common.saved);
    go(`/homework/${assignment.id}`, { replace: true });
  };
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        const { status } = typed;
        if (status !== null) doing.run(() => save(status));
      }}
    >
      <What text={assignment.what} />
      <Options
        legend={words.homework.howDid}
        options={(["done", "partly", "could_not", "not"] as const).map((value) => ({
          text: words.homework.status[value],
          value,
        }))}
        value={typed.status}
        onChange={(status) => change({ status })}
        optional={false}
        unseenLegend
      />
      {worked && <Went assignment={assignment} typed={typed} change={change} />}
      {typed.status !== null && !worked && (
        <>
          {typed.status === "could_not" && <p class="notice notice-note">{words.homework.couldNot}</p>}
          <Options
            legend={`${words.homework.barrier} (${words.common.optional})`}
            options={(Object.keys(words.homework.barriers) as Barrier[]).map((value) => ({
              text: words.homework.barriers[value],
              value,
            }))}
            value={typed.barrier}
            onChange={(barrier) => change({ barrier })}
          />
          <Prose
            label={words.homework.barrierNote}
            rows={2}
            value={typed.barrier_note}
            onChange={(barrier_note) => change({ barrier_note })}
          />
        </>
      )}
      <Problem of={doing.problem} />
      <Actions>
        <button type="submit" class="main-button" disabled={doing.busy || typed.status === null}>
          {words.common.save}
        </button>
        <p class="hint" role="status">
          {draft.kept ? words.journal.keptDraft : ""}
        </p>
      </Actions>
    </form>
  );
}

/** What was agreed; at length for whoever wants to read it again. */
function What({ text }: { readonly text: string }) {
  const { words } = useApp();
  const { title, rest } = titled(text);
  return (
    <>
      <p class="lead">{title}</p>
      {rest !== "" && (
        <details>
          <summary>{words.homework.whole}</summary>
          <p class="prose">{rest}</p>
        </details>
      )}
    </>
  );
}

interface WentGiven {
  readonly assignment: Assignment;
  readonly typed: Typed;
  readonly change: (next: Partial<Typed>) => void;
}

function Went({ assignment, typed, change }: WentGiven) {
  const { words } = useApp();
  const fields = inOrder(assignment.fields);
  return (
    <>
      {fields.length > 0 && (
        <Part title={words.homework.worksheet} id="worksheet">
          {fields.map(([key, field]) => (
            <FieldInput
              key={key}
              field={field}
              value={typed.answers[key] ?? null}
              onChange={(value) => change({ answers: { ...typed.answers, [key]: value } })}
            />
          ))}
        </Part>
      )}
      <Scale
        legend={`${words.homework.difficulty} (${words.common.optional})`}
        low={0}
        high={10}
        value={typed.difficulty}
        onChange={(difficulty) => change({ difficulty })}
        optional
      />
      <Scale
        legend={`${words.homework.helpfulness} (${words.common.optional})`}
        low={0}
        high={10}
        value={typed.helpfulness}
        onChange={(helpfulness) => change({ helpfulness })}
        optional
      />
      <Prose
        label={`${words.homework.learned} (${words.common.optional})`}
        value={typed.learned}
        onChange={(learned) => change({ learned })}
      />
      <details>
        <summary>{words.homework.doneAt}</summary>
        <When
          label={words.common.when}
          value={typed.when === "" ? fieldNow(new Date()) : typed.when}
          onChange={(when) => change({ when })}
        />
      </details>
    </>
  );
}
