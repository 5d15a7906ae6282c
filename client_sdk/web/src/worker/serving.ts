// This device's client in its worker: all that an app's worker has to start.

import { facesOf } from "../faces/client.ts";
import type { Told } from "../faces/faces.ts";
import { smallFiles, type SmallFiles } from "../lock/smallFiles.ts";
import { deleteEverything } from "../lock/storeLock.ts";
import { remindersOf } from "../requests/reminding.ts";
import { browserEnvironment, deviceZone, type Named } from "./environment.ts";
import { serveAt, type Ground } from "./opening.ts";
import type { Port } from "./remote.ts";
import { servedFrom, type Ending } from "./served.ts";

/** Serve this device's client at the port of a page; `named` is what the app is called before a server. */
export function serveClient(port: Port, named: Named): void {
  const environment = browserEnvironment(named);
  const filesOf = async ({ directory }: Pick<Ground<unknown>, "directory">): Promise<SmallFiles> =>
    smallFiles(await navigator.storage.getDirectory(), `${directory}-lock`);
  serveAt<Told & Ending>(
    port,
    environment,
    async (ground) =>
      servedFrom(ground, await filesOf(ground), ({ replica, device }) => ({
        ...facesOf(replica, device, deviceZone),
        reminders: remindersOf(replica, environment.world, deviceZone),
      })),
    async (ground) => deleteEverything(ground.sqlite, ground.pool, { files: await filesOf(ground) }),
  );
}
