// What the worker serves: of a store that is open, the faces that are made of its replica and its connection; of one
// that is locked, the lock, and the safety plan where that is kept outside of it.

import { StoreClosed, StoreFull } from "../errors.ts";
import type { Lock, Plans, Told } from "../faces/faces.ts";
import { StoreLocked } from "../lock/errors.ts";
import { safetyOutside } from "../lock/safetyOutside.ts";
import type { SmallFiles } from "../lock/smallFiles.ts";
import { deleteEverything, openLock, type StoreLock } from "../lock/storeLock.ts";
import type { Secret } from "../lock/wrapping.ts";
import { replicaOf, type Replica } from "../replica/replica.ts";
import type { Reserve } from "../store/reserve.ts";
import { openStore } from "../store/store.ts";
import { connectionOf, type Connection } from "../sync/connection.ts";
import { deviceOf, type SyncingDevice } from "../sync/device.ts";
import { exchangeOf } from "../sync/exchange.ts";
import type { World } from "../sync/world.ts";
import type { Ground, Served } from "./opening.ts";

/** What faces are made of. */
export interface Opened {
  readonly replica: Replica;
  readonly connection: Connection;
  readonly device: SyncingDevice & {
    /** Delete everything on this device, and go on with a new store. */
    deleteEverything(): Promise<void>;
  };
}

/** The faces of a store that is open; a safety plan that is kept outside of a lock is read from them. */
export type Assembled = object & { readonly plans?: Pick<Plans, "safety"> };

/** What a page is told besides. */
export interface Ending {
  /** The worker is to be ended and another one begun: only that makes a browser give back the memory of a record. */
  readonly restart: null;
}

/** Notices are in the language in which they are read. */
const ANY_LANGUAGE = "en";

/** What takes something away, by face: it may use the room that is kept for that. */
const DELETING: Readonly<Record<string, readonly string[]>> = {
  drafts: ["delete"],
  journal: ["delete", "withdraw"],
  symptoms: ["withdraw"],
  topics: ["withdraw"],
};

type Methods = Readonly<Record<string, (...given: readonly unknown[]) => unknown>>;

function withRoomToDelete(faces: Assembled, reserve: Reserve): Assembled {
  const found = faces as Readonly<Record<string, Methods | undefined>>;
  const wrapped = Object.entries(DELETING).flatMap(([face, names]): readonly (readonly [string, Methods])[] => {
    const methods = found[face];
    if (methods === undefined) return [];
    const roomy = Object.entries(methods)
      .filter(([name]) => names.includes(name))
      .map(([name, method]) => [name, (...given: readonly unknown[]) => reserve.using(() => method(...given))] as const);
    return [[face, { ...methods, ...Object.fromEntries(roomy) }]];
  });
  return { ...faces, ...Object.fromEntries(wrapped) };
}

