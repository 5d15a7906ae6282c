// How long a run without anything is to be expected of somebody who keeps to their own rate.
//
// Whoever does what is due with probability p misses k in a row, after having done one, with probability (1 - p)^k.
// Among n chances that is to be expected n * p * (1 - p)^k times. A run counts from where that is a small number.

/** Over so many weeks a run is to be expected less often than `OFTEN`. */
export const WEEKS = 20;
const OFTEN = 0.15;
const LONGEST_RUN = 60;

/** What is supposed `before` anything is known, and for how many times that counts. */
export interface Supposed {
  readonly before: number;
  readonly weight: number;
}

/** The shortest run that chance makes no more than `OFTEN` times; `rate` is p. */
export function unusualFrom(rate: number, chances: number): number {
  const bounded = Math.min(Math.max(rate, 0.01), 0.99);
  const expected = chances * bounded;
  return expected <= OFTEN ? 0 : Math.ceil(Math.log(OFTEN / expected) / Math.log(1 - bounded));
}

/** How often something is done: `done` of `of` times, set off with what is supposed. */
export const rateOf = (done: number, of: number, { before, weight }: Supposed): number =>
  (done + weight * before) / (of + weight);

/**
 * The same where little is known yet: after `done` and `missed` occurrences, the rate may still be many things.
 *
 * The chance of k in a row is that of a beta distribution (a = done, b = missed, each with its part of what is
 * supposed): the product of (b + i) / (a + b + i) for i below k.
 */
export function unusualAfter(done: number, missed: number, { before, weight }: Supposed, often: number): number {
  const a = done + weight * before;
  const b = missed + weight * (1 - before);
  let expected = (Math.max(1, done + missed) * a) / (a + b);
  let run = 0;
  while (expected > often && run < LONGEST_RUN) {
    expected *= (b + run) / (a + b + run);
    run += 1;
  }
  return run;
}
