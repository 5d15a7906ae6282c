// The columns of a change's operations: how much each of them would expand to, counted without expanding it.

import { DocumentError } from "../errors.ts";
import WIRE from "../generated/wire.json";
import { bad, ByteReader } from "./leb128.ts";

/** The bytes of columns by specification (id << 4 | type). */
export type Columns = ReadonlyMap<number, Uint8Array>;

// A delta column's rows are told apart like a number column's.
const { columns: COLUMN, actions: ACTIONS, valueTypes: VALUE_TYPES } = WIRE;
/** The specifications of all columns that an operation of ours has. */
export const COLUMNS: ReadonlySet<number> = new Set(Object.values(COLUMN));
const LIMITS = WIRE.changes;

/**
 * How many operations there are. No column may expand to more rows than that (or predecessors), and all of them have at
 * most `runs` runs. Throws `DocumentError`.
 */
export function checkColumns(columns: Columns, startOp: number, actors: number, runs: number): number {
  const column = (specification: number): Uint8Array => columns.get(specification) ?? new Uint8Array();
  const most = new Runs(runs);
  const actions = tally(column(COLUMN.action), LIMITS.operations, most);
  for (const action of actions.keys()) {
    if (action === null || !ACTIONS.includes(action)) {
      throw bad("it holds a counter, a mark or an operation that no document has");
    }
  }
  const operations = sum(actions.values());
  const last = startOp + operations - 1;
  if (operations > LIMITS.operations || last > LIMITS.documentOperations) throw tooMany();
  const counts = tally(column(COLUMN.predecessorCount), operations, most);
  const predecessors = sum([...counts].map(([count, times]) => times * (count ?? 0)));
  if (predecessors > LIMITS.operations) throw tooMany();
  checkActors(column(COLUMN.objectActor), operations, actors, most);
  checkActors(column(COLUMN.keyActor), operations, actors, most);
  checkActors(column(COLUMN.predecessorActor), predecessors, actors, most);
  for (const number of tally(column(COLUMN.objectCounter), operations, most).keys()) {
    if (number !== null && (number < 1 || number > last)) throw comesAfter();
  }
  checkCounters(column(COLUMN.keyCounter), operations, 0, last, most);
  checkCounters(column(COLUMN.predecessorCounter), predecessors, 1, last, most);
  checkBooleans(column(COLUMN.insert), operations, most);
  checkStrings(column(COLUMN.keyString), operations, most);
  checkValues(column(COLUMN.valueMeta), operations, column(COLUMN.value).length, most);
  return operations;
}

/** How many rows of a column hold each number, as `tally` counts them. Throws `DocumentError` for more than `limit`. */
export const tallied = (column: Uint8Array, limit: number): ReadonlyMap<number | null, number> =>
  tally(column, limit, new Runs(LIMITS.runsForNothing + LIMITS.runsAByte * column.length));

/** How many more runs there may be. */
class Runs {
  #left: number;

  constructor(left: number) {
    this.#left = left;
  }

