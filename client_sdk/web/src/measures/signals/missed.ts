// Homework that was not done more often in a row than this client's own rate explains.

import type { OccurrenceView } from "../../agenda/adherence.ts";
import { titleOf } from "../../agenda/homework.ts";
import { momentOn } from "../../time/localDays.ts";
import { saySignal } from "../../words/saying.ts";
import { documents, planOf, type AsOf, type Material } from "../material.ts";
import { howItWent, missedRun, offered } from "../progress.ts";
import { unusualAfter } from "./chance.ts";
import { signal, type Signal } from "./signal.ts";
import type { Silence } from "./silence.ts";

/** Possible occurrences in a row that make a missed run, at least. */
const RUN = 3;
/** What is supposed of an assignment before it is known how it goes, and for how many occurrences that counts. */
const SUPPOSED = { before: 0.7, weight: 2 };
/** So many in a row of an assignment that was never done are told, though its rate is not known. */
const AT_FIRST = 7;
/** A run counts from where chance makes it less often than that among as many occurrences as there were. */
const OFTEN = 0.02;

/** One signal an assignment that goes on. Of whoever is silent altogether, the silence tells it all. */
export function missed(record: Material, asOf: AsOf, silent: Silence | null): Signal[] {
  const went = howItWent(record, asOf);
  const limit = planOf(record).thresholds["missed_run"]?.at;
  return documents(record, "homework").flatMap(({ id, model: homework }) => {
    if (homework.ended_on !== null && homework.ended_on <= asOf.today) return [];
    const occurrences = offered(homework, went.get(id)?.occurrences ?? []);
    const run = missedRun(homework, occurrences);
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined) return [];
    if (run.length < (limit ?? longestUsualRun(occurrences, run.length))) return [];
    if (silent !== null && (!silent.begun || silent.last < first.day)) return [];
    const text = saySignal(asOf.locale, "missed_run", {
      what: titleOf(homework),
      count: run.length,
      first: first.day,
      last: last.day,
    });
    const at = momentOn(asOf.days, first.day);
    const name = `missed_run/${id}/${first.key}`;
    return [signal({ kind: "missed_run", id: name, about: id, at, arrived: null, text }, asOf)];
  });
}

/**
 * From how many in a row on it is more than this client's own rate on this assignment explains.
 *
 * The `run` that is asked about counts for nothing in the rate.
 */
export function longestUsualRun(occurrences: readonly OccurrenceView[], run: number): number {
  const count = (...states: OccurrenceView["state"][]): number =>
    occurrences.filter((one) => states.includes(one.state)).length;
  const done = count("done", "partly");
  const notDone = count("unanswered", "not") - run;
  if (notDone === 0) return done ? RUN : AT_FIRST;
  return Math.max(RUN, unusualAfter(done, notDone, SUPPOSED, OFTEN));
}
