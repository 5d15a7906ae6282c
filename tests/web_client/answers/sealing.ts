import { hexOf, ofHex } from "@intersession/client/bytes.ts";
import type { Content } from "@intersession/client/generated/frames.ts";
import { authenticated, openBlob, plaintextOf, seal, type VaultKey } from "@intersession/client/sealing/blobs.ts";
import { derived, type Work } from "@intersession/client/sealing/cipher.ts";
import { readCode, writtenCode } from "@intersession/client/sealing/recoveryCode.ts";
import { normal, readWrapped, unwrap, wrap, type Secret } from "@intersession/client/sealing/vaultKey.ts";
import { pairingCode } from "@intersession/client/text/pairingCode.ts";
import { typedCode } from "@intersession/client/text/typed.ts";
import { erasureHash, extended, GENESIS, onWire, type ChainedRow } from "@intersession/client/wire/chain.ts";
import type { Answers } from "./answers.ts";
import { orRefused } from "./refused.ts";
import { fromJson, toJson } from "./wire_json.ts";

const CONTENT = { is: "struct", name: "Content" } as const;

interface Keyed {
  key: string;
  key_id: string;
}

interface Sealed extends Keyed {
  stream: string;
  document: string;
  nonce: string;
  content: unknown;
}

interface Wrapped extends Keyed {
  passphrase: Hex;
  recovery: Hex;
  work: Work;
}

interface Hex {
  secret: string;
  salt: string;
  nonce: string;
}

interface Logged {
  stream: string;
  rows: (Omit<ChainedRow, "hash" | "receivedAt"> & { hash: string; received_at: string })[];
}

const keyOf = ({ key, key_id }: Keyed): VaultKey => ({ id: ofHex(key_id), key: ofHex(key) });
const secretOf = ({ salt, nonce }: Hex, secret: Uint8Array): Secret => ({
  secret,
  salt: ofHex(salt),
  nonce: ofHex(nonce),
});
const hexOrNull = (bytes: Uint8Array | undefined): string | null => (bytes === undefined ? null : hexOf(bytes));

async function sealed(given: Sealed): Promise<unknown> {
  const key = keyOf(given);
  const content = fromJson(given.content, CONTENT) as Content;
  return {
    plaintext: hexOf(plaintextOf(content)),
    authenticated: hexOf(authenticated(key.id, given)),
    blob: hexOf(seal(key, given, content, ofHex(given.nonce))),
  };
}

async function opened(given: Keyed & { stream: string; document: string; blob: string }): Promise<unknown> {
  const content = openBlob(keyOf(given), given, ofHex(given.blob));
  return content === undefined ? null : toJson(content, CONTENT);
}

async function wrapped({ passphrase, recovery, work, ...key }: Wrapped): Promise<unknown> {
  const first = secretOf(passphrase, normal(passphrase.secret));
  const second = secretOf(recovery, ofHex(recovery.secret));
  return {
    derived: {
      passphrase: hexOf(await derived(first.secret, first.salt, work)),
      recovery: hexOf(await derived(second.secret, second.salt, work)),
    },
    blob: hexOf(await wrap(keyOf(key), first, second, work)),
  };
}

async function unwrapped({ blob, secret }: { blob: string; secret: string }): Promise<unknown> {
  const known = readWrapped(ofHex(blob));
  const found = known && (await unwrap(known, secret));
  return found === undefined ? null : { key_id: hexOf(found.id), key: hexOf(found.key) };
}

function chained({ stream, rows }: Logged): unknown {
  let previous = GENESIS;
  return rows.map(({ hash, received_at, ...row }) => {
    previous = extended(previous, stream, { ...row, hash: ofHex(hash), receivedAt: received_at });
    return { chain: hexOf(previous), on_wire: hexOf(onWire(previous)) };
  });
}

export const SEALING: Answers = {
  seal: sealed,
  open: opened,
  passphrase: ({ passphrase }: { passphrase: string }) => orRefused(() => hexOf(normal(passphrase))),
  wrap: wrapped,
  unwrap: unwrapped,
  write_code: ({ code }: { code: string }) => writtenCode(ofHex(code)),
  read_code: ({ typed }: { typed: string }) => hexOrNull(readCode(typed)),
  pairing_code: ({ typed }: { typed: string }) => pairingCode(typed) ?? null,
  typed: ({ typed }: { typed: string }) => typedCode(typed),
  chain: chained,
  erasure: ({ document }: { document: string }) => hexOf(erasureHash(document)),
};
