// The faces of clients' devices under Node.js, each on a store in memory, asked line by line.

import { bigEndian } from "@intersession/client/bytes.ts";
import { startAutomerge } from "@intersession/client/crdt/automerge.ts";
import { IntersessionError } from "@intersession/client/errors.ts";
import { facesOf } from "@intersession/client/faces/client.ts";
import type { Status } from "@intersession/client/generated/answers.ts";
import { refusals } from "@intersession/client/replica/documents/refusals.ts";
import { replicaOf, type Replica } from "@intersession/client/replica/replica.ts";
import { startSqlite, type Sqlite } from "@intersession/client/store/sqlite.ts";
import { openStore } from "@intersession/client/store/store.ts";
import { shareByDefault } from "@intersession/client/sync/pairing.ts";
import { serve, type Port } from "@intersession/client/worker/remote.ts";
import { bytesOf, written } from "../answers/base64.ts";

interface Asked {
  readonly store: string;
  readonly file?: string;
  readonly now?: string;
  readonly zone?: string | null;
  readonly face?: string;
  readonly method?: string;
  readonly given?: readonly unknown[];
  readonly message?: unknown;
}

type Methods = Readonly<Record<string, (...given: unknown[]) => unknown>>;
type Called = Readonly<Record<string, Methods>>;

/** Bytes that tell in which order bytes were drawn; those that follow say of an id which version it is. */
const COUNTED = 6;

let sqlite: Sqlite;
let [now, zone] = ["2026-05-04T18:30:00+02:00", "Europe/Berlin" as string | null];
const open = new Map<string, { readonly replica: Replica; readonly faces: Called }>();

let drawn = 0n;

/** Bytes as drawn at random, but for those that all begin with: what is drawn later comes after what was before. */
function random(length: number): Uint8Array {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  drawn += 1n;
  bytes.set(bigEndian(drawn, COUNTED).subarray(0, length));
  return bytes;
}

const surroundings = { now: () => now, random };

/** A device that no network is near. */
const alone = (replica: Replica) => ({
  pairing: () => replica.pairing(),
  shareByDefault: (shared: boolean) => shareByDefault(replica, shared),
  status: () =>
    ({
      paired: replica.pairing(),
      refusals: refusals(replica.store),
      access_ended: replica.accessEnded(),
      problems: replica.store.number("SELECT count(*) FROM problems"),
    }) as unknown as Status,
});

function begin({ store: name, file }: Asked): void {
  const [memory = null] = file === undefined ? [] : bytesOf([file]);
  const replica = replicaOf(openStore(sqlite, { memory }, surroundings), (failure) => {
    throw failure;
  });
  open.set(name, { replica, faces: facesOf(replica, alone(replica), () => zone) as unknown as Called });
}

async function called({ store: name, face = "", method = "", given = [] }: Asked): Promise<unknown> {
  const held = open.get(name)?.faces[face];
  const work = held?.[method];
  if (held === undefined || work === undefined) throw new Error(`There is no ${face}.${method} of ${name}.`);
  return (await work.apply(held, [...given])) ?? null;
}

/** What a page is answered that posts this, whatever it is, to the worker with that store. */
function posted(store: string, message: unknown): Promise<unknown> {
  return new Promise((resolve) => {
    let hear: (event: { readonly data: unknown }) => void = () => undefined;
    const port: Port = { postMessage: resolve, addEventListener: (_, listener) => (hear = listener) };
    serve(port, () => open.get(store)?.faces ?? {});
    hear({ data: message });
  });
}

/** Load what is needed; then `ask` may be called. */
async function start(files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  sqlite = await startSqlite(files["sqlite3"]);
  await startAutomerge(files["automerge"]);
}

/** What a call answers. */
async function ask(call: string, asked: Asked): Promise<unknown> {
  now = asked.now ?? now;
  zone = asked.zone === undefined ? zone : asked.zone;
  try {
    if (call === "open") return { answer: begin(asked) ?? null };
    if (call === "call") return { answer: await called(asked) };
    if (call === "post") return { answer: await posted(asked.store, asked.message) };
    const replica = open.get(asked.store)?.replica;
    if (call === "file" && replica !== undefined) return { answer: written(replica.store.file()) };
    throw new Error(`There is no ${call} of ${asked.store}.`);
  } catch (failure) {
    if (failure instanceof IntersessionError) return { refused: failure.code, message: failure.message };
    return { failed: failure instanceof Error ? (failure.stack ?? failure.message) : String(failure) };
  }
}

Object.assign(globalThis, { start, ask });
