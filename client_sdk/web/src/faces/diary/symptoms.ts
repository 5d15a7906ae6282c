// Symptoms: numbers that a client logs for a time, and their series.

import { checkLog, checkSpellings } from "../../documents/diary/symptoms.ts";
import { InvalidField, NotFound } from "../../errors.ts";
import type { Point, SymptomLog, Withdrawal } from "../../generated/answers.ts";
import limits from "../../generated/limits.json" with { type: "json" };
import type { Id, Log } from "../../generated/models.ts";
import { documentAt } from "../../replica/documents/stored.ts";
import { newId } from "../../replica/documents/writing.ts";
import { addToBuckets } from "../../replica/logs/buckets.ts";
import { shareLog } from "../../replica/logs/sharing.ts";
import { logWithdrawals, logWithdrawalWith, withdrawLogs } from "../../replica/logs/withdrawals.ts";
import { correctionsOf } from "../../replica/tables/ownLogs.ts";
import { hasRoomForNames } from "../../replica/tables/symptomRows.ts";
import {
  documentOfLog,
  ownLog,
  pointsOf,
  scalesOf,
  seriesOf,
  symptomLogs,
  symptomNames,
} from "../../replica/tables/symptomViews.ts";
import { MAX_NAMES } from "../../text/names.ts";
import { checkMoment } from "../../time/moments.ts";
import type { Series, Symptoms } from "../faces.ts";
import * as given from "../given.ts";
import { scalesIn, type Scope } from "../scope.ts";

const { mostAlike: MOST_ALIKE } = limits.symptomHistory;

/** The symptoms of a client's device. */
export function symptomsOf(scope: Scope): Symptoms {
  const { replica, store } = scope;

  const own = (id: Id): SymptomLog => {
    const found = ownLog(store, given.id("id", id));
    if (found === null) throw new NotFound("There is no symptom log with that id here.");
    return found;
  };
  const withdrawal = (id: Id): Withdrawal => {
    const found = logWithdrawalWith(store, id);
    if (found === null) throw new NotFound("No log and no import with that id was withdrawn on this device.");
    return found;
  };
  const checkRoom = ({ values }: Log): void => {
    if (hasRoomForNames(store, Object.keys(values))) return;
    throw new InvalidField(`A record may have at most ${MAX_NAMES} different symptoms. Use existing names.`);
  };
  const checked = (log: Parameters<typeof checkLog>[0]): Log => {
    const found = checkLog(log);
    checkSpellings(found.values);
    return found;
  };
  const points = (name: string, window: Series): readonly Point[] =>
    pointsOf(store, given.text("name", name), given.window(window), scalesIn(scope.agreed()));

  return {
    log({ values, scale, note = "", at, shared }) {
      const now = store.now();
      const about = at === undefined ? now : given.moment("at", at);
      const log = checked({
        ...{ id: newId(store), at: about, entered_at: now, zone: scope.zoneOf(about) },
        values: given.values(values),
        scale: given.scale(scale),
        note: given.text("note", note),
      });
      return replica.write((writing) => {
        checkRoom(log);
        addToBuckets(writing, [log], replica.destination(shared ?? null));
        return own(log.id);
      });
    },
    correct: (id, { values, scale, note, at }) =>
      replica.write((writing) => {
        const was = own(id);
        if (correctionsOf(store, was.id) >= MOST_ALIKE) {
          throw new InvalidField("This log has been corrected too many times. Withdraw it and log it again.");
        }
        const about = at === undefined ? was.at : given.moment("at", at);
        const log = checked({
          ...{ id: newId(store), at: about, entered_at: store.now(), corrects: was.id },
          zone: at === undefined ? was.zone : scope.zoneOf(about),
          values: values === undefined ? was.values : given.values(values),
          scale: scale === undefined ? was.scale : given.scale(scale),
          note: note === undefined ? was.note : given.text("note", note),
        });
        if (saysTheSame(log, was)) return was;
        checkRoom(log);
        const document = documentAt(store, documentOfLog(store, was.id));
        addToBuckets(writing, [log], { stream: document.stream, wish: document.wish });
        writing.touched.add(document.id); // what stands of it is another now, wherever the correction is
        return own(was.id);
      }),
    share: (id) =>
      replica.write((writing) => {
        const log = own(id);
        if (!log.shared) shareLog(writing, log, replica.destination(true));
        return own(log.id);
      }),
    withdraw(id) {
      const before = logWithdrawalWith(store, given.id("id", id));
      if (before !== null) return before;
      const { id: log } = own(id);
      replica.write((writing) => withdrawLogs(writing, log, [log]));
      return withdrawal(log);
    },
    names: () => symptomNames(store),
    scales: (name) => scalesOf(points(name, {})),
    series: (name, { scale, ...window } = {}) =>
      seriesOf(points(name, window), scale === undefined ? undefined : given.scale(scale)),
    get: own,
    logs: (window) => symptomLogs(store, given.window(window)),
    withdrawals: (page) => logWithdrawals(store, given.listed(page)),
  };
}

function saysTheSame(log: Log, was: SymptomLog): boolean {
  const values = Object.entries(log.values);
  return (
    checkMoment("at", log.at).micros === checkMoment("at", was.at).micros &&
    log.note === was.note &&
    JSON.stringify(log.scale) === JSON.stringify(was.scale) &&
    values.length === Object.keys(was.values).length &&
    values.every(([name, value]) => Object.hasOwn(was.values, name) && was.values[name] === value)
  );
}
