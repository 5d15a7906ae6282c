import { operationsOf } from "@intersession/client/crdt/operations.ts";
import { goneOf, standing } from "@intersession/client/documents/diary/symptomHistory.ts";
import { keyMark } from "@intersession/client/documents/diary/symptoms.ts";
import { structOf } from "@intersession/client/documents/types.ts";
import type { LogRecord, Withdrawn } from "@intersession/client/generated/models.ts";
import { newGuard } from "@intersession/client/records/guard.ts";
import { readAs, withDocument, type ReadKind } from "@intersession/client/records/kinds.ts";
import { nameKey, tidyName } from "@intersession/client/text/names.ts";
import type { Answers } from "./answers.ts";
import { bytesOf } from "./base64.ts";
import { started } from "./documents.ts";
import { editedAs } from "./layout.ts";

interface Merge {
  readonly kind: ReadKind;
  readonly base?: readonly string[];
  readonly one?: readonly string[];
  readonly other?: readonly string[];
  readonly then?: readonly string[];
}

/** What is read once the changes of both are there, and those that came after; in any order the same. */
async function merged({ kind, base = [], one = [], other = [], then = [] }: Merge): Promise<unknown> {
  await started;
  const orders = [
    [...base, ...one, ...other, ...then],
    [...base, ...other, ...one, ...then],
  ];
  const [first, second] = orders.map((changes) =>
    withDocument(bytesOf(changes), (document) => ({ heads: document.heads, read: readAs(kind, document) })),
  );
  if (JSON.stringify(first) !== JSON.stringify(second)) throw new Error("The order of changes made a difference.");
  return first;
}

export const MERGE: Answers = {
  merge: merged,
  edit: editedAs,
  standing: ({ records = [], withdrawn = [] }: { records?: readonly unknown[]; withdrawn?: readonly Withdrawn[] }) => {
    const held = records.map((one) => structOf("LogRecord", one) as unknown as LogRecord);
    const isGone = goneOf(withdrawn);
    const found = standing(held, isGone);
    if (JSON.stringify(found) !== JSON.stringify(standing(held.toReversed(), isGone))) {
      throw new Error("The order of records made a difference.");
    }
    return found;
  },
  admit: async ({ kind, changes }: { kind: ReadKind; changes: readonly string[] }) => {
    await started;
    const all = bytesOf(changes);
    const refused = newGuard(kind).admit(all);
    const kept = all.filter((one) => !refused.includes(operationsOf(one).hash));
    return { refused, read: withDocument(kept, (document) => readAs(kind, document)) };
  },
  name: ({ name }: { name: string }) => ({ kept: tidyName(name), key: nameKey(name) }),
  key_mark: ({ key }: { key: string }) => keyMark(key),
};
