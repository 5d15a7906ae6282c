// Who changed a document last, and when: told from the rows that brought its changes, not from what it says.
//
// What was written on this device and has not come back from the server is newer than all that has, and this account's.

import type { Pairing } from "../../generated/answers.ts";
import type { Id, IsoMoment } from "../../generated/models.ts";
import type { Store } from "../../store/store.ts";
import { idOf, momentOrNull, type Micros } from "../../store/values.ts";

/** What a query reads of the change that `LAST_JOIN` finds. */
export const LAST_COLUMNS = "n.author, coalesce(n.received_at, n.made_at)";
/** Joins the latest change `n` to a document `d`. */
export const LAST_JOIN = "LEFT JOIN changes n ON n.position = d.latest";

/**
 * `by` is an account; null for what was written here before pairing. `at` is when the server received it, before that when
 * it was made here.
 */
export interface LastChange {
  readonly by: Id | null;
  readonly at: IsoMoment | null;
}

/** The columns as read; `own` is the account of this store. */
export const lastChange = (own: Id | null, author: Uint8Array | null, at: Micros | null): LastChange => ({
  by: author === null ? own : idOf(author),
  at: momentOrNull(at),
});

/** Whose store this is; null before pairing. */
export const ownAccount = (store: Store): Id | null => store.meta<Pairing>("pairing")?.account ?? null;
