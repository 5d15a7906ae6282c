// Nothing received for longer than this client's own rate explains, or the plan's own limit. Pauses do not count.

import { sectionsOn } from "../../agenda/plan.ts";
import type { Homework, Plan } from "../../generated/models.ts";
import { LAST_DAY, later, ordinalOf, type Day } from "../../time/calendar.ts";
import { dayOf, localDayOf, momentOn, type LocalDays } from "../../time/localDays.ts";
import type { Moment } from "../../time/moments.ts";
import { saySignal } from "../../words/saying.ts";
import { symptomLogs } from "../logs.ts";
import { arrivedAt, documents, moment, momentIf, once, planOf, type AsOf, type Material } from "../material.ts";
import { openEpisode, when } from "../scores.ts";
import { rateOf, unusualFrom, WEEKS } from "./chance.ts";
import { daysText, signal, type Signal } from "./signal.ts";

/** Days; a shorter silence is never told. */
const SHORTEST = 4;
/** Days; a longer one is told of everybody who writes on one day in five or more, and of whoever has hardly begun. */
const LONGEST = 13;
const OFTEN_ENOUGH = 0.2;
/** Days on which something was written, from which on there is a rate without a plan that asks for anything. */
const FEWEST_DAYS = 3;
/** Days; the rate is that of so many before the last one. */
const LATELY = 90;
/** What is supposed of a rate before it is known, and for how many chances that counts. */
const SUPPOSED = { before: 0.6, weight: 4 };

/** Nothing since a local day. */
export interface Silence {
  readonly last: Day;
  /** Without pauses. */
  readonly days: number;
  /** The gap of nine times in ten. */
  readonly usual: number | null;
  /** Anything was received at all. */
  readonly begun: boolean;
}

/** The silence there is today; null where it is no longer than usual, nothing is asked for, or care has ended. */
export function silence(record: Material, { days, today }: AsOf): Silence | null {
  if (documents(record, "episode").length && openEpisode(record, today) === null) return null;
  const plan = planOf(record);
  const pauses = pausesOf(plan);
  const { about, arrived } = activity(record, days);
  const active = about.filter((day) => day <= today);
  const asked = askedSince(record, days, today);
  const isKnown = active.length >= FEWEST_DAYS;
  const newest = latest([...active.slice(-1), ...arrived].filter((day) => day <= today));
  const last = newest === null || (!isKnown && asked !== null && asked > newest) ? asked : newest;
  if (last === null || (!isKnown && asked === null)) return null;
  const since = ordinalOf(active.at(-1) ?? today) - LATELY;
  const lately = active.filter((day) => ordinalOf(day) >= since);
  const gaps = lately.slice(1).map((day, at) => Math.max(1, daysBetween(lately[at] ?? day, day, pauses)));
  const silent = daysBetween(last, today, pauses);
  if (silent < (plan.thresholds["silence"]?.at ?? longestUsual(gaps))) return null;
  return { last, days: silent, usual: usualGap(gaps), begun: active.length > 0 };
}

/**
 * From how many days on it is more than chance explains, given the gaps between the days on which something came.
 *
 * A quarter of the gaps is no longer than the rhythm that this client keeps: every day, every week. Days are counted
 * in it.
 */
export function longestUsual(gaps: readonly number[]): number {
  if (gaps.length < FEWEST_DAYS - 1) return LONGEST;
  const rhythm = rising(gaps)[Math.floor(gaps.length / 4)] ?? 1;
  const spent = gaps.reduce((total, gap) => total + gap, 0);
  const each = rateOf(gaps.length, spent / rhythm, SUPPOSED);
  const longest = Math.max(SHORTEST, unusualFrom(each, (7 * WEEKS) / rhythm) * rhythm);
  return gaps.length / spent >= OFTEN_ENOUGH ? Math.min(longest, LONGEST) : longest;
}

/** The 90th percentile (nearest rank) of gaps, in days; null where they are too few to tell. */
export function usualGap(gaps: readonly number[]): number | null {
  if (gaps.length < FEWEST_DAYS) return null;
  return rising(gaps)[Math.ceil(0.9 * gaps.length) - 1] ?? null;
}

/** The signal of a silence, if there is one. */
export function silences(record: Material, asOf: AsOf, found: Silence | null): Signal[] {
  if (found === null) return [];
  const { locale, days, today } = asOf;
  const heard = momentIf(record.heard_at);
  const counted = daysText(locale, found.days);
  const whole = ordinalOf(today) - ordinalOf(found.last) === found.days;
  const spent = whole ? counted : saySignal(locale, "without pauses", { days: counted });
  const text = [
    saySignal(locale, found.begun ? "silence" : "silence from the beginning", { day: found.last, days: spent }),
    found.usual === null ? "" : saySignal(locale, "usual gap", { gap: daysText(locale, Math.max(found.usual, 1)) }),
    heard === null ? "" : saySignal(locale, "heard", { day: localDayOf(days, heard) }),
  ].join("");
  const at = momentOn(days, found.last);
  const fact = { kind: "silence", id: `silence/${found.last}`, about: null, at, arrived: null, text } as const;
  return [signal(fact, asOf)];
}

