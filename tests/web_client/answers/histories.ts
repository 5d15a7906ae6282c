import { Document } from "@intersession/client/crdt/document.ts";
import { operationsOf } from "@intersession/client/crdt/operations.ts";
import { idsIn } from "@intersession/client/documents/diary/symptoms.ts";
import { IntersessionError } from "@intersession/client/errors.ts";
import { newGuard } from "@intersession/client/records/guard.ts";
import { readAs, type ReadKind } from "@intersession/client/records/kinds.ts";
import type { Answers } from "./answers.ts";
import { bytesOf, written } from "./base64.ts";
import { created, edited, started, using, type Asked } from "./documents.ts";

/** A step on one device: what it makes or edits, the changes it is given, or the device whose changes it gets. */
interface Step {
  readonly device: number;
  readonly create?: Asked;
  readonly edit?: Asked;
  readonly seen?: readonly string[];
  readonly changes?: readonly string[];
  readonly from?: number;
}

interface History {
  readonly kind: ReadKind;
  readonly actors: readonly string[];
  readonly steps: readonly Step[];
}

/** What each step came to: the hashes of its changes or as what it was refused, and what the device reads then. */
function played({ kind, actors, steps }: History): unknown {
  const documents = actors.map((actor) => Document.new(actor));
  const hashes = (changes: readonly (Uint8Array | null)[]): string[] =>
    changes.flatMap((one) => (one === null ? [] : operationsOf(one).hash));
  const played = (document: Document, step: Step): string[] => {
    if (step.create !== undefined) {
      const { create } = step;
      const made = using(actors[step.device] ?? "", [], (fresh) => created(kind, fresh, create));
      document.apply(made.flatMap((one) => one ?? []));
      return hashes(made);
    }
    if (step.edit !== undefined) return hashes([edited(kind, document, step.edit, bytesOf(step.seen))]);
    if (step.from !== undefined) {
      document.apply(documents[step.from]?.changes() ?? []);
      return [];
    }
    const changes = bytesOf(step.changes);
    document.apply(changes);
    return hashes(changes);
  };
  try {
    const said = steps.map((step) => {
      const document = documents[step.device]!;
      try {
        return { hashes: played(document, step), heads: document.heads, read: readAs(kind, document) };
      } catch (refusal) {
        if (!(refusal instanceof IntersessionError)) throw refusal;
        return { refused: refusal.code };
      }
    });
    const all = documents[0]?.changes() ?? [];
    const loaded = Document.load(documents[0]?.save() ?? new Uint8Array(), "dd".repeat(16));
    const kept = loaded.heads;
    loaded.free();
    return { said, changes: all.map(written), heads: kept, refused: newGuard(kind).admit(all) };
  } finally {
    for (const document of documents) document.free();
  }
}

export const HISTORIES: Answers = {
  /** The records that each change of a bucket writes. */
  ids: async ({ changes }: { changes: readonly string[] }) => {
    await started;
    return bytesOf(changes).map((change) => [...idsIn(change)].sort());
  },
  history: async (given: History) => {
    await started;
    return played(given);
  },
};
