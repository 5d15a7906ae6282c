// This device and its way to the practice, as an app has it: pairing, syncing, and where that stands.

import type { Device } from "../faces/faces.ts";
import type { Replica } from "../replica/replica.ts";
import type { Connection } from "./connection.ts";
import { pair, shareByDefault } from "./pairing.ts";
import * as standing from "./standing.ts";
import type { World } from "./world.ts";

/** What of a device is the sync's to do. */
export type SyncingDevice = Pick<Device, "leave" | "live" | "pair" | "pairing" | "shareByDefault" | "status" | "sync">;

const LEFT = "This device has left the practice: nothing is sent or received any more. Pair it again with a new code.";

/** The device of a replica. */
export function deviceOf(replica: Replica, connection: Connection, world: World): SyncingDevice {
  const { store } = replica;
  return {
    async pair({ url, code, share_by_default: shareByDefault, share_earlier: shareEarlier = false }) {
      const paired = await pair(replica, world, { url, code, shareByDefault, shareEarlier, role: "client" });
      connection.restart();
      return paired;
    },
    pairing: () => replica.pairing(),
    shareByDefault: (shared) => shareByDefault(replica, shared),
    status: (locale) => standing.inLanguage(standing.status(replica, connection), locale),
    live: (on) => connection.live(on),
    sync: () => connection.sync(),
    async leave() {
      connection.live(false);
      connection.restart(); // what is under way ends
      store.transaction(() => store.setMeta("token", null));
      replica.noteError({ code: "not_paired", message: LEFT, at: store.now(), final: true });
    },
  };
}
