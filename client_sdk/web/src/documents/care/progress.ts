// Corrections of progress: what its marks were before is kept.

import limits from "../../generated/limits.json" with { type: "json" };
import type { EarlierMark, HomeworkProgress, Id, IsoMoment } from "../../generated/models.ts";
import { compareTexts } from "../../text/order.ts";
import { instantOf } from "../instants.ts";

const MOST_EARLIER = limits.homework.mostEarlier;
const MARKS = ["status", "difficulty", "helpfulness", "barrier", "done_at"] as const;

/** The fields of progress of which it is kept what they said before. */
export type Marks = Pick<HomeworkProgress, (typeof MARKS)[number]>;

/** Progress with other marks, which keeps those that are replaced under `id`, a new one. */
export function corrected(
  progress: HomeworkProgress,
  id: Id,
  now: IsoMoment,
  marks: Partial<Marks>,
): HomeworkProgress {
  const isReplaced = (name: keyof Marks): boolean =>
    marks[name] !== undefined && progress[name] !== null && !isSameMark(name, marks, progress);
  if (!MARKS.some(isReplaced)) return { ...progress, ...marks };
  const { status, difficulty, helpfulness, barrier, done_at } = progress;
  const said_at = progress.corrected_at ?? progress.entered_at;
  const before: EarlierMark = { status, difficulty, helpfulness, barrier, done_at, said_at };
  const kept = oldestFirst(progress).slice(0, MOST_EARLIER - 1);
  return { ...progress, ...marks, corrected_at: now, earlier: Object.fromEntries([...kept, [id, before]]) };
}

/** What the marks were before, the newest first. */
export const marksBefore = (progress: HomeworkProgress): readonly EarlierMark[] =>
  oldestFirst(progress)
    .filter(([, one]) => one.said_at !== null)
    .map(([, one]) => one)
    .reverse();

/** Those without their time come first, and of all others the oldest. */
function oldestFirst({ earlier }: HomeworkProgress): readonly (readonly [string, EarlierMark])[] {
  const when = ({ said_at }: EarlierMark): bigint => (said_at === null ? NEVER : instantOf(said_at));
  return Object.entries(earlier).sort(([one, a], [other, b]) => {
    const [first, second] = [when(a), when(b)];
    return first === second ? compareTexts(one, other) : first < second ? -1 : 1;
  });
}

/** Before all moments. */
const NEVER = -(1n << 62n);

const isSameMark = (name: keyof Marks, marks: Partial<Marks>, progress: Marks): boolean => {
  const [wanted, was] = [marks[name] ?? null, progress[name]];
  const areMoments = name === "done_at" && typeof wanted === "string" && typeof was === "string";
  return areMoments ? instantOf(wanted) === instantOf(was) : wanted === was;
};
