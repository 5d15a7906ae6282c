// Documents where they live: asked in a page, in a worker and under Node.js for the same.

import { startAutomerge } from "@intersession/client/crdt/automerge.ts";
import { compressed } from "@intersession/client/crdt/compression.ts";
import { Document } from "@intersession/client/crdt/document.ts";
import { text } from "@intersession/client/crdt/scalars.ts";
import { create, read } from "@intersession/client/documents/records.ts";
import { IntersessionError } from "@intersession/client/errors.ts";
import { written } from "../answers/base64.ts";

const ACTOR = "aa".repeat(16);
const OTHER = "bb".repeat(16);
const WORDS = "I walked once round the lake. ".repeat(40);

/** As what something is refused. */
function refused(work: () => unknown): string {
  try {
    work();
    return "not at all";
  } catch (failure) {
    return failure instanceof IntersessionError ? failure.code : String(failure);
  }
}

/** A goal on two devices, and what goes wrong. */
async function run(wasm?: Uint8Array): Promise<unknown> {
  await startAutomerge(wasm);
  const one = Document.new(ACTOR);
  const made = create("goal", one, { what: "Walk again", why: WORDS });
  const second = one.edit((edit) => edit.put("state", text("reached")));
  const other = Document.new(OTHER);
  const waits = refused(() => other.apply(second === null ? [] : [second]));
  other.apply([compressed(made)]);
  const garbage = refused(() => other.apply([new Uint8Array([1, 2, 3])]));
  const cut = refused(() => other.apply([made.slice(0, -3)]));
  const undone = refused(() =>
    other.edit((edit) => {
      edit.put("state", text("let_go"));
      throw new IntersessionError("I have thought better of it.", "thought_better");
    }),
  );
  const nothing = other.edit(() => undefined);
  const copy = Document.load(other.save(), ACTOR);
  const heads = [one, other, copy].map((document) => document.heads);
  const said = read("goal", copy);
  for (const document of [one, other, copy, copy]) document.free();
  return {
    heads,
    said: { what: said.what, length: said.why.length, state: said.state, problems: said.problems },
    changes: [written(made), written(compressed(made))],
    short: second !== null && compressed(second) === second,
    nothing,
    refused: { waits, garbage, cut, undone, freed: refused(() => one.heads) },
  };
}

/** Make many documents, with all that can go wrong, and free them. */
async function churn(wasm: Uint8Array, times: number, frees: boolean): Promise<void> {
  await startAutomerge(wasm);
  for (let at = 0; at < times; at += 1) {
    const one = Document.new(ACTOR);
    const made = create("goal", one, { what: "Walk again", why: WORDS });
    const other = Document.new(OTHER);
    other.apply([made]);
    refused(() => other.apply([made.slice(0, -3)]));
    refused(() => Document.load(made.slice(3), ACTOR));
    other.fork(ACTOR).free();
    read("goal", other);
    if (frees) for (const document of [one, other]) document.free();
  }
}

Object.assign(globalThis, { run, churn, onmessage: async () => postMessage(await run()) });
