// Signals: what in a record somebody should look at. Facts with their age, never a judgement of a person.
//
// One fact is one signal, which grows older and keeps its id. A signal never goes because it was acknowledged; it says
// so.

import { grouped } from "../../agenda/grouped.ts";
import { localDayOf } from "../../time/localDays.ts";
import { saySignal } from "../../words/saying.ts";
import { asOf, documents, moment, momentIf, type AsOf, type Cut, type Material } from "../material.ts";
import { by } from "../ordering.ts";
import { deterioration } from "./deterioration.ts";
import { missed } from "./missed.ts";
import { risks } from "./risks.ts";
import { signal, type Acknowledged, type Signal } from "./signal.ts";
import { silence, silences } from "./silence.ts";

/**
 * All signals of a record as of a cut: risk that nobody has acknowledged, then all others, each newest first.
 *
 * They are ordered by when they arrived, or else by what they are about. Acknowledged ones are among them.
 * Throws `InvalidField` for a `now` without an offset.
 */
export function signals(record: Material, cut: Cut): Signal[] {
  const at = asOf(record, cut);
  const silent = silence(record, at);
  const found = [
    ...risks(record, at),
    ...deterioration(record, cut, at),
    ...missed(record, at, silent),
    ...silences(record, at, silent),
    ...notAccepted(record, at),
  ];
  const seen = acknowledgements(record);
  return [...new Map(found.map((one) => [one.id, one])).values()]
    .map((one) => ({ ...one, acknowledged: seen.get(one.id) ?? [] }))
    .sort(
      by(
        (one) => one.kind !== "risk" || one.acknowledged.length > 0,
        (one) => -moment(one.arrived_at ?? one.at).micros,
        (one) => one.id,
      ),
    );
}

/** By signal, oldest first. */
function acknowledgements(record: Material): ReadonlyMap<string, readonly Acknowledged[]> {
  const oldestFirst = documents(record, "acknowledgement")
    .map(({ id, model, rows }) => ({
      id,
      signal: model.signal,
      micros: momentIf(model.made_at)?.micros,
      made: { by: rows.author, at: model.made_at, note: model.note },
    }))
    .sort(by((one) => one.micros === undefined, (one) => one.micros ?? 0n, (one) => one.id));
  return grouped(oldestFirst.map((one) => [one.signal, one.made] as const));
}

/**
 * One for each assessment that something was sent for and set aside. What it said is nobody's to read: it may have been
 * an answer, so that there was one is told.
 */
function notAccepted(record: Material, asOf: AsOf): Signal[] {
  const newest = new Map(record.not_accepted.map((one) => [one.document, one]));
  return [...newest].map(([about, { seq, received_at: receivedAt }]) => {
    const at = { micros: moment(receivedAt).micros, offset: asOf.now.offset };
    const text = saySignal(asOf.locale, "not_accepted", { day: localDayOf(asOf.days, at) });
    return signal({ kind: "not_accepted", id: `not_accepted/${about}/${seq}`, about, at, arrived: at, text }, asOf);
  });
}
