// The plan made with the care team, the safety plan, and a client's own progress.

import { NotFound } from "../../errors.ts";
import agenda from "../../generated/agenda.json" with { type: "json" };
import type * as answers from "../../generated/answers.ts";
import type { Id, IsoMoment } from "../../generated/models.ts";
import { measured, type Compared, type Measured } from "../../measures/scores.ts";
import { bySymptom, seriesOf } from "../../replica/tables/symptomViews.ts";
import type { StoredRecord } from "../../replica/tables/records.ts";
import { folded } from "../../text/folding.ts";
import { tidyName } from "../../text/names.ts";
import { compareTexts } from "../../text/order.ts";
import { checkMoment, offsetText } from "../../time/moments.ts";
import { localHelp } from "../../words/crisis.ts";
import { say } from "../../words/saying.ts";
import { due, upcoming } from "./agenda.ts";
import type { Plans, Resources } from "../faces.ts";
import * as given from "../given.ts";
import { goalOf } from "./goals.ts";
import { countsOf } from "./homeworkViews.ts";
import { ownHeads, ownMaterial } from "../assessments/ownMaterial.ts";
import { scalesIn, type Scope } from "../scope.ts";

/** The tag of a resource that is shown with every safety plan. */
const CRISIS = "crisis";
const SAFETY_PARTS: readonly string[] = agenda.safetyParts;

/** The plan of a client's device. */
export const plansOf = (scope: Scope, resources: Resources): Plans => ({
  plan: () => planOf(scope),
  safety: (locale) => safetyOf(scope, resources, locale),
  due: (now) => due(scope, now),
  upcoming: (until) => upcoming(scope, until),
  progress: (since) => progressOf(scope, since === undefined ? null : given.moment("since", since)),
});

/** The plan as it is on this device; empty before it has arrived. */
function planOf(scope: Scope): answers.Plan {
  const row = scope.plan();
  if (row === null) return { ...scope.agreed(), changed_by: null, changed_at: null, version: "" };
  return { ...row.model, changed_by: row.last.by, changed_at: row.last.at, version: row.version };
}

function safetyOf(scope: Scope, resources: Resources, locale: string): answers.Safety {
  const { safety_resources, safety_plan } = scope.agreed();
  const named = safety_resources.flatMap((id) => hereIf(() => resources.get(id)));
  const ids = new Set<Id>(named.map(({ id }) => id));
  const local = resources.list().filter(({ id, tags }) => !ids.has(id) && tags.some((tag) => folded(tag) === CRISIS));
  const steps = Object.values(safety_plan).toSorted(
    (one, other) => SAFETY_PARTS.indexOf(one.part) - SAFETY_PARTS.indexOf(other.part),
  );
  const help = localHelp(scope.replica.country());
  return { notice: say(locale, "nobody watches"), steps, resources: [...named, ...local], help };
}

/** What `read` gives; nothing where it has not come yet. */
function hereIf<T>(read: () => T): readonly T[] {
  try {
    return [read()];
  } catch (failure) {
    if (failure instanceof NotFound) return [];
    throw failure;
  }
}

function progressOf(scope: Scope, since: IsoMoment | null): answers.Progress {
  const window = since === null ? {} : { since };
  const { spelled, points } = bySymptom(scope.store, window, scalesIn(scope.agreed()));
  const first = since === null ? null : scope.dayOf(since);
  const lasts = ({ model: { ended_on: ended } }: StoredRecord<"homework">): boolean =>
    first === null || ended === null || ended > first;
  const named = [...spelled].sort(([, one], [, other]) => compareTexts(one, other));
  return {
    series: Object.fromEntries(named.map(([key, name]) => [tidyName(name), seriesOf(points.get(key) ?? [])])),
    homework: scope.rows("homework").filter(lasts).map((row) => countsOf(scope, row)),
    goals: scope.rows("goal").map(goalOf),
    scores: ownScores(scope, since),
    since,
  };
}

/** A client's own scores, newest first. */
function ownScores(scope: Scope, since: IsoMoment | null): readonly answers.ScorePoint[] {
  const now = scope.now();
  const zone = scope.zoneOf(now) ?? offsetText(checkMoment("now", now).offset);
  const found = measured(ownMaterial(scope), { heads: ownHeads(scope), now, zone, locale: "en" });
  const first = since === null ? null : checkMoment("since", since).micros;
  return found
    .filter((one) => first === null || checkMoment("measured_at", one.measured_at).micros >= first)
    .map(pointOf);
}

function pointOf(one: Measured): answers.ScorePoint {
  const { score } = one;
  return {
    ...{ assessment: one.assessment, instrument: one.instrument, title: one.title, scale: one.scale, label: one.label },
    ...{ value: score.score, low: score.low, high: score.high, band: score.band, why: score.why },
    ...{ at: one.measured_at, arrived_at: one.arrived_at, paper: one.paper, amended: one.amended },
    ...{ wording: one.wording, one_of: one.one_of, odd: one.odd },
    baseline: comparisonOf(one.compared.findLast(({ against }) => against !== "last")),
    last: comparisonOf(one.compared.findLast(({ against }) => against === "last")),
  };
}

const comparisonOf = (one: Compared | undefined): answers.ScoreComparison | null =>
  one === undefined
    ? null
    : { against: one.against, assessment: one.assessment, at: one.at, change: one.change, words: one.change.verdict };
