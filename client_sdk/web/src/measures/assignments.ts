// Homework since the last session: what became of each occurrence, how hard and helpful it was, what got in the way.
//
// How often and how well stay apart. Nothing of it is a score of a person.

import type { OccurrenceState, OccurrenceView } from "../agenda/adherence.ts";
import { grouped } from "../agenda/grouped.ts";
import type { Adherence } from "../generated/answers.ts";
import type { Answer, HomeworkProgress, HomeworkReview, Id, IsoDay, IsoMoment } from "../generated/models.ts";
import type { Day } from "../time/calendar.ts";
import { dayOf } from "../time/localDays.ts";
import { isLate } from "../time/moments.ts";
import { arrivedAfter } from "./entries.ts";
import { documents, moment, momentIf, type AsOf, type Beginning, type Filed, type Material } from "./material.ts";
import { by } from "./ordering.ts";
import { howItWent, missedRun } from "./progress.ts";

/** Occurrences that are told of one assignment: the newest. */
const MOST_OCCURRENCES = 100;
/** Documents of progress that are told of one occurrence: the newest. */
const MOST_SAID = 10;
const MOST_TO_REVIEW = 100;

/** What was said of one occurrence, in one document of progress. */
export interface Said {
  readonly id: Id;
  readonly status: HomeworkProgress["status"];
  readonly difficulty: number | null;
  readonly helpfulness: number | null;
  readonly learned: string;
  readonly barrier: HomeworkProgress["barrier"];
  readonly barrier_note: string;
  readonly answers: readonly Answer[];
  readonly done_at: IsoMoment | null;
  readonly entered_at: IsoMoment | null;
  readonly arrived_at: IsoMoment | null;
  /** It was entered more than a day after it was done. */
  readonly late: boolean;
  /** It was entered before the last session, and arrived after it. */
  readonly after_session: boolean;
  readonly reviewed: boolean;
  readonly corrected_at: IsoMoment | null;
}

/** One occurrence since the beginning. */
export interface BriefOccurrence {
  readonly key: string;
  readonly day: IsoDay | null;
  readonly state: OccurrenceState;
  /** Newest entered first; more than one where two devices said it. */
  readonly said: readonly Said[];
}

/** What the care team decided of an assignment. */
export interface Review {
  readonly id: Id;
  readonly decision: HomeworkReview["decision"];
  readonly reason: string;
  readonly reviewed_at: IsoMoment | null;
  readonly by: Id | null;
}

/** One assignment: its counts over all its time, and its `occurrences` since the beginning. */
export interface Assigned {
  readonly id: Id;
  readonly what: string;
  readonly why: string;
  readonly goal: Id | null;
  readonly confidence: number | null;
  readonly assigned_at: IsoMoment | null;
  readonly ended_on: IsoDay | null;
  readonly adherence: Adherence;
  readonly occurrences: readonly BriefOccurrence[];
  /** How many possible occurrences in a row were not done, up to now. */
  readonly missed_run: number;
  readonly last_review: Review | null;
  /** The ids of progress that no review has seen: it arrived after the last one, and none rests on it. */
  readonly to_review: readonly Id[];
  /** How many occurrences, things that were said and reviews to do are left out, of many. */
  readonly left_out: number;
}

type Progress = readonly Filed<"homework_progress">[];
type Reviews = readonly Filed<"homework_review">[];

/** What an assignment's occurrences are told by: what no review has seen, and where the brief begins. */
interface Lately {
  readonly unseen: ReadonlySet<Id>;
  readonly beginning: Beginning;
  readonly first: Day;
}

/** Every assignment that goes on, and of those that ended what ended, was said or awaits review since; by id. */
export function assignments(record: Material, asOf: AsOf, beginning: Beginning): Assigned[] {
  const reviews = grouped(aboutHomework(documents(record, "homework_review")));
  const progress = grouped(aboutHomework(documents(record, "homework_progress")));
  const went = howItWent(record, asOf);
  const first = dayOf(moment(beginning.at), asOf.days.begins);
  return documents(record, "homework").flatMap(({ id, model: homework }): Assigned[] => {
    const course = went.get(id);
    if (course === undefined) return [];
    const about = progress.get(id) ?? [];
    const reviewed = inOrder(reviews.get(id) ?? []);
    const unseen = unseenIn(about, reviewed);
    const lately = { unseen: new Set(unseen), beginning, first };
    const { told, left_out: leftOut } = toldOf(course.occurrences, about, lately);
    const hasEnded = homework.ended_on !== null && homework.ended_on <= asOf.today;
    const isLongAgo = homework.ended_on !== null && homework.ended_on < first;
    if (hasEnded && isLongAgo && !unseen.length && !told.some((one) => one.said.length)) return [];
    const last = reviewed.at(-1);
    return [
      {
        id,
        what: homework.what,
        why: homework.why,
        goal: homework.goal,
        confidence: homework.confidence,
        assigned_at: homework.assigned_at,
        ended_on: homework.ended_on,
        adherence: course.adherence,
        occurrences: told,
        missed_run: hasEnded ? 0 : missedRun(homework, course.occurrences).length,
        last_review: last === undefined ? null : reviewOf(last),
        to_review: unseen.slice(0, MOST_TO_REVIEW),
        left_out: leftOut + Math.max(unseen.length - MOST_TO_REVIEW, 0),
      },
    ];
  });
}

