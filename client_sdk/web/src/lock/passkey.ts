// Passkeys, asked on the page: a worker has no credentials. What a passkey answers opens the lock in the worker.
//
// The pseudo-random function of WebAuthn ("prf") makes 32 bytes of a salt, the same each time, on the authenticator;
// not every browser and passkey has it. Where it is missing a person is asked for a passcode, best a passphrase.

import { IntersessionError } from "../errors.ts";
import type { WayIn } from "./storeLock.ts";
import type { Random, Secret } from "./wrapping.ts";

/** What a passkey opens a lock with. */
export type PasskeySecret = Extract<Secret, { way: "passkey" }>;

/** A passkey could not be used: `no_prf` it cannot make a key, `cancelled` it was not asked, or did not answer. */
export class PasskeyUnusable extends IntersessionError {
  constructor(code: "cancelled" | "no_prf") {
    super(code === "no_prf" ? "This passkey cannot open the app." : "The passkey was not used.", code);
  }
}

/** Bytes that the specification asks for: of a challenge, which nobody checks here, of a user and of a salt. */
const [CHALLENGE, USER, SALT] = [32, 16, 32];
const ALGORITHMS = [-7, -257] as const; // ES256 and RS256
const MOST_MS = 120_000;

/** Whether this browser has passkeys at all; whether they can make keys shows only once there is one. */
export const hasPasskeys = (): boolean => "PublicKeyCredential" in globalThis && "credentials" in navigator;

/** Whether a passkey of this browser may make keys; false where it says that none can. */
export async function mayMakeKeys(): Promise<boolean> {
  if (!hasPasskeys()) return false;
  if (!("getClientCapabilities" in PublicKeyCredential)) return true; // an older one, which cannot say
  return (await PublicKeyCredential.getClientCapabilities())["extension:prf"] !== false;
}

/** Make a passkey for this device's lock; `app` and `person` are shown by the browser. Throws `PasskeyUnusable`. */
export async function makePasskey(app: string, person: string, random: Random): Promise<PasskeySecret> {
  const salt = random(SALT).slice();
  const made = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        challenge: random(CHALLENGE).slice(),
        rp: { name: app },
        user: { id: random(USER).slice(), name: person, displayName: person },
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
        authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
        attestation: "none",
        timeout: MOST_MS,
        extensions: { prf: { eval: { first: salt } } },
      },
    }),
  );
  const { prf } = made.getClientExtensionResults();
  const credential = new Uint8Array(made.rawId);
  const output = prf?.results?.first;
  if (output !== undefined) return { way: "passkey", credential, salt, output: bytesOf(output) };
  if (prf?.enabled !== true) throw new PasskeyUnusable("no_prf");
  return askPasskey([{ way: "passkey", credential, salt }], random); // many answer only when they are asked again
}

/** Ask for one of the passkeys that open the lock. Throws `PasskeyUnusable`. */
export async function askPasskey(ways: readonly WayIn[], random: Random): Promise<PasskeySecret> {
  const known = ways.filter((way) => way.way === "passkey");
  const salts = Object.fromEntries(
    known.map(({ credential, salt }) => [base64Url(credential), { first: salt.slice() }]),
  );
  const given = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: random(CHALLENGE).slice(),
        allowCredentials: known.map(({ credential }) => ({ type: "public-key", id: credential.slice() })),
        userVerification: "required",
        timeout: MOST_MS,
        extensions: { prf: { evalByCredential: salts } },
      },
    }),
  );
  const credential = new Uint8Array(given.rawId);
  const output = given.getClientExtensionResults().prf?.results?.first;
  const salt = salts[base64Url(credential)]?.first;
  if (output === undefined || salt === undefined) throw new PasskeyUnusable("no_prf");
  return { way: "passkey", credential, salt, output: bytesOf(output) };
}

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  let found: Credential | null;
  try {
    found = await ask();
  } catch (failure) {
    // Refused, timed out, or no such passkey here: the browser does not say which, so that no page can find out.
    if (failure instanceof DOMException) throw new PasskeyUnusable("cancelled");
    throw failure;
  }
  if (found instanceof PublicKeyCredential) return found;
  throw new PasskeyUnusable("cancelled");
}

const bytesOf = (source: BufferSource): Uint8Array =>
  ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice()
    : new Uint8Array(source).slice();

const base64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
