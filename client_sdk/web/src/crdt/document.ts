// One Automerge document: made, loaded, read, and moved on by changes.
//
// What does not apply leaves a document as it was. One that failed otherwise must be dropped: every later call on it
// throws. Actors are given by the caller: random for each opening of a store and never stored, so that a copied or
// restored device cannot use one (actor, number) twice with different content.

import { DocumentError, IntersessionError } from "../errors.ts";
import { newRaw, type Raw } from "./automerge.ts";
import { Edit } from "./edits.ts";
import { ROOT, scalarOf, type Found, type ObjectId, type ObjectKind, type Scalar } from "./scalars.ts";

/** Who wrote a value: the actor, and the number of its operation. */
export interface Origin {
  readonly actor: string;
  readonly number: number;
}

/** The hash of a change begins with the checksum that stands in its bytes, however these are compressed. */
const CHECKSUM = { from: 4, to: 8 } as const;
/** Bytes that a document takes besides its operations, and about how many each of them takes. */
const EMPTY = 8_192;
const OF_AN_OPERATION = 40;

/** One Automerge document, which lives outside of JavaScript's memory until it is freed. */
export class Document {
  #raw: Raw;
  #broken = false;
  #freed = false;

  private constructor(raw: Raw) {
    this.#raw = raw;
  }

  /** An empty document that writes as `actor`, in hexadecimal digits. */
  static new(actor: string): Document {
    return new Document(mending(() => newRaw(actor)));
  }

  /**
   * A document from trusted bytes: what `save` gave, changes, or both, joined, dependencies first.
   *
   * Throws `DocumentError` when they are not such bytes.
   */
  static load(data: Uint8Array, actor: string): Document {
    const document = Document.new(actor);
    try {
      mending(() => document.#raw.loadIncremental(data));
    } catch (failure) {
      document.free();
      throw failure;
    }
    return document;
  }

  /** Give its memory back. Every later call on it throws, but for another of this. */
  free(): void {
    if (this.#freed) return;
    this.#freed = this.#broken = true;
    this.#raw.free();
  }

  /**
   * A copy that writes as `actor`, which must be another: what is written to one, the other may `apply`.
   *
   * With `heads`, of the document as it was then. Throws `DocumentError` where one of them is not here.
   */
  fork(actor: string, heads?: readonly string[]): Document {
    return new Document(this.#guarded((raw) => (heads === undefined ? raw.clone(actor) : raw.fork(actor, [...heads]))));
  }

  /** The hashes of the latest changes, sorted. */
  get heads(): readonly string[] {
    return this.#guarded((raw) => raw.getHeads().sort());
  }

  /** About how many bytes of memory it takes, for caches bounded in bytes. */
  get weight(): number {
    return this.#guarded((raw) => EMPTY + OF_AN_OPERATION * raw.stats().numOps);
  }

  /**
   * Apply changes in one batch; order does not matter and duplicates are harmless.
   *
   * Throws `DocumentError`: `missing_dependency` when some wait inside the document for others; `does_not_apply`, with
   * the document left as it was, when Automerge fails or could not give a change back as it came.
   */
  apply(changes: readonly Uint8Array[]): void {
    if (changes.length === 0) return;
    const { copy, made } = this.#guarded((raw) => applied(raw, changes));
    this.#raw.free();
    this.#raw = copy;
    let waiting = changes.map(checksum).filter((one) => !made.has(one));
    if (waiting.length === 0) return;
    // Either some were here before, or some wait for a dependency.
    const here = this.#guarded((raw) => new Set(raw.getChangesMeta([]).map((one) => one.hash.slice(0, 8))));
    waiting = waiting.filter((one) => !here.has(one));
    if (waiting.length > 0) {
      throw new DocumentError(
        "Some changes depend on others that have not been received yet.",
        "missing_dependency",
      );
    }
  }

  /** All changes that are not ancestors of (or at) the heads `since`, dependencies first; see `compressed`. */
  changes(since: readonly string[] = []): readonly Uint8Array[] {
    return this.#guarded((raw) => raw.getChanges([...since]));
  }

  /** The whole document with its history, for `load`. */
  save(): Uint8Array {
    return this.#guarded((raw) => raw.save());
  }

  /**
   * Make one change of all that `write` does; null where it did nothing. An error undoes all.
   *
   * The change is as Automerge gives it; see `compressed`.
   */
  edit(write: (edit: Edit) => void): Uint8Array | null {
    const raw = this.#guarded((held) => held);
    try {
      write(new Edit(raw, mending));
    } catch (failure) {
      this.#guarded(() => raw.rollback());
      throw failure;
    }
    // Without a time of its own: what was written when is said by documents, where it is meant to be.
    return this.#guarded(() => {
      const hash = raw.commit(null, 0);
      return hash === null ? null : raw.getChangeByHash(hash);
    });
  }

  /** The keys of a map, sorted by code points. */
  keys(obj: ObjectId = ROOT): readonly string[] {
    return this.#guarded((raw) => raw.keys(obj));
  }

  /** The value at a key; null where there is none or an object. */
  scalar(key: string, obj: ObjectId = ROOT): Scalar | null {
    return scalarOf(this.#get(key, obj));
  }

  /**
   * Who wrote the value at a key; null where there is none.
   *
   * The change that holds it is that actor's with `startOp <= number < startOp + operations`.
   */
  origin(key: string, obj: ObjectId = ROOT): Origin | null {
    const winner = this.#guarded((raw) => winnerOf(raw, obj, key));
    return winner === undefined || winner.scalar === null ? null : operationOf(winner.id);
  }

  /** The object at a key if it is one of this kind. */
  object(key: string, of: ObjectKind, obj: ObjectId = ROOT): ObjectId | null {
    const found = this.#get(key, obj);
    return found !== null && found[0] === of ? String(found[1]) : null;
  }

  /** The text of a text object. */
  text(obj: ObjectId): string {
    return this.#guarded((raw) => raw.text(obj));
  }

  /**
   * The values that the latest heads leave at a key, the winner first; one or none if they agree.
   *
   * Once a later change has joined the heads, wherever it wrote, only the winner is left.
   */
  conflicts(key: string, obj: ObjectId = ROOT): readonly (Scalar | null)[] {
    return this.#guarded((raw) => {
      const winner = winnerOf(raw, obj, key);
      if (winner === undefined) return [];
      const found = new Map([[winner.id, winner.scalar]]);
      const here = raw.getHeads().sort().map((head) => ({ head, value: winnerOf(raw, obj, key, [head]) }));
      const won = here.find(({ value }) => value?.id === winner.id);
      for (const { value } of here) {
        if (value === undefined || found.has(value.id)) continue;
        if (won === undefined || !knew(raw, won.head, value.id)) found.set(value.id, value.scalar);
      }
      return [...found.values()];
    });
  }

