// Symptom logs as trends over local days. A day without a log is a gap and stays one: nothing is drawn in.

import { grouped } from "../agenda/grouped.ts";
import type { Id, IsoDay, IsoMoment, PlanTracker } from "../generated/models.ts";
import { nameKey, tidyName } from "../text/names.ts";
import { compareTexts } from "../text/order.ts";
import { stripped } from "../text/spaces.ts";
import { dayOfOrdinal, ordinalOf } from "../time/calendar.ts";
import { dayOf } from "../time/localDays.ts";
import { checkMoment, isLate, type Moment } from "../time/moments.ts";
import { symptomLogs } from "./logs.ts";
import { asOf, moment, momentIf, once, planOf, type Cut, type Material } from "./material.ts";
import { exactSum, median, roundTo } from "./numbers.ts";
import { by } from "./ordering.ts";

/** Decimals that a mean is rounded to. */
const DIGITS = 3;
/** Days of one trend at most; the newest are kept. */
const LONGEST = 366;
/** Days of one trend that came later at most; the newest are kept: a diary of years may come at once. */
const MOST_EARLIER = 31;
/** Days before the brief that a trend shows at most. */
const MOST_BEFORE = 31;
const FEWEST_FOR_SLOPE = 4;
const MOST_FOR_SLOPE = 60;
/** Trends of one brief at most. Those of the plan come first. */
const MOST_TRENDS = 60;

/** A local day: its logged values in their order, their mean (null: a gap), and how many of them arrived late. */
export interface TrendDay {
  readonly day: IsoDay;
  readonly values: readonly number[];
  readonly mean: number | null;
  readonly late: number;
}

/** One symptom on one scale. Each logged day counts once, by its mean. */
export interface Trend {
  readonly name: string;
  /** Of its tracker, if it is in the plan. */
  readonly question: string;
  /** With `high` the scale; null where it has none. */
  readonly low: number | null;
  readonly high: number | null;
  /** All days of the brief, gaps among them. */
  readonly days: readonly TrendDay[];
  /** How many are not gaps. */
  readonly logged: number;
  readonly mean: number | null;
  /** Over as many days before. */
  readonly mean_before: number | null;
  readonly logged_before: number;
  readonly median: number | null;
  readonly least: number | null;
  readonly most: number | null;
  /** By how much it rose in a week; null where too few days were logged to say. */
  readonly a_week: number | null;
  /** The means of the last days before, oldest first; null where a gap. */
  readonly before: readonly (number | null)[];
  /** Days before the beginning that were written before it and arrived after it, the newest. */
  readonly earlier: readonly TrendDay[];
  /** How many older ones there are. */
  readonly earlier_left_out: number;
}

/** Trends, and how many were left out. */
export interface Trends {
  readonly trends: readonly Trend[];
  readonly left_out: number;
}

/** One value, what it is about, and when it arrived. */
interface Point {
  readonly at: Moment;
  readonly value: number;
  readonly arrived: Moment | null;
  /** The number of its local day. */
  readonly day: number;
}

type Scale = readonly [low: number, high: number] | null;

/** All that was logged of one symptom on one scale; `name` is what spellings of it have in common. */
interface Series {
  readonly name: string;
  readonly scale: Scale;
  readonly points: readonly Point[];
}

/** The days that a trend is of, by their numbers, and the moment since which it is told. */
interface Span {
  readonly first: number;
  readonly today: number;
  readonly since: Moment;
}

/**
 * A trend for every tracker in the plan, in the plan's order, then for what else was logged since, by name.
 *
 * One symptom logged on two scales is two trends; spellings of one name are one symptom.
 */
export function trends(record: Material, cut: Cut, since: IsoMoment): Trends {
  const { days, today } = asOf(record, cut);
  const beginning = checkMoment("since", since);
  const first = Math.max(ordinalOf(dayOf(beginning, days.begins)), ordinalOf(today) - LONGEST + 1);
  const span = { first, today: ordinalOf(today), since: beginning };
  return once(record, `trends ${today} ${since}`, () => allTrends(record, span));
}

function allTrends(record: Material, span: Span): Trends {
  const { series, shown } = seriesOf(record);
  const trackers = new Map(Object.values(planOf(record).trackers).map((one) => [nameKey(one.name), one]));
  const others = [...series.values()]
    .filter((one) => one.points.some((point) => concerns(point, span.since)))
    .sort(
      by(
        (one) => one.name,
        (one) => one.scale !== null,
        (one) => one.scale?.[0] ?? 0,
        (one) => one.scale?.[1] ?? 0,
      ),
    );
  const wanted = [...trackers].flatMap(([name, tracker]) => {
    const onPlan = keyOf(name, [tracker.low, tracker.high]);
    return [
      series.get(onPlan) ?? { name, scale: [tracker.low, tracker.high] as const, points: [] },
      ...others.filter((one) => one.name === name && keyOf(one.name, one.scale) !== onPlan),
    ];
  });
  wanted.push(...others.filter((one) => !trackers.has(one.name)));
  return {
    trends: wanted
      .slice(0, MOST_TRENDS)
      .map((one) => trendOf(one, shown.get(one.name) ?? one.name, trackers.get(one.name), span)),
    left_out: Math.max(wanted.length - MOST_TRENDS, 0),
  };
}

