// What the end of a connection means.

import WIRE from "../generated/wire.json";

/** One thing that is wrong; `final`: trying again does not help. The message is in English, by its code as the others. */
export interface Trouble {
  readonly code: string;
  readonly message: string;
  readonly final: boolean;
}

const CLOSED: Readonly<Record<string, Trouble>> = WIRE.closed;

/** What a connection's end means; null where no close code came. */
export const ofClose = (code: number | null): Trouble => CLOSED[String(code)] ?? WIRE.lost;
