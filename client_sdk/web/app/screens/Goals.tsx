// Goals: what a person wants and why, with steps towards it.

import type { Goal as Aim, GoalStep } from "@intersession/client/generated/answers.ts";
import { useState } from "preact/hooks";
import { Comments } from "../parts/Comments.tsx";
import { Line, Prose } from "../parts/Fields.tsx";
import { Icon } from "../parts/Icon.tsx";
import { Link } from "../parts/Link.tsx";
import { AddForm, CurrentAndOver } from "../parts/Lists.tsx";
import { Part, Screen } from "../parts/Screen.tsx";
import { Problem, Shown } from "../parts/Shown.tsx";
import { Titled } from "../parts/Titled.tsx";
import { useApp, useAsked, useDoing, type Doing } from "../shell/app.ts";
import { useDraft } from "../shell/drafts.ts";
import { go } from "../shell/router.ts";
import { dayInWords, dayOf } from "../words/moments.ts";
import { titleOf } from "../words/titles.ts";

export function Goals() {
  const { words, faces } = useApp();
  const goals = useAsked(() => faces.goals.list());
  return (
    <Screen title={words.goals.title} above="/more">
      <Shown of={goals}>
        {(found) => (
          <CurrentAndOver
            of={found}
            isOver={(one) => one.state !== "open"}
            nothing={words.goals.nothing}
            over={words.goals.finished}
          >
            {(some) => <GoalLinks of={some} />}
          </CurrentAndOver>
        )}
      </Shown>
      <NewGoal />
    </Screen>
  );
}

function GoalLinks({ of }: { readonly of: readonly Aim[] }) {
  const { words } = useApp();
  return (
    <ul class="list">
      {of.map((goal) => (
        <li key={goal.id}>
          <article class="card leads">
            <h2>
              <Link to={`/goals/${goal.id}`}>{titleOf(goal.what)}</Link>
            </h2>
            {goal.why !== "" && <p class="glimpse">{goal.why}</p>}
            {goal.state !== "open" && <p class="hint">{words.goals.states[goal.state]}</p>}
          </article>
        </li>
      ))}
    </ul>
  );
}

interface NewGoalTyped {
  readonly what: string;
  readonly why: string;
}

const NO_GOAL: NewGoalTyped = { what: "", why: "" };

function NewGoal() {
  const { words, faces } = useApp();
  const draft = useDraft<NewGoalTyped>("goal", () => NO_GOAL);
  const doing = useDoing();
  const { what, why } = draft.content ?? NO_GOAL;
  return (
    <Part title={words.goals.add} id="add">
      <AddForm
        doing={doing}
        act={words.goals.add}
        ready={what.trim() !== ""}
        main
        onAdd={async () => {
          const goal = await faces.goals.add(what.trim(), why.trim() === "" ? {} : { why: why.trim() });
          await draft.discard();
          go(`/goals/${goal.id}`);
        }}
      >
        <Prose label={words.goals.what} rows={2} value={what} onChange={(next) => draft.change({ what: next, why })} />
        <Prose
          label={`${words.goals.why} (${words.common.optional})`}
          rows={2}
          value={why}
          onChange={(next) => draft.change({ what, why: next })}
        />
        <p class="hint">{words.goals.stays}</p>
      </AddForm>
    </Part>
  );
}

export function GoalPage({ id }: { readonly id: string }) {
  const { words, faces } = useApp();
  const goal = useAsked(async () => {
    const found = (await faces.goals.list()).find((one) => one.id === id);
    if (found === undefined) throw Object.assign(new Error("no such goal"), { code: "not_found" });
    return found;
  }, [id]);
  return (
    <Screen title={words.goals.title} above="/goals">
      <Shown of={goal}>{(found) => <OneGoal goal={found} />}</Shown>
    </Screen>
  );
}

