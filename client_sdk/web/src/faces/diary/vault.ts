// The vault: private entries on all of a client's devices, and readable on none of the practice's.

import { hexOf } from "../../bytes.ts";
import { NotPaired, StoreFull, VaultExists, VaultLocked, WrongPassphrase } from "../../errors.ts";
import type { WrappedKey } from "../../generated/frames.ts";
import type { Id } from "../../generated/models.ts";
import WIRE from "../../generated/wire.json";
import { addMadeBlob, countBlobs, markClosed, stopSending } from "../../replica/documents/sealed.ts";
import { addDocument, documentAt } from "../../replica/documents/stored.ts";
import { vaultStream } from "../../replica/documents/streams.ts";
import { keepKeysOpen, knownKeys, openKeys, type KnownKey } from "../../replica/documents/vaultKeys.ts";
import { newId } from "../../replica/documents/writing.ts";
import { planIntake } from "../../replica/vaultBackfill.ts";
import type { VaultKey } from "../../sealing/blobs.ts";
import { writtenCode } from "../../sealing/recoveryCode.ts";
import { normal, rewrap, unwrap, wrap, type Secret } from "../../sealing/vaultKey.ts";
import { bytesOfId } from "../../store/values.ts";
import type { Vault } from "../faces.ts";
import type { Scope } from "../scope.ts";

/** Wrapped keys that one passphrase is tried on: each takes a moment, and the server could hold any number. */
const MOST_TRIED = 16;
const { codeBytes: CODE_BYTES, saltBytes: SALT_BYTES, bytes: BYTES } = WIRE.sealing;

interface Unwrapped {
  readonly known: KnownKey;
  readonly wrapped: WrappedKey;
  readonly key: VaultKey;
}

/** The vault of a client's device. */
export function vaultOf({ replica, store }: Scope): Vault {
  /** A secret with what is drawn for wrapping with it. */
  const drawnFor = (secret: Uint8Array): Secret => ({
    secret,
    salt: store.random(SALT_BYTES),
    nonce: store.random(BYTES.nonce),
  });

  /** The vault's stream, where no vault has been made yet. */
  const checkNone = (): Id => {
    replica.paired();
    const stream = vaultStream(store);
    if (stream === null) {
      throw new NotPaired("This store does not know its vault stream yet. Sync once, then create the vault.");
    }
    if (knownKeys(store).length > 0 || openKeys(store).length > 0) {
      throw new VaultExists("There already is a vault. Unlock it with its passphrase or recovery code.");
    }
    const isBehind = "SELECT cursor < head OR backfill IS NOT NULL FROM streams WHERE id = ?";
    if (store.number(isBehind, bytesOfId(stream)) !== 0) {
      throw new VaultExists("There already is a vault, but this device has not received it yet. Sync, then unlock it.");
    }
    return stream;
  };

  /** Remember keys, and that there is something to open and to take in; in a transaction. */
  const opened = (keys: readonly VaultKey[]): void => {
    keepKeysOpen(store, keys);
    markClosed(store);
    planIntake(store);
  };

  /** The wrapped keys that `secret` opens, each with its key. Other calls go on while that takes its time. */
  const unwrapped = async (secret: string): Promise<readonly Unwrapped[]> => {
    const all = knownKeys(store).flatMap((known) => (known.key === null ? [] : [{ known, wrapped: known.key }]));
    if (all.length === 0) {
      throw new VaultLocked("This device does not know of a vault. Sync first, or create one.", "no_vault");
    }
    const found: Unwrapped[] = [];
    for (const one of all.slice(0, MOST_TRIED)) {
      const key = await unwrap(one.wrapped, secret);
      if (key !== undefined) found.push({ ...one, key });
    }
    if (found.length > 0) return found;
    throw new WrongPassphrase("That is neither the passphrase nor the recovery code of the vault.");
  };

  /** Put a new wrapped key in the place of each one that `secret` opens. */
  const wrapAnew = async (secret: string, secrets: Parameters<typeof rewrap>[3]): Promise<void> => {
    const found = new Map((await unwrapped(secret)).map((one) => [one.known.document, one]));
    const known = knownKeys(store);
    const made: { document: number; before: readonly Uint8Array[]; blob: Uint8Array }[] = [];
    for (const [document, { wrapped, key }] of found) {
      const before = known.filter((one) => one.document === document).map(({ hash }) => hash);
      made.push({ document, before, blob: await rewrap(wrapped, key, before, secrets) });
    }
    replica.write((writing) => {
      for (const { document, before, blob } of made) {
        stopSending(store, document, before);
        addMadeBlob(store, document, blob, [], before.map(hexOf));
        writing.touched.add(documentAt(store, document).id);
      }
    });
  };

  return {
    status: () => ({
      state: openKeys(store).length > 0 ? "open" : knownKeys(store).length > 0 ? "locked" : "none",
      waiting: countBlobs(store, "closed"),
      unreadable: countBlobs(store, "unreadable"),
    }),
    async create(passphrase) {
      const secret = normal(passphrase);
      checkNone();
      const key = { id: store.random(BYTES.id), key: store.random(BYTES.key) };
      const code = store.random(CODE_BYTES);
      const wrapped = await wrap(key, drawnFor(secret), drawnFor(code));
      replica.write((writing) => {
        const stream = checkNone(); // once more: another call may have made one meanwhile
        const id = newId(store);
        const position = addDocument(store, id, "vault_key", { stream, wish: false });
        addMadeBlob(store, position, wrapped);
        opened([key]);
        writing.touched.add(id);
      });
      try {
        replica.takeIntoVault();
      } catch (failure) {
        // The code must not be lost, as it is never shown again; the rest is taken in later.
        if (!(failure instanceof StoreFull)) throw failure;
      }
      return writtenCode(code);
    },
    async unlock(passphraseOrCode) {
      const found = await unwrapped(passphraseOrCode);
      replica.write(() => opened(found.map(({ key }) => key)));
      replica.applyReceived();
      replica.takeIntoVault();
    },
    async changePassphrase(passphraseOrCode, next) {
      const passphrase = drawnFor(normal(next));
      await wrapAnew(passphraseOrCode, { passphrase });
    },
    async newRecoveryCode(passphraseOrCode) {
      const code = store.random(CODE_BYTES);
      await wrapAnew(passphraseOrCode, { recovery: drawnFor(code) });
      return writtenCode(code);
    },
  };
}
