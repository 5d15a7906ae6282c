// From answers to scores. Nothing is guessed: what is missing is named, and a score without it is no score.
//
// Answers are numbers for `number` items and true or false for `yes-no` items, by item key; null, or no entry, is an
// item without an answer. They are the values printed on the form: reverse items are turned round here.

import { InvalidField } from "../errors.ts";
import type { Counted, ScaleScore } from "../generated/answers.ts";
import { directionOf, itemOf } from "./values.ts";
import type { CountingRule, Instrument, Item, Level, RiskRule, Scale, Skip } from "./values.ts";

export type { Counted, ScaleScore } from "../generated/answers.ts";

/** Answers by item. */
export type Answers = Readonly<Record<string, unknown>>;

/** Levels of risk from the lowest on. */
export const LEVELS: Readonly<Record<Level, number>> = { low: 1, moderate: 2, high: 3 };

/** Why there is no score. */
export const INCOMPLETE = "incomplete, not scored";
/** Why there is no score; the items follow. */
export const NOT_APPLICABLE = "answered and marked as not applicable: ";

/** Everything that one set of answers says. While `missing` is not empty, more `risks` may come. */
export interface Scored {
  readonly instrument: string;
  readonly scheme: string;
  readonly scales: readonly ScaleScore[];
  readonly rules: readonly Counted[];
  /** The keys of the risk rules that are positive. */
  readonly risks: readonly string[];
  /** The highest level among them. */
  readonly level: Level | null;
  /** The unanswered items that a complete form has. */
  readonly missing: readonly string[];
}

/** Score the answers of one form. Throws `InvalidField` for an unknown item or a value it may not have. */
export function score(instrument: Instrument, answers: Answers): Scored {
  checkAnswers(instrument, answers);
  const risks = positiveRisk(instrument, answers);
  const skipped = new Set(skippedItems(instrument, answers));
  return {
    instrument: instrument.key,
    scheme: instrument.scheme,
    scales: instrument.scales.map((scale) => scoreScale(instrument, scale, answers, skipped)),
    rules: instrument.rules.map((rule) => count(instrument, rule, answers, skipped)),
    risks: risks.map((rule) => rule.key),
    level: highestLevel(risks),
    missing: missingItems(instrument, answers),
  };
}

/** Throw `InvalidField`, naming the item but never the answer, unless every answer is one the item may have. */
export function checkAnswers(instrument: Instrument, answers: Answers): void {
  const items = new Map(instrument.items.map((item) => [item.key, item]));
  if (Object.keys(answers).some((key) => !items.has(key))) {
    const known = [...items.keys()].join(", ");
    throw new InvalidField(`An answer names an item that ${instrument.key} does not have: it has ${known}.`);
  }
  for (const item of instrument.items) {
    if (!mayBe(item, answerTo(item.key, answers))) {
      throw new InvalidField(`The answer to ${item.key} of ${instrument.key} must be ${takes(item)}, or left out.`);
    }
  }
}

/** The items that a complete form answers and this one does not, in the instrument's order. */
export function missingItems(instrument: Instrument, answers: Answers): string[] {
  return instrument.items
    .filter((item) => !item.optional && answerTo(item.key, answers) === null && applies(instrument, item, answers))
    .map((item) => item.key);
}

/** Whether the form asks an item, after these answers to others, whatever they are. */
export function applies(instrument: Instrument, item: Item, answers: Answers): boolean {
  if (item.asked_when !== null && answerTo(item.asked_when, answers) !== true) return false;
  return !isMarkedNotApplicable(item, answers) && !skippedItems(instrument, answers).includes(item.key);
}

/** The items that these answers let the form skip, in the instrument's order, answered or not. */
export function skippedItems(instrument: Instrument, answers: Answers): string[] {
  const found = new Set(
    instrument.skips.filter((skip) => isSkipping(instrument, skip, answers)).flatMap((skip) => skip.skipped),
  );
  return instrument.items.map((item) => item.key).filter((key) => found.has(key));
}

/** The label of the published band that a score is in; null when no band is published for it. */
export function bandOf(scale: Scale, value: number): string | null {
  return scale.bands.find((band) => band.low <= value && value <= band.high)?.label ?? null;
}

/** A score as its source prints it; null where that is the score itself. The score must be one of the scale's. */
export function publishedOf(scale: Scale, value: number): number | null {
  if (scale.published === null) return null;
  const { table, divisor } = scale.published;
  return table.length ? (table[Math.floor((value - scale.low) / scale.multiplier)] ?? null) : value / divisor;
}

/**
 * The risk rules that these answers meet, whatever else is missing or wrong with them.
 *
 * A value beyond what the item allows counts as positive too: better one look too many.
 */
export function positiveRisk(instrument: Instrument, answers: Answers): RiskRule[] {
  return instrument.risks.filter((rule) => {
    const answer = answerTo(rule.item, answers);
    return (typeof answer === "number" || typeof answer === "boolean") && Number(answer) >= rule.at_least;
  });
}

