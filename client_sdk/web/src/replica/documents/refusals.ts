// What cannot be used, and edits that a server will never take: why, and what they said.

import { DocumentError } from "../../errors.ts";
import type { Refusal } from "../../generated/answers.ts";
import WIRE from "../../generated/wire.json";
import type { Store } from "../../store/store.ts";
import { bytesOfId, fromMicros, idOf, toMicros, type Micros } from "../../store/values.ts";
import { cursorOf, readAll } from "../../wire/reading.ts";
import type { Type } from "../../wire/schema.ts";
import { written } from "../../wire/writing.ts";
import type { StoredDocument } from "./rows.ts";

const CHANGES: Type = { is: "list", of: { is: "bytes" } };

/** A code that a push is refused with. */
export type RefusalCode = keyof typeof WIRE.refusals;

/** The words of a code. */
export const refusalText = (code: RefusalCode): string => WIRE.refusals[code].text;

/** The error with that code. */
export const refusal = (code: RefusalCode): DocumentError => new DocumentError(refusalText(code), code);

/** Note edits that the server will never take; `changes` are turned into text when what came is applied. */
export function noteRefusal(
  store: Store,
  { id, stream, kind }: StoredDocument,
  code: string,
  message: string,
  changes: readonly Uint8Array[] | null = null,
): void {
  store.run(
    "INSERT INTO refusals (document, stream, kind, code, message, at, changes) VALUES (?, ?, ?, ?, ?, ?, ?)",
    bytesOfId(id),
    stream === null ? null : bytesOfId(stream),
    kind,
    code,
    message,
    toMicros(store.now()),
    changes === null ? null : written(changes, CHANGES),
  );
}

/** An edit that was refused, whose changes are to be read as text. */
export interface UnreadRefusal {
  readonly position: number;
  readonly changes: readonly Uint8Array[];
}

/** The refused edits of a document of which nobody has read yet what they said. */
export const unreadRefusals = (store: Store, { id }: StoredDocument): readonly UnreadRefusal[] =>
  store
    .all<[number, Uint8Array]>(
      "SELECT position, changes FROM refusals WHERE document = ? AND changes IS NOT NULL",
      bytesOfId(id),
    )
    .map(([position, changes]) => ({ position, changes: readAll(cursorOf(changes), CHANGES) as readonly Uint8Array[] }));

/** Keep what a refused edit said, in the place of its changes. */
export function keepText(store: Store, position: number, text: string): void {
  store.run("UPDATE refusals SET text = ?, changes = NULL WHERE position = ?", text, position);
}

/** Delete what is kept of a refused edit. */
export function dropRefusal(store: Store, { document, at }: Pick<Refusal, "at" | "document">): void {
  store.run("DELETE FROM refusals WHERE document = ? AND at = ?", bytesOfId(document), toMicros(at));
}

/** The refused edits, the newest first. */
export const refusals = (store: Store): readonly Refusal[] =>
  store
    .all<[Uint8Array, string, string, string, string | null, Micros]>(
      "SELECT document, kind, code, message, text, at FROM refusals ORDER BY position DESC",
    )
    .map(([document, kind, code, message, text, at]) => ({
      document: idOf(document),
      kind,
      code,
      message,
      text: text ?? "",
      at: fromMicros(at),
    }));
