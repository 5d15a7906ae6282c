// Numbers as Python makes them, so that every reader of a record comes to the same ones: sums without error of
// rounding, halves rounded to even, and numbers as texts.

/** The sum of floats, as if it were rounded only once (Shewchuk 1997); of finite ones whose sum is finite. */
export function exactSum(values: Iterable<number>): number {
  let partials: number[] = [];
  for (const value of values) {
    let larger = value;
    const kept: number[] = [];
    for (const partial of partials) {
      const [big, small] = Math.abs(larger) < Math.abs(partial) ? [partial, larger] : [larger, partial];
      larger = big + small;
      const lost = small - (larger - big);
      if (lost !== 0) kept.push(lost);
    }
    partials = [...kept, larger];
  }
  return rounded(partials);
}

/** The sum of partials that do not overlap, the smallest first. */
function rounded(partials: readonly number[]): number {
  let at = partials.length - 1;
  let high = partials[at] ?? 0;
  let low = 0;
  while (at > 0 && low === 0) {
    at -= 1;
    const before = high;
    const partial = partials[at] ?? 0;
    high = before + partial;
    low = partial - (high - before);
  }
  // Halfway between two floats, what is left decides to which side it goes.
  const next = partials[at - 1] ?? 0;
  if ((low < 0 && next < 0) || (low > 0 && next > 0)) {
    const twice = low * 2;
    const other = high + twice;
    if (twice === other - high) return other;
  }
  return high;
}

/** The arithmetic mean of one or more floats. */
export const mean = (values: readonly number[]): number => exactSum(values) / values.length;

/** The middle of one or more numbers; the mean of the two middle ones where there is none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}

/** `value` with so many decimals at most: the nearest one to what the float is exactly; a half goes to the even one. */
export function round(value: number, digits: number): number {
  const size = Math.abs(value);
  // Beyond this floats have no decimals left, and `toFixed` writes an exponent.
  if (!(size < 1e21)) return value;
  const near = Number(decimal(size, digits));
  return value < 0 || Object.is(value, -0) ? -near : near;
}

/** A number rounded as `round` does, where nothing is 0 and never -0. */
export const roundTo = (value: number, digits: number): number => round(value, digits) + 0;

/** A number without needless digits: whole, or with one decimal. */
export function numberText(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString();
  return (value < 0 ? "-" : "") + decimal(Math.abs(value), 1);
}

/** A number from 0 on with so many decimals, one or more. */
function decimal(size: number, digits: number): string {
  const halves = size * 2 ** (digits + 1);
  if (!Number.isInteger(halves) || halves % 2 === 0) return size.toFixed(digits);
  // Of a half of the last decimal exactly, `toFixed` takes the larger neighbour. The whole part may leave no bit for more.
  const whole = Math.floor(size);
  const below = BigInt(whole) * 10n ** BigInt(digits) + BigInt(Math.floor((size - whole) * 10 ** digits));
  const even = String(below % 2n === 0n ? below : below + 1n).padStart(digits + 1, "0");
  return `${even.slice(0, -digits)}.${even.slice(-digits)}`;
}
