// How fast a replica sends: never faster than `welcome` allows, so that in normal work nothing is refused.
//
// The server counts frames, and what they cost it, when they arrive; here they are counted when they leave. A network that
// holds frames up and lets them through all at once looks to the server like a burst. So a replica uses only part of what
// is allowed at once, which also leaves something for the person's other devices, and stays a little under the rate.

import type { Limits } from "../generated/frames.ts";
import WIRE from "../generated/wire.json";

/** Fills at `rate` a second up to `capacity`; may be overdrawn. The level is that of the moment `at`. */
interface Bucket {
  readonly rate: number;
  readonly capacity: number;
  readonly level: number;
  readonly at: number;
}

/** What may be sent when. It outlives connections, as the server's own count does. Null is a limit that was not told. */
export interface Pace {
  readonly frames: Bucket | null;
  readonly work: Bucket | null;
  /** Frames that were sent before the server told a limit. */
  readonly sentBefore: number;
}

/** What is to be sent: so many frames, which cost the server so much work. */
export interface Amount {
  readonly frames?: number;
  readonly work?: number;
}

const SHARES = WIRE.session.pace;

/** The pace before the first welcome. */
export const UNTOLD: Pace = { frames: null, work: null, sentBefore: 0 };

/** Keep to the limits of a welcome. What was used up before stays used up. */
export function allowed(pace: Pace, limits: Limits, now: number): Pace {
  const frames = bucketOf(limits.messagesPerSecond, limits.burst, 1, now);
  const work = bucketOf(limits.workPerSecond, limits.workBurst, 0, now);
  const first = pace.frames === null && frames !== null;
  return {
    ...pace,
    frames: first ? { ...frames, level: frames.level - pace.sentBefore } : adjusted(pace.frames, frames, now),
    work: adjusted(pace.work, work, now),
  };
}

/** Something has left; without `frames`, in the frame before. */
export function sent(pace: Pace, now: number, { frames = 1, work = 0 }: Amount = {}): Pace {
  return {
    frames: drawn(pace.frames, frames, now),
    work: drawn(pace.work, work, now),
    sentBefore: pace.sentBefore + (pace.frames === null ? frames : 0),
  };
}

/** The server has counted more than was counted here: begin with nothing. */
export const overdrawn = (pace: Pace, now: number): Pace => ({
  ...pace,
  frames: emptied(pace.frames, now),
  work: emptied(pace.work, now),
});

/** How many frames may be sent at once; infinite where the server tells no limit. */
export const framesAt = (pace: Pace, now: number): number =>
  pace.frames === null ? Infinity : filled(pace.frames, now).level;

/** When so much may be sent; `now` if it may be already. What is more than is ever allowed goes when all is free. */
export const readyAt = (pace: Pace, now: number, { frames = 1, work = 0 }: Amount): number =>
  Math.max(now, readyIn(pace.frames, frames, now), readyIn(pace.work, work, now));

/** Whether a frame that costs `work` may be sent, as far as work goes. */
export const affords = (pace: Pace, work: number, now: number): boolean => readyIn(pace.work, work, now) <= now;

function filled(bucket: Bucket, now: number): Bucket {
  const level = Math.min(bucket.capacity, bucket.level + Math.max(0, now - bucket.at) * bucket.rate);
  return { ...bucket, level, at: Math.max(now, bucket.at) };
}

function drawn(bucket: Bucket | null, amount: number, now: number): Bucket | null {
  if (bucket === null) return null;
  const full = filled(bucket, now);
  return { ...full, level: full.level - amount };
}

function emptied(bucket: Bucket | null, now: number): Bucket | null {
  if (bucket === null) return null;
  const full = filled(bucket, now);
  return { ...full, level: Math.min(full.level, 0) };
}

function readyIn(bucket: Bucket | null, amount: number, now: number): number {
  if (bucket === null) return now;
  const missing = Math.min(amount, bucket.capacity) - filled(bucket, now).level;
  return now + Math.max(0, missing) / bucket.rate;
}

function bucketOf(rate: number, burst: number, least: number, at: number): Bucket | null {
  if (rate <= 0) return null;
  const [steady, atOnce] =
    burst > 0
      ? [rate * SHARES.steady, burst * SHARES.atOnce]
      : [rate * SHARES.untoldSteady, rate * SHARES.untoldAtOnce];
  const capacity = Math.max(least, atOnce);
  return { rate: steady, capacity, level: capacity, at };
}

function adjusted(before: Bucket | null, bucket: Bucket | null, now: number): Bucket | null {
  if (before === null || bucket === null) return bucket;
  return { ...bucket, level: Math.min(filled(before, now).level, bucket.capacity) };
}
