// Whether two scores differ by more than measurement error explains.
//
// The threshold is a published one, or is reckoned as Jacobson & Truax (1991, J Consult Clin Psychol 59(1), 12-19) do:
// 1.96 × SD × √2 × √(1 − r), with the standard deviation at baseline and the reliability r.

import { InvalidField } from "../errors.ts";
import type { ScoreChange } from "../generated/answers.ts";
import { directionOf, scaleOf } from "./values.ts";
import type { Direction, Instrument, ReliableChange } from "./values.ts";

export type { ScoreChange } from "../generated/answers.ts";

/** What may be said of a difference. */
export type Verdict = ScoreChange["verdict"];

/** What a difference means for the person; null where nobody says which way is better. */
export type Towards = ScoreChange["towards"];

/** The smallest difference that is reliable at 95 %. Throws `InvalidField` unless SD is above 0 and r from 0 to 1. */
export function jacobsonTruax(sd: number, reliability: number): number {
  if (!(Number.isFinite(sd) && sd > 0 && reliability >= 0 && reliability <= 1)) {
    throw new InvalidField("A standard deviation must be above 0 and a reliability from 0 to 1.");
  }
  return 1.96 * sd * Math.sqrt(2) * Math.sqrt(1 - reliability);
}

/** The smallest difference that counts. Throws `InvalidField` when neither it nor SD and reliability are given. */
export function thresholdOf(parameters: ReliableChange): number {
  if (parameters.threshold !== null) return parameters.threshold;
  if (parameters.sd === null || parameters.reliability === null) {
    throw new InvalidField("Reliable change needs a threshold, or a standard deviation and a reliability.");
  }
  return jacobsonTruax(parameters.sd, parameters.reliability);
}

/**
 * Compare two scores of one scale; null, an invalid one, is not comparable.
 *
 * `parameters` replaces the instrument's own. Throws `InvalidField` for an unknown scale or a score outside its range.
 */
export function reliableChange(
  instrument: Instrument,
  scale: string,
  before: number | null,
  after: number | null,
  parameters: ReliableChange | null = null,
): ScoreChange {
  const keys = instrument.scales.map((one) => one.key);
  if (!keys.includes(scale)) {
    throw new InvalidField(`${instrument.key} has no scale of that name: it has ${keys.join(", ")}.`);
  }
  const known = scaleOf(instrument, scale);
  if ([before, after].some((one) => one !== null && !(known.low <= one && one <= known.high))) {
    throw new InvalidField(`A score of ${instrument.key} (${scale}) is from ${known.low} to ${known.high}.`);
  }
  const resting = parameters ?? known.changes[0] ?? null;
  const threshold = resting === null ? null : thresholdOf(resting);
  const difference = before === null || after === null ? null : after - before;
  const towards = difference === null ? null : towardsOf(difference, directionOf(instrument, scale));
  return {
    instrument: instrument.key,
    scale,
    before,
    after,
    difference,
    towards,
    threshold,
    parameters: resting,
    verdict: verdictOf(difference, towards, threshold, resting),
  };
}

function towardsOf(difference: number, direction: Direction): Towards {
  if (difference === 0) return "same";
  if (direction === "not stated") return null;
  return difference > 0 === (direction === "higher is better") ? "better" : "worse";
}

function verdictOf(
  difference: number | null,
  towards: Towards,
  threshold: number | null,
  parameters: ReliableChange | null,
): Verdict {
  if (difference === null) return "not comparable";
  if (threshold === null || parameters === null) return "no parameters published";
  const isBeyond = difference !== 0 && Math.abs(difference) >= threshold;
  if (parameters.kind === "important") {
    if (!isBeyond) return "less than the published difference";
    return towards === "better"
      ? "improvement by the published difference"
      : "deterioration by the published difference";
  }
  if (!isBeyond) return "within measurement error";
  if (towards === null) return "reliable change, direction not stated";
  return towards === "better" ? "reliable improvement" : "reliable deterioration";
}
