// What a signal is, and how one is made: with its age, and whether it came late.

import type { Id, IsoMoment } from "../../generated/models.ts";
import { dayOf, localDayOf } from "../../time/localDays.ts";
import { DAY, HOUR, isLate, momentText, type Moment } from "../../time/moments.ts";
import { saySignal } from "../../words/saying.ts";
import type { AsOf } from "../material.ts";

/** What a signal tells of. */
export type SignalKind = "risk" | "deterioration" | "missed_run" | "silence" | "not_accepted";

/** Who has seen a signal, when, and what they noted. */
export interface Acknowledged {
  readonly by: Id | null;
  readonly at: IsoMoment | null;
  readonly note: string;
}

/** One thing to look at. */
export interface Signal {
  readonly kind: SignalKind;
  /** It stays the same as long as what it tells of does. */
  readonly id: string;
  /** The document. */
  readonly about: Id | null;
  /** What it is about. */
  readonly at: IsoMoment;
  /** When that arrived; null: not known, or nothing that arrives. */
  readonly arrived_at: IsoMoment | null;
  /** Whether that was more than a day later. */
  readonly late: boolean;
  /** From `at` to the cut's now. */
  readonly age_hours: number;
  readonly text: string;
  /** Oldest first. */
  readonly acknowledged: readonly Acknowledged[];
}

/** What a signal is made of. */
export interface Fact {
  readonly kind: SignalKind;
  readonly id: string;
  readonly about: Id | null;
  readonly at: Moment;
  readonly arrived: Moment | null;
  readonly text: string;
}

/** A signal of something that was `at`, which says so where it `arrived` late. */
export function signal({ kind, id, about, at, arrived, text }: Fact, { now, days, locale }: AsOf): Signal {
  const late = arrived !== null && isLate(at, arrived);
  const after = late ? daysText(locale, wholeUnits(arrived.micros - at.micros, DAY)) : "";
  const lateness = late ? saySignal(locale, "late", { days: after, arrived: localDayOf(days, arrived) }) : "";
  return {
    kind,
    id,
    about,
    at: momentText(at),
    arrived_at: arrived === null ? null : momentText(arrived),
    late,
    age_hours: Math.max(0, wholeUnits(now.micros - at.micros, HOUR)),
    text: text + lateness,
    acknowledged: [],
  };
}

/** What is said where a device claims a moment that cannot be. */
export const oddText = (locale: string, claimed: Moment, begins: number): string =>
  saySignal(locale, "odd", { day: dayOf(claimed, begins) });

/** So many days. */
export const daysText = (locale: string, days: number): string =>
  days === 1 ? saySignal(locale, "one day") : saySignal(locale, "days", { days });

/** So many days ago; today for none, and for what a wrong clock puts ahead. */
export function agoText(locale: string, days: number): string {
  if (days <= 0) return saySignal(locale, "today");
  return days === 1 ? saySignal(locale, "one day ago") : saySignal(locale, "days ago", { days });
}

/** How many whole units there are in a time. */
const wholeUnits = (micros: bigint, unit: number): number => Number(micros / BigInt(unit));