  take(read: number): void {
    this.#left -= read;
    if (this.#left < 0) throw bad("it is cut into far more runs than its bytes could need");
  }
}

/** The beginning of a run: rows that are all alike, rows of their own, or rows of null. */
interface Run {
  readonly rows: number;
  readonly of: "one" | "each" | "null";
}

function runOf(reader: ByteReader): Run {
  const length = reader.sint();
  if (length > 0) return { rows: length, of: "one" };
  if (length < 0) return { rows: -length, of: "each" };
  const rows = reader.uint();
  if (rows === 0) throw bad("a run in it is empty");
  return { rows, of: "null" };
}

/**
 * How many rows of a run-length coded column hold each number, at most `limit` rows in all. The numbers of signed columns
 * are read as unsigned ones: what they mean is of no interest here.
 */
function tally(column: Uint8Array, limit: number, runs: Runs): ReadonlyMap<number | null, number> {
  const rows = new Map<number | null, number>();
  const add = (value: number | null, count: number): Map<number | null, number> =>
    rows.set(value, (rows.get(value) ?? 0) + count);
  const reader = new ByteReader(column);
  let total = 0;
  let read = 0;
  while (reader.more) {
    read += 1;
    const run = runOf(reader);
    const value = run.of === "one" ? reader.uint() : null;
    total += run.rows;
    if (total > limit) throw tooMany();
    if (run.of !== "each") {
      add(value, run.rows);
      continue;
    }
    const start = reader.at;
    for (let row = 0; row < run.rows; row += 1) add(reader.uint(), 1);
    if (reader.at - start > run.rows) read += run.rows; // each of several bytes takes as long as a run
  }
  runs.take(read);
  return rows;
}

function checkActors(column: Uint8Array, limit: number, actors: number, runs: Runs): void {
  for (const actor of tally(column, limit, runs).keys()) {
    if (actor !== null && actor >= actors) throw bad("an operation is of an actor that it does not name");
  }
}

/** A column of operation numbers, each kept as its distance from the one before. */
function checkCounters(column: Uint8Array, limit: number, lowest: number, highest: number, runs: Runs): void {
  const reader = new ByteReader(column);
  const check = (number: number): void => {
    if (number < lowest || number > highest) throw comesAfter();
  };
  let rows = 0;
  let number = 0;
  let read = 0;
  while (reader.more) {
    const run = runOf(reader);
    read += run.of === "each" ? run.rows : 1;
    rows += run.rows;
    if (run.of === "one") {
      // What lies between the first and the last of a run lies between these two.
      const step = reader.sint();
      check(number + step);
      number += step * run.rows;
      check(number);
    }
    if (rows > limit) throw tooMany();
    for (let row = 0; run.of === "each" && row < run.rows; row += 1) {
      number += reader.sint();
      check(number);
    }
  }
  runs.take(read);
}

/** A column of booleans: the lengths of alternating runs. */
function checkBooleans(column: Uint8Array, limit: number, runs: Runs): void {
  const reader = new ByteReader(column);
  let total = 0;
  let read = 0;
  while (reader.more) {
    total += reader.uint();
    read += 1;
    if (total > limit || read > 2 * limit + 2) throw tooMany();
  }
  runs.take(read);
}

/** A column of keys: what they expand to counts, as a long one may be repeated for every operation. */
function checkStrings(column: Uint8Array, limit: number, runs: Runs): void {
  const reader = new ByteReader(column);
  let rows = 0;
  let expanded = 0;
  let read = 0;
  while (reader.more) {
    const length = reader.sint();
    read += Math.max(1, -length);
    rows += Math.abs(length);
    if (rows > limit) throw tooMany();
    if (length > 0) {
      expanded += length * reader.take(reader.uint()).length;
    } else if (length < 0) {
      for (let row = 0; row < -length; row += 1) expanded += reader.take(reader.uint()).length;
    } else {
      const nulls = reader.uint();
      rows += nulls;
      if (nulls === 0) throw bad("a run in it is empty");
    }
    if (expanded > LIMITS.bytes) {
      throw new DocumentError(`The keys of a change expand to more than ${LIMITS.bytes} bytes.`, "too_large");
    }
  }
  if (rows > limit) throw tooMany();
  runs.take(read);
}

/** Value metadata (length << 4 | type): of types that documents have, no more bytes than the values have. */
function checkValues(column: Uint8Array, limit: number, available: number, runs: Runs): void {
  const metadata = [...tally(column, limit, runs)];
  if (metadata.some(([value]) => value !== null && !VALUE_TYPES.includes(value % 16))) {
    throw bad("it holds a counter, a timestamp or a value that no document has");
  }
  const bytes = metadata.map(([value, rows]) => rows * Math.floor((value ?? 0) / 16));
  if (sum(bytes) > available) throw bad("its values are longer than its bytes");
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

const comesAfter = (): DocumentError => bad("it names an operation that comes after it");
const tooMany = (): DocumentError =>
  new DocumentError(
    `A change has more than ${LIMITS.operations} operations, or its document more than ` +
      `${LIMITS.documentOperations}. Split the entry.`,
    "too_many_operations",
  );
