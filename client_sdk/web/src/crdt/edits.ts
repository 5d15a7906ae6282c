// The writing half of a document: one change of it.

import { DocumentError } from "../errors.ts";
import { splices } from "../text/prose.ts";
import type { Raw } from "./automerge.ts";
import { ROOT, type ObjectId, type Scalar } from "./scalars.ts";

/** What `Document.edit` writes with. */
export class Edit {
  readonly #raw: Raw;
  readonly #mending: <T>(work: () => T) => T;

  /** `mending` turns what Automerge throws into errors of ours. */
  constructor(raw: Raw, mending: <T>(work: () => T) => T) {
    this.#raw = raw;
    this.#mending = mending;
  }

  /** Set a value. */
  put(key: string, { type, value }: Scalar, obj: ObjectId = ROOT): void {
    this.#mending(() => this.#raw.put(obj, key, value, type));
  }

  /** A new text that holds `text`; concurrent edits of it merge character by character. */
  putText(key: string, text: string, obj: ObjectId = ROOT): ObjectId {
    return this.#mending(() => {
      const made = this.#raw.putObject(obj, key, "");
      if (text !== "") this.#raw.splice(made, 0, 0, text);
      return made;
    });
  }

  /** A new map. Two writers that make one at the same key hide one another's: use keys of one writer only. */
  putMap(key: string, obj: ObjectId = ROOT): ObjectId {
    return this.#mending(() => this.#raw.putObject(obj, key, {}));
  }

  /** Remove a key. */
  delete(key: string, obj: ObjectId = ROOT): void {
    this.#mending(() => this.#raw.delete(obj, key));
  }

  /**
   * Turn a text into `after` by its differences, whole words kept together.
   *
   * Throws `DocumentError` where another app put something else than characters into it, so that this cannot be done.
   */
  rewrite(obj: ObjectId, after: string): void {
    this.#mending(() => {
      const before = this.#raw.text(obj);
      const found = splices(before, after);
      if (found.length === 0) return;
      // Automerge counts UTF-16 units here, splices count code points.
      const starts = unitsOf(before);
      for (const splice of found) {
        const from = starts[splice.at] ?? before.length;
        const to = starts[splice.at + splice.delete] ?? before.length;
        this.#raw.splice(obj, from, to - from, splice.insert);
      }
      if (this.#raw.text(obj) !== after) {
        throw new DocumentError(
          "This text cannot be edited: another app wrote something other than characters into it.",
          "bad_change",
        );
      }
    });
  }
}

/** Where each code point of a text begins, in UTF-16 units. */
function unitsOf(text: string): readonly number[] {
  const starts: number[] = [];
  let at = 0;
  for (const point of text) {
    starts.push(at);
    at += point.length;
  }
  return starts;
}
