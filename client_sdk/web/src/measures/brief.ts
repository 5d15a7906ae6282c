// The brief: what came between the last session and the next, on one page. One pure function of a record and a cut.
//
// Server and devices make it from the same rows and the same cut: every list has an order of its own, and means are
// rounded.

import { dueBeforeSessions, upcoming } from "../agenda/agenda.ts";
import type { Done } from "../agenda/done.ts";
import { grouped } from "../agenda/grouped.ts";
import type { Goal, GoalStep, Id, IsoDay, IsoMoment } from "../generated/models.ts";
import { titleOf } from "../instruments/labels.ts";
import { dayOf } from "../time/localDays.ts";
import { DAY, momentText } from "../time/moments.ts";
import { assignments, type Assigned } from "./assignments.ts";
import { arrivedAfter, entries, type BriefEntry } from "./entries.ts";
import { asOf, begins, documents, moment, momentIf, planOf } from "./material.ts";
import type { AsOf, Beginning, Cut, Material } from "./material.ts";
import { round } from "./numbers.ts";
import { by } from "./ordering.ts";
import { planChanges, type PlanChange } from "./planChanges.ts";
import { instrumentsOf, measured, openEpisode, type Measured } from "./scores.ts";
import { signals } from "./signals/ofRecord.ts";
import type { Signal } from "./signals/signal.ts";
import { trends, type Trend } from "./trends.ts";

const VERSION = 1;
/** How far ahead homework and assessments are looked for; sessions are all told. */
const AHEAD = 14n * BigInt(DAY);
/** Decimals of the thresholds of change. */
const DIGITS = 6;

/** How much of each list a brief holds. Somebody reads it before a session; the record has the rest. */
const MOST = {
  signals: 50,
  topics: 50,
  scores: 100,
  unfinished: 30,
  entries: 100,
  homework: 50,
  goals: 50,
  plan_changes: 100,
  upcoming: 60,
  problems: 20,
} as const;

/** A score: completed since the beginning (`since`), else the newest there is of its scale. */
export interface BriefScore {
  readonly measured: Measured;
  readonly since: boolean;
  /** It was completed before the last session and arrived after it. */
  readonly after_session: boolean;
}

/** An assessment that is begun and not completed. */
export interface Unfinished {
  readonly id: Id;
  readonly instrument: string;
  readonly title: string;
  readonly started_at: IsoMoment | null;
  readonly answered: number;
  readonly of: number;
  /** Items answered differently on two devices. */
  readonly conflicts: readonly string[];
}

/** A goal that is open, or has changed since the beginning. */
export interface BriefGoal {
  readonly id: Id;
  readonly what: string;
  readonly why: string;
  readonly state: Goal["state"];
  readonly steps: readonly GoalStep[];
  readonly made_at: IsoMoment | null;
  readonly changed: boolean;
}

/** What the client wants to talk about. */
export interface BriefTopic {
  readonly id: Id;
  readonly text: string;
  readonly made_at: IsoMoment | null;
  /** It was written before the last session attended. */
  readonly carried_over: boolean;
}

/** What is coming: a session, with its time, or homework and assessments by their local day. */
export interface Ahead {
  readonly kind: "session" | "homework" | "assessment";
  readonly id: string;
  readonly title: string;
  readonly day: IsoDay;
  readonly at: IsoMoment | null;
  readonly occurrence: string;
}

/** What `brief` makes. */
export interface Brief {
  readonly version: number;
  readonly cut: Cut;
  /** The one it is for. */
  readonly session: Id | null;
  readonly beginning: Beginning;
  readonly phase: string;
  readonly signals: readonly Signal[];
  readonly topics: readonly BriefTopic[];
  readonly scores: readonly BriefScore[];
  readonly unfinished: readonly Unfinished[];
  readonly entries: readonly BriefEntry[];
  readonly trends: readonly Trend[];
  readonly homework: readonly Assigned[];
  readonly goals: readonly BriefGoal[];
  /** null where the plan of that moment is not known. */
  readonly plan_changes: readonly PlanChange[] | null;
  readonly upcoming: readonly Ahead[];
  /** What could not be told. */
  readonly problems: readonly string[];
  /** Of each list that was too long for a brief, by its name as it is stored, how many of it are not in it. */
  readonly left_out: Readonly<Record<string, number>>;
}

