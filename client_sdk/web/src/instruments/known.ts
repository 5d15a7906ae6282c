// The instruments that ship.

import { InvalidField } from "../errors.ts";
import instruments from "../generated/instruments.json" with { type: "json" };
import type { Instrument } from "./values.ts";

/** The instruments that ship, by key. */
export const INSTRUMENTS: ReadonlyMap<string, Instrument> = new Map(
  // JSON says of words only that they are texts.
  (instruments as unknown as readonly Instrument[]).map((one) => [one.key, one]),
);

/** The shipped instrument of that key. Throws `InvalidField` when there is none. */
export function instrumentOf(key: string): Instrument {
  const found = INSTRUMENTS.get(key);
  if (found === undefined) {
    throw new InvalidField(`There is no instrument with that key. Built in: ${[...INSTRUMENTS.keys()].join(", ")}.`);
  }
  return found;
}
