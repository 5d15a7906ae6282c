// Replicas under Node.js, each in memory, asked line by line: what they answer goes back as JSON.

import { startAutomerge } from "@intersession/client/crdt/automerge.ts";
import type { Change } from "@intersession/client/generated/answers.ts";
import { IntersessionError } from "@intersession/client/errors.ts";
import { replicaOf, type Replica } from "@intersession/client/replica/replica.ts";
import { startSqlite, type Sqlite } from "@intersession/client/store/sqlite.ts";
import { MIGRATIONS } from "@intersession/client/store/migrations.ts";
import { openStore } from "@intersession/client/store/store.ts";
import type { Given, Value } from "@intersession/client/store/values.ts";
import { bytesOf, written } from "../answers/base64.ts";
import { EXCHANGING } from "./replica/exchanging.ts";
import { READING } from "./replica/reading.ts";
import { WRITING } from "./replica/writing.ts";

interface Asked {
  readonly store: string;
  readonly file?: string;
  readonly sql?: string;
  readonly rows?: readonly Given[][];
  readonly now?: string;
}

type Ask = (replica: Replica, given: never) => unknown;

let sqlite: Sqlite;
let now = "2026-05-04T18:30:00+02:00";
const replicas = new Map<string, Replica>();
const heard = new Map<Replica, Change[]>();

const surroundings = { now: () => now, random: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };

function open({ store: name, file }: Asked): void {
  const [memory = null] = file === undefined ? [] : bytesOf([file]);
  const replica = replicaOf(openStore(sqlite, { memory }, surroundings), (failure) => {
    throw failure;
  });
  const changes: Change[] = [];
  replica.onChange((change) => changes.push(change));
  replicas.set(name, replica);
  heard.set(replica, changes);
}

const STORING: Readonly<Record<string, (replica: Replica, asked: Asked) => unknown>> = {
  close: (replica) => replica.close(),
  file: ({ store }) => written(store.file()),
  rows: ({ store }, { sql = "" }) => store.all(sql).map((row) => row.map(told)),
  write: ({ store }, { sql = "", rows = [] }) => store.transaction(() => store.runMany(sql, rows)),
  heard: (replica) => heard.get(replica)?.splice(0),
};

const told = (value: Value): unknown =>
  value instanceof Uint8Array ? { bytes: written(value) } : typeof value === "bigint" ? { whole: String(value) } : value;

/** Load what is needed; then `ask` may be called. */
async function start(files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  sqlite = await startSqlite(files["sqlite3"]);
  await startAutomerge(files["automerge"]);
}

/** What a call answers. */
async function ask(call: string, asked: Asked): Promise<unknown> {
  now = asked.now ?? now;
  try {
    if (call === "migrations") return { answer: MIGRATIONS };
    if (call === "open") return { answer: open(asked) ?? null };
    const replica = replicas.get(asked.store);
    const work: Ask | undefined = STORING[call] ?? READING[call] ?? WRITING[call] ?? EXCHANGING[call];
    if (replica === undefined || work === undefined) throw new Error(`There is no ${call} of ${asked.store}.`);
    return { answer: (await work(replica, asked as never)) ?? null };
  } catch (failure) {
    if (failure instanceof IntersessionError) return { refused: failure.code, message: failure.message };
    return { failed: failure instanceof Error ? (failure.stack ?? failure.message) : String(failure) };
  }
}

Object.assign(globalThis, { start, ask });
