// Opening this device's client in a page: one tab has it at a time, and another may take it over.
//
// Whoever holds the lock has the worker, and so the store. A tab that wants it asks for it over a channel; the one that
// has it closes its worker and lets the lock go, and only then is it another's. A tab that is about to be frozen, or to
// be kept for the way back, lets go by itself, since it could not answer.

import { IntersessionError, StoreBusy } from "./errors.ts";
import type { Faces, Remote, Told } from "./faces/faces.ts";
import type { Change } from "./generated/answers.ts";
import type { Surrounding } from "./sync/connection.ts";
import { remote } from "./worker/remote.ts";
import type { WorkerFace } from "./worker/opening.ts";
import type { Ending } from "./worker/served.ts";

/** What this device's client is opened with. */
export interface ClientOptions {
  /** Starts the replica's worker. */
  readonly worker: () => Worker;
  /** The folder of its files, and the name of its lock. */
  readonly directory?: string;
}

/** This device's client, as a page holds it. */
export interface Client<Face, News extends Told> {
  readonly faces: Remote<Face>;
  /** Be told of documents that differ, and of a status that may differ; what it returns ends that. */
  onChange(listener: (change: Change) => void): () => void;
  /** Be told of news; what it returns ends that. */
  on<Name extends keyof News & string>(name: Name, listener: (value: News[Name]) => void): () => void;
  /** Close the store and let another tab have it. */
  close(): Promise<void>;
}

/** Where a client is open: in an app on the home screen, or in a tab of the browser. */
export type Where = "app" | "tab";

/** `lost` resolves when this tab may open it again, after another has taken it over, or after it was frozen. */
export type Opening<Face = Faces, News extends Told = Told> =
  | { readonly state: "open"; readonly client: Client<Face, News>; readonly lost: Promise<void> }
  | {
      readonly state: "elsewhere";
      readonly where: Where | null;
      /** Have the other tab let go, and open it here. Throws `StoreBusy` where that one does not. */
      readonly takeOver: () => Promise<Opening<Face, News>>;
    };

type Said = { readonly say: "where?" } | { readonly say: "here"; readonly where: Where } | { readonly say: "give!" };

const DIRECTORY = "intersession";
/** Milliseconds that a tab has to say where it is, to let go, and a worker to close. */
const ANSWER_WITHIN = 300;
const GIVE_WITHIN = 5_000;
const CLOSE_WITHIN = 2_000;

/** Open this device's client; `elsewhere` when another tab has it. Throws what opening a store throws. */
export async function openClient<Face = Faces, News extends Told = Told>(
  options: ClientOptions,
): Promise<Opening<Face, News>> {
  const { directory = DIRECTORY } = options;
  const letGo = await lock(directory, { ifAvailable: true });
  if (letGo === null) {
    return { state: "elsewhere", where: await whereIsIt(directory), takeOver: () => takenOver(options, directory) };
  }
  return started(options, directory, letGo);
}

/** Delete everything of this device's client, where it cannot be opened. Throws `StoreBusy` while a tab has it. */
export async function eraseClient({ worker: start, directory = DIRECTORY }: ClientOptions): Promise<void> {
  const letGo = await lock(directory, { ifAvailable: true });
  if (letGo === null) throw new StoreBusy("Another tab has it open. Close that one first.");
  const worker = start();
  try {
    const { faces } = remote<{ readonly worker: WorkerFace }, Ending>(worker);
    await Promise.race([faces.worker.erase({ directory }), notLoaded(worker)]);
  } finally {
    worker.terminate();
    letGo();
  }
}

/** Hold the lock until the returned function is called; null where it is not to be had. */
function lock(name: string, how: LockOptions): Promise<(() => void) | null> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, how, (held) => {
        if (held === null) return resolve(null);
        return new Promise<void>((letGo) => resolve(letGo));
      })
      .catch(reject);
  });
}

/** Rejects where the worker's code does not come. */
const notLoaded = (worker: Worker): Promise<never> =>
  new Promise((_, reject) => {
    const problem = new IntersessionError("The app could not be loaded. Try again.", "not_loaded");
    worker.addEventListener("error", () => reject(problem));
  });

