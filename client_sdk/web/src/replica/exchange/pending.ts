// How much waits for the server: the outbox with blobs and erasures, and what waits for its stream because no server has
// been heard yet.

import type { Amount } from "../../generated/answers.ts";
import type { IsoMoment } from "../../generated/models.ts";
import type { Store } from "../../store/store.ts";
import { momentOrNull, type Micros } from "../../store/values.ts";
import { waitingErasures } from "../documents/erasures.ts";

/** How many changes the server has not accepted yet, and when the oldest was made. */
export interface Pending {
  readonly changes: number;
  readonly oldest: IsoMoment | null;
}

type Counted = readonly [count: number, oldest: Micros | null];
const NONE: Counted = [0, null];
const COUNTS = [
  "SELECT count(*), min(c.made_at) FROM outbox o JOIN changes c ON c.position = o.change",
  "SELECT count(*), min(made_at) FROM changes JOIN documents d ON d.position = document" +
    " WHERE d.stream IS NULL AND d.wish = 1",
  "SELECT count(*), min(made_at) FROM sealed WHERE waiting",
];
const ANY = [
  "SELECT 1 FROM outbox LIMIT 1",
  "SELECT 1 FROM sealed WHERE waiting LIMIT 1",
  "SELECT 1 FROM erasures WHERE settled_at IS NULL LIMIT 1",
  "SELECT 1 FROM documents WHERE stream IS NULL AND wish = 1 LIMIT 1",
];
const AMOUNTS = [
  "SELECT count(*), sum(bytes) FROM outbox_documents",
  "SELECT count(DISTINCT document), sum(length(data)) FROM sealed WHERE waiting",
  "SELECT count(*), 0 FROM erasures WHERE settled_at IS NULL",
  "SELECT count(*), sum(bytes) FROM documents WHERE stream IS NULL AND wish = 1",
];

/** What the server has not accepted yet. */
export function pending(store: Store): Pending {
  const counted = [waitingErasures(store), ...COUNTS.map((sql) => store.one<Counted>(sql) ?? NONE)];
  const oldest = counted.flatMap(([, at]) => (at === null || Number(at) === 0 ? [] : [at]));
  return {
    changes: counted.reduce((sum, [count]) => sum + count, 0),
    oldest: momentOrNull(oldest.reduce<Micros | null>((one, other) => (one === null || other < one ? other : one), null)),
  };
}

/** Whether anything is pending. */
export const isWaiting = (store: Store): boolean => ANY.some((sql) => store.one(sql) !== null);

/** How many documents have something pending, and how many bytes that is. */
export function amountPending(store: Store): Amount {
  const counted = AMOUNTS.map((sql) => store.one<[number, number | null]>(sql) ?? [0, 0]);
  return {
    documents: counted.reduce((sum, [documents]) => sum + documents, 0),
    bytes: counted.reduce((sum, [, bytes]) => sum + (bytes ?? 0), 0),
  };
}
