// The keys of the client's vault on this device: those that are open, and all that are known, wrapped.
//
// An open key is kept in the store's `meta`. The wrapped ones are `vault_key` documents of the vault: there is one, or two
// where two devices each made a vault before they heard of each other. What writes is called in a transaction.

import { hexOf } from "../../bytes.ts";
import type { WrappedKey } from "../../generated/frames.ts";
import type { VaultKey } from "../../sealing/blobs.ts";
import { readWrapped } from "../../sealing/vaultKey.ts";
import type { Store } from "../../store/store.ts";

const OPEN = "vault_keys";

/**
 * One wrapped key: `document` is the position of its document, `hash` the one of its blob. `key` is null for a blob that
 * this version cannot open.
 */
export interface KnownKey {
  readonly document: number;
  readonly hash: Uint8Array;
  readonly seq: number | null;
  readonly key: WrappedKey | null;
}

/** All wrapped keys that are valid now, in the order of the log; those the server has not seen come last. */
export function knownKeys(store: Store): readonly KnownKey[] {
  const rows = store.all<[number, Uint8Array, number | null, Uint8Array]>(
    "SELECT b.document, b.hash, b.seq, b.data FROM documents d JOIN sealed b ON b.document = d.position" +
      " WHERE d.kind = 'vault_key' ORDER BY b.seq IS NULL, b.seq, b.position", // as its index says
  );
  const found = rows.map(([document, hash, seq, data]) => ({ document, hash, seq, key: readWrapped(data) ?? null }));
  const place = (document: number, hash: Uint8Array): string => `${document} ${hexOf(hash)}`;
  const replaced = new Set(found.flatMap(({ document, key }) => (key?.replaces ?? []).map((hash) => place(document, hash))));
  return found.filter(({ document, hash }) => !replaced.has(place(document, hash)));
}

interface KeptKey {
  readonly id: string;
  readonly key: string;
}

/** The keys that are open on this device. */
export const openKeys = (store: Store): readonly VaultKey[] =>
  (store.meta<readonly KeptKey[]>(OPEN) ?? []).map(({ id, key }) => ({ id: fromBase64(id), key: fromBase64(key) }));

/** Remember keys as open, besides those that are. */
export function keepKeysOpen(store: Store, keys: readonly VaultKey[]): void {
  const there = openKeys(store);
  const names = new Set(there.map(({ id }) => hexOf(id)));
  const all = [...there, ...keys.filter(({ id }) => !names.has(hexOf(id)))];
  store.setMeta(OPEN, all.map(({ id, key }): KeptKey => ({ id: toBase64(id), key: toBase64(key) })));
}

/** Remember no key any more. */
export const forgetKeys = (store: Store): void => store.setMeta(OPEN, null);

/** The open key that new blobs are sealed with: the one the log knew first. Null while the vault is locked. */
export function sealingKey(store: Store): VaultKey | null {
  const open = openKeys(store);
  const [first = null] = open;
  if (open.length < 2) return first;
  const keys = new Map(open.map((one) => [hexOf(one.id), one]));
  const known = knownKeys(store).find(({ key }) => key !== null && keys.has(hexOf(key.keyId)));
  return (known?.key && keys.get(hexOf(known.key.keyId))) ?? first;
}

const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
