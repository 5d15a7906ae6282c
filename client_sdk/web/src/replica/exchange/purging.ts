// The end of a grant: what is held of its stream is deleted, but for the words that this device had not sent yet.
//
// They are kept as readable text, like a refused edit: of a client what the document said with the edit. Somebody of a care
// team keeps what they made here and never sent; an edit of a client's document goes with it, because the rest of that
// document is the client's.

import { joined } from "../../bytes.ts";
import { DocumentError } from "../../errors.ts";
import type { Id } from "../../generated/models.ts";
import type { Store } from "../../store/store.ts";
import { bytesOfId, idOf, toMicros } from "../../store/values.ts";
import { applicable, changesOf } from "../documents/changes.ts";
import { readable } from "../documents/projections.ts";
import type { StoredChange, StoredDocument } from "../documents/rows.ts";
import { using } from "../documents/saved.ts";
import { documentAt } from "../documents/stored.ts";
import { purgeStream } from "./inbox.ts";

const CODE = "access_ended";
const ENDED =
  "Access to this record ended before this reached the practice. Its text is kept here, on this device only.";
const NOT_WITHDRAWN =
  "Access ended before the practice heard that this entry was withdrawn, so it still has it. Ask for its deletion.";
/** Kinds whose documents hold the words of one person alone. */
const OWN_WORDS = ["comment", "acknowledgement", "note"];

interface Kept {
  readonly document: Id;
  readonly kind: string;
  readonly message: string;
  readonly text: string;
  readonly changes: number;
}

/** Delete what is held under that grant (null: under any) in one transaction; how many changes had not been sent. */
export function purge(store: Store, stream: Id, grant: Id | null): number {
  const of = bytesOfId(stream);
  return store.transaction(() => {
    const row = store.one<[string, Uint8Array]>("SELECT role, grant_id FROM streams WHERE id = ?", of);
    if (row === null || (grant !== null && idOf(row[1]) !== grant)) return 0;
    const isClient = row[0] === "client";
    const kept = [...unsentEdits(store, stream, isClient), ...unsentWithdrawals(store, stream)];
    const lasting = isClient ? "" : ` AND kind IN (${OWN_WORDS.map(() => "?").join(", ")})`;
    store.run(`UPDATE refusals SET stream = NULL WHERE stream = ?${lasting}`, of, ...(isClient ? [] : OWN_WORDS));
    purgeStream(store, stream, idOf(row[1]));
    store.runMany(
      "INSERT INTO refusals (document, kind, code, message, text, at) VALUES (?, ?, ?, ?, ?, ?)",
      kept.map((one) => [bytesOfId(one.document), one.kind, CODE, one.message, one.text, toMicros(store.now())]),
    );
    return kept.reduce((sum, one) => sum + one.changes, 0);
  });
}

function unsentEdits(store: Store, stream: Id, isClient: boolean): readonly Kept[] {
  return store
    .all<[number]>(
      "SELECT position FROM documents d WHERE stream = ? AND kind <> 'vault_key' AND EXISTS" +
        " (SELECT 1 FROM changes c WHERE c.document = d.position AND NOT c.accepted) ORDER BY position",
      bytesOfId(stream),
    )
    .map(([position]) => {
      const document = documentAt(store, position);
      const changes = changesOf(store, position);
      const unsent = changes.filter((one) => !one.accepted).length;
      const isOwn = isClient || unsent === changes.length;
      const text = isOwn ? textOf(document, changes) : "";
      return { document: document.id, kind: document.kind, message: ENDED, text, changes: unsent };
    });
}

/** What the unsent changes say, with what stood around them. */
function textOf({ kind }: StoredDocument, changes: readonly StoredChange[]): string {
  const bytes = (some: readonly StoredChange[]): Uint8Array => joined(applicable(some).map(({ data }) => data));
  const sent = changes.filter((one) => one.accepted);
  try {
    return using(bytes(changes), (withIt) =>
      sent.length === 0 ? readable(kind, withIt, null) : using(bytes(sent), (without) => readable(kind, withIt, without)),
    );
  } catch (failure) {
    if (failure instanceof DocumentError) return ""; // it does not apply here either, so nobody has ever seen it
    throw failure;
  }
}

const unsentWithdrawals = (store: Store, stream: Id): readonly Kept[] =>
  store
    .all<[Uint8Array, string]>(
      "SELECT document, kind FROM erasures WHERE stream = ? AND withdrawn AND settled_at IS NULL ORDER BY position",
      bytesOfId(stream),
    )
    .map(([document, kind]) => ({ document: idOf(document), kind, message: NOT_WITHDRAWN, text: "", changes: 1 }));