/**
 * The brief for a session (null: for now), since the last attended one before it, or over 14 days.
 *
 * Throws `InvalidField` when the cut's `now` has no offset.
 */
export function brief(record: Material, cut: Cut, session: Id | null = null): Brief {
  const at = asOf(record, cut);
  const beginning = begins(record, cut, session);
  const { trends: told, left_out: leftOut } = trends(record, cut, beginning.at);
  return bounded({
    version: VERSION,
    cut: { ...cut, now: momentText(at.now) },
    session,
    beginning,
    phase: openEpisode(record, at.today)?.phase ?? "",
    signals: signalsSince(record, cut, beginning),
    topics: topics(record, beginning),
    scores: scores(record, cut, beginning),
    unfinished: unfinished(record, at),
    entries: entries(record, beginning),
    trends: told,
    homework: assignments(record, at, beginning),
    goals: goals(record, beginning),
    plan_changes: record.plan_then === null ? null : planChanges(record.plan_then, planOf(record)),
    upcoming: ahead(record, at, session),
    problems: problems(record),
    left_out: leftOut ? { trends: leftOut } : {},
  });
}

/** The brief with no more of each list than it holds; of the entries, which are oldest first, the newest. */
function bounded(whole: Brief): Brief {
  const leftOut = { ...whole.left_out };
  const kept = <T>(name: string, most: number, list: readonly T[], isNewestLast = false): readonly T[] => {
    if (list.length > most) leftOut[name] = list.length - most;
    return isNewestLast ? list.slice(-most) : list.slice(0, most);
  };
  return {
    ...whole,
    signals: kept("signals", MOST.signals, whole.signals),
    topics: kept("topics", MOST.topics, whole.topics),
    scores: kept("scores", MOST.scores, whole.scores),
    unfinished: kept("unfinished", MOST.unfinished, whole.unfinished),
    entries: kept("entries", MOST.entries, whole.entries, true),
    homework: kept("homework", MOST.homework, whole.homework),
    goals: kept("goals", MOST.goals, whole.goals),
    plan_changes: whole.plan_changes && kept("plan_changes", MOST.plan_changes, whole.plan_changes),
    upcoming: kept("upcoming", MOST.upcoming, whole.upcoming),
    problems: kept("problems", MOST.problems, whole.problems),
    left_out: leftOut,
  };
}

/** All that nobody has acknowledged, however old, and of the others those that came since the beginning. */
function signalsSince(record: Material, cut: Cut, beginning: Beginning): Signal[] {
  const begun = moment(beginning.at).micros;
  return signals(record, cut).filter(
    (one) => !one.acknowledged.length || moment(one.arrived_at ?? one.at).micros >= begun,
  );
}

/** Those that are not ticked off, oldest first. */
function topics(record: Material, beginning: Beginning): BriefTopic[] {
  const begun = moment(beginning.at).micros;
  return documents(record, "topic")
    .filter(({ model }) => model.talked_on === null)
    .map(({ id, model: { text, made_at: madeAt } }) => {
      const made = momentIf(madeAt)?.micros;
      const isCarriedOver = beginning.session !== null && made !== undefined && made < begun;
      return { made, topic: { id, text, made_at: madeAt, carried_over: isCarriedOver } };
    })
    .sort(by(({ made }) => made !== undefined, ({ made }) => made ?? begun, ({ topic }) => topic.id))
    .map(({ topic }) => topic);
}

/** By instrument and scale, newest first. */
function scores(record: Material, cut: Cut, beginning: Beginning): BriefScore[] {
  const begun = moment(beginning.at).micros;
  const shown = new Set<string>();
  return measured(record, cut)
    .flatMap((one) => {
      const completed = moment(one.completed_at);
      const arrived = momentIf(one.arrived_at);
      const since = completed.micros >= begun || (arrived !== null && arrived.micros >= begun);
      const key = JSON.stringify([one.instrument, one.scale]);
      const isNewest = !shown.has(key) && !one.amended;
      if (isNewest) shown.add(key);
      const isAfter = arrivedAfter(completed, arrived, beginning);
      return since || isNewest ? [{ measured: withRounded(one), since, after_session: isAfter }] : [];
    })
    .sort(by((one) => one.measured.instrument, (one) => one.measured.scale));
}