  #get(key: string, obj: ObjectId): Found {
    return this.#guarded((raw) => raw.getWithType(obj, key));
  }

  #guarded<T>(work: (raw: Raw) => T): T {
    if (this.#broken) throw new DocumentError("This document failed earlier and must be loaded again.", "does_not_apply");
    try {
      return mending(() => work(this.#raw));
    } catch (failure) {
      this.#broken ||= !(failure instanceof StaysAsItWas);
      throw failure;
    }
  }
}

/** Of a failure that did nothing to the document. */
class StaysAsItWas extends DocumentError {}

/** A copy of a document with these changes, and the beginnings of the hashes of those that are new in it. */
function applied(raw: Raw, changes: readonly Uint8Array[]): { copy: Raw; made: ReadonlySet<string> } {
  const before = raw.getHeads();
  // Automerge copies on write, so this costs little, and what fails breaks the copy alone.
  const copy = raw.clone(raw.getActorId());
  try {
    copy.applyChanges([...changes]);
    const made = new Set(copy.getChanges(before).map(checksum));
    // It keeps operations, not bytes. A change that another writer encoded in an unusual way comes back with another
    // hash; a document saved with it could never be loaded.
    if (copy.getChangesMeta(before).some((one) => !made.has(one.hash.slice(0, 8)))) throw unusable();
    return { copy, made };
  } catch {
    copy.free();
    throw unusable();
  }
}

const unusable = (): DocumentError => new StaysAsItWas("Automerge could not apply these changes.", "does_not_apply");

const checksum = (change: Uint8Array): string =>
  Array.from(change.subarray(CHECKSUM.from, CHECKSUM.to), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** A value or an object at a key, and the id of the operation that put it there. */
interface Winner {
  readonly id: string;
  readonly scalar: Scalar | null;
}

function winnerOf(raw: Raw, obj: ObjectId, key: string, heads?: string[]): Winner | undefined {
  // The one that counts comes last.
  const found = (heads === undefined ? raw.getAll(obj, key) : raw.getAll(obj, key, heads)).at(-1);
  if (found === undefined) return undefined;
  const [type, value, id] = found;
  return { id: id ?? String(value), scalar: id === undefined ? null : scalarOf([type, value] as Found) };
}

function operationOf(id: string): Origin {
  const at = id.indexOf("@");
  return { actor: id.slice(at + 1), number: Number(id.slice(0, at)) };
}

/** Whether what `head` stands for was written by somebody who had seen the operation, and so replaced it. */
function knew(raw: Raw, head: string, operation: string): boolean {
  const { actor, number } = operationOf(operation);
  return !raw.getChangesMeta([head]).some((one) => one.actor === actor && one.startOp <= number && number <= one.maxOp);
}

/** Turn what Automerge throws into `DocumentError`; its own text may quote content, so it is left out on purpose. */
function mending<T>(work: () => T): T {
  try {
    return work();
  } catch (failure) {
    if (failure instanceof IntersessionError) throw failure;
    const name = failure instanceof Error ? failure.name : typeof failure;
    throw new DocumentError(`Automerge could not do that (${name}).`, "does_not_apply");
  }
}
