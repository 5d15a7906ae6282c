// Symptom logs as they are read: each that stands, as it was last corrected.

import type { Document } from "../../crdt/document.ts";
import { earliest } from "../../documents/instants.ts";
import { keyMark, readBucket } from "../../documents/diary/symptoms.ts";
import type { EarlierLog, Point, SymptomLog } from "../../generated/answers.ts";
import type { Id, Log, Standing } from "../../generated/models.ts";
import { ofHex } from "../../bytes.ts";
import { page, type Listing } from "../../store/pages.ts";
import type { Store } from "../../store/store.ts";
import { bytesOfId, momentOrNull, type Micros } from "../../store/values.ts";
import type { ReadWindow } from "../../store/windows.ts";
import { MAX_NAMES, nameKey, newNames, tidyName, valueUnder } from "../../text/names.ts";
import { compareTexts } from "../../text/order.ts";
import { checkMoment, isLate } from "../../time/moments.ts";
import { unpackedStruct } from "./models.ts";

/** The lowest and the highest value. */
export type Scale = readonly [number, number];
/** The scales of trackers, by what the spellings of their names have in common. */
export type Scales = ReadonlyMap<string, Scale>;

type Row = [wish: number | null, audience: string | null, model: Uint8Array, received: Micros | null];
const COLUMNS = "d.wish, s.audience, t.model, c.received_at";
const TABLES = `
    symptoms_standing t JOIN documents d ON d.position = t.document
    LEFT JOIN streams s ON s.id = d.stream LEFT JOIN changes c ON c.position = t.change
`;
const LOG = `SELECT ${COLUMNS} FROM ${TABLES}`;
const BY_MARK = `${LOG}WHERE t.mark = ? AND t.scope = x''`;
const BY_ID = `${LOG}WHERE t.log = ? AND t.scope = x''`;
/** Symptom logs by what they are about, newest first. */
const LIST: Listing = { columns: COLUMNS, tables: TABLES, order: ["t.about", "t.log"], id: "t.log" };

/** Symptom logs by what they are about, newest first. Throws `NotFound`. */
export const symptomLogs = (store: Store, window: ReadWindow): readonly SymptomLog[] =>
  page(store, LIST, window.stream === undefined ? {} : { "t.scope": bytesOfId(window.stream) }, window, (row) =>
    logOf(row as Row),
  );

/** How each symptom was spelled first, and its values, newest first; the symptoms in the order of the newest log. */
export interface BySymptom {
  readonly spelled: ReadonlyMap<string, string>;
  readonly points: ReadonlyMap<string, readonly Point[]>;
}

/** The values of a window by symptom. There are so many symptoms as a record may have, and no more. */
export function bySymptom(store: Store, window: ReadWindow, scales: Scales): BySymptom {
  const spelled = new Map<string, string>();
  const points = new Map<string, Point[]>();
  for (const log of symptomLogs(store, window)) {
    for (const [name, value] of Object.entries(log.values)) {
      const key = nameKey(name);
      const some = points.get(key) ?? [];
      if (some.length === 0 && points.size >= MAX_NAMES) continue;
      spelled.set(key, name); // the oldest log comes last
      some.push(pointOf(log, value, key, scales));
      points.set(key, some);
    }
  }
  return { spelled, points };
}

/**
 * The values of one symptom, however its name was spelled and whatever scale each is on, newest first.
 *
 * A log without a scale is on that of its tracker in the plan (`scales`).
 */
export function pointsOf(store: Store, name: string, window: ReadWindow, scales: Scales): readonly Point[] {
  const key = nameKey(name);
  return symptomLogs(store, window).flatMap((log) => {
    const value = valueUnder(log.values, key);
    return value === undefined ? [] : [pointOf(log, value, key, scales)];
  });
}

const pointOf = (log: SymptomLog, value: number, key: string, scales: Scales): Point => ({
  at: log.at,
  value,
  late: log.late,
  scale: log.scale ?? scales.get(key) ?? null,
});

