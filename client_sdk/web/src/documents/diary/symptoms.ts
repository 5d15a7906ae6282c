// `symptom_log`: the logs of one replica and one month, each log one value that is never edited in place.
//
// Shape of the document (root map): `kind`, `month` ("2020-03", local), and per record its id → one JSON text holding
// the whole record: a `Log`, or a `Withdrawn`. One value per log means that no merge can mix two logs. A correction is a
// log of its own that names the one it corrects; symptomHistory.ts says what stands.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import limits from "../../generated/limits.json" with { type: "json" };
import type { Bucket, Id, IsoMoment, Log, Withdrawn } from "../../generated/models.ts";
import type { Document } from "../../crdt/document.ts";
import { operationsOf } from "../../crdt/operations.ts";
import { ROOT, text, textIn } from "../../crdt/scalars.ts";
import { InvalidField } from "../../errors.ts";
import { MAX_NAMES, isName, nameKey, newNames } from "../../text/names.ts";
import { checkWritten } from "../../time/moments.ts";
import { canonicalId } from "../ids.ts";
import { byMoment } from "../instants.ts";
import { jsonText, readJson, type Json } from "../json.ts";
import { checkText, grouped, lengthOf } from "../texts.ts";
import { storedStruct, structOf } from "../types.ts";
import { checkZone } from "../zones.ts";

const {
  maxName: MAX_NAME,
  maxValues: MAX_VALUES,
  maxNote: MAX_NOTE,
  maxKey: MAX_KEY,
  maxProblems: MAX_PROBLEMS,
  mostWithdrawn: MOST_WITHDRAWN,
  maxValue: MAX_VALUE,
} = limits.symptoms;
const MARK = /^[0-9a-f]{32}$/;
const MARK_DIGITS = 32;

/** A log as it is given: what has a default may be left out. */
export type NewLog = Partial<Log> & Pick<Log, "id" | "at" | "entered_at" | "values">;
/** The lowest and the highest value. */
export type Scale = readonly [number, number];

/** What stands for a key where it may not be read itself: 32 hexadecimal digits. */
export const keyMark = (key: string): string => bytesToHex(sha256(utf8ToBytes(key))).slice(0, MARK_DIGITS);

/** The local month of a moment, as "2020-03". */
export const monthOf = (at: IsoMoment): string => at.slice(0, 7);

/** The log, with all its fields, if each is one a log may hold; throws `InvalidField` naming the one that is not. */
export function checkLog(given: NewLog): Log {
  const log = structOf("Log", given) as unknown as Log;
  checkWritten("at", log.at);
  checkWritten("entered_at", log.entered_at);
  checkZone(log.zone);
  checkValues(log.values, log.scale);
  checkText("note", log.note, MAX_NOTE);
  if (log.key !== null && checkText("key", log.key, MAX_KEY) === "") {
    throw new InvalidField(`key must be text of 1 to ${MAX_KEY} characters.`);
  }
  if (log.corrects === log.id) throw new InvalidField("A log cannot correct itself.");
  if (log.arrived_at !== null) checkWritten("arrived_at", log.arrived_at);
  return log;
}

/** Throw `InvalidField` unless there are values, under names of 1–64 characters, finite and on the scale. */
export function checkValues(values: Log["values"], scale: Scale | null = null): void {
  if (scale !== null && !(scale.every(isNumber) && scale[0] < scale[1])) {
    throw new InvalidField("scale must be two numbers, the lower one first.");
  }
  const all = Object.entries(values);
  if (all.length === 0 || all.length > MAX_VALUES) throw new InvalidField(`A log must have 1 to ${MAX_VALUES} values.`);
  for (const [name, value] of all) {
    if (name === "" || lengthOf(name) > MAX_NAME || !isName(name)) {
      throw new InvalidField(`A symptom's name must have 1 to ${MAX_NAME} printable characters.`);
    }
    if (!isNumber(value)) throw new InvalidField("A value of a symptom must be a finite number.");
    if (scale !== null && !(scale[0] <= value && value <= scale[1])) {
      throw new InvalidField(`A value of a symptom is outside the scale ${scale[0]}–${scale[1]}.`);
    }
  }
}

/** Throw `InvalidField` where two names of one log are spellings of the same one. */
export function checkSpellings(values: Log["values"]): void {
  const names = Object.keys(values);
  if (new Set(names.map(nameKey)).size < names.length) {
    throw new InvalidField("Two of the names are spellings of the same symptom: give each symptom one value.");
  }
}

/** Make an empty bucket for `month` in an empty document; returns the change. */
export function createBucket(document: Document, month: string): Uint8Array | null {
  return document.edit((edit) => {
    edit.put("kind", text("symptom_log"));
    edit.put("month", text(month));
  });
}

