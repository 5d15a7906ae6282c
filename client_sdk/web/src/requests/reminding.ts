// Reminders while the app is closed: what this device asks of its practice's server to have them.

import { AccessEnded, IntersessionError, NotPaired } from "../errors.ts";
import type { ReminderOffer, Reminders } from "../faces/faces.ts";
import type { Replica } from "../replica/replica.ts";
import type { World } from "../sync/world.ts";
import type { Zone } from "../time/zones.ts";
import { isFields, refusalOf, request, stranger, type Answered, type Asked } from "./request.ts";

const PATH = "/device/reminders";
const WITHIN = 30;
const NO_ACCESS = 401;

/** The face of a replica that is paired; `deviceZone` tells by which clock one is reminded, null where it cannot. */
export function remindersOf(replica: Replica, world: World, deviceZone: () => Zone | null): Reminders {
  const ask = async (what: Pick<Asked, "body" | "method">): Promise<Answered> => {
    const { url: server } = replica.paired();
    const token = replica.store.meta<string>("token");
    if (token === null) throw new NotPaired("This store has no device token. Pair it again with a new code.");
    const answered = await request(world, { server, path: PATH, token, seconds: WITHIN, ...what });
    if (answered.ok) return answered;
    if (answered.status === NO_ACCESS) throw new AccessEnded("The access of this device has ended.");
    const refusal = refusalOf(answered);
    throw refusal === null ? stranger(server, answered.status) : new IntersessionError(refusal.message, refusal.code);
  };
  return {
    async offer() {
      const { told, status } = await ask({ method: "GET" });
      if (!isOffer(told)) throw stranger(replica.paired().url, status);
      return told;
    },
    async subscribe({ endpoint, p256dh, auth, key }) {
      await ask({ method: "PUT", body: { endpoint, p256dh, auth, key, zone: deviceZone() ?? "UTC" } });
    },
    async end() {
      await ask({ method: "DELETE" });
    },
  };
}

function isOffer(told: unknown): told is ReminderOffer {
  if (!isFields(told) || typeof told["offered"] !== "boolean" || typeof told["on"] !== "boolean") return false;
  return told["offered"] ? typeof told["key"] === "string" : told["key"] === null;
}
