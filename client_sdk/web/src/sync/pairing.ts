// Taking a store into a practice: what redeeming a code gave is kept, and decides where what is written goes.

import { InvalidField, PairingRefused } from "../errors.ts";
import type { Pairing } from "../generated/answers.ts";
import { planShareEarlier } from "../replica/sharing.ts";
import type { Replica } from "../replica/replica.ts";
import { serverUrl } from "./addresses.ts";
import { redeem } from "../requests/redeeming.ts";
import type { World } from "./world.ts";

/** Whose device it is. */
export type Role = Pairing["role"];

/** What pairing is asked for; what is shared is decided before anything is sent. */
export interface PairingAsked {
  readonly url: string;
  readonly code: string;
  readonly role: Role;
  /** Whether new entries are shared with the care team by default. */
  readonly shareByDefault: boolean;
  /** Whether what was written before is shared, too. */
  readonly shareEarlier: boolean;
  readonly seconds?: number;
}

/** Keep another choice for what is written from now on. Throws `NotPaired`, `InvalidField`, `StoreFull`. */
export function shareByDefault(replica: Replica, shared: boolean): Pairing {
  if (typeof shared !== "boolean") throw new InvalidField("shared must be true or false.");
  const { store } = replica;
  const pairing = { ...replica.paired(), share_by_default: shared };
  store.transaction(() => store.setMeta("pairing", pairing));
  replica.notify({ documents: [], source: "local" });
  return pairing;
}

const OTHER_FACE: Readonly<Record<Role, string>> = {
  client: "This pairing code is a therapist's. Open a Caseload with it, or ask your practice for your own code.",
  therapist: "This pairing code is a client's. Open a Tracker with it, or ask your practice for your own code.",
};
const WRONG_PERSON =
  "This store belongs to a different person or account than this code. Nothing was changed here. The code has been" +
  " used: ask the practice for another one, and pair a new store with it. If the practice has set up a new server," +
  " bring your data with you: `intersession import store OLD` (in an app, Tracker.import_from) imports it from this" +
  " store into the new one, `intersession export` writes it to files.";
const WITHIN = 30;

/**
 * Redeem a code and keep whose store this is.
 *
 * Throws `InvalidField`, `PairingRefused`, `Unreachable`, and what the store throws.
 */
export async function pair(replica: Replica, world: World, asked: PairingAsked): Promise<Pairing> {
  const { url, code, role, shareByDefault, shareEarlier, seconds = WITHIN } = asked;
  if (typeof shareByDefault !== "boolean" || typeof shareEarlier !== "boolean") {
    throw new InvalidField("share_by_default and share_earlier must be true or false.");
  }
  replica.pairing(); // a code is used once: not for a store that cannot be used
  const reply = await redeem(world, { url, code, role, seconds });
  if (reply.role !== role) throw new PairingRefused(OTHER_FACE[role], "wrong_role");
  const pairing: Pairing = {
    url: serverUrl(url),
    account: reply.account,
    device: reply.device,
    practice: reply.practice_name,
    role: reply.role,
    name: reply.name,
    share_by_default: shareByDefault,
  };
  const { store } = replica;
  store.transaction(() => {
    const before = replica.pairing();
    if (before !== null && before.account !== pairing.account) throw new PairingRefused(WRONG_PERSON, "wrong_person");
    store.setMeta("pairing", pairing);
    store.setMeta("token", reply.token);
    if (shareEarlier) planShareEarlier(store);
  });
  replica.noteAccessEnded(false);
  replica.noteError(null);
  replica.shareEarlier();
  replica.notify({ documents: [], source: "local" });
  return pairing;
}
