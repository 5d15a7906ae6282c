// Deterioration: each scale of each instrument against this person's best level, worded by what that rests on.

import { thresholdOf } from "../../instruments/change.ts";
import { bandLabel, cutOffLabel, scaleLabel, titleOf } from "../../instruments/labels.ts";
import { directionOf, scaleOf, type Instrument, type Scale } from "../../instruments/values.ts";
import { ordinalOf, type Day } from "../../time/calendar.ts";
import { saySignal } from "../../words/saying.ts";
import { moment, momentIf, once, planOf, type AsOf, type Cut, type Material } from "../material.ts";
import { numberText } from "../numbers.ts";
import { by } from "../ordering.ts";
import { byTime, episodesOf, instrumentsOf, measured, scaleKey, type Measured } from "../scores.ts";
import { oddText, signal, type Signal } from "./signal.ts";
import { HALF_A_YEAR, worsenings, type Allowance, type Worsening } from "./worsening.ts";

/** A measured scale that has a score. */
type Scored = Measured & { readonly value: number };

/** The comparable scores of one scale, oldest first, and what has become worse in them. */
interface Course {
  readonly instrument: Instrument;
  readonly scale: Scale;
  readonly scores: readonly Scored[];
  readonly found: readonly Worsening[];
}

/** One signal for each worsening that goes on, or that was over within the last half year. */
export function deterioration(record: Material, cut: Cut, asOf: AsOf): Signal[] {
  const { today, locale } = asOf;
  const courses = once(record, `deterioration ${today} ${locale}`, () => coursesOf(record, cut));
  return courses.flatMap((course) =>
    course.found
      .filter((one) => one.ended === null || daysSince(scoreAt(course, one.confirmed).day, today) <= HALF_A_YEAR)
      .map((one) => told(course, one, asOf)),
  );
}

/** The scales that say which way is worse and are no part of another one: a sum and its parts say one thing. */
export function judgedScales(instrument: Instrument): ReadonlySet<string> {
  const stated = instrument.scales.filter((one) => directionOf(instrument, one.key) !== "not stated");
  const items = stated.map((one) => new Set(one.items));
  const isPart = (of: ReadonlySet<string>): boolean =>
    items.some((others) => of.size < others.size && [...of].every((item) => others.has(item)));
  return new Set(stated.filter((_, at) => !isPart(items[at] ?? new Set())).map((one) => one.key));
}

function coursesOf(record: Material, cut: Cut): Course[] {
  const known = instrumentsOf(record);
  const phases = phasesOf(record);
  const rows = new Map<string, Map<string, Scored>>();
  for (const one of measured(record, cut).toReversed()) {
    const instrument = known.get(one.instrument);
    const value = one.score.score;
    if (instrument === undefined || one.amended || value === null) continue;
    if (!judgedScales(instrument).has(one.scale)) continue;
    const key = JSON.stringify([one.instrument, one.scale, one.score.not_applicable]);
    const row = rows.get(key) ?? new Map<string, Scored>();
    rows.set(key, row);
    // Two devices may complete one check-in while offline: of the two the worse one counts.
    const other = row.get(one.occasion);
    const scored = { ...one, value };
    if (other === undefined || burden(instrument, scored) > burden(instrument, other)) row.set(one.occasion, scored);
  }
  return [...rows.values()].flatMap((byOccasion) => {
    const scores = [...byOccasion.values()].sort(byTime);
    const { instrument: key = "", scale: scaleName = "" } = scores[0] ?? {};
    const instrument = known.get(key);
    if (instrument === undefined) return [];
    const scale = scaleOf(instrument, scaleName);
    const limits = new Map(Object.entries(planOf(record).thresholds));
    const limit = limits.get(scaleKey(key, scaleName))?.at ?? null;
    const row = scores.map((one) => ({
      value: burden(instrument, one),
      day: ordinalOf(one.day),
      phase: phaseOn(phases, one.day),
    }));
    return [{ instrument, scale, scores, found: worsenings(row, allowanceOf(instrument, scale, limit)) }];
  });
}

const isReversed = (instrument: Instrument, scale: string): boolean =>
  directionOf(instrument, scale) === "higher is better";

const burden = (instrument: Instrument, { scale, value }: Scored): number =>
  isReversed(instrument, scale) ? 0 - value : value;

