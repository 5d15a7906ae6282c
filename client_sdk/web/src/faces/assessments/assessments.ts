// Assessments: what can be answered here, drafts that go on anywhere, and what was completed.

import type { AnswerValue } from "../../documents/assessments/answers.ts";
import {
  answerItem,
  completeAssessment,
  createAssessment,
  type NewAssessment,
} from "../../documents/assessments/assessments.ts";
import { InvalidField } from "../../errors.ts";
import type * as answers from "../../generated/answers.ts";
import type { Id } from "../../generated/models.ts";
import { nextQuestion, questions } from "../../instruments/asking.ts";
import { checkAnswers } from "../../instruments/scoring.ts";
import type { Instrument } from "../../instruments/values.ts";
import { newId, type Writing } from "../../replica/documents/writing.ts";
import { folded } from "../../text/folding.ts";
import { compareTexts } from "../../text/order.ts";
import { dueNow } from "../care/agenda.ts";
import { ask, definition, instrumentsOf, takenOf } from "./asking.ts";
import { assessmentsOf, type AssessmentRow } from "./assessmentViews.ts";
import type { Assessments } from "../faces.ts";
import * as given from "../given.ts";
import type { Scope } from "../scope.ts";

/** Which planned assessment is answered; both empty where it is none. */
type Planned = Required<Pick<NewAssessment, "occurrence" | "schedule">>;

/** The assessments of a client's device. */
export function assessmentsFace(scope: Scope): Assessments {
  const { replica, store } = scope;

  const view = (row: AssessmentRow): answers.Assessment => {
    const [found] = assessmentsOf(scope, [row]);
    if (found === undefined) throw new TypeError("A row is read as one assessment.");
    return found;
  };
  const get = (id: Id): answers.Assessment => view(scope.row("assessment", id));

  /** What is due of each instrument; of several the newest. */
  const dueByInstrument = (): ReadonlyMap<string, answers.Due> => {
    const planned = scope.agreed().assessments;
    return new Map(
      dueNow(scope).flatMap((one) => {
        const schedule = one.kind === "assessment" ? planned[one.id] : undefined;
        return schedule === undefined ? [] : [[schedule.instrument, one] as const];
      }),
    );
  };

  const meant = (what: answers.Due | string): readonly [instrument: string, planned: Planned] => {
    if (typeof what === "string") return [what, plannedBy(dueByInstrument().get(given.text("instrument", what)))];
    if (what.kind !== "assessment") throw new InvalidField("That due item is not an assessment.");
    const schedule = scope.agreed().assessments[what.id];
    if (schedule === undefined) throw new InvalidField("The plan has no such schedule for that instrument.");
    return [schedule.instrument, { schedule: what.id, occurrence: given.text("occurrence", what.occurrence) }];
  };

  const begin = (writing: Writing, instrument: Instrument, more: Partial<NewAssessment>): Id => {
    const now = store.now();
    const start = { instrument: instrument.key, scheme: instrument.scheme, started_at: now, zone: scope.zoneOf(now) };
    return scope.create(writing, "assessment", (document) => [createAssessment(document, { ...start, ...more })]);
  };

  const answerOne = (writing: Writing, row: AssessmentRow, item: string, value: AnswerValue): void =>
    scope.edit(writing, row, (document) => [
      answerItem(document, item, value, { id: newId(store), at: store.now() }),
    ]);

  return {
    available() {
      const due = dueByInstrument();
      const rows = scope.rows("assessment", { open: true });
      const found = [...instrumentsOf(scope).askable].map(([key, { instrument, wording }]): answers.Available => ({
        instrument: key,
        ...{ title: instrument.title, window: instrument.window, status: wording.status },
        items: questions(instrument, wording, { answers: {}, conflicts: {} }),
        instructions: wording.instructions,
        language: wording.language,
        licence: instrument.licence.terms,
        copyright: wording.copyright ?? "",
        notes: wording.notes,
        due: due.get(key) ?? null,
        draft: openDraft(rows, key, plannedBy(due.get(key)))?.id ?? null,
      }));
      return found.toSorted(
        (one, other) =>
          Number(one.due === null) - Number(other.due === null) ||
          compareTexts(folded(one.title), folded(other.title)),
      );
    },
    start: (what) =>
      replica.write((writing) => {
        const [key, planned] = meant(what);
        const { instrument } = ask(instrumentsOf(scope), key);
        const draft = openDraft(scope.rows("assessment", { open: true }), key, planned);
        return get(draft?.id ?? begin(writing, instrument, planned));
      }),
    get,
    list: (page) => assessmentsOf(scope, scope.rows("assessment", { window: given.listed(page) })),
    answer: (id, item, value) =>
      replica.write((writing) => {
        const row = scope.row("assessment", id);
        const instrument = definition(instrumentsOf(scope), row.model.instrument);
        checkAnswers(instrument, { [given.text("item", item)]: value });
        answerOne(writing, row, item, value);
        return get(id);
      }),
    next: (id) => nextQuestion(get(id).items),
    complete: (id, resolved) =>
      replica.write((writing) => {
        const row = scope.row("assessment", id);
        const wording = takenOf(ask(instrumentsOf(scope), row.model.instrument));
        const at = store.now();
        const chosen = given.answers(resolved, "resolved must map items to answers.");
        scope.edit(writing, row, (document) => [
          completeAssessment(document, { id: newId(store), at, zone: scope.zoneOf(at), wording, resolved: chosen }),
        ]);
        return get(id);
      }),
    amend: (id) =>
      replica.write((writing) => {
        const row = scope.row("assessment", id);
        const { model } = row;
        const last = model.completions.at(-1);
        if (last === undefined) {
          throw new InvalidField("This assessment is not completed yet: continue it and change its answers.");
        }
        if (model.administered_by !== null) {
          throw new InvalidField("Your care team entered this one. Tell them what should be corrected.");
        }
        const { instrument } = ask(instrumentsOf(scope), model.instrument);
        const open = scope
          .rows("assessment", { about: row.id })
          .find((one) => one.model.completions.length === 0 && one.model.administered_by === null);
        if (open !== undefined) return view(open);
        const { schedule, occurrence } = model;
        const made = begin(writing, instrument, { schedule, occurrence, amends: row.id });
        const draft = scope.row("assessment", made);
        for (const [item, value] of Object.entries(last.answers)) {
          if (isTaken(instrument, item, value)) answerOne(writing, draft, item, value);
        }
        return get(made);
      }),
  };
}

const plannedBy = (due: answers.Due | undefined): Planned =>
  due === undefined ? { schedule: "", occurrence: "" } : { schedule: due.id, occurrence: due.occurrence };

/** The newest draft of the client's own that is for the same; `rows` are newest first. */
const openDraft = (rows: readonly AssessmentRow[], instrument: string, planned: Planned): AssessmentRow | null =>
  rows.find(
    ({ model }) =>
      model.administered_by === null &&
      model.amends === null &&
      model.completions.length === 0 &&
      model.instrument === instrument &&
      model.schedule === planned.schedule &&
      model.occurrence === planned.occurrence,
  ) ?? null;

/** Whether the instrument takes an answer; another app may have left others. */
function isTaken(instrument: Instrument, item: string, value: AnswerValue): boolean {
  try {
    checkAnswers(instrument, { [item]: value });
    return true;
  } catch (failure) {
    if (failure instanceof InvalidField) return false;
    throw failure;
  }
}
