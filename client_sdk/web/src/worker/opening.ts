// The replica's worker from its first message to its last: it loads what it needs, makes what it serves, and closes it.
//
// The store is open in one worker at a time: a page starts it only while it holds the lock (`client.ts`).

import { startAutomerge } from "../crdt/automerge.ts";
import { reserveIn, type Reserve } from "../store/reserve.ts";
import { openPool, startSqlite, type Pool, type Sqlite } from "../store/sqlite.ts";
import type { Surroundings } from "../store/store.ts";
import type { Surrounding } from "../sync/connection.ts";
import type { World } from "../sync/world.ts";
import { serve, type Port, type Tell } from "./remote.ts";

/** What a page says when it starts the worker. */
export interface Beginning {
  /** The folder, in this origin's private file system, that the store's files are in. */
  readonly directory: string;
}

/** What a page may ask of the worker itself. */
export interface WorkerFace {
  /** Load everything, and open the store. Throws what opening a store throws. */
  begin(beginning: Beginning): Promise<void>;
  /** Delete everything, where it cannot be opened; the worker is to be ended then. */
  erase(beginning: Beginning): Promise<void>;
  /** The page was hidden or shown, or the network has gone or come back. */
  noticed(what: Surrounding): void;
  /** Close the store: what was written is on disk, and nothing is served any more. */
  close(): void;
}

/** What of the world a worker has, and may hand on. */
export interface Environment {
  readonly surroundings: Surroundings;
  readonly world: World;
}

/** What there is to make something of. */
export interface Ground<Told> extends Environment {
  readonly directory: string;
  readonly sqlite: Sqlite;
  readonly pool: Pool;
  readonly reserve: Reserve;
  readonly tell: Tell<Told>;
}

/** What a worker serves. */
export interface Served {
  /** As it stands: a store that is locked has others than one that is open. */
  readonly faces: object;
  /** Why a method is not there; null: there is none of that name. */
  absent(): Error | null;
  noticed(what: Surrounding): void;
  close(): void;
}

/** Serve at `port` what `assemble` makes, from the moment that the page says `begin`; `erase` deletes what is there. */
export function serveAt<Told>(
  port: Port,
  environment: Environment,
  assemble: (ground: Ground<Told>) => Promise<Served> | Served,
  erase: (ground: Ground<Told>) => Promise<void>,
): void {
  let served: Served | null = null;
  let pool: Pool | null = null;
  const groundIn = async (directory: string): Promise<Ground<Told>> => {
    const sqlite = await startSqlite();
    pool ??= await openPool(sqlite, directory);
    const reserve = reserveIn(await navigator.storage.getDirectory(), `${directory}-reserve`);
    return { ...environment, directory, sqlite, pool, reserve, tell };
  };
  const worker: WorkerFace = {
    async begin({ directory }) {
      const [ground] = await Promise.all([groundIn(directory), startAutomerge()]);
      served = await assemble(ground);
      void ground.reserve.fill();
    },
    erase: async ({ directory }) => erase(await groundIn(directory)),
    noticed: (what) => served?.noticed(what),
    close() {
      served?.close();
      served = null;
      pool?.pauseVfs(); // so that another may have the files at once
    },
  };
  const tell = serve<Told>(port, () => ({ ...served?.faces, worker }), () => served?.absent() ?? null);
}
