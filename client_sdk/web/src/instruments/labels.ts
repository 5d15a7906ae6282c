// The short labels of instruments in the language of a locale: our own words, never the wording of a form.
//
// A locale without a table, and an instrument that does not ship, have the labels that the instrument itself has.

import { languageOf, own, wordsIn } from "../words/saying.ts";
import type { Labels, Words } from "../words/saying.ts";
import { itemOf, scaleOf } from "./values.ts";
import type { Band, CountingRule, CutOff, Instrument, RiskRule, Scale } from "./values.ts";

/** The name of an instrument. */
export const titleOf = (instrument: Instrument, locale: string): string =>
  labelsOf(instrument, locale)?.title ?? instrument.title;

/** What an item is about. Throws `RangeError` when the instrument has no such item. */
export function itemLabel(instrument: Instrument, key: string, locale: string): string {
  const item = itemOf(instrument, key);
  return labelsOf(instrument, locale)?.items[instrument.items.indexOf(item)] ?? item.label;
}

/** What a scale measures. Throws `RangeError` when the instrument has no such scale. */
export function scaleLabel(instrument: Instrument, key: string, locale: string): string {
  const scale = scaleOf(instrument, key);
  return labelsOf(instrument, locale)?.scales[instrument.scales.indexOf(scale)] ?? scale.label;
}

/** What a risk rule is about: in the words of its item, but where it has some of its own. */
export function riskLabel(instrument: Instrument, rule: RiskRule, locale: string): string {
  const labels = labelsOf(instrument, locale);
  if (labels === undefined) return rule.label;
  return own(labels.risks, rule.key) || itemLabel(instrument, rule.item, locale);
}

/** What a band is called; a score keeps its band by the English label. */
export const bandLabel = (band: Band | string, locale: string): string =>
  phrase(typeof band === "string" ? band : band.label, locale);

/** What reaching a cut-off says. */
export const cutOffLabel = (cutOff: CutOff, locale: string): string => phrase(cutOff.label, locale);

/** What meeting a counting rule says. It is never a diagnosis. */
export const ruleLabel = (rule: CountingRule, locale: string): string => phrase(rule.label, locale);

/** What the number is that a source prints in the place of the sum; empty where it prints the sum. */
export const publishedLabel = (scale: Scale, locale: string): string =>
  scale.published === null ? "" : phrase(scale.published.label, locale);

/** The table of a shipped instrument. One of a practice's own that has its key may have other items. */
function labelsOf(instrument: Instrument, locale: string): Labels | undefined {
  const labels = own(inLanguage(locale).labels, instrument.key);
  const fits =
    labels?.items.length === instrument.items.length && labels.scales.length === instrument.scales.length;
  return fits ? labels : undefined;
}

const phrase = (english: string, locale: string): string => own(inLanguage(locale).phrases, english) ?? english;

const inLanguage = (locale: string): Words => wordsIn(languageOf(locale));
