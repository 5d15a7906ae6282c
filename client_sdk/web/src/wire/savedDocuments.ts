// What a saved document would expand to, read without letting Automerge see it.
//
// As with single changes, run-length coding and deflate let a few bytes cost any amount of memory once loaded. A saved
// document that comes from elsewhere comes with the number of its changes and operations, and may hold no more than these
// need. The format is Automerge's binary format, chunk type 0 (document).

import { sha256 } from "@noble/hashes/sha2.js";
import { sameBytes } from "../bytes.ts";
import { DocumentError } from "../errors.ts";
import WIRE from "../generated/wire.json";
import { COLUMNS, tallied } from "./columns.ts";
import { inflated } from "./inflate.ts";
import { ByteReader, EndsEarly } from "./leb128.ts";

const { columns: COLUMN, actions: ACTIONS, valueTypes: VALUE_TYPES, changes: LIMITS } = WIRE;
const MAGIC = Uint8Array.of(0x85, 0x6f, 0x4a, 0x83);
const SAVED = 0;
const HASH_BYTES = 32;
const MOST_COLUMNS = 32;
/** Of all columns: ids and keys of what was typed take more room than the text. */
const MOST_INFLATED = 2 * LIMITS.documentBytes;
const DEFLATED = 0x08;
/** The columns that only a saved document has: ids of operations, and what came after each. */
const OF_OPERATIONS = new Set([...COLUMNS, 0x21, 0x23, 0x80, 0x81, 0x83]);
// The kinds of columns: the last three bits of a specification.
const [DELTA, BOOLEANS, STRINGS, VALUES] = [3, 4, 5, 7] as const;
// Groups: as many rows as the counts before them say.
const [DEPENDENCIES, SUCCESSORS] = [4, 8] as const;

type Column = readonly [specification: number, length: number];

/** Throw `DocumentError` unless this is a saved document of at most so many changes and operations. */
export function checkSaved(data: Uint8Array, changes: number, operations: number): void {
  try {
    const reader = new ByteReader(data);
    if (!sameBytes(reader.take(4), MAGIC)) throw malformed();
    const checksum = reader.take(4);
    if (reader.take(1)[0] !== SAVED) throw malformed();
    const body = reader.take(reader.uint());
    if (reader.more || !sameBytes(sha256(data.subarray(8)).subarray(0, 4), checksum)) throw malformed();
    const most = LIMITS.documentOperations;
    checkBody(new ByteReader(body), Math.min(changes, most), Math.min(operations, most));
  } catch (failure) {
    throw failure instanceof EndsEarly ? malformed() : failure;
  }
}

function checkBody(body: ByteReader, changes: number, operations: number): void {
  for (let left = body.count(changes, "actors"); left > 0; left -= 1) body.take(body.uint());
  body.take(HASH_BYTES * body.count(changes, "heads"));
  const ofChanges = columnsIn(body);
  const ofOperations = columnsIn(body);
  let room = MOST_INFLATED;
  const check = (columns: readonly Column[], rows: number, group: number, members: number, hasValues: boolean): void => {
    for (const [specification, length] of columns) {
      const bytes = body.take(length);
      const column = (specification & DEFLATED) !== 0 ? inflatedColumn(bytes, room) : bytes;
      if (hasValues) checkValues(specification & ~DEFLATED, column, operations);
      room -= column.length;
      room -= expandsTo(column, specification & 7, isMember(specification, group) ? members : rows);
      if (room < 0) throw tooLarge();
    }
  };
  check(ofChanges, changes, DEPENDENCIES, LIMITS.documentOperations, false);
  check(ofOperations, operations, SUCCESSORS, operations + LIMITS.operations, true);
}

/** Throw for operations and values that no document has: what would panic when it is read, marks above all. */
function checkValues(specification: number, column: Uint8Array, operations: number): void {
  if (!OF_OPERATIONS.has(specification)) throw malformed();
  const values = (): (number | null)[] => [...tallied(column, operations).keys()];
  if (specification === COLUMN.action && values().some((one) => one === null || !ACTIONS.includes(one))) throw malformed();
  if (specification === COLUMN.valueMeta && values().some((one) => one !== null && !VALUE_TYPES.includes(one % 16))) {
    throw malformed();
  }
}

/** Whether a column holds the members of that group; its counts are a row each, as everything else is. */
const isMember = (specification: number, group: number): boolean => specification >> 4 === group && (specification & 7) !== 0;

const columnsIn = (body: ByteReader): readonly Column[] =>
  Array.from({ length: body.count(MOST_COLUMNS, "columns") }, () => [body.uint(), body.uint()] as const);

function inflatedColumn(data: Uint8Array, room: number): Uint8Array {
  const column = inflated(data, room, "raw");
  if (column === "too large") throw tooLarge();
  if (typeof column === "string") throw malformed();
  return column;
}

/** How many bytes its texts are repeated to. Throws where it expands to more than `most` rows. */
function expandsTo(column: Uint8Array, type: number, most: number): number {
  if (type === VALUES) return 0;
  const reader = new ByteReader(column);
  let rows = 0;
  let repeated = 0;
  while (reader.more && rows <= most) {
    if (type === BOOLEANS) {
      rows += reader.uint();
      continue;
    }
    const length = reader.sint();
    if (length === 0) rows += reader.uint();
    else if (length > 0) {
      rows += length;
      repeated += length * passed(reader, type);
    } else {
      rows -= length;
      for (let row = 0; row < -length && rows <= most; row += 1) passed(reader, type);
    }
  }
  if (rows > most) {
    throw new DocumentError("A saved document expands to more than its changes have.", "too_many_operations");
  }
  return repeated;
}

/** Pass over one value; how many bytes of text it is. */
function passed(reader: ByteReader, type: number): number {
  if (type === STRINGS) return reader.take(reader.uint()).length;
  if (type === DELTA) reader.sint();
  else reader.uint();
  return 0;
}

const malformed = (): DocumentError => new DocumentError("This is not a saved document.", "bad_change");
const tooLarge = (): DocumentError =>
  new DocumentError("A saved document expands to more than a document may hold.", "too_large");
