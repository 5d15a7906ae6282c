import { nextQuestion, questions, type Given as GivenSoFar } from "@intersession/client/instruments/asking.ts";
import { reliableChange } from "@intersession/client/instruments/change.ts";
import { instrumentOf } from "@intersession/client/instruments/known.ts";
import * as labels from "@intersession/client/instruments/labels.ts";
import { positiveRisk, score } from "@intersession/client/instruments/scoring.ts";
import type { Answers as Form } from "@intersession/client/instruments/scoring.ts";
import type { ReliableChange } from "@intersession/client/instruments/values.ts";
import { exactSum, median, numberText, roundTo } from "@intersession/client/measures/numbers.ts";
import { say, saySignal } from "@intersession/client/words/saying.ts";
import type { ClientPhrase, SignalPhrase, Values } from "@intersession/client/words/saying.ts";
import type { Answers } from "./answers.ts";
import { orRefused } from "./refused.ts";

interface Given {
  instrument: string;
  answers?: Form;
}

interface AsAsked extends GivenSoFar {
  instrument: string;
  worded: boolean;
}

interface Two {
  instrument: string;
  scale: string;
  before?: number | null;
  after?: number | null;
  parameters?: Partial<ReliableChange>;
}

const UNSTATED: ReliableChange = {
  kind: "reliable",
  threshold: null,
  sd: null,
  reliability: null,
  which: "not stated",
  population: "not stated",
  citation: "",
  sure: "own",
};

/** Numbers as they are rounded, written, and made of others. */
function numbersOf({ values, digits }: { values: readonly number[]; digits: number }): unknown {
  return {
    rounded: values.map((value) => roundTo(value, digits)),
    texts: values.map(numberText),
    sum: exactSum(values),
    median: median(values),
  };
}

/** All labels of an instrument in a language. */
function labelsOf({ instrument: key, locale }: { instrument: string; locale: string }): unknown {
  const instrument = instrumentOf(key);
  return {
    title: labels.titleOf(instrument, locale),
    items: instrument.items.map((one) => labels.itemLabel(instrument, one.key, locale)),
    scales: instrument.scales.map((one) => labels.scaleLabel(instrument, one.key, locale)),
    risks: instrument.risks.map((one) => labels.riskLabel(instrument, one, locale)),
    bands: instrument.scales.flatMap((one) => one.bands.map((band) => labels.bandLabel(band, locale))),
    cut_offs: instrument.scales.flatMap((one) => one.cut_offs.map((cut) => labels.cutOffLabel(cut, locale))),
    rules: instrument.rules.map((one) => labels.ruleLabel(one, locale)),
    published: instrument.scales.map((one) => labels.publishedLabel(one, locale)),
  };
}

/** Texts with their values filled in. */
function textsOf({ locale, client, signals }: { locale: string; client: Said[]; signals: Said[] }): unknown {
  return {
    client: client.map(([told, values]) => say(locale, told as ClientPhrase, values)),
    signals: signals.map(([told, values]) => saySignal(locale, told as SignalPhrase, values)),
  };
}

type Said = readonly [told: string, values: Values];

export const SCORES: Answers = {
  numbers: numbersOf,
  labels: labelsOf,
  texts: textsOf,
  asked: ({ instrument: key, worded, answers, conflicts }: AsAsked) => {
    const instrument = instrumentOf(key);
    const all = questions(instrument, worded ? instrument.wording : null, { answers, conflicts });
    return { questions: all, next: nextQuestion(all) };
  },
  score: ({ instrument, answers = {} }: Given) => orRefused(() => score(instrumentOf(instrument), answers)),
  risks: ({ instrument, answers = {} }: Given) => positiveRisk(instrumentOf(instrument), answers).map((one) => one.key),
  change: ({ instrument, scale, before = null, after = null, parameters }: Two) => {
    const own = parameters === undefined ? null : { ...UNSTATED, ...parameters };
    return orRefused(() => reliableChange(instrumentOf(instrument), scale, before, after, own));
  },
};
