// Comments on what client and care team both read.

import type * as answers from "../../generated/answers.ts";
import type { Id } from "../../generated/models.ts";
import type { StoredRecord } from "../../replica/tables/records.ts";
import { factsOf, NO_MOMENT } from "../facts.ts";
import type { Comments } from "../faces.ts";
import * as given from "../given.ts";
import type { Scope } from "../scope.ts";

/** The comments of a client's device. */
export const commentsOf = (scope: Scope): Comments => ({
  of(on, page) {
    const about = scope.shared(on).id;
    return scope.rows("comment", { about, window: given.listed(page) }).flatMap((row) => commentOf(scope, row));
  },
  add: (on, text) => addComment(scope, on, text),
});

/** Comment on a document; `helped` says whether a resource did. Throws `NotFound`, `InvalidField`. */
export function addComment(scope: Scope, on: Id, text: string, helped: boolean | null = null): answers.Comment {
  const said = given.text("text", text);
  return scope.replica.write((writing) => {
    const value = { on: scope.shared(on).id, text: said, helped, made_at: scope.now() };
    const [made] = commentOf(scope, scope.row("comment", scope.add(writing, "comment", value)));
    if (made === undefined) throw new TypeError("A comment that was just made names what it is on.");
    return made;
  });
}

/** All comments, newest first. */
export const allComments = (scope: Scope): readonly answers.Comment[] =>
  scope.rows("comment").flatMap((row) => commentOf(scope, row));

function commentOf(scope: Scope, row: StoredRecord<"comment">): readonly answers.Comment[] {
  const { on, text, helped, made_at } = row.model;
  if (on === null) return [];
  const author = scope.author(row);
  const at = made_at ?? row.arrived_at ?? NO_MOMENT;
  return [{ id: row.id, on, text, helped, made_at: at, author, mine: author === scope.account(), ...factsOf(row) }];
}
