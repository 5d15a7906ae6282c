// What an instrument is made of: items, scales, bands, rules. An instrument is data, and its fields are named as they
// are stored. It is all that is scored and shown by: where a fact was read is left out of those that ship.

import type * as models from "../generated/models.ts";

export type { Band, BoundWording, Choice, Group, Prompt, ReliableChange } from "../generated/models.ts";

/** Which way is better. "not stated": of questionnaires that a practice brought along, whose files do not say it. */
export type Direction = models.Instrument["direction"];

/** One question; `allowed` are the values an answer may have, lowest first. */
export type Item = Omit<models.Item, "loinc">;

/** When all of `when` are answered, and add up to so much, then the items `skipped` need no answer. */
export type Skip = Omit<models.Skip, "source">;

/** A published threshold. Reached at `score` and beyond it, in the direction that is worse. */
export type CutOff = Omit<models.CutOff, "source">;

/** A published rule that counts answers; met when every group is. It is never a diagnosis. */
export type CountingRule = Omit<models.CountingRule, "source">;

/** An answer that somebody has to look at: `item` answered with `at_least` or more (1 is a yes). */
export type RiskRule = Omit<models.RiskRule, "source">;

/** A published level of risk. */
export type Level = NonNullable<RiskRule["level"]>;

/** How the source prints a sum, where that is no whole number: divided, or read off a table from the lowest sum on. */
export type Published = Omit<models.Published, "source">;

/** A score: the sum of its items times `multiplier`, between `low` and `high`. */
export interface Scale extends Omit<models.Scale, "bands_source" | "cut_offs" | "published"> {
  readonly cut_offs: readonly CutOff[];
  readonly published: Published | null;
}

type Facts = "key" | "scheme" | "title" | "window" | "direction" | "missing" | "wording";

/** A questionnaire with its scoring: `key` names it for good, `scheme` which way of scoring it this is. */
export interface Instrument extends Pick<models.Instrument, Facts> {
  /** What the owner of its wording asks of whoever shows that. */
  readonly licence: Pick<models.Licence, "terms">;
  readonly items: readonly Item[];
  readonly scales: readonly Scale[];
  readonly rules: readonly CountingRule[];
  readonly risks: readonly RiskRule[];
  readonly skips: readonly Skip[];
}

/** The item of that key. Throws `RangeError` when there is none. */
export function itemOf(instrument: Instrument, key: string): Item {
  const found = instrument.items.find((one) => one.key === key);
  if (found === undefined) throw new RangeError("The instrument has no item of that key.");
  return found;
}

/** The scale of that key. Throws `RangeError` when there is none. */
export function scaleOf(instrument: Instrument, key: string): Scale {
  const found = instrument.scales.find((one) => one.key === key);
  if (found === undefined) throw new RangeError("The instrument has no scale of that key.");
  return found;
}

/** Which way is better on a scale: its own direction, or that of the instrument. Throws as `scaleOf` does. */
export function directionOf(instrument: Instrument, scale: string): Direction {
  return scaleOf(instrument, scale).direction ?? instrument.direction;
}
