// Completed assessments as scores: with bands, and compared with the episode's baseline and with the last one.
//
// An assessment that was amended is shown and no longer compared with. Nothing is guessed: where there is no score, or
// nothing is published to compare by, it says so.

import { definitionOf } from "../documents/assessments/wordings.ts";
import { InvalidField } from "../errors.ts";
import type { Completion, Episode, Id, IsoDay, IsoMoment } from "../generated/models.ts";
import { reliableChange, type ScoreChange } from "../instruments/change.ts";
import { INSTRUMENTS } from "../instruments/known.ts";
import { scaleLabel, titleOf } from "../instruments/labels.ts";
import { score, type Answers, type Scored, type ScaleScore } from "../instruments/scoring.ts";
import type { Instrument } from "../instruments/values.ts";
import type { Day } from "../time/calendar.ts";
import { dayOf } from "../time/localDays.ts";
import { isOdd, momentText, plausible, type Moment } from "../time/moments.ts";
import { arrivedAt, asOf, documents, moment, once, planOf, type Cut, type Filed, type Material } from "./material.ts";
import { by } from "./ordering.ts";

/** Why there is no score: answers that the instrument does not have. */
export const NOT_TAKEN = "has answers that the instrument does not allow";
/** Why there is no score. */
export const OTHER_SCHEME = "scored with a different scheme than the instrument has now";
/** The author of what a record begins with. */
const SERVER = "00000000-0000-0000-0000-000000000000";

/** What a score is compared with. */
export type Against = "baseline" | "first of the episode" | "last";

/** A score set against an earlier one: that of the `assessment`, completed at `at`, on the local `day` of that. */
export interface Compared {
  readonly against: Against;
  readonly assessment: Id;
  readonly at: IsoMoment;
  readonly day: IsoDay;
  readonly change: ScoreChange;
}

/** One scale of one completion. */
export interface Measured {
  readonly assessment: Id;
  readonly completion: Id;
  readonly instrument: string;
  readonly title: string;
  readonly scale: string;
  readonly label: string;
  /** Its `score` is null where there is none, and `why` says why. */
  readonly score: ScaleScore;
  readonly scheme: string;
  readonly wording: Completion["wording"]["status"];
  readonly completed_at: IsoMoment;
  /** When it was completed, of an amendment when what it corrects was; of what is `odd` when it arrived. */
  readonly measured_at: IsoMoment;
  /** The local day of that. */
  readonly day: IsoDay;
  readonly arrived_at: IsoMoment | null;
  /** The care team took it down. */
  readonly paper: boolean;
  /** Another assessment has corrected it. */
  readonly amended: boolean;
  /** The device says `completed_at`, which cannot be. */
  readonly odd: boolean;
  /** The scheduled occurrence that was answered, else the assessment. */
  readonly occasion: string;
  /** So many completions of it there are: two devices may complete one check-in while offline. */
  readonly one_of: number;
  readonly compared: readonly Compared[];
}

type FiledAssessment = Filed<"assessment">;
/** Which assessment was corrected by which. */
type Amendments = ReadonlyMap<Id, Id>;

/** The instruments that can be scored here, by key: those that ship and those that wordings bring along. */
export function instrumentsOf(record: Material): ReadonlyMap<string, Instrument> {
  return once(record, "instruments", () => {
    const brought = documents(record, "instrument").map(({ model }) => definitionOf(model));
    return new Map<string, Instrument>([
      ...brought.flatMap((one) => (one === null ? [] : [[one.key, one] as const])),
      ...INSTRUMENTS,
    ]);
  });
}

/** Every scale of every completion whose instrument is known, newest first, compared with earlier ones. */
export function measured(record: Material, cut: Cut): readonly Measured[] {
  const { today, locale } = asOf(record, cut);
  return once(record, `measured ${today} ${locale}`, () => allMeasured(record, today, locale));
}

function allMeasured(record: Material, today: Day, locale: string): Measured[] {
  const known = instrumentsOf(record);
  const assessments = documents(record, "assessment");
  const amendments = amendmentsIn(assessments);
  const found = allScales(record, assessments, amendments, locale).sort(byTime);
  const episode = openEpisode(record, today);
  const before = new Map<string, Measured[]>();
  return found
    .map((one) => {
      const key = scaleKey(one.instrument, one.scale);
      const ofScale = before.get(key) ?? [];
      const instrument = known.get(one.instrument);
      const told = instrument === undefined ? one : withCompared(one, ofScale, instrument, episode, amendments);
      before.set(key, [...ofScale, told]);
      return told;
    })
    .reverse();
}

