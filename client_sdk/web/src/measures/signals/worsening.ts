// When a row of scores has become worse than the best level before. Pure numbers: more is always worse here.
//
// The best level is the lowest median of three administrations in a row, not the best single score: measurement error
// alone carries one of twenty single scores far from where the person is. It counts as worse when two administrations
// in a row lie beyond what the rule allows. Only entry into the severest band does not wait for the second.
//
// What a person's scores vary by is reckoned from how far each lies from the middle of its two neighbours, so that
// getting better or worse steadily counts for nothing: where errors are normal, the mean of these distances is 0.977
// standard errors (the root of 3 over pi). It is set off with what is known of the scale, the more so the fewer
// administrations there are.

import { mean, median } from "../numbers.ts";

/** Days; so far back a best level is looked for where no phase of care has begun since. */
export const HALF_A_YEAR = 183;
/** Administrations in a row whose median is a level. */
const SMOOTHED = 3;
/** Administrations before, from which on this person's own variation is known. */
const FEWEST = 5;
/** Of so many administrations before, at most, the variation is reckoned. */
const LOOKED_AT = 26;
const OF_AN_ERROR = Math.sqrt(3 / Math.PI);
/** By this many standard errors two scores differ by chance once in twenty times (Jacobson & Truax 1991). */
const BOTH_WAYS = 1.96 * Math.sqrt(2);
/** The standard error of a scale of which nothing is published, over its range: as where it is, on the whole. */
const OF_THE_RANGE = 0.065;
/** What is known of the scale counts as so many differences of this person's. */
const WEIGHT = 8;

/** What a worsening rests on: a limit of the plan, reliable change, a published difference, a band, own variation. */
export type Evidence = "limit" | "reliable" | "published" | "band" | "own" | "severest";

/** What a scale allows, in points. */
export interface Allowance {
  readonly width: number;
  /** Of the plan. */
  readonly limit: number | null;
  readonly reliable: number | null;
  readonly published: number | null;
  /** Where each worse band begins, best first. */
  readonly borders: readonly number[];
  /** Whether the last of them begins the severest band. */
  readonly severest: boolean;
}

/** One score, more being worse. `day` is a number of a day, as is the one on which its `phase` began (0: none). */
export interface Administered {
  readonly value: number;
  readonly day: number;
  readonly phase: number;
}

/** One fact: worse than `level` since the administration `first`, which `confirmed` bore out (or the same one). */
export interface Worsening {
  /** All are positions. */
  readonly first: number;
  readonly confirmed: number;
  readonly level: number;
  /** With `level_to` the administrations that the best level is of. */
  readonly level_from: number;
  readonly level_to: number;
  /** It is worse by this or more. */
  readonly threshold: number;
  readonly evidence: Evidence;
  /** What this person's scores vary by, where that is the larger measure. */
  readonly variation: number | null;
  /** The administration by which it was over: the level was reached again, or a new phase began. */
  readonly ended: number | null;
  readonly reached: number;
}

interface Level {
  readonly value: number;
  readonly first: number;
  readonly last: number;
}

interface Bar {
  readonly threshold: number;
  readonly evidence: Evidence;
  readonly variation: number | null;
}

interface Reading {
  readonly row: readonly Administered[];
  readonly allowance: Allowance;
  readonly values: readonly number[];
  /** At each position, the median of the last administrations. */
  readonly middles: readonly number[];
  /** How far each but the first and the last lies from the middle of its neighbours. */
  readonly distances: readonly number[];
}

/** Every worsening in a row of scores, oldest first. A longer row changes nothing of earlier ones but `ended`. */
export function worsenings(row: readonly Administered[], allowance: Allowance): Worsening[] {
  const values = row.map((one) => one.value);
  const reading: Reading = {
    row,
    allowance,
    values,
    middles: values.map((_, last) => median(values.slice(Math.max(0, last - SMOOTHED + 1), last + 1))),
    distances: values
      .slice(1, -1)
      .map((value, at) => Math.abs(value - (valueAt(values, at) + valueAt(values, at + 2)) / 2)),
  };
  const found: Worsening[] = [];
  const goingOn: number[] = [];
  for (let at = 1; at < row.length; at += 1) {
    const isNewPhase = row[at]?.phase !== row[at - 1]?.phase;
    for (;;) {
      const number = goingOn.at(-1);
      const fact = number === undefined ? undefined : found[number];
      if (number === undefined || fact === undefined || !(isNewPhase || isOver(reading, fact, at))) break;
      goingOn.pop();
      found[number] = { ...fact, ended: at };
    }
    const top = found[goingOn.at(-1) ?? -1] ?? null;
    const made = entry(reading, at, top) ?? confirmed(reading, at, top);
    if (made !== null) {
      goingOn.push(found.length);
      found.push(made);
    }
  }
  return found;
}