/** Add records to a bucket as one change, which is returned. Throws `InvalidField`; then nothing is added. */
export function addRecords(
  document: Document,
  logs: readonly NewLog[],
  withdrawn: readonly Withdrawn[] = [],
): Uint8Array | null {
  const records: readonly (readonly [Id, Json])[] = [
    ...logs.map(checkLog).map((log) => [log.id, storedStruct("Log", log)] as const),
    ...withdrawn.map((one) => structOf("Withdrawn", one) as unknown as Withdrawn)
      .map((one) => [one.id, storedStruct("Withdrawn", one)] as const),
  ];
  if (records.length === 0) throw new InvalidField("There is no log to add.");
  const there = new Set(document.keys());
  const ids = new Set(records.map(([id]) => id));
  if (ids.size < records.length || records.some(([id]) => there.has(id))) {
    throw new InvalidField("A log with that id already exists. Logs are never changed in place.");
  }
  return document.edit((edit) => {
    for (const [id, record] of records) edit.put(id, text(jsonText(record)));
  });
}

/**
 * The bucket as the document says; a log that cannot be read is listed in `problems`, never thrown.
 *
 * `only`: of its records those with these ids, as if there were no others.
 */
export function readBucket(document: Document, only?: readonly Id[]): Bucket {
  const problems: string[] = [];
  const found: Log[] = [];
  const withdrawn: Withdrawn[] = [];
  for (const key of only === undefined ? document.keys() : [...only].sort()) {
    const id = canonicalId(key);
    if (id === null) continue;
    const record = readRecord(textIn(document.scalar(id)));
    if (record === null || record.id !== id) problems.push(`log ${id}: not a readable log`);
    else if ("values" in record) found.push(record);
    else withdrawn.push(record);
  }
  const { logs, leftOut } = ofFewNames(byMoment(found, (log) => log.at));
  if (leftOut > 0) {
    problems.unshift(`symptoms: ${grouped(leftOut)} more names than the ${MAX_NAMES} that are kept apart; left out`);
  }
  const month = textIn(document.scalar("month"));
  if (month === null) problems.unshift("month: missing");
  const more = problems.length - MAX_PROBLEMS;
  const told = more > 0 ? [...problems.slice(0, MAX_PROBLEMS), `${grouped(more)} more problems`] : problems;
  return { month: month ?? "", logs, problems: told, withdrawn: byMoment(withdrawn, (one) => one.entered_at) };
}

/** The records that a change writes, by id. Throws `DocumentError`. */
export const idsIn = (change: Uint8Array): ReadonlySet<Id> =>
  new Set(
    operationsOf(change)
      .operations.filter(({ object }) => object === ROOT)
      .flatMap(({ key }) => canonicalId(key) ?? []),
  );

/** The `nameKey` of every name in logs. */
export const namesIn = (logs: readonly Log[]): ReadonlySet<string> =>
  new Set(logs.flatMap((log) => Object.keys(log.values).map(nameKey)));

/** The logs without values of names beyond the first so many, and how many names those are. */
function ofFewNames(logs: readonly Log[]): { logs: readonly Log[]; leftOut: number } {
  const names = newNames();
  const kept = logs.flatMap((log) => {
    const all = Object.entries(log.values);
    const known = all.filter(([name]) => names.meet(name) !== null);
    if (known.length === all.length) return [log];
    return known.length > 0 ? [{ ...log, values: Object.fromEntries(known) }] : [];
  });
  return { logs: kept, leftOut: names.leftOut() };
}

function readRecord(stored: string | null): Log | Withdrawn | null {
  if (stored === null) return null;
  try {
    const found = readJson(stored);
    const log = attempted(() => structOf("Log", found) as unknown as Log);
    return log === null ? checkWithdrawn(structOf("Withdrawn", found) as unknown as Withdrawn) : checkLog(log);
  } catch (failure) {
    if (failure instanceof InvalidField) return null;
    throw failure;
  }
}

/** What `read` gives; null where it refuses. */
function attempted<T>(read: () => T): T | null {
  try {
    return read();
  } catch (failure) {
    if (failure instanceof InvalidField) return null;
    throw failure;
  }
}

function checkWithdrawn(found: Withdrawn): Withdrawn | null {
  checkWritten("entered_at", found.entered_at);
  const isFew = found.logs.length <= MOST_WITHDRAWN && found.keys.length <= MOST_WITHDRAWN;
  return isFew && found.keys.every((mark) => MARK.test(mark)) ? found : null;
}

const isNumber = (value: number): boolean => Math.abs(value) <= MAX_VALUE;
