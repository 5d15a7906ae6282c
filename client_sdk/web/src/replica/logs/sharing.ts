// Sharing one symptom log that was private: as it stands, beside the shared ones of its month.
//
// What it said before, and the other logs of its private month, stay private: so the months that it was in are written
// anew without it, and what is shared is one log that says what stands. It keeps its id, and so a correction that another
// device makes meanwhile still corrects it. Called in a transaction.

import type { SymptomLog } from "../../generated/answers.ts";
import type { Destination } from "../documents/rows.ts";
import { documentAt } from "../documents/stored.ts";
import { isShared } from "../documents/streams.ts";
import type { Writing } from "../documents/writing.ts";
import { documentsOfLogs, isHeld, ownRecords } from "../tables/ownLogs.ts";
import { addToBuckets } from "./buckets.ts";
import { writeAnewWithout } from "./withdrawals.ts";

/** Put a private log into `to`, and forget it where it was. */
export function shareLog(writing: Writing, log: SymptomLog, to: Destination): void {
  const { store } = writing;
  const records = ownRecords(store, [log.id]);
  const isPrivate = (position: number): boolean => !isShared(store, documentAt(store, position));
  const positions = documentsOfLogs(store, records.keys()).filter(isPrivate);
  writeAnewWithout(writing, positions, new Set(records.keys()));
  if (isHeld(store, log.id)) return; // another device has shared it, too
  const { id, at, entered_at, values, zone, scale, note, key } = log;
  const batch = records.get(id)?.batch ?? null;
  addToBuckets(writing, [{ id, at, entered_at, values, zone, scale, note, key, batch }], to);
}
