// A replica in the files of an origin, in a worker: what stays of what was deleted.

import { startAutomerge } from "@intersession/client/crdt/automerge.ts";
import { createEntry } from "@intersession/client/documents/diary/journal.ts";
import { findDocument } from "@intersession/client/replica/documents/stored.ts";
import { addToBuckets } from "@intersession/client/replica/logs/buckets.ts";
import { withdrawLogs } from "@intersession/client/replica/logs/withdrawals.ts";
import { editLongEntry } from "@intersession/client/replica/longProse.ts";
import { newId } from "@intersession/client/replica/documents/writing.ts";
import { purge } from "@intersession/client/replica/exchange/purging.ts";
import { replicaOf, type Replica } from "@intersession/client/replica/replica.ts";
import { entries, searchEntries } from "@intersession/client/replica/tables/entries.ts";
import { openPool, startSqlite, type Pool } from "@intersession/client/store/sqlite.ts";
import { openStore } from "@intersession/client/store/store.ts";
import { bytesOfId } from "@intersession/client/store/values.ts";

const DIRECTORY = "replica";
const [STREAM, GRANT, ACCOUNT] = ["11", "22", "33"].map((two) => `${two.repeat(4)}-${two.repeat(2)}-4${two}1-8${two}1-${two.repeat(6)}`);
const surroundings = {
  now: () => "2026-05-04T18:30:00+02:00",
  random: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
};

let pool: Pool;
let replica: Replica;

async function open(): Promise<void> {
  const sqlite = await startSqlite();
  await startAutomerge();
  pool = await openPool(sqlite, DIRECTORY);
  await pool.unpauseVfs();
  replica = replicaOf(openStore(sqlite, { pool, name: "/journal.db" }, surroundings));
}

/** Close it, so that its files can be read as they are. */
function close(): void {
  replica.close();
  pool.pauseVfs();
}

/** In how many files of this origin a text is, as SQLite, people's editors or JavaScript would have written it. */
async function filesWith(text: string): Promise<number> {
  const utf8 = new TextEncoder().encode(text);
  const utf16 = new Uint8Array(Uint16Array.from(text, (letter) => letter.charCodeAt(0)).buffer);
  let count = 0;
  for await (const file of filesIn(await navigator.storage.getDirectory())) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (holds(bytes, utf8) || holds(bytes, utf16)) count += 1;
  }
  return count;
}

async function* filesIn(directory: FileSystemDirectoryHandle): AsyncGenerator<File> {
  for await (const one of (directory as unknown as { values(): AsyncIterable<FileSystemHandle> }).values()) {
    if (one.kind === "directory") yield* filesIn(one as FileSystemDirectoryHandle);
    else yield await (one as FileSystemFileHandle).getFile();
  }
}

function holds(bytes: Uint8Array, sought: Uint8Array): boolean {
  const [first = 0] = sought;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (sought.every((byte, on) => bytes[at + on] === byte)) return true;
  }
  return false;
}

const write = (text: string, shared: boolean): string =>
  replica.write((writing) => {
    const entry = { written_at: surroundings.now(), entered_at: surroundings.now(), text };
    return writing.create("journal_entry", (empty) => [createEntry(empty, entry)], replica.destination(shared)).document.id;
  });

const CALLS: Readonly<Record<string, (given: never) => unknown>> = {
  open,
  close,
  filesWith: (text: string) => filesWith(text),
  /** A record that what is shared goes to. */
  join: () =>
    replica.store.transaction(() =>
      replica.store.run(
        "INSERT INTO streams (id, audience, role, grant_id, client, label) VALUES (?, 'record', 'client', ?, ?, '')",
        ...[STREAM, GRANT, ACCOUNT].map((id = "") => bytesOfId(id)),
      ),
    ),
  write: ({ text, shared }: { text: string; shared: boolean }) => write(text, shared),
  edit: ({ id, text }: { id: string; text: string }) =>
    replica.write((writing) => {
      const found = findDocument(replica.store, id);
      if (found !== null) writing.edit(found.position, (document) => editLongEntry(document, { text }));
    }),
  withdraw: (id: string) =>
    replica.write((writing) => {
      const found = findDocument(replica.store, id);
      if (found !== null) writing.withdraw(found);
    }),
  log: (note: string) =>
    replica.write((writing) => {
      const id = newId(replica.store);
      const at = surroundings.now();
      addToBuckets(writing, [{ id, at, entered_at: at, values: { worry: 3 }, note }], replica.destination(true));
      return id;
    }),
  withdrawLog: (id: string) => replica.write((writing) => withdrawLogs(writing, id, [id])),
  /** The server has all that was written. */
  accept: () =>
    replica.store.transaction(() => {
      replica.store.run("UPDATE changes SET accepted = 1");
      replica.store.run("DELETE FROM outbox");
    }),
  purge: () => purge(replica.store, STREAM ?? "", null),
  search: (query: string) => searchEntries(replica.store, query, {}).entries.length,
  texts: () => entries(replica.store, {}).map((entry) => entry.text),
  /** Write so many, and say how long it took, in milliseconds. */
  many: (count: number) => {
    const begun = performance.now();
    for (let at = 0; at < count; at += 1) write(`Entry ${at}: I slept badly and walked round the lake, again and again.`, true);
    const written = performance.now();
    const found = searchEntries(replica.store, "walked lake", { limit: 20 }).entries.length;
    return { write: (written - begun) / count, search: performance.now() - written, found };
  },
};

Object.assign(globalThis, {
  onmessage: async ({ data: [call, given] }: MessageEvent<[string, never]>) => {
    try {
      postMessage({ answer: await CALLS[call]?.(given) });
    } catch (failure) {
      postMessage({ failed: failure instanceof Error ? (failure.stack ?? failure.message) : String(failure) });
    }
  },
});
