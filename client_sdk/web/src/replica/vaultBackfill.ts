// Putting into an open vault what is on this device only: all that is private or undecided, with its history.
//
// What was edited in the vault's documents while it was locked is sealed here as well. Some documents at a time; how far it
// has come is in the store itself, so after a crash or a full disk the next opening goes on.

import type { Store } from "../store/store.ts";
import { bytesOfId } from "../store/values.ts";
import { sealChanges } from "./documents/sealed.ts";
import { documentAt, moveDocument } from "./documents/stored.ts";
import { vaultStream } from "./documents/streams.ts";
import { sealingKey } from "./documents/vaultKeys.ts";
import type { Writing } from "./documents/writing.ts";

const DUE = "vault_intake";
/** Documents per transaction. */
const AT_ONCE = 50;

/** Note that the vault has been opened, in a transaction. */
export const planIntake = (store: Store): void => store.setMeta(DUE, true);

/** Whether `planIntake` has noted something that is not done. */
export const isIntakeDue = (store: Store): boolean => store.meta<boolean>(DUE) !== null;

/** Take the next documents in; returns whether more are left. */
export function takeSomeIn(writing: Writing): boolean {
  const { store } = writing;
  const vault = vaultStream(store);
  if (vault === null || sealingKey(store) === null) {
    store.setMeta(DUE, null); // locked again, or ended
    return false;
  }
  const alone = "SELECT position FROM documents WHERE stream IS NULL AND wish IS NOT 1 LIMIT ?";
  const fresh = store.all<[number]>(alone, AT_ONCE);
  for (const [position] of fresh) moveDocument(store, position, { stream: vault, wish: false });
  const unsealed =
    "SELECT position FROM documents d WHERE stream = ? AND EXISTS" +
    " (SELECT 1 FROM changes c WHERE c.document = d.position AND NOT c.sealed) LIMIT ?";
  const rows = fresh.length > 0 ? fresh : store.all<[number]>(unsealed, bytesOfId(vault), AT_ONCE);
  for (const [position] of rows) {
    const document = documentAt(store, position);
    sealChanges(store, document);
    writing.touched.add(document.id);
  }
  if (rows.length === 0) store.setMeta(DUE, null);
  return rows.length > 0;
}
