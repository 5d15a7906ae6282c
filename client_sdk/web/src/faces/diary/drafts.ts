// What was begun and not finished, kept on this device alone: in the store's table of unfinished forms.
//
// The Python SDK has a form's title and its answers in there, one by one. What an app keeps of another shape is the
// only answer of such a form, as JSON: so either side reads the store of the other, and an export has all of it.

import { jsonText, readJson, type Json } from "../../documents/json.ts";
import { InvalidField } from "../../errors.ts";
import type { DraftAnswer, FormDraft } from "../../generated/answers.ts";
import { textOf, utf8 } from "../../bytes.ts";
import { fromMicros, toMicros, type Micros } from "../../store/values.ts";
import type { Store } from "../../store/store.ts";
import type { Drafts } from "../faces.ts";
import * as given from "../given.ts";

/** The question of what is no answer to one. */
const CONTENT = "content";
const NEWEST = " ORDER BY kept_at DESC, name DESC";

/** The drafts of a device. */
export const draftsOf = (store: Store): Drafts => ({
  keep(name, content) {
    const { title, answers } = formOf(content) ?? asAnswer(content);
    store.run(
      "REPLACE INTO drafts (name, title, answers, kept_at) VALUES (?, ?, ?, ?)",
      ...[given.text("name", name), title, utf8(jsonText(answers as unknown as Json)), toMicros(store.now())],
    );
  },
  get<T>(name: string): T | null {
    const sql = "SELECT title, answers FROM drafts WHERE name = ?";
    const row = store.one<[string, Uint8Array]>(sql, given.text("name", name));
    return row === null ? null : (contentOf(row[0], answersIn(row[1])) as T);
  },
  list: () =>
    store
      .all<[string, Micros]>(`SELECT name, kept_at FROM drafts${NEWEST}`)
      .map(([name, kept]) => ({ name, kept_at: fromMicros(kept) })),
  delete: (name) => void store.run("DELETE FROM drafts WHERE name = ?", given.text("name", name)),
});

/** All drafts as forms, newest first. */
export const formDrafts = (store: Store): readonly FormDraft[] =>
  store
    .all<[string, string, Uint8Array, Micros]>(`SELECT name, title, answers, kept_at FROM drafts${NEWEST}`)
    .map(([name, title, answers, kept]) => ({ name, title, answers: answersIn(answers), kept_at: fromMicros(kept) }));

type Form = Pick<FormDraft, "answers" | "title">;

const answersIn = (kept: Uint8Array): readonly DraftAnswer[] =>
  readJson(textOf(kept)) as unknown as readonly DraftAnswer[];

/** What has a form's shape, and nothing besides. */
function formOf(content: unknown): Form | null {
  if (!has(content, ["title", "answers"]) || typeof content["title"] !== "string") return null;
  const answers: unknown = content["answers"];
  if (!Array.isArray(answers) || !answers.every(isAnswer)) return null;
  return { title: given.text("title", content["title"]), answers };
}

const isAnswer = (one: unknown): one is DraftAnswer =>
  has(one, ["question", "prompt", "text"]) && Object.values(one).every((text) => typeof text === "string");

const has = (value: unknown, names: readonly string[]): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" &&
  value !== null &&
  Object.keys(value).length === names.length &&
  names.every((name) => Object.hasOwn(value, name));

function asAnswer(content: unknown): Form {
  const text = JSON.stringify(content) as string | undefined;
  if (text === undefined) throw new InvalidField("A draft's content must be what JSON can hold.");
  return { title: "", answers: [{ question: CONTENT, prompt: "", text }] };
}

function contentOf(title: string, answers: readonly DraftAnswer[]): unknown {
  const [only] = answers;
  const isContent = title === "" && answers.length === 1 && only?.question === CONTENT && only.prompt === "";
  return isContent ? JSON.parse(only.text) : { title, answers };
}
