// Which symptom logs stand, of all that a record holds: corrected, withdrawn, imported on two devices.
//
// Records are added and never altered, each device's to buckets of its own, so what stands is a matter of reading them
// together. In whatever order and however often records are given, the same comes out.
//
// - A log is the one with its id, wherever copies of it are: the copy that arrived first counts.
// - Logs with one key are one log: the one that was entered first.
// - Of the corrections of a log (and of those that are one with it) the one that was entered last stands. A device's
//   clock may be off: nothing was entered after it arrived.
// - Of more than `MOST_ALIKE` corrections of a log, or logs with one key, those that arrived first count: so whoever
//   makes very many of them makes nobody else wait.
// - A log is gone once it is withdrawn, by its id, or by its key if it was entered by then. Its corrections go with it;
//   corrections of a log that is not here are nothing yet.

import limits from "../../generated/limits.json" with { type: "json" };
import type { Bucket, Id, IsoMoment, Log, LogRecord, Standing, Withdrawn } from "../../generated/models.ts";
import { compareTexts } from "../../text/order.ts";
import { byMoment, earlierOf, earliest, instantOf } from "../instants.ts";
import { jsonText } from "../json.ts";
import { storedStruct } from "../types.ts";
import { keyMark } from "./symptoms.ts";

const { mostAlike: MOST_ALIKE, mostEarlier: MOST_EARLIER } = limits.symptomHistory;

/** Whether a log is withdrawn, or what it corrects is. */
export type IsGone = (log: Log) => boolean;

/** What was withdrawn. */
export function goneOf(withdrawn: readonly Withdrawn[]): IsGone {
  const logs = new Set<Id | null>(withdrawn.flatMap((one) => one.logs));
  const keys = new Map<string, bigint>();
  for (const one of withdrawn) {
    const until = instantOf(one.entered_at);
    for (const mark of one.keys) if (until > (keys.get(mark) ?? until - 1n)) keys.set(mark, until);
  }
  return (log) => {
    if (logs.has(log.id) || (log.corrects !== null && logs.has(log.corrects))) return true;
    const until = log.key === null || keys.size === 0 ? undefined : keys.get(keyMark(log.key));
    return until !== undefined && instantOf(log.entered_at) <= until;
  };
}

/** The logs that stand, by what they are about (`at`, then id). */
export function standing(records: readonly LogRecord[], isGone: IsGone): readonly Standing[] {
  const first = new Map<Id, LogRecord>();
  const corrections = new Map<Id, LogRecord[]>();
  for (const copies of grouped(records, (one) => one.log.id).values()) {
    const one = oneOf(copies);
    if (isGone(one.log)) continue;
    if (one.log.corrects === null) first.set(one.log.id, one);
    else put(corrections, one.log.corrects, one);
  }
  const groups = grouped([...first.values()], ({ log }) => (log.key === null ? `id ${log.id}` : `key ${log.key}`));
  const found = [...groups.values()].map((group) => stands(firstOf(group), corrections));
  return byMoment(
    found.map((one) => ({ id: one.log.id, one })),
    ({ one }) => one.log.at,
  ).map(({ one }) => one);
}

/** The logs that stand of some buckets, where it does not matter when they arrived. */
export function standingOf(buckets: readonly Bucket[]): readonly Standing[] {
  const records = buckets.flatMap((bucket) => bucket.logs.map((log) => ({ log, arrived_at: null })));
  return standing(records, goneOf(buckets.flatMap((bucket) => bucket.withdrawn)));
}

function put<K, V>(values: Map<K, V[]>, key: K, value: V): void {
  const there = values.get(key);
  if (there === undefined) values.set(key, [value]);
  else there.push(value);
}

function grouped<K, V>(values: readonly V[], by: (one: V) => K): ReadonlyMap<K, readonly V[]> {
  const found = new Map<K, V[]>();
  for (const one of values) put(found, by(one), one);
  return found;
}

/** When it arrived, or what it is a copy of. */
const firstArrived = ({ log, arrived_at }: LogRecord): IsoMoment | null => earliest([arrived_at, log.arrived_at]);

/** Of the copies of one log the one that says when it arrived first. */
function oneOf(copies: readonly LogRecord[]): LogRecord {
  // Copies are equal but for `arrived_at`. Where somebody made them differ, all readers take the same one.
  const asText = ({ log }: LogRecord): string => jsonText(storedStruct("Log", { ...log, arrived_at: null }));
  const one = copies.reduce((a, b) => (copies.length > 1 && compareTexts(asText(b), asText(a)) < 0 ? b : a));
  return { log: one.log, arrived_at: earliest(copies.map(firstArrived)) };
}

function stands(group: readonly LogRecord[], corrections: ReadonlyMap<Id, readonly LogRecord[]>): Standing {
  const [first] = byEntering(group);
  if (first === undefined) throw new TypeError("A group of logs has one at least.");
  const made = byEntering(group.flatMap((one) => firstOf(corrections.get(one.log.id) ?? []))).map(({ log }) => log);
  const origin: Log = { ...first.log, arrived_at: null };
  const arrived_at = earliest(group.map(firstArrived));
  const last = made.at(-1);
  if (last === undefined) return { log: origin, arrived_at, corrected_at: null, earlier: [] };
  const { at, values, zone, scale, note } = last;
  return {
    log: { ...origin, at, values, zone, scale, note },
    arrived_at,
    corrected_at: last.entered_at,
    earlier: [origin, ...made.slice(0, -1).slice(-(MOST_EARLIER - 1))],
  };
}

/** Records by when they were entered, which is no later than when they arrived, and by id. */
const byEntering = (records: readonly LogRecord[]): readonly LogRecord[] =>
  byMoment(
    records.map((record) => ({ id: record.log.id, record })),
    ({ record }) => earlierOf(record.log.entered_at, firstArrived(record) ?? record.log.entered_at),
  ).map(({ record }) => record);

/** Those that arrived first; what has not arrived yet comes last. */
function firstOf(records: readonly LogRecord[]): readonly LogRecord[] {
  if (records.length <= MOST_ALIKE) return records;
  const arrived = records.flatMap(({ log, arrived_at }) => (arrived_at === null ? [] : [{ id: log.id, log, arrived_at }]));
  const others = records.filter((one) => one.arrived_at === null);
  others.sort((one, other) => compareTexts(one.log.id, other.log.id));
  return [...byMoment(arrived, (one) => one.arrived_at), ...others].slice(0, MOST_ALIKE);
}
