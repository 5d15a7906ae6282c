// A page with a client and that client's worker, in one bundle: `opening` opens it, `call` calls its faces.

import { ofHex } from "@intersession/client/bytes.ts";
import { openClient, type Client, type Opening } from "@intersession/client/client.ts";
import { createEntry, editEntry } from "@intersession/client/documents/diary/journal.ts";
import { NotFound } from "@intersession/client/errors.ts";
import { facesOf } from "@intersession/client/faces/client.ts";
import type { Device, Lock, Plans, Told } from "@intersession/client/faces/faces.ts";
import type { Change, Entry } from "@intersession/client/generated/answers.ts";
import { smallFiles, type SmallFiles } from "@intersession/client/lock/smallFiles.ts";
import { deleteEverything } from "@intersession/client/lock/storeLock.ts";
import type { Replica } from "@intersession/client/replica/replica.ts";
import { findDocument } from "@intersession/client/replica/documents/stored.ts";
import { entries } from "@intersession/client/replica/tables/entries.ts";
import { browserEnvironment } from "@intersession/client/worker/environment.ts";
import { serveAt } from "@intersession/client/worker/opening.ts";
import { servedFrom, type Ending } from "@intersession/client/worker/served.ts";

/** As much of a journal as these tests need. */
interface Notes {
  write(text: string): string;
  edit(id: string, text: string): void;
  withdraw(id: string): void;
  list(): readonly Entry[];
  /** Write so many, one transaction each, telling each when it is on disk. */
  writeMany(first: number, count: number): Promise<void>;
}

interface News extends Told {
  readonly written: string;
}

interface Faces {
  readonly device: Device;
  readonly lock: Lock;
  readonly plans: Plans;
  readonly notes: Notes;
}

function notesOf(replica: Replica, told: (text: string) => void): Notes {
  const { store } = replica;
  const held = (id: string) => {
    const document = findDocument(store, id);
    if (document === null) throw new NotFound("There is no entry with that id here.");
    return document;
  };
  const write = (text: string): string => {
    const now = store.now();
    const made = replica.write((writing) =>
      writing.create(
        "journal_entry",
        (document) => [createEntry(document, { written_at: now, entered_at: now, text })],
        replica.destination(null),
      ),
    );
    return made.document.id;
  };
  return {
    write,
    edit: (id, text) => {
      replica.write((writing) => writing.edit(held(id).position, (document) => [editEntry(document, { text })]));
    },
    withdraw: (id) => replica.write((writing) => writing.withdraw(held(id))),
    list: () => entries(store, {}),
    async writeMany(first, count) {
      for (let at = first; at < first + count; at += 1) {
        write(`Note ${at}`);
        told(`Note ${at}`);
        await new Promise((resolve) => setTimeout(resolve));
      }
    },
  };
}

function worker(): void {
  const files = async (): Promise<SmallFiles> => smallFiles(await navigator.storage.getDirectory(), "lock");
  serveAt<News & Ending>(
    self,
    browserEnvironment({ version: "0", browser: "test" }),
    async (ground) =>
      servedFrom(ground, await files(), ({ replica, device }) => ({
        ...facesOf(replica, device, () => null),
        notes: notesOf(replica, (text) => ground.tell("written", text)),
      })),
    async ({ sqlite, pool }) => deleteEverything(sqlite, pool, { files: await files() }),
  );
}

/** What a test gave, with the bytes that it wrote as `{hex}`. */
const withBytes = (given: unknown): unknown => {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return given;
  if ("hex" in given) return ofHex(String(given.hex));
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, withBytes(value)]));
};

function page(): void {
  let opened: Opening<Faces, News> | null = null;
  const said = { changes: [] as Change[], written: [] as string[], lost: false };

  const client = (): Client<Faces, News> => {
    if (opened?.state !== "open") throw new Error("The client is not open here.");
    return opened.client;
  };

  /** Open the client, or take it over; answers with how that went. */
  const opening = async (): Promise<unknown> => follow(openClient({ worker: () => new Worker(import.meta.url, { type: "module" }) }));
  const takeOver = async (): Promise<unknown> =>
    opened?.state === "elsewhere" ? follow(opened.takeOver()) : { state: "open" };

  const follow = async (opening: Promise<Opening<Faces, News>>): Promise<unknown> => {
    opened = await opening;
    if (opened.state === "elsewhere") return { state: "elsewhere", where: opened.where };
    said.lost = false;
    void opened.lost.then(() => (said.lost = true));
    opened.client.on("changed", (change) => said.changes.push(change));
    opened.client.on("written", (text) => said.written.push(text));
    return { state: "open" };
  };

  /** What a method answers; what it is refused with. */
  const call = async (face: keyof Faces, method: string, given: readonly unknown[]): Promise<unknown> => {
    const methods = client().faces[face] as unknown as Record<string, (...given: unknown[]) => Promise<unknown>>;
    try {
      return { answer: (await methods[method]?.(...given.map(withBytes))) ?? null };
    } catch (failure) {
      const { code, message } = failure as { code?: string; message: string };
      return { refused: code ?? "", message };
    }
  };

  Object.assign(globalThis, { opening, call, takeOver, said, closeClient: () => client().close() });
}

if ("document" in globalThis) page();
else worker();
