// Positive risk items. One counts wherever it stands, and each time that it was given: nothing hides it.
//
// No threshold, pause or limit of a plan applies here.

import { grouped } from "../../agenda/grouped.ts";
import type { Assessment, Id, ItemAnswer } from "../../generated/models.ts";
import { itemLabel, titleOf } from "../../instruments/labels.ts";
import { highestLevel, positiveRisk, severity } from "../../instruments/scoring.ts";
import type { Instrument, RiskRule } from "../../instruments/values.ts";
import { compareTexts } from "../../text/order.ts";
import { ordinalOf } from "../../time/calendar.ts";
import { dayOf } from "../../time/localDays.ts";
import { isOdd } from "../../time/moments.ts";
import { saySignal } from "../../words/saying.ts";
import { arrivedAt, documents, moment, once, type AsOf, type Filed, type Material } from "../material.ts";
import { numberText } from "../numbers.ts";
import { by, reversed } from "../ordering.ts";
import { instrumentsOf, when } from "../scores.ts";
import { agoText, oddText, signal, type Signal } from "./signal.ts";

/** Where an answer stands. Of several places where one value stands, the first of these is told. */
const PLACES = ["risk completed", "risk amended", "risk draft", "risk not kept", "risk overridden"] as const;
type Place = (typeof PLACES)[number];

/** One answer, where it stands, when it was given, and the part it is. */
interface Stands {
  readonly item: string;
  readonly value: ItemAnswer["value"];
  readonly place: Place;
  readonly at: string;
  readonly part: Id;
}

/** A positive answer: what names it in an id, and the rules that it meets. */
interface Endorsed {
  readonly name: string;
  readonly stands: Stands;
  readonly rules: readonly RiskRule[];
}

/** Positive answers of an assessment that are one signal. */
interface Positive {
  readonly filed: Filed<"assessment">;
  readonly instrument: Instrument;
  readonly found: readonly [Endorsed, ...Endorsed[]];
}

/**
 * One signal for each time that a positive answer was given to a risk item.
 *
 * Where the source grades its questions (C-SSRS), one answers them one after the other: they are one signal, the most
 * severe first.
 */
export const risks = (record: Material, at: AsOf): Signal[] =>
  once(record, "positive risk items", () => allPositive(record)).map((one) => told(one, at));

/** All that there are, whatever the time is. */
function allPositive(record: Material): Positive[] {
  const known = instrumentsOf(record);
  const assessments = documents(record, "assessment");
  const amended = new Set(assessments.flatMap(({ model }) => (model.completions.length ? [model.amends] : [])));
  return assessments.flatMap((filed) => {
    const instrument = known.get(filed.model.instrument);
    if (instrument === undefined || !instrument.risks.length) return [];
    const found = endorsed(filed.model, amended.has(filed.id)).flatMap(([name, stands]) => {
      const rules = positiveRisk(instrument, { [stands.item]: stands.value });
      return rules.length ? [{ name, stands, rules }] : [];
    });
    if (!instrument.risks.some((rule) => rule.level !== null)) {
      return found.map((one) => ({ filed, instrument, found: [one] as const }));
    }
    const [first, ...others] = bySeverity(instrument, found);
    return first === undefined ? [] : [{ filed, instrument, found: [first, ...others] as const }];
  });
}

/** The most severe first: by level, then by what the instrument asks last. */
function bySeverity(instrument: Instrument, found: readonly Endorsed[]): Endorsed[] {
  const items = instrument.items.map((item) => item.key);
  const rising = by<Endorsed>(
    (one) => severity(highestLevel(one.rules)),
    (one) => items.indexOf(one.stands.item),
  );
  return found.toSorted(reversed(rising));
}

/**
 * Each value that was given to an item, with a name: once for as long as it stood.
 *
 * A value that comes back after another one was given is a new fact. What is told is where it stands best: completed.
 */
