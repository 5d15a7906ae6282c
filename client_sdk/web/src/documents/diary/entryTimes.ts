// When a journal entry was written, and what was corrected of that: each correction is added and never altered.
//
// They are in the map `times` of the entry: an id → one JSON text of `Time`. What was written first stays where it is.

import limits from "../../generated/limits.json" with { type: "json" };
import type { Id, Time } from "../../generated/models.ts";
import type { Document } from "../../crdt/document.ts";
import { text, textIn } from "../../crdt/scalars.ts";
import { InvalidField } from "../../errors.ts";
import { checkWritten } from "../../time/moments.ts";
import { byMoment } from "../instants.ts";
import { jsonText, readJson } from "../json.ts";
import { storedStruct, structOf } from "../types.ts";
import { checkZone } from "../zones.ts";

/** Corrections that are told of an entry; of more the last ones. */
const MOST_TIMES = limits.entryTimes.mostTimes;
const UNREADABLE = "times: an unreadable time";

/** Correct when an entry was written; returns the change. `id` is a new one. Throws `InvalidField`. */
export function correctTime(document: Document, id: Id, time: Partial<Time>): Uint8Array | null {
  const checked = checkTime(time);
  const times = document.object("times", "map");
  if (times === null) throw new InvalidField("This entry's time cannot be corrected.");
  return document.edit((edit) => edit.put(id, text(jsonText(storedStruct("Time", checked))), times));
}

/** The corrections in the order in which they were entered; one that cannot be read is a problem. */
export function readCorrections(document: Document, problems: string[]): readonly Time[] {
  const times = document.object("times", "map");
  if (times === null) return [];
  const found = document.keys(times).flatMap((id) => {
    const time = readTime(textIn(document.scalar(id, times)));
    if (time !== null) return [{ id, time }];
    if (!problems.includes(UNREADABLE)) problems.push(UNREADABLE);
    return [];
  });
  return byMoment(found, ({ time }) => time.entered_at).slice(-MOST_TIMES).map(({ time }) => time);
}

function readTime(stored: string | null): Time | null {
  if (stored === null) return null;
  try {
    return checkTime(readJson(stored) as Partial<Time>);
  } catch (failure) {
    if (failure instanceof InvalidField) return null;
    throw failure;
  }
}

function checkTime(given: Partial<Time>): Time {
  const time = structOf("Time", given) as unknown as Time;
  checkWritten("written_at", time.written_at);
  checkWritten("entered_at", time.entered_at);
  checkZone(time.zone);
  return time;
}