/** Those of the points that are on one scale; left out: the one that the newest is on. */
export function seriesOf(found: readonly Point[], scale?: Scale | null): readonly Point[] {
  const wanted = scale === undefined ? (found[0]?.scale ?? null) : scale;
  return found.filter((point) => isSameScale(point.scale, wanted));
}

/** The scales that points are on, that of the newest first. */
export const scalesOf = (found: readonly Point[]): readonly (Scale | null)[] =>
  found.reduce<(Scale | null)[]>(
    (known, { scale }) => (known.some((one) => isSameScale(one, scale)) ? known : [...known, scale]),
    [],
  );

const isSameScale = (one: Scale | null, other: Scale | null): boolean =>
  one === null || other === null ? one === other : one[0] === other[0] && one[1] === other[1];

/** The names of all symptoms, each as it was first spelled, sorted. */
export function symptomNames(store: Store, stream?: Id): readonly string[] {
  const rows =
    stream === undefined
      ? store.all<[Uint8Array]>("SELECT model FROM symptoms_standing ORDER BY about, log")
      : store.all<[Uint8Array]>("SELECT model FROM symptoms_standing WHERE scope = ? ORDER BY about, log", bytesOfId(stream));
  const names = newNames();
  for (const [model] of rows) for (const name of Object.keys(standingOf(model).log.values)) names.meet(name);
  return names.shown().map(tidyName).toSorted(compareTexts);
}

/** The client's own log with that id, or the one that stands for it, if there is one. */
export function ownLog(store: Store, id: Id): SymptomLog | null {
  const row = store.one<Row>(BY_ID, bytesOfId(id));
  if (row !== null) return logOf(row);
  const sql = "SELECT mark FROM symptom_logs WHERE log = ? AND mark IS NOT NULL";
  const found = store.one<[Uint8Array]>(sql, bytesOfId(id));
  const other = found === null ? null : store.one<Row>(BY_MARK, found[0]);
  return other === null ? null : logOf(other);
}

/** The position of the document that the own log with that id, which stands, was first noted in. */
export const documentOfLog = (store: Store, id: Id): number =>
  store.number("SELECT document FROM symptoms_standing WHERE log = ? AND scope = x''", bytesOfId(id));

/** The client's own log that they gave that key. */
export function logWithKey(store: Store, key: string): SymptomLog | null {
  const row = store.one<Row>(BY_MARK, ofHex(keyMark(key)));
  return row === null ? null : logOf(row);
}

/** The logs of a bucket, those alone that `without` does not have, as text for a person. */
export function textOfLogs(document: Document, without: Document | null): string {
  const kept = new Set(without === null ? [] : readBucket(without).logs.map((log) => log.id));
  return readBucket(document).logs.filter((log) => !kept.has(log.id)).map(textOfLog).join("\n");
}

function textOfLog({ at, values, note }: Log): string {
  const said = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  return [at, said.join(" "), note].filter((part) => part !== "").join(" ");
}

const standingOf = (model: Uint8Array): Standing => unpackedStruct<Standing>("Standing", model);

function logOf([wish, audience, model, received]: Row): SymptomLog {
  const { log, arrived_at, corrected_at, earlier } = standingOf(model);
  const arrived = earliest([arrived_at, momentOrNull(received)]);
  const { id, at, values, scale, note, key, entered_at, zone } = log;
  return {
    id,
    at,
    values,
    scale: scale as Scale | null,
    note,
    key,
    entered_at,
    zone,
    arrived_at: arrived,
    shared: audience === null ? wish === 1 : audience === "record",
    late: isLate(checkMoment("at", at), checkMoment("arrived_at", arrived ?? entered_at)),
    corrected_at,
    earlier: earlier.toReversed().map(earlierOf),
  };
}

const earlierOf = ({ at, values, scale, note, entered_at }: Log): EarlierLog => ({
  at,
  values,
  scale: scale as Scale | null,
  note,
  entered_at,
});

