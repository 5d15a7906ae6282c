// Automerge's WebAssembly, loaded once a page, worker or process. Only src/crdt imports Automerge.
//
// What is used is its low-level class: the high-level one makes texts that merge of all strings, and stamps each change
// with the time.

import wasm from "@automerge/automerge/automerge.wasm";
import { getBackend, init, initializeWasm } from "@automerge/automerge/slim";

/** A document as Automerge has it; whoever makes one has to free it. */
export type Raw = ReturnType<typeof getBackend>;

let start: Promise<void> | undefined;
let make: ((actor: string) => Raw) | undefined;

/**
 * Load Automerge; every document needs it first. Done once, however often it is called.
 *
 * `source` is its WebAssembly where it cannot be fetched from beside this bundle, as under Node.js.
 */
export function startAutomerge(source: URL | Uint8Array = new URL(wasm, import.meta.url)): Promise<void> {
  start ??= load(source);
  return start;
}

async function load(source: URL | Uint8Array): Promise<void> {
  try {
    await initializeWasm(source instanceof URL ? source.href : source);
  } catch (failure) {
    start = undefined; // the network may be back next time
    throw failure;
  }
  const first = getBackend(init());
  const { new: makeRaw } = first.constructor as unknown as { new: (actor: string) => Raw };
  make = makeRaw;
  first.free();
}

/** An empty document that writes as `actor`, in hexadecimal digits. */
export function newRaw(actor: string): Raw {
  if (make === undefined) throw new Error("Automerge has not been loaded: await startAutomerge() first.");
  return make(actor);
}
