// Goals: what a client wants, in their own words, with steps towards it. Both client and care team write them.

import { inOrder } from "../../documents/shapes.ts";
import { NotFound } from "../../errors.ts";
import type * as answers from "../../generated/answers.ts";
import type { Goal, GoalStep, Id } from "../../generated/models.ts";
import type { Hash } from "../../replica/documents/rows.ts";
import { headsOf } from "../../replica/documents/writing.ts";
import type { StoredRecord } from "../../replica/tables/records.ts";
import { moved, newElementId, numbered, placed, without } from "./elements.ts";
import { factsOf } from "../facts.ts";
import type { Goals } from "../faces.ts";
import * as given from "../given.ts";
import type { Scope } from "../scope.ts";

/** The goals of a client's device. */
export function goalsOf(scope: Scope): Goals {
  const { replica, store } = scope;

  const change = (id: Id, work: (goal: Goal) => Goal, basedOn: readonly Hash[] | null = null): answers.Goal =>
    replica.write((writing) => {
      const row = scope.row("goal", id);
      scope.change(writing, "goal", row, work, basedOn);
      return goalOf(scope.row("goal", row.id));
    });
  const turn = (id: Id, state: Goal["state"]): answers.Goal => change(id, (goal) => ({ ...goal, state }));
  const changeStep = (
    id: Id,
    key: string,
    changed: Partial<GoalStep>,
    basedOn?: readonly Hash[] | null,
  ): answers.Goal => {
    const changedIn = (goal: Goal): GoalStep => ({ ...stepIn(goal, key), ...changed });
    return change(id, (goal) => ({ ...goal, steps: { ...goal.steps, [key]: changedIn(goal) } }), basedOn);
  };

  return {
    list: (page) => scope.rows("goal", { window: given.listed(page) }).map(goalOf),
    add(what, { why = "", steps = [] } = {}) {
      const goal = {
        what: given.text("what", what),
        why: given.text("why", why),
        steps: numbered(store, given.texts("steps", steps).map(step)),
        made_at: store.now(),
      };
      return replica.write((writing) => goalOf(scope.row("goal", scope.add(writing, "goal", goal))));
    },
    edit(id, { what, why, based_on }) {
      const texts = {
        ...(what === undefined ? {} : { what: given.text("what", what) }),
        ...(why === undefined ? {} : { why: given.text("why", why) }),
      };
      return change(id, (goal) => ({ ...goal, ...texts }), headsOf(based_on));
    },
    addStep(id, text, after) {
      const [key, made] = [newElementId(store), step(given.text("text", text))];
      return change(id, (goal) => ({ ...goal, steps: placed(goal.steps, key, made, after) }));
    },
    editStep: (id, key, text, based_on) => changeStep(id, key, { text: given.text("text", text) }, headsOf(based_on)),
    moveStep: (id, key, after) => change(id, (goal) => ({ ...goal, steps: moved(goal.steps, key, after) })),
    removeStep: (id, key) => change(id, (goal) => ({ ...goal, steps: without(goal.steps, key) })),
    stepDone(id, key, { on, done = true } = {}) {
      const day = on === undefined ? scope.today() : given.day("on", on);
      return changeStep(id, key, { done_on: done ? day : null });
    },
    reach: (id) => turn(id, "reached"),
    letGo: (id) => turn(id, "let_go"),
    reopen: (id) => turn(id, "open"),
  };
}

const step = (text: string): GoalStep => ({ order: 0, text, done_on: null });

function stepIn({ steps }: Goal, key: string): GoalStep {
  const found = Object.hasOwn(steps, key) ? steps[key] : undefined;
  if (found === undefined) throw new NotFound("There is no step with that id in this goal.");
  return found;
}

/** A goal as apps read it. */
export function goalOf(row: StoredRecord<"goal">): answers.Goal {
  const { what, why, steps, state, made_at } = row.model;
  const inTheirOrder = inOrder(steps).map(([id, { text, done_on }]) => ({ id, text, done_on }));
  return { id: row.id, what, why, steps: inTheirOrder, state, made_at, ...factsOf(row) };
}