const rising = (numbers: readonly number[]): number[] => numbers.toSorted((one, other) => one - other);

// -- pauses -----------------------------------------------------------------------------------------------------------

/** Days that do not count, by their numbers, both ends included. */
interface Span {
  readonly first: number;
  readonly last: number;
}

/** The pauses of a plan, oldest first; those that touch are one. */
function pausesOf(plan: Plan): Span[] {
  const spans = Object.values(plan.pauses)
    .flatMap(({ first, last }) =>
      first === null ? [] : [{ first: ordinalOf(first), last: ordinalOf(last ?? LAST_DAY) }],
    )
    .sort((one, other) => one.first - other.first || one.last - other.last);
  const found: Span[] = [];
  for (const span of spans) {
    const before = found.at(-1);
    if (before !== undefined && span.first <= before.last + 1) {
      found.splice(-1, 1, { first: before.first, last: Math.max(span.last, before.last) });
    } else {
      found.push(span);
    }
  }
  return found;
}

/** The days after `earlier`, up to `later`, that lie in no pause. */
function daysBetween(earlier: Day, later: Day, pauses: readonly Span[]): number {
  const begin = ordinalOf(earlier) + 1;
  const end = ordinalOf(later);
  const paused = pauses.reduce(
    (total, { first, last }) => total + Math.max(0, Math.min(end, last) - Math.max(begin, first) + 1),
    0,
  );
  return Math.max(0, end - begin + 1 - paused);
}

// -- what came, and what is asked for ---------------------------------------------------------------------------------

/** Local days, each once, ascending. */
interface Activity {
  /** On which something is of which the client wrote. */
  readonly about: readonly Day[];
  /** On which some of it arrived. */
  readonly arrived: readonly Day[];
}

function activity(record: Material, days: LocalDays): Activity {
  return once(record, `activity ${days.zone}`, () => {
    const came = allThatCame(record);
    const arrivals = came.flatMap(({ arrived }) => (arrived === null ? [] : [localDayOf(days, arrived)]));
    return { about: distinct(came.map(({ at }) => dayOf(at, days.begins))), arrived: distinct(arrivals) };
  });
}

interface Came {
  readonly at: Moment;
  readonly arrived: Moment | null;
}

function allThatCame(record: Material): Came[] {
  return [
    ...documents(record, "journal_entry").flatMap((filed) =>
      filed.model.written_at === null ? [] : [{ at: moment(filed.model.written_at), arrived: arrivedAt(filed) }],
    ),
    ...symptomLogs(record).map(({ log, arrived_at: arrived }) => ({ at: moment(log.at), arrived: momentIf(arrived) })),
    ...documents(record, "homework_progress").flatMap((filed) =>
      filed.model.entered_at === null ? [] : [{ at: moment(filed.model.entered_at), arrived: arrivedAt(filed) }],
    ),
    ...documents(record, "assessment")
      .filter(({ model }) => model.administered_by === null)
      .flatMap((filed) =>
        filed.model.completions.map(({ id, completed_at: at }) => ({
          at: when(filed, id, moment(at)),
          arrived: arrivedAt(filed, id),
        })),
      ),
  ];
}

const distinct = (days: readonly Day[]): Day[] => [...new Set(days)].sort();

/** The day from which on something has been asked for that is asked for today; null where nothing is. */
function askedSince(record: Material, days: LocalDays, today: Day): Day | null {
  const plan = planOf(record);
  const arrived = momentIf(documents(record, "plan")[0]?.rows.last_received_at ?? null);
  const changed = arrived === null ? null : localDayOf(days, arrived);
  const goesOn = ({ until }: { readonly until: Day | null }): boolean => until === null || until >= today;
  const begins = [
    ...(sectionsOn(plan, today).length ? [plan.journal_since ?? changed] : []),
    ...Object.values(plan.trackers).filter(goesOn).map((one) => one.since ?? changed),
    ...Object.values(plan.assessments)
      .filter((one) => one.rule !== "" && goesOn(one))
      .map((one) => one.since ?? changed),
    ...documents(record, "homework")
      .filter(({ model: { rule, ended_on: ended } }) => rule !== "" && (ended === null || ended > today))
      .map(({ model }) => beginningOf(model, days)),
  ];
  return begins.filter((day): day is Day => day !== null && day <= today).sort()[0] ?? null;
}

/** The day on which homework began, as far as it says. */
function beginningOf({ since, assigned_at: at }: Homework, days: LocalDays): Day | null {
  const assigned = at === null ? null : localDayOf(days, moment(at));
  return since === null || assigned === null ? (since ?? assigned) : later(since, assigned);
}

const latest = (days: readonly Day[]): Day | null => days.toSorted().at(-1) ?? null;
