// Symptom logs that another device did not have when it erased their bucket: kept aside, to be added to another one.

import { joined } from "../../bytes.ts";
import { readBucket } from "../../documents/diary/symptoms.ts";
import { DocumentError } from "../../errors.ts";
import type { Log } from "../../generated/models.ts";
import type { Store } from "../../store/store.ts";
import { packedStruct, unpackedStruct } from "../tables/models.ts";
import { arrivalsIn, isHeld, madeIn } from "../tables/ownLogs.ts";
import { applicable } from "./changes.ts";
import type { StoredChange, StoredDocument } from "./rows.ts";
import { using } from "./saved.ts";

/**
 * Another device has erased a bucket that this one had added to: keep what it may not have known, to add it again.
 *
 * That is what the server did not have, and also what it had, as the other device may have been without a network since
 * before. Whoever made a log looks after it. Those that have a copy by then are passed over when they are taken.
 */
export function rescueLogs(store: Store, { position }: StoredDocument, changes: readonly StoredChange[]): void {
  const everything = applicable(changes);
  let fresh: readonly Log[];
  try {
    const known = new Set(logsOf(everything.filter((one) => one.accepted)).map((log) => log.id));
    const made = madeIn(store, position);
    const arrived = arrivalsIn(store, position);
    fresh = logsOf(everything)
      .filter((log) => !known.has(log.id) || made.has(log.id))
      .map((log) => ({ ...log, arrived_at: log.arrived_at ?? arrived.get(log.id) ?? null }));
  } catch (failure) {
    if (failure instanceof DocumentError) return; // it does not apply here either, so nobody has ever seen it
    throw failure;
  }
  store.runMany(
    "INSERT INTO rescued_logs (document, model) VALUES (?, ?)",
    fresh.map((log) => [position, packedStruct("Log", log)]),
  );
}

const logsOf = (changes: readonly StoredChange[]): readonly Log[] =>
  changes.length === 0 ? [] : using(joined(changes.map(({ data }) => data)), (document) => readBucket(document).logs);

/** The logs that were rescued of a document and that no bucket has by now; they are kept aside no longer. */
export function takeRescued(store: Store, { position }: StoredDocument): readonly Log[] {
  const rows = store.all<[Uint8Array]>("SELECT model FROM rescued_logs WHERE document = ?", position);
  if (rows.length > 0) store.run("DELETE FROM rescued_logs WHERE document = ?", position);
  return rows.map(([model]) => unpackedStruct<Log>("Log", model)).filter((log) => !isHeld(store, log.id));
}