function allowanceOf(instrument: Instrument, scale: Scale, limit: number | null): Allowance {
  const change = scale.changes[0];
  const threshold = change === undefined ? null : thresholdOf(change);
  const isBetterHigher = isReversed(instrument, scale.key);
  const rising = (values: readonly number[]): number[] => values.toSorted((one, other) => one - other);
  const bands = rising(scale.bands.map((one) => (isBetterHigher ? -one.high : one.low))).slice(1);
  const cutOffs = rising(scale.cut_offs.map((one) => (isBetterHigher ? -one.score : one.score)));
  return {
    width: scale.high - scale.low,
    limit,
    reliable: change?.kind === "reliable" ? threshold : null,
    published: change?.kind === "important" ? threshold : null,
    borders: bands.length ? bands : cutOffs,
    severest: bands.length > 1,
  };
}

// -- phases of care ---------------------------------------------------------------------------------------------------

/** When a phase began, and when the episode was over that it belongs to. */
interface Phase {
  readonly began: Day;
  readonly ended: Day | null;
}

const phasesOf = (record: Material): Phase[] =>
  episodesOf(record).flatMap(({ model }) =>
    [model.began_on, model.phase_began_on].flatMap((began) =>
      began === null ? [] : [{ began, ended: model.ended_on }],
    ),
  );

/** The number of the day on which the phase began that a day lies in; 0 where it lies in none. */
function phaseOn(phases: readonly Phase[], day: Day): number {
  const held = phases.filter(({ began, ended }) => began <= day && (ended === null || day < ended));
  return Math.max(0, ...held.map(({ began }) => ordinalOf(began)));
}

const daysSince = (day: Day, today: Day): number => ordinalOf(today) - ordinalOf(day);

// -- in words ---------------------------------------------------------------------------------------------------------

function told(course: Course, one: Worsening, asOf: AsOf): Signal {
  const { instrument, scale } = course;
  const { locale } = asOf;
  const first = scoreAt(course, one.first);
  const last = scoreAt(course, one.confirmed);
  const level = isReversed(instrument, scale.key) ? 0 - one.level : one.level;
  const values = {
    title: titleOf(instrument, locale),
    scale: scaleLabel(instrument, scale.key, locale),
    first: first.value,
    first_day: first.day,
    after: last.value,
    day: last.day,
  };
  const days = { level_day: scoreAt(course, one.level_from).day, level_to: scoreAt(course, one.level_to).day };
  const varies = one.variation !== null && (one.evidence === "reliable" || one.evidence === "published");
  const text = [
    saySignal(locale, one.first === one.confirmed ? "deterioration once" : "deterioration", values),
    saySignal(locale, one.level_from === one.level_to ? "level once" : "level", { level: numberText(level), ...days }),
    saySignal(locale, `evidence ${one.evidence}`, {
      threshold: numberText(one.threshold),
      before: bandText(course, level, locale),
      after: bandText(course, last.value, locale),
    }),
    varies ? saySignal(locale, "evidence varies") : "",
    last.odd ? oddText(locale, moment(last.completed_at), asOf.days.begins) : "",
    one.ended === null ? "" : saySignal(locale, "over", { day: scoreAt(course, one.ended).day }),
  ].join("");
  return signal(
    {
      kind: "deterioration",
      id: `deterioration/${last.completion}/${last.scale}`,
      about: last.assessment,
      at: moment(last.measured_at),
      arrived: momentIf(last.arrived_at),
      text,
    },
    asOf,
  );
}

function scoreAt({ scores }: Course, at: number): Scored {
  const found = scores[at];
  if (found === undefined) throw new RangeError("There is no score at that position.");
  return found;
}

/** The name of the band, or of the worst cut-off that is reached; empty where there is neither. */
function bandText({ instrument, scale }: Course, value: number, locale: string): string {
  const isBetterHigher = isReversed(instrument, scale.key);
  if (scale.bands.length) {
    const within = scale.bands.filter((one) => (isBetterHigher ? value <= one.high : value >= one.low));
    const rising = within.toSorted(by((one) => one.low));
    const named = (isBetterHigher ? rising[0] : rising.at(-1)) ?? scale.bands[0];
    return named === undefined ? "" : bandLabel(named, locale);
  }
  const reached = scale.cut_offs.filter((one) => (isBetterHigher ? value <= one.score : value >= one.score));
  const rising = reached.toSorted(by((one) => one.score));
  const worst = isBetterHigher ? rising[0] : rising.at(-1);
  return worst === undefined ? "" : cutOffLabel(worst, locale);
}
