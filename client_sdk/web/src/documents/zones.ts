// Names of time zones, as far as documents hold them: whether a device knows the zone is another matter.

import limits from "../generated/limits.json" with { type: "json" };
import { InvalidField } from "../errors.ts";
import { isPrintable } from "../text/texts.ts";
import { lengthOf } from "./texts.ts";

const LONGEST = limits.moments.longestZone;

/** Whether `zone` can be an IANA zone name. */
export const isZone = (zone: unknown): zone is string =>
  typeof zone === "string" && zone !== "" && lengthOf(zone) <= LONGEST && isPrintable(zone);

/** `zone` if it can be an IANA zone name; throws `InvalidField` if not. */
export function checkZone(zone: string | null): string | null {
  if (zone !== null && !isZone(zone)) {
    throw new InvalidField(`A time zone is an IANA name of at most ${LONGEST} characters.`);
  }
  return zone;
}
