// Resources: helpful texts, steps and links, readable offline; provided by the care team, rated by the client.

import { inOrder } from "../../documents/shapes.ts";
import { InvalidField } from "../../errors.ts";
import type * as answers from "../../generated/answers.ts";
import type { StoredRecord } from "../../replica/tables/records.ts";
import { addComment } from "./comments.ts";
import { factsOf } from "../facts.ts";
import type { Resources } from "../faces.ts";
import * as given from "../given.ts";
import type { Scope } from "../scope.ts";

/** The resources of a client's device. */
export const resourcesOf = (scope: Scope): Resources => ({
  list({ tag, ...page } = {}) {
    const keep = ({ model }: StoredRecord<"resource">): boolean => tag === undefined || model.tags.includes(tag);
    return scope.rows("resource", { window: given.listed(page), keep }).map((row) => resourceOf(scope, row));
  },
  get: (id) => resourceOf(scope, scope.row("resource", id)),
  helped(id, helped, text = "") {
    if (typeof helped !== "boolean") throw new InvalidField("helped must be true or false.");
    return addComment(scope, scope.row("resource", id).id, text, helped);
  },
});

/** A resource as apps read it: of what was said of it, what the client says counts. */
function resourceOf(scope: Scope, row: StoredRecord<"resource">): answers.Resource {
  const { title, text, steps, link, tags, retired, made_at } = row.model;
  const word = scope
    .rows("comment", { about: row.id })
    .find(({ model, author, client }) => model.helped !== null && (author === null || author === client));
  return {
    ...{ id: row.id, title, text, link, tags, retired, made_at },
    steps: inOrder(steps).map(([id, one]) => ({ id, text: one.text })),
    helped: word?.model.helped ?? null,
    ...factsOf(row),
  };
}
