// What became of a plan between two readings of it: what was added, taken out and changed, element by element.

import type { Plan } from "../generated/models.ts";
import { compareTexts } from "../text/order.ts";
import { stripped } from "../text/spaces.ts";


/** A part of a plan. */
export type PlanPart =
  | "introduction"
  | "journal"
  | "days"
  | "sections"
  | "trackers"
  | "assessments"
  | "safety_plan"
  | "pauses";

/** One change. */
export interface PlanChange {
  readonly part: PlanPart;
  readonly what: "added" | "removed" | "changed";
  /** The element's; empty for the plan's own fields, as is its `title`. */
  readonly id: string;
  readonly title: string;
  /** Which fields differ where it was changed. */
  readonly fields: readonly string[];
}

const OWN: readonly (readonly [part: PlanPart, fields: readonly (keyof Plan)[]])[] = [
  ["introduction", ["introduction"]],
  ["journal", ["journal_rule", "journal_since"]],
  ["days", ["day_begins"]],
  ["safety_plan", ["safety_resources"]],
];


/** What differs, part by part in the plan's order, the elements of a part by id. */
export function planChanges(before: Plan, after: Plan): PlanChange[] {
  const own = OWN.flatMap(([part, names]) => {
    const fields = names.filter((name) => !isSame(before[name], after[name]));
    return fields.length ? [{ part, what: "changed" as const, id: "", title: "", fields }] : [];
  });
  return [
    ...own,
    ...elements("sections", before.sections, after.sections, (one) => stripped(one.prompt)),
    ...elements("trackers", before.trackers, after.trackers, (one) => one.name),
    ...elements("assessments", before.assessments, after.assessments, (one) => one.instrument),
    ...elements(
      "safety_plan",
      before.safety_plan,
      after.safety_plan,
      (one) => stripped(one.text) || stripped(one.contact),
    ),
    ...elements("pauses", before.pauses, after.pauses, (one) => `${one.first ?? ""}/${one.last ?? ""}`),
  ];
}

function elements<T extends object>(
  part: PlanPart,
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
  titleOf: (one: T) => string,
): PlanChange[] {
  const old = new Map(Object.entries(before));
  const young = new Map(Object.entries(after));
  return [...new Set([...old.keys(), ...young.keys()])].sort(compareTexts).flatMap((id): PlanChange[] => {
    const was = old.get(id);
    const is = young.get(id);
    if (is === undefined) {
      return was === undefined ? [] : [{ part, what: "removed", id, title: titleOf(was), fields: [] }];
    }
    if (was === undefined) return [{ part, what: "added", id, title: titleOf(is), fields: [] }];
    const fields = (Object.keys(is) as (keyof T & string)[]).filter((name) => !isSame(was[name], is[name]));
    return fields.length ? [{ part, what: "changed", id, title: titleOf(is), fields }] : [];
  });
}

/** Whether two values of a plan are equal: whatever is in them, in the same order. */
const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
