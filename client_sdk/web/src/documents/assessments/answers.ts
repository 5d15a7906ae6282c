// The answers of an assessment as they lie in its document: those of its draft, and those that were completed.

import limits from "../../generated/limits.json" with { type: "json" };
import type { Completion, Id, ItemAnswer, StoredAnswer, StoredCompletion } from "../../generated/models.ts";
import type { Document } from "../../crdt/document.ts";
import { textIn, type ObjectId } from "../../crdt/scalars.ts";
import { InvalidField } from "../../errors.ts";
import { compareTexts } from "../../text/order.ts";
import { asKept, momentText, readMoment } from "../../time/moments.ts";
import { canonicalId } from "../ids.ts";
import { byMoment } from "../instants.ts";
import { readJson } from "../json.ts";
import { checkText, lengthOf } from "../texts.ts";
import { structOf, type StructName } from "../types.ts";
import { isZone } from "../zones.ts";

/** The number or the yes or no that was answered; null takes an answer back. */
export type AnswerValue = ItemAnswer["value"];

export const { maxItems: MAX_ITEMS, maxItem: MAX_ITEM } = limits.answers;
const { maxTextValue: MAX_TEXT_VALUE, maxNumber: MAX_NUMBER } = limits.answers;
const ITEM = /^[\x20-\x2e\x30-\x7e]+$/;

/** A draft by item and answer, and the ids that answers name as answered over. */
export interface DraftState {
  readonly byItem: ReadonlyMap<string, ReadonlyMap<Id, StoredAnswer>>;
  readonly over: ReadonlySet<Id>;
}

/** The draft of an assessment that has none. */
export const NO_DRAFT: DraftState = { byItem: new Map(), over: new Set() };

/** The answers of an item that no other names. */
export const standingAnswers = (draft: DraftState, item: string): ReadonlyMap<Id, StoredAnswer> =>
  new Map([...(draft.byItem.get(item) ?? [])].filter(([id]) => !draft.over.has(id)));

/** The answers of an item that others name. */
export const overriddenAnswers = (draft: DraftState, item: string): ReadonlyMap<Id, StoredAnswer> =>
  new Map([...(draft.byItem.get(item) ?? [])].filter(([id]) => draft.over.has(id)));

/** Throw `InvalidField`, naming the item, unless `value` is small: a number, yes or no, a short text, or null. */
export function checkValue(item: string, value: unknown): void {
  if (value === null || typeof value === "boolean") return;
  if (typeof value === "number" && Math.abs(value) <= MAX_NUMBER) return;
  if (typeof value === "string" && lengthOf(value) <= MAX_TEXT_VALUE) {
    checkText(`The answer to ${item}`, value, MAX_TEXT_VALUE);
    return;
  }
  throw new InvalidField(
    `The answer to ${item} must be a number, yes or no, or a text of at most ${MAX_TEXT_VALUE} characters.`,
  );
}

/** Throw `InvalidField` unless it can be the key of an item. */
export function checkItem(item: string): void {
  if (!isItem(item)) {
    throw new InvalidField(`An item's key is 1 to ${MAX_ITEM} printable ASCII characters without a slash.`);
  }
}

/** The key of an answer in the draft. */
export const answerKey = (item: string, id: Id): string => `${item}/${id}`;

/** The draft of an assessment; what is odd is told in `problems`. */
export function readDraft(document: Document, container: ObjectId, problems: string[]): DraftState {
  const byItem = new Map<string, Map<Id, StoredAnswer>>();
  const over = new Set<Id>();
  for (const key of document.keys(container)) {
    const at = key.lastIndexOf("/");
    const item = key.slice(0, Math.max(at, 0));
    const id = canonicalId(key.slice(at + 1));
    if (at < 0 || !isItem(item) || id === null) {
      problems.push("draft: an answer has an invalid key");
      continue;
    }
    const one = decoded<StoredAnswer>("StoredAnswer", textIn(document.scalar(key, container)));
    if (one === null || !isValue(one.value)) {
      problems.push(`draft ${item}: an unreadable answer`);
      continue;
    }
    const given = byItem.get(item) ?? new Map<Id, StoredAnswer>();
    byItem.set(item, given.set(id, { ...one, at: keptText(one.at) }));
    for (const other of one.over) if (other !== id) over.add(other);
  }
  // Answers that name one another in a circle come from no app that works; all of them stand then.
  for (const given of byItem.values()) for (const id of circling(given)) over.delete(id);
  return { byItem, over };
}

/** The ids of an item's answers, if they are all answered over by one another, so that none would stand. */
function circling(given: ReadonlyMap<Id, StoredAnswer>): readonly Id[] {
  const named = new Set([...given].flatMap(([id, one]) => one.over.filter((other) => other !== id)));
  const ids = [...given.keys()];
  return ids.every((id) => named.has(id)) ? ids : [];
}

/** The completions of an assessment, by time; what is odd is told in `problems`. */
export function readCompletions(document: Document, problems: string[]): readonly Completion[] {
  const container = document.object("completions", "map");
  if (container === null) {
    problems.push("completions: missing or not a map");
    return [];
  }
  const found = document.keys(container).flatMap((key): Completion[] => {
    const id = canonicalId(key);
    const one = decoded<StoredCompletion>("StoredCompletion", textIn(document.scalar(key, container)));
    if (id === null || one === null || !isWhole(one)) {
      problems.push("completions: an unreadable completion");
      return [];
    }
    const { answers, completed_at, zone, scheme, wording } = one;
    return [{ id, answers: sorted(answers), completed_at: keptText(completed_at), zone, scheme, wording }];
  });
  return byMoment(found, (one) => one.completed_at);
}

/** Values in the order of their names. */
export const sorted = <V>(values: Readonly<Record<string, V>>): Readonly<Record<string, V>> =>
  Object.fromEntries(Object.entries(values).sort(([one], [other]) => compareTexts(one, other)));

/** Answers by when they were given. */
export const byTime = (given: ReadonlyMap<Id, StoredAnswer>): readonly ItemAnswer[] =>
  byMoment(
    [...given].map(([id, { value, at }]) => ({ id, value, at })),
    (one) => one.at,
  );

/** Whether not all of these are the same answer. Yes is another answer than 1. */
export const isConflict = (given: Iterable<StoredAnswer>): boolean => new Set([...given].map((one) => one.value)).size > 1;

const keptText = (text: string): string => {
  const at = readMoment(text);
  return at === null ? text : momentText(asKept(at));
};

const isWhole = ({ answers, zone }: StoredCompletion): boolean => {
  const all = Object.entries(answers);
  return (
    all.length <= MAX_ITEMS &&
    all.every(([item, value]) => isItem(item) && isValue(value)) &&
    (zone === null || isZone(zone))
  );
};

function decoded<T>(name: StructName, stored: string | null): T | null {
  if (stored === null) return null;
  try {
    return structOf(name, readJson(stored)) as T;
  } catch (failure) {
    if (failure instanceof InvalidField) return null;
    throw failure;
  }
}

const isItem = (item: string): boolean => item.length <= MAX_ITEM && ITEM.test(item);

function isValue(value: unknown): boolean {
  try {
    checkValue("an item", value);
    return true;
  } catch (failure) {
    if (failure instanceof InvalidField) return false;
    throw failure;
  }
}
