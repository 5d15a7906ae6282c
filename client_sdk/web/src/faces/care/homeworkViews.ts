// Homework as apps read it: an assignment with all that was said of it, progress, reviews, and counts.

import { course, type Course, type Recorded } from "../../agenda/adherence.ts";
import { marksBefore } from "../../documents/care/progress.ts";
import type * as answers from "../../generated/answers.ts";
import type { Homework, Id } from "../../generated/models.ts";
import type { StoredRecord } from "../../replica/tables/records.ts";
import { checkMoment, isLate } from "../../time/moments.ts";
import { factsOf, NO_MOMENT } from "../facts.ts";
import type { Scope } from "../scope.ts";

/** Progress on a piece of homework that it names, newest first. */
export const progressRows = (scope: Scope, about: Id): readonly StoredRecord<"homework_progress">[] =>
  scope.rows("homework_progress", { about }).filter(({ model }) => model.homework !== null);

/** Progress as counts are made of it. */
export const recordedOf = ({ id, model, arrived_at }: StoredRecord<"homework_progress">): Recorded => ({
  id,
  progress: model,
  arrivedAt: arrived_at,
});

/** An assignment with all that was said of it. */
export function assignmentOf(scope: Scope, row: StoredRecord<"homework">): answers.Assignment {
  const { id, model } = row;
  const progress = progressRows(scope, id);
  const { occurrences, adherence } = courseOf(scope, model, progress);
  return {
    ...{ id, what: model.what, why: model.why, agreed: model.agreed, confidence: model.confidence, goal: model.goal },
    ...{ fields: model.fields, resources: model.resources, due: model.due, rule: model.rule, since: model.since },
    ...{ until: model.until, ended_on: model.ended_on, predecessor: model.predecessor, assigned_at: model.assigned_at },
    occurrences,
    progress: progress.map(progressOf),
    reviews: scope.rows("homework_review", { about: id }).flatMap((one) => reviewOf(scope, one)),
    adherence,
    ...factsOf(row),
  };
}

/** The counts of an assignment, and what it is. */
export function countsOf(scope: Scope, { id, model }: StoredRecord<"homework">): answers.HomeworkCounts {
  const { adherence } = courseOf(scope, model, progressRows(scope, id));
  return { id, what: model.what, adherence };
}

const courseOf = (scope: Scope, homework: Homework, progress: readonly StoredRecord<"homework_progress">[]): Course =>
  course(homework, progress.map(recordedOf), scope.agreed(), scope.present(scope.now()));

/** What a client said of one occurrence. */
export function progressOf(row: StoredRecord<"homework_progress">): answers.HomeworkProgress {
  const { id, model, arrived_at } = row;
  const entered = model.entered_at ?? model.done_at ?? arrived_at ?? NO_MOMENT;
  const done = model.done_at ?? entered;
  return {
    ...{ id, homework: named(model.homework), occurrence: model.occurrence, status: model.status },
    ...{ answers: model.answers, difficulty: model.difficulty, helpfulness: model.helpfulness },
    ...{ learned: model.learned, barrier: model.barrier, barrier_note: model.barrier_note },
    done_at: done,
    entered_at: entered,
    late: isLate(checkMoment("done_at", done), checkMoment("entered_at", entered)),
    corrected_at: model.corrected_at,
    earlier: marksBefore(model),
    ...factsOf(row),
  };
}

function reviewOf(scope: Scope, row: StoredRecord<"homework_review">): readonly answers.HomeworkReview[] {
  const { id, model, arrived_at } = row;
  const { homework, decision, reason, evidence, successor } = model;
  if (homework === null) return [];
  const said = { reviewed_at: model.reviewed_at ?? arrived_at ?? NO_MOMENT, author: scope.author(row) };
  return [{ id, homework, decision, reason, evidence, successor, ...said, ...factsOf(row) }];
}

/** What a row is about that was read by what it is about. */
function named(id: Id | null): Id {
  if (id === null) throw new TypeError("What was read by what it is about names it.");
  return id;
}
