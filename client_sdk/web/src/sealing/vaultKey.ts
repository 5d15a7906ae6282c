// The key of a vault as it lies on the server: it opens with the passphrase, or with the recovery code.

import { joined, utf8 } from "../bytes.ts";
import { InvalidField } from "../errors.ts";
import type { WrappedKey, Wrapping } from "../generated/frames.ts";
import WIRE from "../generated/wire.json";
import type { Type } from "../wire/schema.ts";
import { written } from "../wire/writing.ts";
import { unpacked, type VaultKey } from "./blobs.ts";
import { decrypted, derived, encrypted, isSane, WORK, type Work } from "./cipher.ts";
import { readCode } from "./recoveryCode.ts";

/** What is drawn at random for one wrapping, 16 and 12 bytes; never use one twice. */
export interface Drawn {
  readonly salt: Uint8Array;
  readonly nonce: Uint8Array;
}

/** A secret as bytes, and what was drawn for wrapping with it. */
export interface Secret extends Drawn {
  readonly secret: Uint8Array;
}

type Use = "passphrase" | "recovery";

const { version: VERSION, bytes: BYTES, smallestPassphrase: SMALLEST_PASSPHRASE } = WIRE.sealing;
const WRAPPED: Type = { is: "struct", name: "WrappedKey" };

/** A passphrase as bytes, the same on every keyboard. Throws `InvalidField` for one that is too short. */
export function normal(passphrase: string): Uint8Array<ArrayBuffer> {
  const text = passphrase.normalize("NFKC");
  if ([...text].length < SMALLEST_PASSPHRASE) {
    throw new InvalidField(`The passphrase must have at least ${SMALLEST_PASSPHRASE} characters.`);
  }
  if (/\p{Cs}/u.test(text)) {
    throw new InvalidField("The passphrase contains a lone surrogate, which is not valid text.");
  }
  return utf8(text);
}

/** The content of a `vault_key` document, for a normal passphrase and a recovery code. */
export async function wrap(
  key: VaultKey,
  passphrase: Secret,
  recovery: Secret,
  work: Work = WORK,
): Promise<Uint8Array<ArrayBuffer>> {
  return written(
    {
      version: VERSION,
      keyId: key.id,
      passphrase: await wrapWith(key, passphrase, "passphrase", work),
      recovery: await wrapWith(key, recovery, "recovery", work),
      replaces: [],
    },
    WRAPPED,
  );
}

/**
 * The same key for another passphrase or another recovery code, in the place of those with the hashes `replaces`. What is
 * not given stays.
 */
export async function rewrap(
  wrapped: WrappedKey,
  key: VaultKey,
  replaces: readonly Uint8Array[],
  secrets: { readonly passphrase?: Secret; readonly recovery?: Secret },
): Promise<Uint8Array<ArrayBuffer>> {
  const { passphrase, recovery } = secrets;
  return written(
    {
      version: VERSION,
      keyId: key.id,
      passphrase: passphrase ? await wrapWith(key, passphrase, "passphrase", WORK) : wrapped.passphrase,
      recovery: recovery ? await wrapWith(key, recovery, "recovery", WORK) : wrapped.recovery,
      replaces,
    },
    WRAPPED,
  );
}

/** The content of a `vault_key` document; undefined where it is none that this version can open. */
export function readWrapped(blob: Uint8Array): WrappedKey | undefined {
  const wrapped = unpacked(blob, WRAPPED) as WrappedKey | undefined;
  if (wrapped === undefined || wrapped.version !== VERSION || wrapped.keyId.length !== BYTES.id) return undefined;
  const canBeDone = ({ salt, nonce, work }: Wrapping): boolean =>
    isSane(work) && salt.length >= 8 && salt.length <= 64 && nonce.length === BYTES.nonce;
  return canBeDone(wrapped.passphrase) && canBeDone(wrapped.recovery) ? wrapped : undefined;
}

/** The key, if `secret` is the passphrase or the recovery code as somebody typed it. Takes a moment, on purpose. */
export async function unwrap(wrapped: WrappedKey, secret: string): Promise<VaultKey | undefined> {
  const code = readCode(secret);
  const found = code && (await unwrapWith(wrapped.keyId, wrapped.recovery, code, "recovery"));
  if (found) return found;
  let passphrase: Uint8Array;
  try {
    passphrase = normal(secret);
  } catch (failure) {
    if (failure instanceof InvalidField) return undefined;
    throw failure;
  }
  return unwrapWith(wrapped.keyId, wrapped.passphrase, passphrase, "passphrase");
}

async function wrapWith(key: VaultKey, { secret, salt, nonce }: Secret, use: Use, work: Work): Promise<Wrapping> {
  const sealed = encrypted(await derived(secret, salt, work), nonce, key.key, authenticated(use, key.id));
  return { salt, work, nonce, sealed };
}

async function unwrapWith(
  keyId: Uint8Array,
  { salt, work, nonce, sealed }: Wrapping,
  secret: Uint8Array,
  use: Use,
): Promise<VaultKey | undefined> {
  const key = decrypted(await derived(secret, salt, work), nonce, sealed, authenticated(use, keyId));
  return key?.length === BYTES.key ? { id: keyId, key } : undefined;
}

const authenticated = (use: Use, keyId: Uint8Array): Uint8Array<ArrayBuffer> =>
  joined([utf8(WIRE.sealing.wrappingDomain), utf8(use), keyId]);
