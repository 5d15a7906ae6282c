// Where a replica stands: what waits, when the practice was last heard, and what is wrong, if something is.

import type { Status, Transfer } from "../generated/answers.ts";
import { leftToApply } from "../replica/documents/applying.ts";
import { refusals } from "../replica/documents/refusals.ts";
import { stopped } from "../replica/exchange/inbox.ts";
import { pending } from "../replica/exchange/pending.ts";
import type { Replica } from "../replica/replica.ts";
import { own, wordsIn } from "../words/saying.ts";

/** What only the connection knows. */
export interface Connected {
  readonly connected: boolean;
  readonly transfer: Transfer | null;
}

/** It all, as of one moment. */
export function status(replica: Replica, { connected, transfer }: Connected): Status {
  const { store } = replica;
  const { changes, oldest } = pending(store);
  return {
    paired: replica.pairing(),
    pending: changes,
    oldest_pending: oldest,
    last_contact: replica.lastContact(),
    connected,
    refusals: refusals(store),
    problems: store.number("SELECT count(*) FROM problems"),
    transfer,
    last_error: replica.lastError(),
    access_ended: replica.accessEnded(),
    stopped: stopped(store),
    clock_offset: replica.clockOffset(),
    not_listed: leftToApply(store),
  };
}

/** The same, with what it says about refusals and problems in the language of `locale`, as far as that has words. */
export function inLanguage(one: Status, locale: string): Status {
  const error = one.last_error;
  return {
    ...one,
    refusals: one.refusals.map((it) => ({ ...it, message: said(locale, `refusal ${it.code}`, it.message) })),
    stopped: one.stopped.map((it) => ({ ...it, message: said(locale, `stopped ${it.code}`, it.message) })),
    last_error: error === null ? null : { ...error, message: said(locale, `trouble ${error.code}`, error.message) },
  };
}

/** In English what was said at the time stays, which may be more exact; and so does what depends on a number. */
function said(locale: string, key: string, otherwise: string): string {
  const words = wordsIn(locale);
  const found = own<string>(words.client, key);
  return words === wordsIn("en") || found === undefined || found.includes("{") ? otherwise : found;
}
