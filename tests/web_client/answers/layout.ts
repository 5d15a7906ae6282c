import { splices } from "@intersession/client/text/prose.ts";
import type { ReadKind } from "@intersession/client/records/kinds.ts";
import type { Answers } from "./answers.ts";
import { bytesOf, written } from "./base64.ts";
import { created, edited, started, told, using, type Asked } from "./documents.ts";
import { orRefused } from "./refused.ts";

interface OfDocument {
  readonly kind: ReadKind;
  readonly actor: string;
  readonly changes: readonly string[];
}

/** The change that an edit makes of a document that is given by its changes, and what there is then. */
export async function editedAs(given: OfDocument & { edit: Asked; seen?: readonly string[] }): Promise<unknown> {
  await started;
  return using(given.actor, bytesOf(given.changes), (document) =>
    orRefused(() => {
      const change = edited(given.kind, document, given.edit, bytesOf(given.seen));
      return { change: written(change), ...told(given.kind, document) };
    }),
  );
}

export const LAYOUT: Answers = {
  create: async ({ kind, actor, value }: OfDocument & { value: Asked }) => {
    await started;
    return using(actor, [], (document) =>
      orRefused(() => {
        const changes = created(kind, document, value).map(written);
        return { changes, heads: document.heads, ...told(kind, document) };
      }),
    );
  },
  edit: editedAs,
  read: async ({ kind, changes }: OfDocument) => {
    await started;
    return using("00".repeat(16), bytesOf(changes), (document) => told(kind, document));
  },
  splices: ({ before = "", after = "" }: { before?: string; after?: string }) => splices(before, after),
};