/** The mean, rounded; null of nothing. The order of the values makes no difference. */
export const meanOf = (values: readonly number[]): number | null =>
  values.length ? roundTo(exactSum(values) / values.length, DIGITS) : null;

const keyOf = (name: string, scale: Scale): string => JSON.stringify([name, scale]);

/**
 * Every logged value by symptom and scale, and how each symptom is spelled.
 *
 * A log without a scale is on that of its tracker in the plan. A tracker's spelling is shown, else the first one.
 */
function seriesOf(record: Material): { series: ReadonlyMap<string, Series>; shown: ReadonlyMap<string, string> } {
  const plan = planOf(record);
  const trackers = Object.values(plan.trackers);
  const scales = new Map(trackers.map((one) => [nameKey(one.name), [one.low, one.high] as const]));
  const keys = new Map<string, string>();
  const first = new Map<string, { readonly id: Id; readonly name: string }>();
  const found = new Map<string, Series & { readonly points: Point[] }>();
  for (const { log, arrived_at: arrival } of symptomLogs(record)) {
    const at = moment(log.at);
    const day = ordinalOf(dayOf(at, plan.day_begins));
    const arrived = momentIf(arrival);
    for (const [name, value] of Object.entries(log.values)) {
      const key = keys.get(name) ?? nameKey(name);
      keys.set(name, key);
      const spelled = first.get(key);
      if (spelled === undefined || (spelled.id === log.id && compareTexts(name, spelled.name) < 0)) {
        first.set(key, { id: log.id, name });
      }
      const scale = log.scale ?? scales.get(key) ?? null;
      const series = found.get(keyOf(key, scale)) ?? { name: key, scale, points: [] };
      found.set(keyOf(key, scale), series);
      series.points.push({ at, value, arrived, day });
    }
  }
  const spelled = [...first].map(([key, { name }]) => [key, tidyName(name)] as const);
  const named = trackers.map((one) => [nameKey(one.name), one.name] as const);
  return { series: found, shown: new Map([...spelled, ...named]) };
}

const concerns = (point: Point, since: Moment): boolean =>
  point.at.micros >= since.micros || cameLater(point, since);

/** Whether it was written before the beginning and arrived after it. */
const cameLater = ({ at, arrived }: Point, since: Moment): boolean =>
  arrived !== null && arrived.micros > since.micros && at.micros < since.micros;

function trendOf({ scale, points }: Series, name: string, tracker: PlanTracker | undefined, span: Span): Trend {
  const { first, today, since } = span;
  const length = Math.max(today - first + 1, 0);
  const byDay = grouped(points.map((point) => [point.day, point] as const));
  const days = Array.from({ length }, (_, at) => dayTold(first + at, byDay));
  const means = days.flatMap((one) => one.mean ?? []);
  const before = Array.from({ length }, (_, at) => dayTold(first - length + at, byDay).mean);
  const allBefore = before.flatMap((one) => one ?? []);
  const late = points.filter((point) => point.day < first && cameLater(point, since));
  const later = grouped(late.map((point) => [point.day, point] as const));
  const earlier = [...later.keys()].sort((one, other) => one - other);
  return {
    name,
    question: stripped(tracker?.question ?? ""),
    low: scale?.[0] ?? null,
    high: scale?.[1] ?? null,
    days,
    logged: means.length,
    mean: meanOf(means),
    mean_before: meanOf(allBefore),
    logged_before: allBefore.length,
    median: means.length ? roundTo(median(means), DIGITS) : null,
    least: means.length ? Math.min(...means) : null,
    most: means.length ? Math.max(...means) : null,
    a_week: aWeekOf(days),
    before: before.slice(-MOST_BEFORE),
    earlier: earlier.slice(-MOST_EARLIER).map((day) => dayTold(day, later)),
    earlier_left_out: Math.max(earlier.length - MOST_EARLIER, 0),
  };
}

/**
 * The median of the slopes between any two logged days, times seven: what one odd day says does not turn it.
 *
 * Theil 1950, Proc. K. Ned. Akad. Wet. 53; Sen 1968, J Am Stat Assoc 63, 1379-1389. Of many logged days, the newest.
 */
function aWeekOf(days: readonly TrendDay[]): number | null {
  const logged = days
    .flatMap(({ mean }, at) => (mean === null ? [] : [{ at, mean }]))
    .slice(-MOST_FOR_SLOPE);
  if (logged.length < FEWEST_FOR_SLOPE) return null;
  const slopes = logged.flatMap((one, number) =>
    logged.slice(number + 1).map((later) => (later.mean - one.mean) / (later.at - one.at)),
  );
  return roundTo(7 * median(slopes), DIGITS);
}

function dayTold(day: number, byDay: ReadonlyMap<number, readonly Point[]>): TrendDay {
  const points = byDay.get(day) ?? [];
  const values = points.map((point) => point.value);
  const late = points.filter(({ at, arrived }) => arrived !== null && isLate(at, arrived)).length;
  return { day: dayOfOrdinal(day), values, mean: meanOf(values), late };
}
