import { dayOf, momentOn } from "@intersession/client/time/localDays.ts";
import * as moments from "@intersession/client/time/moments.ts";
import { inZone, instant, isZoneName, offsetAt, type Zone } from "@intersession/client/time/zones.ts";
import type { Answers } from "./answers.ts";

const textOf = (at: moments.Moment | null): string | null => (at === null ? null : moments.momentText(at));

interface Claim {
  readonly claimed: string;
  readonly arrived: string | null;
  readonly long_ago: boolean;
}

interface Slot {
  readonly zone: Zone;
  readonly begins: number;
  readonly day: string;
  readonly time: string | null;
}

export const TIME: Answers = {
  read: ({ text }: { text: string }) => {
    const at = moments.readMoment(text);
    return { moment: textOf(at), kept: textOf(moments.readKept(text)), as_kept: at && textOf(moments.asKept(at)) };
  },
  claim: ({ claimed, arrived, long_ago }: Claim) => {
    const at = moments.checkMoment("claimed", claimed);
    const reached = moments.readMoment(arrived);
    const plausible = moments.plausible(at, reached, { longAgo: long_ago });
    return {
      plausible: textOf(plausible),
      odd: moments.isOdd(at, plausible),
      late: reached !== null && moments.isLate(at, reached),
    };
  },
  shown: ({ at, zone, begins }: { at: string; zone: Zone; begins: number }) => {
    const there = inZone(moments.checkMoment("at", at), zone);
    return { at: textOf(there), day: dayOf(there, begins), instant: textOf({ micros: instant(there), offset: 0 }) };
  },
  slot: ({ zone, begins, day, time }: Slot) =>
    textOf(momentOn({ zone, begins }, day, time === null ? null : moments.readTime(time))),
  offsets: ({ zone, seconds }: { zone: Zone; seconds: readonly number[] }) =>
    seconds.map((one) => offsetAt(zone, BigInt(one) * 1_000_000n) / 1e6),
  zone: ({ zone }: { zone: string }) => isZoneName(zone),
};