function OneGoal({ goal }: { readonly goal: Aim }) {
  const { words, faces } = useApp();
  const [editing, setEditing] = useState(false);
  const doing = useDoing();
  return (
    <>
      {editing ? (
        <EditGoal goal={goal} onDone={() => setEditing(false)} />
      ) : (
        <article class="card">
          <Titled text={goal.what} />
          {goal.why !== "" && <p class="prose">{goal.why}</p>}
          {goal.state !== "open" && <p class="hint">{words.goals.states[goal.state]}</p>}
          <div class="choices">
            <button type="button" onClick={() => setEditing(true)}>
              {words.common.edit}
            </button>
            {goal.state === "open" ? (
              <>
                <button type="button" disabled={doing.busy} onClick={() => doing.run(() => faces.goals.reach(goal.id))}>
                  {words.goals.reach}
                </button>
                <button type="button" disabled={doing.busy} onClick={() => doing.run(() => faces.goals.letGo(goal.id))}>
                  {words.goals.letGo}
                </button>
              </>
            ) : (
              <button type="button" disabled={doing.busy} onClick={() => doing.run(() => faces.goals.reopen(goal.id))}>
                {words.goals.reopen}
              </button>
            )}
          </div>
        </article>
      )}
      <Steps goal={goal} doing={doing} />
      <Comments on={goal.id} />
    </>
  );
}

function EditGoal({ goal, onDone }: { readonly goal: Aim; readonly onDone: () => void }) {
  const { words, faces } = useApp();
  const [what, setWhat] = useState(goal.what);
  const [why, setWhy] = useState(goal.why);
  const [version] = useState(goal.version);
  const doing = useDoing();
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        doing.run(async () => {
          await faces.goals.edit(goal.id, { what, why, based_on: version });
          onDone();
        });
      }}
    >
      <Prose label={words.goals.what} rows={2} value={what} onChange={setWhat} />
      <Prose label={words.goals.why} rows={2} value={why} onChange={setWhy} />
      <Problem of={doing.problem} />
      <div class="choices">
        <button type="submit" class="main-button" disabled={doing.busy || what.trim() === ""}>
          {words.common.save}
        </button>
        <button type="button" onClick={onDone}>
          {words.common.cancel}
        </button>
      </div>
    </form>
  );
}

function Steps({ goal, doing }: { readonly goal: Aim; readonly doing: Doing }) {
  const { words, faces } = useApp();
  const [text, setText] = useState("");
  return (
    <Part title={words.goals.steps} id="steps">
      <ul class="rows">
        {goal.steps.map((step, at) => (
          <li key={step.id} class="row">
            <StepLine goal={goal} step={step} before={goal.steps[at - 2]} first={at === 0} doing={doing} />
          </li>
        ))}
      </ul>
      <AddForm
        doing={doing}
        act={words.goals.addStep}
        ready={text.trim() !== ""}
        onAdd={async () => {
          await faces.goals.addStep(goal.id, text.trim());
          setText("");
        }}
      >
        <Line label={words.goals.step} value={text} onChange={setText} />
      </AddForm>
    </Part>
  );
}

interface StepLineGiven {
  readonly goal: Aim;
  readonly step: GoalStep;
  /** The step that this one would stand after, one further up. */
  readonly before: GoalStep | undefined;
  readonly first: boolean;
  readonly doing: Doing;
}

function StepLine({ goal, step, before, first, doing }: StepLineGiven) {
  const { words, faces, locale } = useApp();
  return (
    <>
      <label class="tick">
        <input
          type="checkbox"
          autocomplete="off"
          checked={step.done_on !== null}
          disabled={doing.busy}
          onChange={(event) => {
            const done = event.currentTarget.checked;
            doing.run(() => faces.goals.stepDone(goal.id, step.id, { on: dayOf(new Date()), done }));
          }}
        />
        <span>
          {step.text}
          {step.done_on !== null && (
            <span class="hint">{words.goals.doneOn(dayInWords(step.done_on, locale, new Date()))}</span>
          )}
        </span>
      </label>
      <span class="tools">
        {!first && (
          <button
            type="button"
            class="sign-button"
            aria-label={words.goals.move(step.text)}
            disabled={doing.busy}
            onClick={() => doing.run(() => faces.goals.moveStep(goal.id, step.id, before?.id))}
          >
            <Icon name="up" />
          </button>
        )}
        <button
          type="button"
          class="sign-button"
          aria-label={words.goals.removeStep(step.text)}
          disabled={doing.busy}
          onClick={() => doing.run(() => faces.goals.removeStep(goal.id, step.id))}
        >
          ×
        </button>
      </span>
    </>
  );
}
