// The safety plan outside of the lock, for whoever agreed to that: to be read before anything is opened.
//
// Only the plan is in it, what the practice shows with every plan, such as its crisis numbers, and its country.

import { StoreInvalid } from "../errors.ts";
import type { Resource, Safety } from "../generated/answers.ts";
import { localHelp } from "../words/crisis.ts";
import { say } from "../words/saying.ts";
import type { SmallFiles } from "./smallFiles.ts";

const FILE = "safety";
const VERSION = 1;

/** What is kept of a safety plan. */
interface Kept {
  readonly version: typeof VERSION;
  readonly steps: Safety["steps"];
  readonly resources: readonly Pick<Resource, "id" | "link" | "steps" | "text" | "title">[];
  /** The practice's, by which the app knows whom to call; of a plan that was kept by an earlier version there is none. */
  readonly country?: string | null;
}

/** A safety plan as it is kept: whether it helped, who changed it and when is left out. */
export function safetyText({ steps, resources, help }: Safety): string {
  const kept: Kept = {
    version: VERSION,
    country: help?.country ?? null,
    steps: steps.map(({ order, part, text, contact }) => ({ order, part, text, contact })),
    resources: resources.map(({ id, title, text, steps: all, link }) => ({
      id,
      title,
      text,
      steps: all.map((step) => ({ id: step.id, text: step.text })),
      link,
    })),
  };
  return JSON.stringify(kept);
}

/** The safety plan that was kept, with its notice in a language; null for what is none. */
export function readSafety(text: string, locale: string): Safety | null {
  let kept: Partial<Kept> | null;
  try {
    kept = JSON.parse(text) as Partial<Kept> | null;
  } catch {
    return null;
  }
  if (kept?.version !== VERSION || !Array.isArray(kept.steps) || !Array.isArray(kept.resources)) return null;
  const resources = (kept as Kept).resources.map((resource) => ({ ...UNKNOWN, ...resource }));
  const help = localHelp(typeof kept.country === "string" ? kept.country : null);
  return { notice: say(locale, "nobody watches"), steps: (kept as Kept).steps, resources, help };
}

const UNKNOWN = {
  changed_by: null,
  changed_at: null,
  version: "",
  tags: [],
  made_at: null,
  arrived_at: null,
  helped: null,
  retired: false,
  problems: [],
} as const;

/** Keep a safety plan. Of several calls the last one counts, awaited or not. */
export const keepSafety = (files: SmallFiles, safety: Safety): Promise<void> => files.write(FILE, safetyText(safety));

/** Keep none any more. */
export const dropSafety = (files: SmallFiles): Promise<void> => files.remove(FILE);

/** The safety plan outside of the lock; null where there is none, or a damaged one, which the next change replaces. */
export async function safetyOutside(files: SmallFiles, locale: string): Promise<Safety | null> {
  try {
    const text = await files.read(FILE);
    return text === undefined ? null : readSafety(text, locale);
  } catch (failure) {
    if (failure instanceof StoreInvalid) return null;
    throw failure;
  }
}
