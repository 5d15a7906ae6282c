// The streams that a replica holds, and who reads what is in them.

import type { Id } from "../../generated/models.ts";
import type { Audience } from "../../generated/frames.ts";
import type { Store } from "../../store/store.ts";
import { bytesOfId, idOf } from "../../store/values.ts";
import type { StoredDocument } from "./rows.ts";

const OWN = "SELECT id FROM streams WHERE audience = ? AND role = 'client'";

/** The stream that what this account shares goes to; null until a server has named it. */
export const recordStream = (store: Store): Id | null => ownStream(store, "record");

/** The stream that what this client keeps private goes to; null until a server has named it. */
export const vaultStream = (store: Store): Id | null => ownStream(store, "vault");

function ownStream(store: Store, audience: Audience): Id | null {
  const row = store.one<[Uint8Array]>(OWN, audience);
  return row === null ? null : idOf(row[0]);
}

/** Who reads that stream; null for what is on this device only. */
export function audienceOf(store: Store, stream: Id | null): Audience | null {
  if (stream === null) return null;
  return store.one<[Audience]>("SELECT audience FROM streams WHERE id = ?", bytesOfId(stream))?.[0] ?? null;
}

/** Whether the stream is a vault: then what is sent of its documents is sealed. */
export const isVault = (store: Store, stream: Id | null): boolean => audienceOf(store, stream) === "vault";

/** Whether others read the document, or will as soon as the server is reached. */
export const isShared = (store: Store, { stream, wish }: StoredDocument): boolean =>
  stream === null ? wish === true : !isVault(store, stream);
