// The store's key, wrapped by what a person knows or has. What is random comes from outside, and is never used twice.

import { joined, utf8 } from "../bytes.ts";
import { InvalidField } from "../errors.ts";
import { decrypted, derived, encrypted, WORK } from "../sealing/cipher.ts";
import type { Sealed, Way } from "./header.ts";
import { passcodeBytes } from "./passcode.ts";

/** What opens a lock: a passcode as it was typed, or what a passkey answered to the salt of its way. */
export type Secret =
  | { readonly way: "passcode"; readonly passcode: string }
  | {
      readonly way: "passkey";
      readonly credential: Uint8Array;
      readonly salt: Uint8Array;
      readonly output: Uint8Array;
    };

/** So many random bytes. */
export type Random = (length: number) => Uint8Array;

const SALT = 16;
const NONCE = 12;
const OUTPUT = 32;
const DOMAIN = utf8("intersession store key 1");

/** The key of the store with this id, wrapped. Throws `InvalidField`. Takes a moment with a passcode, on purpose. */
export async function wrapKey(key: Uint8Array, id: Uint8Array, secret: Secret, random: Random): Promise<Way> {
  const nonce = random(NONCE);
  const wrap = async (wrapping: Uint8Array): Promise<Uint8Array> => {
    try {
      return await encrypted(wrapping, nonce, key, placeOf(secret.way, id));
    } finally {
      wrapping.fill(0);
    }
  };
  if (secret.way === "passcode") {
    const salt = random(SALT);
    const wrapping = await derived(passcodeBytes(secret.passcode), salt, WORK);
    return { way: "passcode", salt, work: WORK, nonce, sealed: await wrap(wrapping) };
  }
  if (secret.output.length < OUTPUT) throw new InvalidField("A passkey must answer with 32 bytes.");
  const { credential, salt, output } = secret;
  return { way: "passkey", credential, salt, nonce, sealed: await wrap(await stretched(output, salt)) };
}

/** The key; undefined where this is not what it was wrapped with. */
export async function unwrapKey({ id, ways }: Sealed, secret: Secret): Promise<Uint8Array | undefined> {
  for (const way of ways) {
    const wrapping = await wrappingOf(way, secret);
    if (wrapping === undefined) continue;
    const key = await decrypted(wrapping, way.nonce, way.sealed, placeOf(way.way, id));
    wrapping.fill(0);
    if (key !== undefined) return key;
  }
  return undefined;
}

async function wrappingOf(way: Way, secret: Secret): Promise<Uint8Array | undefined> {
  if (way.way === "passkey") {
    return secret.way === "passkey" && secret.output.length >= OUTPUT ? stretched(secret.output, way.salt) : undefined;
  }
  if (secret.way !== "passcode") return undefined;
  const text = secret.passcode.normalize("NFKC");
  return derived(utf8(text), way.salt, way.work);
}

/** A passkey's answer is random already: it is only made a key of nothing else. */
async function stretched(output: Uint8Array, salt: Uint8Array): Promise<Uint8Array> {
  const given = await crypto.subtle.importKey("raw", output.slice(), "HKDF", false, ["deriveBits"]);
  const parameters = { name: "HKDF", hash: "SHA-256", salt: salt.slice(), info: DOMAIN };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, given, 8 * OUTPUT));
}

const placeOf = (way: Way["way"], id: Uint8Array): Uint8Array => joined([DOMAIN, utf8(way), id]);
