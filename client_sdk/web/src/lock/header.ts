// The lock's header: which file the store is in, and the key that opens it, wrapped. It lies beside it, readable.

import { hexOf, ofHex } from "../bytes.ts";
import { StoreInvalid, StoreTooNew } from "../errors.ts";
import { isSane, type Work } from "../sealing/cipher.ts";

/** What both ways of wrapping a key have. */
interface Wrapped {
  readonly salt: Uint8Array;
  readonly nonce: Uint8Array;
  /** The key, encrypted. */
  readonly sealed: Uint8Array;
}

/** The key, for whoever knows the passcode. */
export interface ByPasscode extends Wrapped {
  readonly way: "passcode";
  readonly work: Work;
}

/** The key, for whoever has a passkey; `salt` is what its pseudo-random function is asked for. */
export interface ByPasskey extends Wrapped {
  readonly way: "passkey";
  readonly credential: Uint8Array;
}

export type Way = ByPasscode | ByPasskey;

/** What a store is sealed with: any of the ways opens it. `id` is drawn anew with each key. */
export interface Sealed {
  readonly id: Uint8Array;
  readonly ways: readonly Way[];
}

/** All of it. */
export interface Header {
  /** How often the store was moved into another file; the file is called by it. */
  readonly generation: number;
  /** Null: there is no lock. */
  readonly sealed: Sealed | null;
  /** The person agreed to have the safety plan outside of the lock. */
  readonly safetyOutside: boolean;
  /** Everything is being deleted, which goes on where it was interrupted. */
  readonly isDeleting: boolean;
}

/** Where nobody has ever set a lock. */
export const FIRST_HEADER: Header = { generation: 0, sealed: null, safetyOutside: false, isDeleting: false };

type WayField = keyof ByPasscode | keyof ByPasskey;

const VERSION = 1;
const STORE = /^\/store(?:-\d+)?\.db(?:-journal)?$/;

/** The name of the store's file. */
export const storeName = ({ generation }: Pick<Header, "generation">): string =>
  generation === 0 ? "/store.db" : `/store-${generation}.db`;

/** Those of a pool's files that were a store, or were to become one: all but the store itself and its journal. */
export function leftOver(header: Header, names: readonly string[]): readonly string[] {
  const name = storeName(header);
  return names.filter((one) => STORE.test(one) && one !== name && one !== `${name}-journal`);
}

/** A header as JSON. */
export const headerText = (header: Header): string => JSON.stringify({ version: VERSION, ...header }, written);

const written = (_: string, value: unknown): unknown =>
  value instanceof Uint8Array ? { hex: hexOf(value) } : value;
const read = (_: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && "hex" in value ? ofHex(String(value.hex)) : value;

/** What JSON says. Throws `StoreInvalid` where it is no header, `StoreTooNew` where it is a later one. */
export function readHeader(text: string): Header {
  let found: Partial<Header> & { readonly version?: unknown };
  try {
    found = JSON.parse(text, read) as typeof found;
  } catch {
    throw damaged();
  }
  if (typeof found !== "object" || found === null) throw damaged();
  if (typeof found.version === "number" && found.version > VERSION) {
    throw new StoreTooNew("The lock was set by a newer version of this app. Update the app to open it.");
  }
  const { generation, sealed, safetyOutside, isDeleting } = found;
  if (
    found.version !== VERSION ||
    !isGeneration(generation) ||
    !(sealed === null || isSealed(sealed)) ||
    typeof safetyOutside !== "boolean" ||
    typeof isDeleting !== "boolean"
  ) {
    throw damaged();
  }
  return { generation, sealed, safetyOutside, isDeleting };
}

/** What is said where the lock's own files cannot be read. */
export const damaged = (): StoreInvalid =>
  new StoreInvalid("The lock of this store is damaged, and the store cannot be opened.", "damaged");

const isGeneration = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isBytes = (value: unknown, least: number, most = least): boolean =>
  value instanceof Uint8Array && value.length >= least && value.length <= most;

function isSealed(value: unknown): value is Sealed {
  const { id, ways } = value as Partial<Sealed>;
  return isBytes(id, 16) && Array.isArray(ways) && ways.length > 0 && ways.every(isWay);
}

/** Work that no device can do would never end, whoever wrote it there. */
function isWay(value: unknown): value is Way {
  const { way, salt, nonce, sealed, work, credential } = value as { readonly [Name in WayField]?: unknown };
  if (!isBytes(salt, 16, 64) || !isBytes(nonce, 12) || !isBytes(sealed, 48)) return false;
  if (way === "passcode") return typeof work === "object" && work !== null && isSane(work as Work);
  return way === "passkey" && isBytes(credential, 1, 1_023);
}
