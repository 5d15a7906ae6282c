// How far an exchange has come, counted from what the session has done.

import type { Amount, Transfer } from "../generated/answers.ts";
import type { Rows, Snapshot, StreamCursor, StreamOffer } from "../generated/frames.ts";

/** Documents and bytes both ways, over all connections, until all is exchanged; then it starts again. */
export interface Meter {
  readonly finished: boolean;
  readonly sent: Counted;
  readonly received: Counted;
  readonly toSend: Amount;
  readonly toReceive: Amount;
}

/** Which documents, and bytes of changes. */
interface Counted {
  readonly documents: ReadonlySet<string>;
  readonly bytes: number;
}

const NOTHING: Amount = { documents: 0, bytes: 0 };
const NONE: Counted = { documents: new Set(), bytes: 0 };

/** Nothing has been exchanged yet. */
export const UNMEASURED: Meter = { finished: false, sent: NONE, received: NONE, toSend: NOTHING, toReceive: NOTHING };

/** Where it stands. */
export function transferOf({ sent, received, toSend, toReceive }: Meter): Transfer {
  const [out, back] = [amountOf(sent), amountOf(received)];
  return { sent: out, to_send: most(out, toSend), received: back, to_receive: most(back, toReceive) };
}

/** So much waits to be sent now, of documents that nothing was sent of yet, or more of some that were. */
export function waits(meter: Meter, amount: Amount): Meter {
  const begun = amount.documents ? begin(meter) : meter;
  return { ...begun, toSend: plus(amountOf(begun.sent), amount) };
}

/** Changes of a document are on the server. */
export function sent(meter: Meter, document: string, size: number): Meter {
  const begun = begin(meter);
  return { ...begun, sent: counted(begun.sent, [document], size) };
}

/** So much is to come, as a welcome says. */
export function offered(meter: Meter, offers: readonly StreamOffer[], cursors: readonly StreamCursor[]): Meter {
  const held = new Map(cursors.map((cursor) => [cursor.stream, cursor]));
  const missing = offers.map((offer) => missingOf(offer, held.get(offer.stream)));
  return { ...meter, toReceive: missing.reduce(plus, amountOf(meter.received)) };
}

/** A page is stored. */
export function received(meter: Meter, page: Rows | Snapshot): Meter {
  const begun = page.items.length ? begin(meter) : meter;
  const documents = page.items.map((item) => item.document);
  return { ...begun, received: counted(begun.received, documents, bytesIn(page)) };
}

/** All is exchanged: what was said to come and did not, was never there. */
export function finished(meter: Meter): Meter {
  const { sent: toSend, received: toReceive } = transferOf(meter);
  return { ...meter, finished: true, toSend, toReceive };
}

const begin = (meter: Meter): Meter => (meter.finished ? UNMEASURED : meter);

const counted = (before: Counted, documents: readonly string[], bytes: number): Counted => ({
  documents: new Set([...before.documents, ...documents]),
  bytes: before.bytes + bytes,
});

function bytesIn(page: Rows | Snapshot): number {
  const rows = page.frame === "rows" ? page.items : page.items.flatMap((item) => item.rows);
  const saved = page.frame === "rows" ? [] : page.items.flatMap((item) => item.inside);
  return sum(rows.map((row) => row.change.length)) + sum(saved.map((row) => row.length));
}

/** What is to come of a stream. The offer tells the whole; of what is held in part, as many parts as rows. */
function missingOf(offer: StreamOffer, cursor: StreamCursor | undefined): Amount {
  if (cursor === undefined || cursor.cursor === 0 || cursor.backfill) {
    return { documents: offer.documents, bytes: offer.bytes };
  }
  const rows = Math.max(0, offer.head - cursor.cursor);
  // The product may be more than a number is exact for.
  const bytes = rows ? Number((BigInt(offer.bytes) * BigInt(rows)) / BigInt(offer.head)) : 0;
  return { documents: Math.min(rows, offer.documents), bytes };
}

const amountOf = ({ documents, bytes }: Counted): Amount => ({ documents: documents.size, bytes });
const plus = (one: Amount, other: Amount): Amount => ({
  documents: one.documents + other.documents,
  bytes: one.bytes + other.bytes,
});
const most = (one: Amount, other: Amount): Amount => ({
  documents: Math.max(one.documents, other.documents),
  bytes: Math.max(one.bytes, other.bytes),
});
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