const valueAt = (values: readonly number[], at: number): number => values[at] ?? Number.NaN;
/** How many borders are reached. */
const bandAt = ({ borders }: Allowance, value: number): number => borders.filter((border) => border <= value).length;
const isSeverest = ({ severest, borders }: Allowance, value: number): boolean =>
  severest && value >= valueAt(borders, borders.length - 1);

/**
 * Whether two in a row since then lie clearly back, so that chance does not end a fact: below half of the threshold,
 * and below the severest band by a whole one.
 */
function isOver({ allowance: { borders }, values }: Reading, fact: Worsening, at: number): boolean {
  const half = fact.level + fact.threshold / 2;
  const bar =
    fact.evidence === "severest" ? Math.min(half, valueAt(borders, borders.length - 1) - fact.threshold) : half;
  return at > fact.confirmed + 1 && valueAt(values, at - 1) < bar && valueAt(values, at) < bar;
}

/** Entry into the severest band of somebody whose best level is outside it. */
function entry(reading: Reading, at: number, top: Worsening | null): Worsening | null {
  const { allowance } = reading;
  const value = valueAt(reading.values, at);
  if (!isSeverest(allowance, value)) return null;
  if (top !== null && (top.evidence === "severest" || isSeverest(allowance, top.reached))) return null;
  const level = best(reading, at, at);
  if (level === null || isSeverest(allowance, level.value)) return null;
  const allowed: Bar = { ...bar(reading, at, level), evidence: "severest" };
  return fact({ first: at, confirmed: at, reached: value }, level, allowed);
}

/** Two in a row that are worse than the best level before them; where that is told already, than it was then. */
function confirmed(reading: Reading, at: number, top: Worsening | null): Worsening | null {
  const start = at - 1;
  const before = best(reading, start, at);
  if (before === null || (top !== null && start <= top.confirmed)) return null;
  const allowed = bar(reading, start, before);
  const level = top === null ? before : { value: top.reached, first: top.first, last: top.confirmed };
  const both = [valueAt(reading.values, start), valueAt(reading.values, at)];
  if (!both.every((value) => isBeyond(reading.allowance, value, level.value, allowed))) return null;
  return fact({ first: start, confirmed: at, reached: mean(both) }, level, allowed);
}

function isBeyond(allowance: Allowance, value: number, level: number, { threshold, evidence }: Bar): boolean {
  if (evidence === "band") {
    // What lies on a border crosses it by chance.
    return bandAt(allowance, value) > bandAt(allowance, level) && value - level >= threshold / 2;
  }
  return value - level >= threshold;
}

/** The best level of the administrations before position `before`, of those that `at` is compared with. */
function best({ row, values, middles }: Reading, before: number, at: number): Level | null {
  const { phase, day } = row[at] ?? { phase: 0, day: 0 };
  const begin = beginning(row, phase || day - HALF_A_YEAR);
  const size = Math.min(SMOOTHED, before - begin);
  if (size < 1) return null;
  if (size < SMOOTHED) return { value: mean(values.slice(begin, before)), first: begin, last: before - 1 };
  const levels = middles.slice(begin + size - 1, before);
  const value = Math.min(...levels);
  const last = begin + size - 1 + levels.lastIndexOf(value);
  return { value, first: last - size + 1, last };
}

/** The position of the first administration from a day on. Days may be out of order where somebody travels. */
function beginning(row: readonly Administered[], since: number): number {
  let low = 0;
  let high = row.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((row[middle]?.day ?? 0) < since) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** By how many points the ones from `before` on must be worse, what that rests on, and the variation in it. */
function bar({ allowance, distances }: Reading, before: number, level: Level): Bar {
  if (allowance.limit !== null) return { threshold: allowance.limit, evidence: "limit", variation: null };
  const known = allowance.reliable || allowance.published;
  const error = known === null ? OF_THE_RANGE * allowance.width : known / BOTH_WAYS;
  const found = distances.slice(Math.max(0, before - LOOKED_AT), Math.max(0, before - 2));
  const own = found.length ? mean(found) / OF_AN_ERROR : error;
  const squares = WEIGHT * (error * error) + found.length * (own * own);
  const varies = BOTH_WAYS * Math.sqrt(squares / (WEIGHT + found.length));
  if (known !== null) {
    const evidence = allowance.reliable === null ? "published" : "reliable";
    return varies > known
      ? { threshold: varies, evidence, variation: varies }
      : { threshold: known, evidence, variation: null };
  }
  const isBelowWorst = bandAt(allowance, level.value) < allowance.borders.length;
  if (allowance.borders.length && before < FEWEST && isBelowWorst) {
    return { threshold: varies, evidence: "band", variation: null };
  }
  return { threshold: varies, evidence: "own", variation: varies };
}

function fact(told: Pick<Worsening, "first" | "confirmed" | "reached">, level: Level, allowed: Bar): Worsening {
  return { ...told, ...allowed, level: level.value, level_from: level.first, level_to: level.last, ended: null };
}