function endorsed(assessment: Assessment, isAmended: boolean): (readonly [name: string, stands: Stands])[] {
  const completed = grouped(completedAnswers(assessment, isAmended).map((one) => [one.item, one] as const));
  const drafted = grouped(draftedAnswers(assessment).map((one) => [one.item, one] as const));
  return [...new Set([...completed.keys(), ...drafted.keys()])].flatMap((item) => {
    const runs = runsOf(drafted.get(item) ?? []);
    for (const one of completed.get(item) ?? []) {
      // Whoever completes says again what stood in the draft: that is no second fact.
      const before = runs.findLast((run) => exact(run[0].value) === exact(one.value));
      if (before === undefined) runs.push([one]);
      else before.push(one);
    }
    const told = new Set<string>();
    return runs.map((run) => {
      const plain = `${item}/${exact(run[0].value)}`;
      const name = told.has(plain) ? `${plain}/${run[0].part}` : plain;
      told.add(name);
      return [name, run.reduce((best, one) => (rank(one) < rank(best) ? one : best))] as const;
    });
  });
}

const rank = (one: Stands): number => PLACES.indexOf(one.place);

/** Answers that say the same. */
type Run = [Stands, ...Stands[]];

/** The answers of a draft in the order they were given, those together that say the same. */
function runsOf(given: readonly Stands[]): Run[] {
  const runs: Run[] = [];
  for (const one of given.toSorted(by((each) => moment(each.at).micros, (each) => each.part))) {
    const last = runs.at(-1);
    if (last !== undefined && exact(last[0].value) === exact(one.value)) last.push(one);
    else runs.push([one]);
  }
  return runs;
}

function completedAnswers({ completions }: Assessment, isAmended: boolean): Stands[] {
  const place = isAmended ? "risk amended" : "risk completed";
  return completions.flatMap(({ id: part, completed_at: at, answers }) =>
    Object.entries(answers).map(([item, value]) => ({ item, value, place, at, part })),
  );
}

function draftedAnswers({ completions, draft, overridden }: Assessment): Stands[] {
  const places = [
    [completions.length ? "risk not kept" : "risk draft", draft],
    ["risk overridden", overridden],
  ] as const;
  return places.flatMap(([place, given]) =>
    Object.entries(given).flatMap(([item, answers]) =>
      answers.map(({ id: part, value, at }) => ({ item, value, place, at, part })),
    ),
  );
}

/** The signal of the first of these, which names the others as well. */
function told({ filed, instrument, found }: Positive, asOf: AsOf): Signal {
  const { locale, days, today } = asOf;
  const [{ stands: one, rules }, ...others] = found;
  const claimed = moment(one.at);
  const at = when(filed, one.part, claimed);
  const level = highestLevel(rules);
  const beside = [...new Set(others.map(({ stands }) => stands.item))]
    .filter((item) => item !== one.item)
    .map((item) => saySignal(locale, "quoted", { what: itemLabel(instrument, item, locale) }));
  const text = [
    saySignal(locale, "risk", {
      title: titleOf(instrument, locale),
      item: itemLabel(instrument, one.item, locale),
      answer: answerText(locale, one.value),
      where: saySignal(locale, one.place),
      age: agoText(locale, ordinalOf(today) - ordinalOf(dayOf(at, days.begins))),
    }),
    level === null ? "" : saySignal(locale, "risk level", { level }),
    beside.length ? saySignal(locale, "risk others", { items: beside.join(", ") }) : "",
    isOdd(claimed, at) ? oddText(locale, claimed, days.begins) : "",
  ].join("");
  const names = found.map(({ name }) => name).toSorted(compareTexts);
  const arrivals = found.map(({ stands }) => arrivedAt(filed, stands.part));
  const arrived = arrivals.reduce((last, each) =>
    last === null || each === null ? null : each.micros > last.micros ? each : last,
  );
  return signal({ kind: "risk", id: `risk/${filed.id}/${names.join("+")}`, about: filed.id, at, arrived, text }, asOf);
}

/** A value in an id: yes is 1, as risk rules count it. */
const exact = (value: Stands["value"]): string =>
  typeof value === "number" || typeof value === "boolean" ? numberText(Number(value)) : "";

function answerText(locale: string, value: Stands["value"]): string {
  return typeof value === "boolean" ? saySignal(locale, value ? "yes" : "no") : exact(value);
}
