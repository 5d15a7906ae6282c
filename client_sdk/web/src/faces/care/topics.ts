// What a client wants to talk about in the next session: theirs to write, carried over until they tick it off.

import { NotFound } from "../../errors.ts";
import type * as answers from "../../generated/answers.ts";
import type { Id, Topic } from "../../generated/models.ts";
import type { Hash } from "../../replica/documents/rows.ts";
import { findDocument } from "../../replica/documents/stored.ts";
import { headsOf } from "../../replica/documents/writing.ts";
import type { StoredRecord } from "../../replica/tables/records.ts";
import { factsOf } from "../facts.ts";
import type { Topics } from "../faces.ts";
import * as given from "../given.ts";
import type { Scope } from "../scope.ts";

/** The topics of a client's device. */
export function topicsOf(scope: Scope): Topics {
  const { replica, store } = scope;

  const change = (id: Id, changed: Partial<Topic>, basedOn: readonly Hash[] | null = null): answers.Topic =>
    replica.write((writing) => {
      const row = scope.row("topic", id);
      scope.change(writing, "topic", row, (topic) => ({ ...topic, ...changed }), basedOn);
      return topicOf(scope.row("topic", row.id));
    });

  return {
    list({ open = true, ...page } = {}) {
      const keep = ({ model }: StoredRecord<"topic">): boolean => !open || model.talked_on === null;
      return scope.rows("topic", { window: given.listed(page), keep }).map(topicOf);
    },
    add(text) {
      const topic = { text: given.text("text", text), made_at: store.now() };
      return replica.write((writing) => topicOf(scope.row("topic", scope.add(writing, "topic", topic))));
    },
    edit: (id, text, based_on) => change(id, { text: given.text("text", text) }, headsOf(based_on)),
    tickOff: (id, on) => change(id, { talked_on: on === undefined ? scope.today() : given.day("on", on) }),
    reopen: (id) => change(id, { talked_on: null }),
    withdraw: (id) =>
      replica.write((writing) => {
        const document = findDocument(store, scope.row("topic", id).id);
        if (document === null) throw new NotFound("There is no topic with that id.");
        writing.withdraw(document);
      }),
  };
}

/** A topic as apps read it. */
function topicOf(row: StoredRecord<"topic">): answers.Topic {
  const { text, made_at, talked_on } = row.model;
  return { id: row.id, text, made_at, talked_on, ...factsOf(row) };
}
