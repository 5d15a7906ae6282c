// What the app is given: a client that is open, or word that another tab has it.

import type { Faces, Remote } from "@intersession/client/faces/faces.ts";
import type { Change } from "@intersession/client/generated/answers.ts";

/** This device's client, as a page holds it. */
export interface Client {
  readonly faces: Remote<Faces>;
  /** Be told of documents that differ, and of a status that may differ; answers with what ends it. */
  onChange(told: (change: Change) => void): () => void;
  close(): Promise<void>;
}

/** One tab writes at a time: the others may take over, and the one that had it is told by `lost`. */
export type Opening =
  | { readonly state: "open"; readonly client: Client; readonly lost: Promise<void> }
  | { readonly state: "elsewhere"; readonly takeOver: () => Promise<Opening> };

/** Open this device's client; `elsewhere` when another tab has it. */
export type OpenClient = () => Promise<Opening>;