/** With thresholds that do not differ in their last bits from machine to machine. */
const withRounded = (one: Measured): Measured => ({
  ...one,
  compared: one.compared.map(({ change, ...compared }) => {
    const { threshold } = change;
    return { ...compared, change: { ...change, threshold: threshold === null ? null : round(threshold, DIGITS) } };
  }),
});

function unfinished(record: Material, { locale }: AsOf): Unfinished[] {
  const known = instrumentsOf(record);
  return documents(record, "assessment")
    .filter(({ model }) => !model.completions.length)
    .map(({ id, model }) => {
      const instrument = known.get(model.instrument);
      return {
        id,
        instrument: model.instrument,
        title: instrument === undefined ? model.instrument : titleOf(instrument, locale),
        started_at: model.started_at,
        answered: Object.values(model.draft).filter((given) => given.some((one) => one.value !== null)).length,
        of: instrument?.items.length ?? 0,
        conflicts: model.conflicts,
      };
    });
}

function goals(record: Material, beginning: Beginning): BriefGoal[] {
  const begun = moment(beginning.at).micros;
  return documents(record, "goal")
    .map(({ id, model: { what, why, state, steps, made_at: madeAt }, rows }) => {
      const arrived = momentIf(rows.last_received_at);
      const changed = arrived === null || arrived.micros >= begun;
      return { id, what, why, state, steps: Object.values(steps), made_at: madeAt, changed };
    })
    .filter(({ state, changed }) => state === "open" || changed);
}

/** Sessions planned from now on, then by day: homework, and assessments due by their rule or before a session. */
function ahead(record: Material, { now, days }: AsOf, session: Id | null): Ahead[] {
  const plan = planOf(record);
  const held = documents(record, "session");
  const planned = held.flatMap(({ id, model: { planned_at: text, state } }): Ahead[] => {
    const at = momentIf(text);
    if (at === null || state !== "planned" || at.micros < now.micros || id === session) return [];
    return [{ kind: "session", id, title: "", day: dayOf(at, plan.day_begins), at: text, occurrence: "" }];
  });
  const modelsById = <T>(found: readonly { readonly id: Id; readonly model: T }[]): Record<Id, T> =>
    Object.fromEntries(found.map(({ id, model }) => [id, model]));
  const homework = modelsById(documents(record, "homework"));
  const present = { at: momentText(now), zone: days.zone };
  const until = momentText({ ...now, micros: now.micros + AHEAD });
  const work = { plan, homework, sessions: {}, done: doneIn(record) };
  const due = upcoming(work, present, until).flatMap(({ kind, id, title, day, occurrence, reminder }): Ahead[] =>
    (kind === "homework" || kind === "assessment") && !reminder ? [{ kind, id, title, day, at: null, occurrence }] : [],
  );
  const before = dueBeforeSessions({ ...work, sessions: modelsById(held) }, present).map(
    ({ id, title, day, closesOn, occurrence }): Ahead => ({
      kind: "assessment",
      id,
      title,
      day: closesOn ?? day,
      at: null,
      occurrence,
    }),
  );
  return [...planned, ...due, ...before].sort(
    by((one) => one.day, (one) => one.kind, (one) => one.occurrence, (one) => one.id),
  );
}

/** The occurrences of homework that have progress, and those of assessments that are completed. */
function doneIn(record: Material): Done {
  const homework = documents(record, "homework_progress").flatMap(({ model: { homework: id, occurrence } }) =>
    id === null ? [] : [[id, occurrence] as const],
  );
  const assessments = documents(record, "assessment").flatMap(({ model: { schedule, occurrence, completions } }) =>
    completions.length && schedule !== "" ? [[schedule, occurrence] as const] : [],
  );
  return {
    entries: [],
    logs: [],
    homework: Object.fromEntries(grouped(homework)),
    assessments: Object.fromEntries(grouped(assessments)),
  };
}

function problems(record: Material): string[] {
  const known = instrumentsOf(record);
  const named = documents(record, "assessment").map(({ model }) => model.instrument);
  const unknown = [...new Set(named)].filter((key) => !known.has(key)).sort(by((key) => key));
  return [
    ...unknown.map((key) => `The instrument ${key} is not known here: not scored, and not checked for risk items.`),
    ...record.unreadable.map(({ kind, id }) => `${kind} ${id}: document: could not be read`),
    ...record.filed.flatMap(({ kind, id, model }) =>
      "problems" in model ? model.problems.map((problem) => `${kind} ${id}: ${problem}`) : [],
    ),
  ];
}