/** The highest level among risk rules that have one; null when none has. */
export function highestLevel(rules: readonly RiskRule[]): Level | null {
  return rules
    .map((rule) => rule.level)
    .reduce((highest, level) => (severity(level) > severity(highest) ? level : highest), null);
}

/** How severe a level is; 0 for none. */
export const severity = (level: Level | null): number => (level === null ? 0 : LEVELS[level]);

function answerTo(key: string, answers: Answers): unknown {
  return Object.hasOwn(answers, key) ? (answers[key] ?? null) : null;
}

function mayBe(item: Item, answer: unknown): boolean {
  if (answer === null) return true;
  if (item.type === "yes-no") return typeof answer === "boolean";
  return typeof answer === "number" && item.allowed.includes(answer);
}

function takes(item: Item): string {
  if (item.type === "yes-no") return "yes or no (true or false)";
  const [low, high] = ends(item);
  if (item.allowed.length === high - low + 1) return `a whole number from ${low} to ${high}`;
  return `one of ${item.allowed.join(", ")}`;
}

/** Only answers that the items may have count: one beyond them skips nothing. */
function isSkipping(instrument: Instrument, skip: Skip, answers: Answers): boolean {
  let total = 0;
  for (const item of skip.when.map((key) => itemOf(instrument, key))) {
    const answer = answerTo(item.key, answers);
    if ((typeof answer !== "number" && typeof answer !== "boolean") || !mayBe(item, answer)) return false;
    total += valueOf(item, answer);
  }
  return (skip.at_most === null || total <= skip.at_most) && (skip.at_least === null || total >= skip.at_least);
}

function isMarkedNotApplicable(item: Item, answers: Answers): boolean {
  return item.not_applicable_when !== null && answerTo(item.not_applicable_when, answers) === true;
}

function scoreScale(
  instrument: Instrument,
  scale: Scale,
  answers: Answers,
  skipped: ReadonlySet<string>,
): ScaleScore {
  const items = scale.items.map((key) => itemOf(instrument, key));
  const leftOut = items.filter((item) => isMarkedNotApplicable(item, answers));
  const counted = items.filter((item) => !leftOut.includes(item));
  const values = counted.map((item) => given(item, answers, skipped));
  const missing = counted.filter((_, at) => values[at] === null).map((item) => item.key);
  const isBoth = leftOut.some((item) => answerTo(item.key, answers) !== null);
  const notApplicable = leftOut.map((item) => item.key);
  const why = isBoth ? NOT_APPLICABLE + notApplicable.join(", ") : missing.length ? INCOMPLETE : null;
  const raw = why === null ? sum(counted.map((item, at) => valueOf(item, values[at] ?? 0))) : null;
  const total = raw === null ? null : raw * scale.multiplier;
  // Bands, cut-offs and conversions are published for the whole form only.
  const whole = leftOut.length ? null : total;
  return {
    key: scale.key,
    raw,
    score: total,
    low: sum(counted.map((item) => ends(item)[0])) * scale.multiplier,
    high: sum(counted.map((item) => ends(item)[1])) * scale.multiplier,
    band: whole === null ? null : bandOf(scale, whole),
    cut_offs: whole === null ? [] : reached(instrument, scale, whole),
    published: whole === null ? null : publishedOf(scale, whole),
    missing,
    not_applicable: notApplicable,
    why,
  };
}

/** The answer, which was checked; of an item that the form skips, in its place the one that counts least. */
function given(item: Item, answers: Answers, skipped: ReadonlySet<string>): number | boolean | null {
  const answer = answerTo(item.key, answers) as number | boolean | null;
  if (answer !== null || !skipped.has(item.key)) return answer;
  const [low, high] = ends(item);
  return item.reverse ? high : low;
}

/** What an answer counts in a sum. */
function valueOf(item: Item, answer: number | boolean): number {
  const [low, high] = ends(item);
  return item.reverse ? low + high - Number(answer) : Number(answer);
}

function ends(item: Item): readonly [low: number, high: number] {
  return [item.allowed[0] ?? 0, item.allowed.at(-1) ?? 0];
}

function reached(instrument: Instrument, scale: Scale, value: number): string[] {
  const isBetterHigher = directionOf(instrument, scale.key) === "higher is better";
  return scale.cut_offs
    .filter((cut) => (isBetterHigher ? value <= cut.score : value >= cut.score))
    .map((cut) => cut.key);
}

/** A rule is decided only when all that it counts is answered or skipped by the form, as the sum is. */
function count(instrument: Instrument, rule: CountingRule, answers: Answers, skipped: ReadonlySet<string>): Counted {
  const values = new Map<string, number | boolean | null>();
  for (const [key] of rule.groups.flatMap((group) => group.items)) {
    values.set(key, given(itemOf(instrument, key), answers, skipped));
  }
  const missing = [...values].filter(([, answer]) => answer === null).map(([key]) => key);
  const isMet = rule.groups.every(
    (group) => group.items.filter(([key, least]) => Number(values.get(key)) >= least).length >= group.count,
  );
  return { key: rule.key, label: rule.label, met: missing.length ? null : isMet, missing };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
