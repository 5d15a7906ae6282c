// Assessments as apps read them: worked out from a row, the instrument and its words.

import type { AnswerValue } from "../../documents/assessments/answers.ts";
import { answersOf } from "../../documents/assessments/assessments.ts";
import type * as answers from "../../generated/answers.ts";
import type { Assessment, Completion, Id } from "../../generated/models.ts";
import { questions } from "../../instruments/asking.ts";
import { missingItems, positiveRisk } from "../../instruments/scoring.ts";
import type { Instrument } from "../../instruments/values.ts";
import { NOT_TAKEN, OTHER_SCHEME, scored } from "../../measures/scores.ts";
import { isSent, type StoredRecord } from "../../replica/tables/records.ts";
import { instrumentsOf, type Askable } from "./asking.ts";
import { factsOf, NO_MOMENT } from "../facts.ts";
import type { Scope } from "../scope.ts";

/** A row of an assessment. */
export type AssessmentRow = StoredRecord<"assessment">;

const INCOMPLETE = "incomplete, not scored";
const UNKNOWN = "This device does not know the instrument, so it is not scored here.";

type Given = Readonly<Record<string, AnswerValue>>;
type Conflicts = Readonly<Record<string, readonly AnswerValue[]>>;

/** Assessments with what they come to. */
export function assessmentsOf(scope: Scope, rows: readonly AssessmentRow[]): readonly answers.Assessment[] {
  const { known, askable } = instrumentsOf(scope);
  return rows.map((row) => {
    const amendedBy = scope.rows("assessment", { about: row.id }).filter(({ model }) => model.completions.length > 0);
    const key = row.model.instrument;
    return {
      ...viewOf(row, known.get(key) ?? null, askable.get(key) ?? null, amendedBy.map(({ id }) => id)),
      sent: isSent(scope.store, row),
    };
  });
}

function viewOf(
  row: AssessmentRow,
  instrument: Instrument | null,
  askable: Askable | null,
  amendedBy: readonly Id[],
): Omit<answers.Assessment, "sent"> {
  const { id, model } = row;
  const completions = model.completions.map((one) => completionOf(one, model, instrument));
  const newest = completions.at(-1) ?? null;
  const given = newest === null ? answersOf(model) : newest.answers;
  const conflicts = newest === null ? conflictsOf(model) : {};
  return {
    ...{ id, instrument: model.instrument, title: instrument?.title ?? model.instrument, scheme: model.scheme },
    state: model.completions.length > 0 ? "completed" : "draft",
    started_at: model.started_at ?? row.arrived_at ?? NO_MOMENT,
    completed_at: newest?.completed_at ?? null,
    items: itemsOf(instrument, askable, given, conflicts),
    missing: newest === null ? missingOf(instrument, given) : newest.missing,
    conflicts: Object.keys(conflicts),
    completions,
    scores: newest?.scores ?? [],
    note: newest?.note ?? (instrument === null ? UNKNOWN : ""),
    risk: risksOf(model, instrument),
    ...{ zone: model.zone, schedule: model.schedule, occurrence: model.occurrence },
    ...{ administered_by: model.administered_by, amends: model.amends, amended_by: amendedBy },
    ...factsOf(row),
  };
}

/** The questions; answers beyond them, as of an instrument that is not known here, by their keys. */
function itemsOf(
  instrument: Instrument | null,
  askable: Askable | null,
  given: Given,
  conflicts: Conflicts,
): readonly answers.Question[] {
  const wording = askable?.wording ?? null;
  const asked = instrument === null ? [] : questions(instrument, wording, { answers: given, conflicts });
  const there = new Set(asked.map(({ item }) => item));
  const others = [...new Set([...Object.keys(given), ...Object.keys(conflicts)])].filter((item) => !there.has(item));
  const beyond = others.map((item) => ({
    item,
    label: instrument?.items.find(({ key }) => key === item)?.label ?? item,
    ...{ prompt: "", choices: [], allowed: [], yes_no: false, optional: true, applies: true },
    answer: Object.hasOwn(conflicts, item) ? null : (given[item] ?? null),
    conflict: conflicts[item] ?? [],
  }));
  return [...asked, ...beyond];
}

const conflictsOf = ({ draft, conflicts }: Assessment): Conflicts =>
  Object.fromEntries(conflicts.map((item) => [item, (draft[item] ?? []).map(({ value }) => value)]));

/** The items that a complete form still needs; none of an instrument that is not known here. */
function missingOf(instrument: Instrument | null, given: Given): readonly string[] {
  if (instrument === null) return [];
  const plain = Object.entries(given).map(([item, value]) => [item, plainOf(value)] as const);
  return missingItems(instrument, Object.fromEntries(plain));
}

/** What may be an answer at all: a text of another app is none. */
const plainOf = (value: AnswerValue): boolean | number | null =>
  typeof value === "string" ? null : typeof value === "number" ? Math.trunc(value) : value;

function completionOf(one: Completion, { scheme }: Assessment, instrument: Instrument | null): answers.Completion {
  const { id, completed_at, answers: given } = one;
  const plain: answers.Completion = {
    ...{ id, completed_at, answers: given, wording: one.wording.status },
    ...{ scores: [], rules: [], level: null, missing: [], note: UNKNOWN },
  };
  if (instrument === null) return plain;
  const missing = missingOf(instrument, given);
  if ((one.scheme || scheme) !== instrument.scheme) return { ...plain, missing, note: OTHER_SCHEME };
  const result = scored(instrument, one);
  if (result === null) return { ...plain, missing, note: NOT_TAKEN };
  const { scales, rules, level } = result;
  const reasons = [...new Set(scales.flatMap(({ why }) => why ?? []))].join("; ");
  const note = reasons || (result.missing.length > 0 && scales.length === 0 ? INCOMPLETE : "");
  return { ...plain, scores: scales, rules, level, missing: result.missing, note };
}

/** Every answer that somebody has to look at, wherever it stands: none hides behind another one. */
function risksOf(model: Assessment, instrument: Instrument | null): readonly answers.Risk[] {
  if (instrument === null) return [];
  const found = new Map<string, answers.Risk>();
  for (const { item, value, where, at } of standingIn(model)) {
    for (const { key, label, level } of positiveRisk(instrument, { [item]: value })) {
      const place = `${key} ${where}`;
      if (!found.has(place)) found.set(place, { item, label, where, at, level });
    }
  }
  return [...found.values()];
}

type Standing = Pick<answers.Risk, "at" | "item" | "where"> & { readonly value: AnswerValue };

function standingIn({ completions, draft, overridden }: Assessment): readonly Standing[] {
  const completed = completions.flatMap(({ answers: given, completed_at: at }) =>
    Object.entries(given).map(([item, value]): Standing => ({ item, value, where: "completed", at })),
  );
  const by = (given: Assessment["draft"], where: Standing["where"]): readonly Standing[] =>
    Object.entries(given).flatMap(([item, some]) => some.map(({ value, at }) => ({ item, value, where, at })));
  return [...completed, ...by(draft, "draft"), ...by(overridden, "overridden")];
}
