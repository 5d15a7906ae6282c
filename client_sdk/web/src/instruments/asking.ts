// The items of an instrument as they are asked: in the order of the wording, without what does not apply.

import type { Question } from "../generated/answers.ts";
import { applies } from "./scoring.ts";
import { itemOf, type BoundWording, type Choice, type Instrument, type Item, type Prompt } from "./values.ts";

export type { Question } from "../generated/answers.ts";

/** What an item was answered with; a text is an answer of another app. */
export type Answer = Question["answer"];

/** What was answered so far, and by item what was answered differently on two devices. */
export interface Given {
  readonly answers: Readonly<Record<string, Answer>>;
  readonly conflicts: Readonly<Record<string, readonly Answer[]>>;
}

/** The items in the order asked; without words all of them, in the instrument's order. */
export function questions(instrument: Instrument, wording: BoundWording | null, given: Given): Question[] {
  const answers = new Map(Object.entries(given.answers));
  const conflicts = new Map(Object.entries(given.conflicts));
  const plain = Object.fromEntries(
    [...answers].filter(([key]) => !conflicts.has(key)).map(([key, answer]) => [key, plainOf(answer)]),
  );
  const asked: readonly Asked[] =
    wording === null
      ? instrument.items.map((item) => ({ item, prompt: null }))
      : wording.prompts.map((prompt) => ({ item: itemOf(instrument, prompt.item), prompt }));
  return asked.map(({ item, prompt }) => ({
    item: item.key,
    label: item.label,
    prompt: prompt?.text ?? "",
    choices: choicesOf(item, prompt),
    allowed: item.allowed,
    yes_no: item.type === "yes-no",
    optional: item.optional,
    applies: applies(instrument, item, plain),
    answer: conflicts.has(item.key) ? null : (answers.get(item.key) ?? null),
    conflict: conflicts.get(item.key) ?? [],
  }));
}

/** The next item to ask: not answered yet, or in conflict; optional items come last. */
export function nextQuestion(asked: readonly Question[]): Question | null {
  const open = asked.filter((one) => one.applies && one.answer === null);
  return open.find((one) => !one.optional) ?? open[0] ?? null;
}

interface Asked {
  readonly item: Item;
  readonly prompt: Prompt | null;
}

/** Yes and no of an item without words for them; apps say them in their own language. */
const YES_OR_NO: readonly Choice[] = [
  { text: "Yes", value: true },
  { text: "No", value: false },
];

function choicesOf(item: Item, prompt: Prompt | null): readonly Choice[] {
  if (prompt === null) return [];
  return prompt.choices.length || item.type !== "yes-no" ? prompt.choices : YES_OR_NO;
}

/** What may be an answer at all: a text of another app is none. */
function plainOf(answer: Answer): number | boolean | null {
  if (typeof answer === "string") return null;
  return typeof answer === "number" ? Math.trunc(answer) : answer;
}