/** Open the store, if it is not locked, and serve what `facesOf` makes of it. Throws what opening a store throws. */
export async function servedFrom<News extends Told & Ending>(
  ground: Ground<News>,
  files: SmallFiles,
  facesOf: (opened: Opened) => Assembled,
): Promise<Served> {
  const { sqlite, pool, reserve, surroundings, world } = ground;
  const tell = (): void => ground.tell("changed", { documents: [], source: "local" });
  let lock: StoreLock = await openLock(sqlite, pool, { files, ...surroundings });
  let now: (Opened & { readonly faces: Assembled }) | null = null;

  const open = (): void => {
    const replica = replicaOf(openStore(sqlite, { database: lock.open() }, surroundings));
    const connection = connectionOf(exchangeOf(replica, world.agent), world);
    replica.onOutbox(() => connection.outboxChanged());
    let country = replica.country();
    replica.onChange((change) => {
      ground.tell("changed", change);
      const before = country;
      country = replica.country();
      if (change.documents.length > 0 || country !== before) keepOutside();
    });
    const device = { ...deviceOf(replica, connection, world), deleteEverything: empty };
    const opened = { replica, connection, device };
    now = { ...opened, faces: withRoomToDelete(facesOf(opened), reserve) };
    void goOn(replica, world);
  };

  const close = (): void => {
    now?.connection.close();
    now?.replica.close();
    now = null;
  };

  /** Do something with the store's file while nobody has it open; it is open again afterwards, if it can be. */
  const closed = async (work: () => Promise<void>): Promise<void> => {
    close();
    try {
      await work();
    } finally {
      if (lock.state().state !== "locked") open();
      tell();
    }
  };

  /**
   * What changes the lock is done one after another: a key that were forgotten while the store is being moved with it
   * would leave one that nobody can read.
   */
  let under = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const mine = under.then(work);
    under = mine.catch(() => undefined);
    return mine;
  };

  const empty = (): Promise<void> =>
    inTurn(() =>
      closed(async () => {
        await deleteEverything(sqlite, pool, { files });
        lock = await openLock(sqlite, pool, { files, ...surroundings });
      }),
    );

  /**
   * The safety plan may have changed; where it cannot be kept now, it is with the next change. In turn, so that a lock
   * that is closed right afterwards leaves it as it is now, and once for all changes that wait for their turn.
   */
  let isToBeKept = false;
  const keepOutside = (): void => {
    if (isToBeKept) return;
    isToBeKept = true;
    void inTurn(async () => {
      isToBeKept = false;
      const safety = lock.state().safetyOutside ? now?.faces.plans?.safety(ANY_LANGUAGE) : undefined;
      if (safety !== undefined) await lock.safetyChanged(safety);
    }).catch(() => undefined);
  };

  const lockFace: Lock = {
    status() {
      const { state, safetyOutside: isOutside, ways } = lock.state();
      return { state, safety_outside: isOutside, passkeys: ways.filter((way) => way.way === "passkey") };
    },
    waits: () => lock.waits(),
    set(passcode, { safety_outside: isOutside }) {
      return inTurn(() => {
        const safety = isOutside ? (now?.faces.plans?.safety(ANY_LANGUAGE) ?? null) : null;
        return closed(() => lock.set([{ way: "passcode", passcode }], safety));
      });
    },
    unlock(by) {
      const secret: Secret = typeof by === "string" ? { way: "passcode", passcode: by } : by;
      return inTurn(async () => {
        if (now === null) await closed(() => lock.unlock(secret));
      });
    },
    addPasskey: (passcode, passkey) => inTurn(() => lock.put({ way: "passcode", passcode }, passkey)),
    dropPasskey: (passcode, passkey) => inTurn(() => lock.drop({ way: "passcode", passcode }, passkey)),
    lock: () =>
      inTurn(async () => {
        if (lock.state().state === "none") return; // it was removed just before
        close();
        lock.lock();
        void world.turn().then(() => ground.tell("restart", null)); // this call is answered before
      }),
    remove: (passcode) => inTurn(() => closed(() => lock.remove({ way: "passcode", passcode }))),
  };

  const whileLocked = {
    plans: {
      async safety(locale: string) {
        const safety = await safetyOutside(files, locale);
        if (safety === null) throw new StoreLocked();
        return safety;
      },
    },
    device: { deleteEverything: empty },
  };

  if (lock.state().state !== "locked") open();
  return {
    get faces() {
      return { ...(now?.faces ?? whileLocked), lock: lockFace };
    },
    absent: () => (now === null ? new StoreLocked() : null),
    noticed: (what) => now?.connection.noticed(what),
    close,
  };
}

/** What a crash or a full disk cut short goes on, so little at a time that nobody waits for it. */
async function goOn(replica: Replica, { turn }: World): Promise<void> {
  try {
    do await turn();
    while (replica.applySome());
    replica.shareEarlier();
    replica.takeIntoVault();
  } catch (failure) {
    // Without room it can wait for the next opening.
    if (!(failure instanceof StoreFull || failure instanceof StoreClosed)) throw failure;
  }
}