function allScales(
  record: Material,
  assessments: readonly FiledAssessment[],
  amendments: Amendments,
  locale: string,
): Measured[] {
  const known = instrumentsOf(record);
  const times = timesOfAmendments(assessments);
  const together = new Map<string, number>();
  for (const filed of assessments) {
    if (filed.model.amends !== null || amendments.has(filed.id)) continue;
    const occasion = occasionOf(filed);
    together.set(occasion, (together.get(occasion) ?? 0) + filed.model.completions.length);
  }
  return assessments.flatMap((filed) => {
    const instrument = known.get(filed.model.instrument);
    if (instrument === undefined) return [];
    const completions = Math.max(together.get(occasionOf(filed)) ?? 0, 1);
    return filed.model.completions.flatMap((completion) => {
      const at = times.get(filed.id) ?? whenCompleted(filed, completion);
      const day = dayOf(at, planOf(record).day_begins);
      const when = { measured_at: momentText(at), day, amended: amendments.has(filed.id), one_of: completions };
      return scalesOf(filed, completion, instrument, locale).map((one) => ({ ...one, ...when }));
    });
  });
}

/** Scores of any scales, oldest first. */
export const byTime = by<Measured>(
  (one) => moment(one.measured_at).micros,
  (one) => moment(one.completed_at).micros,
  (one) => one.completion,
  (one) => one.scale,
);

/** The name of one scale of one instrument: "phq-9/total". */
export const scaleKey = (instrument: string, scale: string): string => `${instrument}/${scale}`;

/**
 * The episodes of a record; without the one that it began with, where nobody has written to that, and to another.
 *
 * Whoever begins one, on whatever day, means that it counts.
 */
export function episodesOf(record: Material): readonly Filed<"episode">[] {
  const found = documents(record, "episode");
  const begun = found.filter(({ rows }) => rows.author !== SERVER || rows.first_seq !== rows.last_seq);
  return begun.length ? begun : found;
}

/** The episode that is open on a day: of several the one begun last. */
export function openEpisode(record: Material, today: Day): Episode | null {
  return (
    episodesOf(record)
      .filter(({ model }) => isOpen(model, today))
      .toSorted(by((one) => one.model.began_on ?? "", (one) => one.id))
      .at(-1)?.model ?? null
  );
}

/** Whether care goes on in an episode on a local day. */
export function isOpen({ began_on: began, ended_on: ended, phase }: Episode, day: Day): boolean {
  if (began === null || day < began) return false;
  return ended === null ? phase !== "ended" : ended > day;
}

/** What a completion says; null where it holds answers that the instrument does not have. */
export function scored(instrument: Instrument, { answers }: { readonly answers: Answers }): Scored | null {
  try {
    return score(instrument, answers);
  } catch (refusal) {
    if (refusal instanceof InvalidField) return null;
    throw refusal;
  }
}

/** When an answer or a completion was given, as far as arrival bounds that. A form on paper may be of long ago. */
export const when = (filed: FiledAssessment, part: Id, claimed: Moment): Moment =>
  plausible(claimed, arrivedAt(filed, part), { longAgo: filed.model.administered_by !== null });

const whenCompleted = (filed: FiledAssessment, { id, completed_at: at }: Completion): Moment =>
  when(filed, id, moment(at));

const occasionOf = ({ id, model }: FiledAssessment): string =>
  model.schedule === "" || model.amends !== null ? id : `${model.schedule}/${model.occurrence}`;

/** Completed amendments only; of several of one assessment the one completed last. */
function amendmentsIn(assessments: readonly FiledAssessment[]): Amendments {
  const completed = assessments.flatMap((filed) => {
    const last = filed.model.completions.at(-1);
    if (last === undefined) return [];
    return [{ id: filed.id, amends: filed.model.amends, at: whenCompleted(filed, last).micros }];
  });
  completed.sort(by((one) => one.at, (one) => one.id));
  const amending = completed.flatMap(({ id, amends }) => (amends === null || amends === id ? [] : [[amends, id] as const]));
  return new Map(amending);
}

/** The amendment that holds now; the assessment itself where it has none. */
function latest(assessment: Id, amendments: Amendments): Id {
  const seen = new Set<Id>();
  let found = assessment;
  for (let next = amendments.get(found); next !== undefined && !seen.has(found); next = amendments.get(found)) {
    seen.add(found);
    found = next;
  }
  return found;
}

