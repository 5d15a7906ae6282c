// The client's own symptom logs as their rows tell them: what belongs together, where it is, what was made here.

import type { Id, IsoMoment, Log } from "../../generated/models.ts";
import { hexOf, ofHex } from "../../bytes.ts";
import { goneOf } from "../../documents/diary/symptomHistory.ts";
import type { Store } from "../../store/store.ts";
import { bytesOfId, fromMicros, idOf, type Micros } from "../../store/values.ts";
import { unpackedStruct } from "./models.ts";
import { marksOf, namesOf, portions, qs, whatOf, withdrawnAs } from "./symptomStanding.ts";
import { OWN } from "./symptomRows.ts";

/** The client's own records of these logs: they, what shares a key with them, and all corrections. */
export function ownRecords(store: Store, logs: Iterable<Id>): ReadonlyMap<Id, Log> {
  const ids = new Set(Array.from(logs, whatOf));
  const marks = [...new Set(marksOf(store, OWN, ids).values())].sort();
  for (const some of portions(marks)) {
    const sql = `SELECT log FROM symptom_logs WHERE mark IN (${qs(some)})`;
    for (const [log] of store.all<[Uint8Array]>(sql, ...some.map(ofHex))) ids.add(hexOf(log));
  }
  const found = new Map<Id, Log>();
  for (const some of portions([...ids].sort())) {
    for (const column of ["log", "corrects"]) {
      const sql = `SELECT model FROM symptom_logs WHERE ${column} IN (${qs(some)})`;
      for (const record of logsOf(store, sql, some.map(ofHex))) found.set(record.id, record);
    }
  }
  return found;
}

const logsOf = (store: Store, sql: string, parameters: readonly (Uint8Array | number)[]): readonly Log[] =>
  store.all<[Uint8Array]>(sql, ...parameters).map(([model]) => unpackedStruct<Log>("Log", model));

/** The client's own logs that came with an import. */
export const logsOfBatch = (store: Store, batch: Id): readonly Id[] =>
  store
    .all<[Uint8Array]>("SELECT DISTINCT log FROM symptom_logs WHERE batch = ? AND corrects IS NULL", bytesOfId(batch))
    .map(([log]) => idOf(log));

/** How many corrections of an own log there are. */
export const correctionsOf = (store: Store, log: Id): number =>
  store.number("SELECT count(*) FROM symptom_logs WHERE corrects = ? AND scope = x''", bytesOfId(log));

/** The positions of the documents that hold these records. */
export function documentsOfLogs(store: Store, logs: Iterable<Id>): readonly number[] {
  const found = portions([...logs].sort()).flatMap((some) =>
    store
      .all<[number]>(`SELECT DISTINCT document FROM symptom_logs WHERE log IN (${qs(some)})`, ...some.map(bytesOfId))
      .map(([position]) => position),
  );
  return [...new Set(found)].sort((one, other) => one - other);
}

/** When the records of a document arrived, as far as they have. */
export const arrivalsIn = (store: Store, position: number): ReadonlyMap<Id, IsoMoment> =>
  new Map(
    store
      .all<[Uint8Array, Micros]>(
        "SELECT l.log, c.received_at FROM symptom_logs l JOIN changes c ON c.position = l.change" +
          " WHERE l.document = ? AND c.received_at IS NOT NULL",
        position,
      )
      .map(([log, received]) => [idOf(log), fromMicros(received)]),
  );

/** The records of a document that were made on this device. */
export const madeIn = (store: Store, position: number): ReadonlySet<Id> =>
  new Set(
    store
      .all<[Uint8Array]>(
        "SELECT l.log FROM symptom_logs l JOIN changes c ON c.position = l.change" +
          " WHERE l.document = ? AND c.made_at IS NOT NULL",
        position,
      )
      .map(([log]) => idOf(log)),
  );

/** Whether any own document here has that record. */
export const isHeld = (store: Store, record: Id): boolean =>
  store.one("SELECT 1 FROM symptom_logs WHERE log = ? AND scope = x''", bytesOfId(record)) !== null;

/** The client's own records that were made on this device and that these documents say to be withdrawn. */
export function madeHereAndWithdrawn(store: Store, positions: readonly number[]): ReadonlySet<Id> {
  const found = new Set<Id>();
  for (const asked of portions(positions)) {
    const saying = `SELECT DISTINCT document FROM symptom_withdrawn WHERE document IN (${qs(asked)})`;
    const some = store.all<[number]>(saying, ...asked).map(([position]) => position);
    for (const column of some.length > 0 ? ["log", "corrects", "mark"] : []) {
      const sql =
        `SELECT l.model FROM symptom_withdrawn w JOIN symptom_logs l ON l.${column} = w.what` +
        ` JOIN changes c ON c.position = l.change WHERE w.document IN (${qs(some)}) AND w.scope = x''` +
        " AND l.scope = x'' AND c.made_at IS NOT NULL";
      for (const record of logsOf(store, sql, some)) if (isWithdrawn(store, record)) found.add(record.id);
    }
  }
  return found;
}

/** Whether an own log was withdrawn, here or on another device. */
export const isWithdrawn = (store: Store, log: Log): boolean => goneOf(withdrawnAs(store, OWN, namesOf(log)))(log);