/** Documents by the assignment that they are about. */
const aboutHomework = <F extends Filed<"homework_progress"> | Filed<"homework_review">>(
  found: readonly F[],
): (readonly [Id, F])[] =>
  found.flatMap((filed) => (filed.model.homework === null ? [] : [[filed.model.homework, filed] as const]));

/** In the order in which they arrived; those not confirmed yet last. */
const inOrder = (reviews: Reviews): Reviews =>
  reviews.toSorted(
    by(
      ({ rows }) => rows.first_seq === null,
      ({ rows }) => rows.first_seq ?? 0,
      ({ id }) => id,
    ),
  );

const reviewOf = ({ id, model, rows }: Filed<"homework_review">): Review => ({
  id,
  decision: model.decision,
  reason: model.reason,
  reviewed_at: model.reviewed_at,
  by: rows.author,
});

/** By arrival, not by when it was entered: what came from an offline device after a review was not seen in it. */
function unseenIn(progress: Progress, reviews: Reviews): Id[] {
  const restedOn = new Set(reviews.flatMap(({ model }) => model.evidence));
  const seqs = reviews.map(({ rows }) => rows.first_seq);
  // A review that is not confirmed yet has seen all that is here.
  if (seqs.includes(null)) return [];
  const last = Math.max(-1, ...seqs.map((seq) => seq ?? -1));
  return progress
    .filter(({ id, rows }) => !restedOn.has(id) && (rows.first_seq === null || rows.first_seq > last))
    .map(({ id }) => id);
}

/** What is told of an assignment's occurrences since the first local day, and how much is left out. */
function toldOf(
  views: readonly OccurrenceView[],
  progress: Progress,
  lately: Lately,
): { readonly told: BriefOccurrence[]; readonly left_out: number } {
  const byId = new Map(progress.map((filed) => [filed.id, filed]));
  const begun = moment(lately.beginning.at).micros;
  const isSince = ({ done_at: doneAt, after_session: isAfter }: Said): boolean =>
    isAfter || (doneAt !== null && moment(doneAt).micros >= begun);
  const found = views
    .map((view) => {
      const said = view.progress.flatMap((id) => {
        const filed = byId.get(id);
        return filed === undefined ? [] : [saidIn(filed, lately)];
      });
      return { key: view.key, day: view.day, state: view.state, said };
    })
    .filter(({ day, said }) => day === null || day >= lately.first || said.some(isSince));
  const tooMuch = found.reduce((total, { said }) => total + Math.max(said.length - MOST_SAID, 0), 0);
  return {
    told: found.slice(-MOST_OCCURRENCES).map((one) => ({ ...one, said: one.said.slice(0, MOST_SAID) })),
    left_out: tooMuch + Math.max(found.length - MOST_OCCURRENCES, 0),
  };
}

function saidIn({ id, model, rows }: Filed<"homework_progress">, { unseen, beginning }: Lately): Said {
  const done = momentIf(model.done_at);
  const entered = momentIf(model.entered_at);
  return {
    id,
    status: model.status,
    difficulty: model.difficulty,
    helpfulness: model.helpfulness,
    learned: model.learned,
    barrier: model.barrier,
    barrier_note: model.barrier_note,
    answers: model.answers,
    done_at: model.done_at,
    entered_at: model.entered_at,
    arrived_at: rows.first_received_at,
    late: done !== null && entered !== null && isLate(done, entered),
    after_session: arrivedAfter(entered, momentIf(rows.first_received_at), beginning),
    reviewed: !unseen.has(id),
    corrected_at: model.corrected_at,
  };
}