/** When each amendment counts as measured: when what it corrects was first completed. */
function timesOfAmendments(assessments: readonly FiledAssessment[]): ReadonlyMap<Id, Moment> {
  const byId = new Map(assessments.map((filed) => [filed.id, filed]));
  const found = new Map<Id, Moment>();
  for (const filed of assessments) {
    const root = rootOf(filed, byId);
    const first = root.model.completions[0];
    if (root !== filed && first !== undefined) found.set(filed.id, whenCompleted(root, first));
  }
  return found;
}

/** What an assessment amends in the end; it itself where it amends nothing that is here. */
function rootOf(filed: FiledAssessment, byId: ReadonlyMap<Id, FiledAssessment>): FiledAssessment {
  const seen = new Set([filed.id]);
  let root = filed;
  for (;;) {
    const next = root.model.amends === null ? undefined : byId.get(root.model.amends);
    if (next === undefined || seen.has(next.id)) return root;
    seen.add(next.id);
    root = next;
  }
}

type OfScale = Omit<Measured, "measured_at" | "day" | "amended" | "one_of">;

function scalesOf(filed: FiledAssessment, completion: Completion, instrument: Instrument, locale: string): OfScale[] {
  const { model } = filed;
  const isOther = completion.scheme !== "" && completion.scheme !== instrument.scheme;
  const result = isOther ? null : scored(instrument, completion);
  const claimed = moment(completion.completed_at);
  const arrival = arrivedAt(filed, completion.id);
  return instrument.scales.map((scale, at) => ({
    assessment: filed.id,
    completion: completion.id,
    instrument: instrument.key,
    title: titleOf(instrument, locale),
    scale: scale.key,
    label: scaleLabel(instrument, scale.key, locale),
    score: result?.scales[at] ?? noScore(scale, isOther ? OTHER_SCHEME : NOT_TAKEN),
    scheme: completion.scheme || model.scheme,
    wording: completion.wording.status,
    completed_at: completion.completed_at,
    arrived_at: arrival === null ? null : momentText(arrival),
    paper: model.administered_by !== null,
    odd: isOdd(claimed, when(filed, completion.id, claimed)),
    occasion: occasionOf(filed),
    compared: [],
  }));
}

const noScore = ({ key, low, high }: Instrument["scales"][number], why: string): ScaleScore => ({
  key,
  raw: null,
  score: null,
  low,
  high,
  band: null,
  cut_offs: [],
  published: null,
  missing: [],
  not_applicable: [],
  why,
});

// -- what a score is compared with ------------------------------------------------------------------------------------

/** `one` with what it is compared with; `before` are all of its scale completed before it, oldest first. */
function withCompared(
  one: Measured,
  before: readonly Measured[],
  instrument: Instrument,
  episode: Episode | null,
  amendments: Amendments,
): Measured {
  if (one.score.score === null) return one;
  const comparable = before.filter((other) => isComparable(other, one));
  const standing = comparable.filter((other) => !other.amended);
  const began = episode?.began_on ?? null;
  const baseline = baselineOf(one, comparable, episode, amendments);
  const firstOfEpisode = began === null ? undefined : standing.find((other) => other.day >= began);
  const first = baseline ?? firstOfEpisode;
  const last = standing.at(-1);
  const compared: Compared[] = [];
  if (first !== undefined) {
    compared.push(compare(baseline === undefined ? "first of the episode" : "baseline", first, one, instrument));
  }
  if (last !== undefined) compared.push(compare("last", last, one, instrument));
  return { ...one, compared };
}

/** The baseline that the episode names, as it is amended; none for itself, and for one that is not before it. */
function baselineOf(
  one: Measured,
  comparable: readonly Measured[],
  episode: Episode | null,
  amendments: Amendments,
): Measured | undefined {
  const baselines = new Map(Object.entries(episode?.baseline ?? {}));
  const named = baselines.get(scaleKey(one.instrument, one.scale))?.assessment ?? null;
  if (named === null) return undefined;
  const wanted = latest(named, amendments);
  return comparable.find((other) => other.assessment === wanted);
}

/** Whether both are scores over the same items, of two assessments; they are of one scale. */
const isComparable = (before: Measured, after: Measured): boolean =>
  before.occasion !== after.occasion &&
  before.score.score !== null &&
  before.score.not_applicable.join() === after.score.not_applicable.join();

const compare = (against: Against, before: Measured, after: Measured, instrument: Instrument): Compared => ({
  against,
  assessment: before.assessment,
  at: before.measured_at,
  day: before.day,
  change: reliableChange(instrument, after.scale, before.score.score, after.score.score),
});