async function started<Face, News extends Told>(
  { worker: start }: ClientOptions,
  directory: string,
  letGo: () => void,
): Promise<Opening<Face, News>> {
  const worker = start();
  const { faces, on, end } = remote<{ readonly worker: WorkerFace }, News & Ending>(worker);
  const failed = notLoaded(worker);
  const ways = new AbortController();
  const channel = new BroadcastChannel(directory);
  let closing: Promise<void> | null = null;
  let again = (): void => undefined;
  const lost = new Promise<void>((resolve) => {
    again = resolve;
  });

  /** All at once: what a call has answered is on disk, and one that is cut short leaves no trace. */
  const drop = (): void => {
    ways.abort();
    channel.close();
    end();
    worker.terminate();
    letGo();
  };

  const close = (): Promise<void> => {
    closing ??= within(CLOSE_WITHIN, faces.worker.close()).then(drop);
    return closing;
  };

  on("restart", () => {
    drop();
    again();
  });
  channel.addEventListener("message", ({ data }: MessageEvent<Said>) => {
    if (data.say === "where?") channel.postMessage({ say: "here", where: whereThisIs() } satisfies Said);
    if (data.say === "give!") void close().then(again);
  });
  const notice = (what: Surrounding): void => void faces.worker.noticed(what).catch(() => undefined);
  const listen = (target: EventTarget, name: string, listener: () => void): void =>
    target.addEventListener(name, listener, { signal: ways.signal });
  listen(window, "online", () => notice("online"));
  listen(window, "offline", () => notice("offline"));
  listen(document, "visibilitychange", () => notice(document.visibilityState));
  const leave = (): void => {
    drop(); // there is no time for an answer
    // Not before somebody is here again.
    const back = new AbortController();
    const comeBack = (): void => {
      back.abort();
      again();
    };
    document.addEventListener("resume", comeBack, { signal: back.signal });
    window.addEventListener("pageshow", comeBack, { signal: back.signal });
  };
  listen(document, "freeze", leave);
  listen(window, "pagehide", leave);
  try {
    await Promise.race([faces.worker.begin({ directory }), failed]);
  } catch (failure) {
    drop();
    throw failure;
  }
  failed.catch(() => undefined);
  if (document.visibilityState === "hidden") notice("hidden");
  const client: Client<Face, News> = {
    faces: faces as unknown as Remote<Face>,
    onChange: (listener) => on("changed", listener),
    on,
    close,
  };
  return { state: "open", client, lost };
}

/** Where it is open: what the tab that has it says; null where that says nothing. */
function whereIsIt(name: string): Promise<Where | null> {
  return new Promise((resolve) => {
    const channel = new BroadcastChannel(name);
    const done = (where: Where | null): void => {
      clearTimeout(timer);
      channel.close();
      resolve(where);
    };
    const timer = setTimeout(() => done(null), ANSWER_WITHIN);
    channel.addEventListener("message", ({ data }: MessageEvent<Said>) => {
      if (data.say === "here") done(data.where);
    });
    channel.postMessage({ say: "where?" } satisfies Said);
  });
}

/** Have the tab that has it let go, and open it: between the two the lock is nobody else's, not even the other's again. */
async function takenOver<Face, News extends Told>(
  options: ClientOptions,
  directory: string,
): Promise<Opening<Face, News>> {
  const channel = new BroadcastChannel(directory);
  channel.postMessage({ say: "give!" } satisfies Said);
  const letGo = await lock(directory, { signal: AbortSignal.timeout(GIVE_WITHIN) })
    .catch(() => null)
    .finally(() => channel.close());
  if (letGo === null) throw new StoreBusy("The other tab does not let go. Close it, and try again.");
  return started(options, directory, letGo);
}

const whereThisIs = (): Where => (matchMedia("(display-mode: standalone)").matches ? "app" : "tab");

const within = (milliseconds: number, work: Promise<unknown>): Promise<unknown> =>
  Promise.race([work.catch(() => undefined), new Promise((resolve) => setTimeout(resolve, milliseconds))]);
