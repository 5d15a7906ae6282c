// Who may read and who may write, as the Python code says it: the server enforces it, we refuse early.

import type { Audience, Role } from "../generated/frames.ts";
import STREAMS from "../generated/streams.json";

/** Who may do what with documents of a kind in streams of an audience. */
export interface Rule {
  readonly writers: readonly string[];
  /** Whether nobody but who made one writes it. */
  readonly authored: boolean;
  /** Who may withdraw them. */
  readonly erasers: readonly string[];
  /** Whether the server makes the first change, and nobody else may. */
  readonly serverMade: boolean;
  /** The field that names its author, and in which roles they are. */
  readonly person: { readonly field: string; readonly roles: readonly string[] } | null;
}

const RULES: Readonly<Record<Audience, Readonly<Record<string, Rule>>>> = STREAMS.rules;

/** The rule of a kind in a stream of an audience; undefined where no such document may live. */
export const ruleOf = (audience: Audience, kind: string): Rule | undefined =>
  Object.hasOwn(RULES[audience], kind) ? RULES[audience][kind] : undefined;

/** Whether a grant with `role` lets its account read a stream of `audience`. */
export const mayRead = (role: Role, audience: Audience): boolean =>
  (STREAMS.readers[audience] as readonly string[]).includes(role);

/** Whether `role` may write documents of `kind` in a stream of `audience`. */
export const mayWrite = (role: Role, audience: Audience, kind: string): boolean =>
  ruleOf(audience, kind)?.writers.includes(role) ?? false;

/** Whether `role` may withdraw documents of `kind` in a stream of `audience`. */
export const mayErase = (role: Role, audience: Audience, kind: string): boolean =>
  ruleOf(audience, kind)?.erasers.includes(role) ?? false;

/** Whether a document of `kind` in a stream of `audience` is written by its author alone. */
export const isAuthored = (audience: Audience, kind: string): boolean => ruleOf(audience, kind)?.authored ?? false;

/** The kinds of documents that may live in a stream of `audience`. */
export const kindsOf = (audience: Audience): readonly string[] => Object.keys(RULES[audience]);
