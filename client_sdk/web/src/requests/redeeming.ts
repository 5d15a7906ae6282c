// Redeeming a pairing code.

import { PairingRefused, Unreachable } from "../errors.ts";
import type { Id } from "../generated/models.ts";
import { serverUrl } from "../sync/addresses.ts";
import type { Role } from "../sync/pairing.ts";
import type { World } from "../sync/world.ts";
import { isFields, refusalOf, request, stranger, type Answered, type Fields } from "./request.ts";

/** What a redeemed code gives: this device's token, and whose device it now is. */
export interface Redeemed {
  readonly token: string;
  readonly account: Id;
  readonly device: Id;
  readonly role: Role;
  readonly practice_name: string;
  readonly name: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const SERVER_FAILED = 500;

/**
 * Redeem `code`, which must be one for `role`, at the server `url` within so many seconds.
 *
 * Throws `InvalidField` for an address that content must not be sent to, `PairingRefused` with the server's code and
 * text, and `Unreachable` when no Intersession server answers there. A code is used up by success only.
 */
export async function redeem(
  world: World,
  { url, code, role, seconds }: { url: string; code: string; role: Role; seconds: number },
): Promise<Redeemed> {
  const server = serverUrl(url);
  const body = { code, agent: world.agent, role };
  const answered = await request(world, { server, path: "/pair", method: "POST", body, seconds });
  if (!answered.ok) throw refused(server, answered);
  if (isRedeemed(answered.told)) return answered.told;
  throw new Unreachable(`${server} is not an Intersession server. Check the address.`);
}

function refused(server: string, answered: Answered): PairingRefused | Unreachable {
  const refusal = refusalOf(answered);
  if (refusal === null) return stranger(server, answered.status);
  if (answered.status >= SERVER_FAILED) {
    return new Unreachable(`The server at ${server} is unavailable (HTTP ${answered.status}). Try again later.`);
  }
  return new PairingRefused(refusal.message, refusal.code);
}

const isId = (told: unknown): told is Id => typeof told === "string" && UUID.test(told);

function isRedeemed(told: unknown): told is Redeemed & Fields {
  if (!isFields(told)) return false;
  const { token, account, device, role, practice_name: practice, name } = told;
  return (
    [token, practice, name].every((one) => typeof one === "string") &&
    isId(account) &&
    isId(device) &&
    (role === "client" || role === "therapist")
  );
}
