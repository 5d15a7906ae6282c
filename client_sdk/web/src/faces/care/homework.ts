// Homework: assignments, the state of each occurrence, and the client's reports.

import { newestFirst } from "../../agenda/adherence.ts";
import { corrected, type Marks } from "../../documents/care/progress.ts";
import { answers as answersTo } from "../../documents/forms.ts";
import { inOrder } from "../../documents/shapes.ts";
import { NotFound } from "../../errors.ts";
import type { Answer, Homework as Assigned, HomeworkProgress } from "../../generated/models.ts";
import { headsOf, newId, unknownVersion } from "../../replica/documents/writing.ts";
import { versionOf, type StoredRecord } from "../../replica/tables/records.ts";
import { spelledAs } from "../../text/names.ts";
import type { AnswersGiven, Homework, ProgressGiven } from "../faces.ts";
import * as given from "../given.ts";
import { assignmentOf, progressOf, progressRows, recordedOf } from "./homeworkViews.ts";
import { occurrenceMeant } from "./occurrenceMeant.ts";
import type { Scope } from "../scope.ts";

type ProgressRow = StoredRecord<"homework_progress">;

const MARKS = ["status", "difficulty", "helpfulness", "barrier", "done_at"] as const;

/** The homework of a client's device. */
export function homeworkOf(scope: Scope): Homework {
  const { replica, store } = scope;

  /** Which record is meant: its occurrence, and the row that says it, where there is one. */
  const meantBy = (row: StoredRecord<"homework">, asked: ProgressGiven): readonly [string, ProgressRow | null] => {
    const before = progressRows(scope, row.id);
    if (asked.record !== undefined) {
      const record = given.id("record", asked.record);
      const that = before.find((one) => one.id === record);
      if (that === undefined) throw new NotFound("That report is not about this homework, or no longer exists.");
      return [that.model.occurrence, that];
    }
    const recorded = new Set(before.map(({ model }) => model.occurrence));
    const occurrence = asked.occurrence === undefined ? undefined : given.text("occurrence", asked.occurrence);
    const key = occurrenceMeant(row.model, occurrence, scope.today(), recorded);
    const [newest] = newestFirst(before.filter(({ model }) => model.occurrence === key).map(recordedOf));
    return [key, before.find(({ id }) => id === newest?.id) ?? null];
  };

  return {
    list({ ended = false, ...page } = {}) {
      const today = scope.today();
      const keep = ({ model }: StoredRecord<"homework">): boolean =>
        ended || model.ended_on === null || model.ended_on > today;
      return scope.rows("homework", { window: given.listed(page), keep }).map((row) => assignmentOf(scope, row));
    },
    get: (id) => assignmentOf(scope, scope.row("homework", id)),
    record(id, asked) {
      const said = saidIn(scope, asked);
      const answers = given.answers(asked.answers, "answers must map fields of the worksheet to values.");
      const basedOn = headsOf(asked.based_on);
      return replica.write((writing) => {
        const now = store.now();
        const row = scope.row("homework", id);
        const [occurrence, meant] = meantBy(row, asked);
        if (meant === null) {
          if (basedOn !== null) throw unknownVersion();
          const value = { ...NOTHING_SAID, entered_at: now, done_at: now, zone: scope.zoneOf(now), ...said };
          const { homework, ...rest } = { ...value, homework: row.id, occurrence };
          const made = scope.add(writing, "homework_progress", {
            ...{ ...rest, homework },
            answers: answered(row.model, value.status, [], answers),
          });
          return progressOf(scope.row("homework_progress", made));
        }
        const marks: Partial<Marks> = Object.fromEntries(Object.entries(said).filter(([name]) => isMark(name)));
        const others = Object.fromEntries(Object.entries(said).filter(([name]) => !isMark(name)));
        const changed = (value: HomeworkProgress): HomeworkProgress =>
          corrected({ ...value, ...others }, newId(store), now, marks);
        const withAnswers = (value: HomeworkProgress): HomeworkProgress =>
          Object.keys(answers).length === 0 && said.status === undefined
            ? value
            : { ...value, answers: answered(row.model, value.status, value.answers, answers) };
        if (basedOn === null || versionOf(basedOn) === meant.version) {
          scope.change(writing, "homework_progress", meant, (value) => withAnswers(changed(value)));
        } else {
          // All answers are one value: made from those of then, they would hide what was answered meanwhile.
          scope.change(writing, "homework_progress", meant, changed, basedOn);
          scope.change(writing, "homework_progress", meant, withAnswers);
        }
        return progressOf(scope.row("homework_progress", meant.id));
      });
    },
  };
}

const NOTHING_SAID = { status: "done", learned: "", barrier_note: "" } as const;

const isMark = (name: string): boolean => (MARKS as readonly string[]).includes(name);

/** The fields that are given, checked. */
function saidIn(scope: Scope, asked: ProgressGiven): Partial<HomeworkProgress> {
  const { status, difficulty, helpfulness, learned, barrier, barrier_note, done_at } = asked;
  const done = done_at === undefined ? undefined : given.moment("done_at", done_at);
  return {
    ...(status === undefined ? {} : { status }),
    ...(difficulty === undefined ? {} : { difficulty }),
    ...(helpfulness === undefined ? {} : { helpfulness }),
    ...(learned === undefined ? {} : { learned: given.text("learned", learned) }),
    ...(barrier === undefined ? {} : { barrier }),
    ...(barrier_note === undefined ? {} : { barrier_note: given.text("barrier_note", barrier_note) }),
    ...(done === undefined ? {} : { done_at: done, zone: scope.zoneOf(done) }),
  };
}

/**
 * All answers, those given now in place of what they replace. What was not done needs none.
 *
 * Answers that stay keep the wording that they were given under.
 */
function answered(
  { fields }: Assigned,
  status: HomeworkProgress["status"],
  before: readonly Answer[],
  said: AnswersGiven,
): readonly Answer[] {
  const inTheirOrder = inOrder(fields);
  const byPrompt = new Map(inTheirOrder.map(([id, { prompt }]) => [prompt, id]));
  const idOf = (name: string): string | undefined =>
    Object.hasOwn(fields, name) ? name : byPrompt.get(spelledAs(name, byPrompt.keys()) ?? "");
  const anew = new Set(Object.keys(said).map(idOf));
  const kept = new Map(before.filter(({ key }) => !anew.has(key)).map((one) => [one.key, one]));
  const must = status === "done" || status === "partly";
  const asked = inTheirOrder.map(
    ([id, field]) => [id, { ...field, required: field.required && must && !kept.has(id) }] as const,
  );
  const found = new Map([...kept, ...answersTo(asked, said).map((one) => [one.key, one] as const)]);
  const order = [...inTheirOrder.map(([id]) => id), ...[...found.keys()].filter((key) => !Object.hasOwn(fields, key))];
  return order.flatMap((key) => found.get(key) ?? []);
}
