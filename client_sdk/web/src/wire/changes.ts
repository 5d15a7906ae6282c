// What a change of a document says about itself, read without letting Automerge see it.
//
// Run-length coding lets a change of a hundred bytes cost hundreds of megabytes once applied, so limits on bytes alone
// protect nobody. `readChange` reads the header, inflates with a bound, checks the checksum and counts what every
// column would expand to, before anything is built; intersession_schemas.changes says which of them are taken, and why.

import { sha256 } from "@noble/hashes/sha2.js";

import { hexOf, joined, sameBytes } from "../bytes.ts";
import { DocumentError } from "../errors.ts";
import WIRE from "../generated/wire.json";
import { checkColumns, COLUMNS, type Columns } from "./columns.ts";
import { inflated } from "./inflate.ts";
import { bad, ByteReader, EndsEarly, leb128 } from "./leb128.ts";

/** A change's header, what it would expand to, and the bytes as they came, possibly deflated. */
export interface Change {
  readonly hash: Uint8Array;
  readonly deps: readonly Uint8Array[];
  readonly actor: Uint8Array;
  readonly seq: number;
  readonly startOp: number;
  readonly operations: number;
  readonly data: Uint8Array;
  /** Bytes once inflated: that, and `operations`, is what counts against a document's limits. */
  readonly size: number;
  /** The actors besides its own whose operations it names. */
  readonly others: readonly Uint8Array[];
}

const LIMITS = WIRE.changes;
const MAGIC = Uint8Array.of(0x85, 0x6f, 0x4a, 0x83);
const CHANGE = 1;
const DEFLATED = 2;
const SMALLEST_HEADER = 10;
const HASH_BYTES = 32;

/** The number of a change's last operation; what builds on it begins beyond. */
export const lastOp = (change: Change): number => change.startOp + change.operations - 1;

/**
 * Read and bound one change. What only its document can tell (that it begins where its dependencies end, and follows its
 * actor's last change) is for whoever holds the document.
 *
 * Throws `DocumentError` with code `bad_change`, `bad_checksum`, `too_large` or `too_many_operations`.
 */
export function readChange(data: Uint8Array): Change {
  const { body, hash } = openChunk(data);
  const reader = new ByteReader(body);
  let change: Change;
  try {
    change = readBody(reader, data, hash);
  } catch (failure) {
    throw failure instanceof EndsEarly ? bad("it ends too early") : failure;
  }
  checkHeader(change);
  return change;
}

function readBody(reader: ByteReader, data: Uint8Array, hash: Uint8Array): Change {
  const deps = several(reader.count(LIMITS.dependencies, "dependencies"), () => reader.take(HASH_BYTES));
  const actor = reader.take(reader.uint());
  const seq = reader.uint();
  const startOp = reader.uint();
  const time = reader.sint();
  if (time < 0 || time > LIMITS.time) throw bad("its time is out of range");
  reader.take(reader.count(LIMITS.messageBytes, "bytes of a message"));
  const others = several(reader.count(LIMITS.operations, "other actors"), () => reader.take(reader.uint()));
  const columns = readColumns(reader);
  if (reader.more) throw bad("bytes follow its columns");
  const runs = LIMITS.runsForNothing + LIMITS.runsAByte * data.length;
  const operations = checkColumns(columns, startOp, others.length + 1, runs);
  return { hash, deps, actor, seq, startOp, operations, data, size: reader.data.length, others };
}

function checkHeader({ actor, others, seq, startOp, deps }: Change): void {
  const actors = [actor, ...others];
  const isActor = (one: Uint8Array): boolean => one.length >= 1 && one.length <= LIMITS.actorBytes;
  if (!actors.every(isActor) || different(actors) < actors.length) {
    throw bad("an actor in it is none, or named twice");
  }
  if (seq < 1 || seq > LIMITS.documentOperations || startOp < 1 || different(deps) < deps.length) {
    throw bad("its sequence number, first operation or dependencies are out of range");
  }
  if (others.length >= startOp) throw bad("it names more actors than there are operations before it");
}

const different = (several: readonly Uint8Array[]): number => new Set(several.map(hexOf)).size;

function several<T>(count: number, one: () => T): T[] {
  const found: T[] = [];
  while (found.length < count) found.push(one());
  return found;
}

/** The inflated contents of the one chunk in `data`, and the hash that its checksum is the beginning of. */
function openChunk(data: Uint8Array): { body: Uint8Array; hash: Uint8Array } {
  if (data.length > LIMITS.bytes) throw tooLarge(data.length);
  const type = data[8];
  if (data.length < SMALLEST_HEADER || !sameBytes(data.subarray(0, 4), MAGIC) || (type !== CHANGE && type !== DEFLATED)) {
    throw bad("it is not a change chunk");
  }
  const inside = contents(new ByteReader(data, 9));
  const body = type === DEFLATED ? inflatedBody(inside) : inside;
  const hash = sha256(joined([Uint8Array.of(CHANGE), leb128(body.length), body]));
  if (!sameBytes(hash.subarray(0, 4), data.subarray(4, 8))) {
    throw new DocumentError("A change's checksum does not match its bytes.", "bad_checksum");
  }
  return { body, hash };
}

function contents(reader: ByteReader): Uint8Array {
  let inside: Uint8Array;
  try {
    inside = reader.take(reader.uint());
  } catch (failure) {
    throw failure instanceof EndsEarly ? bad("it ends too early") : failure;
  }
  if (reader.more) throw bad("bytes follow its end");
  return inside;
}

function inflatedBody(data: Uint8Array): Uint8Array {
  const body = inflated(data, LIMITS.bytes, "raw");
  if (body === "too large") throw tooLarge(LIMITS.bytes + 1);
  if (typeof body === "string") throw bad(`its deflated part is ${body}`);
  return body;
}

function readColumns(reader: ByteReader): Columns {
  const named = several(reader.count(COLUMNS.size, "columns"), () => [reader.uint(), reader.uint()] as const);
  const columns = new Map<number, Uint8Array>();
  for (const [specification, length] of named) {
    if (!COLUMNS.has(specification) || columns.has(specification)) {
      throw bad("a column is doubled, deflated or not one of an operation without marks");
    }
    columns.set(specification, reader.take(length));
  }
  return columns;
}

const tooLarge = (size: number): DocumentError =>
  new DocumentError(`A change has ${size} bytes or more; the limit is ${LIMITS.bytes}. Split the entry.`, "too_large");
