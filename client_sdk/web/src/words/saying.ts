// Every text that clients read, in their language. A locale without a table is told in its language ("de-AT" in "de"),
// and without that in English.

import de from "../generated/words.de.json" with { type: "json" };
import en from "../generated/words.en.json" with { type: "json" };

/** What an instrument and its parts are called: `items` and `scales` in the instrument's own order. */
export interface Labels {
  readonly title: string;
  readonly items: readonly string[];
  readonly scales: readonly string[];
  /** By the key of the rule, the labels of risk rules that are not those of their items. */
  readonly risks: Readonly<Record<string, string>>;
}

/** All texts of one language. */
export interface Words {
  readonly client: Readonly<Record<ClientPhrase, string>>;
  readonly signals: Readonly<Record<SignalPhrase, string>>;
  /** By the key of the instrument. In English they are with the instruments. */
  readonly labels: Readonly<Record<string, Labels>>;
  /** By the English label: what bands, cut-offs, rules and other ways of printing a score are called. */
  readonly phrases: Readonly<Record<string, string>>;
}

/** What can be said to clients. */
export type ClientPhrase = keyof typeof en.client;
/** What signals can say. */
export type SignalPhrase = keyof typeof en.signals;
/** Values to fill in, by the names that a text has in braces. */
export type Values = Readonly<Record<string, string | number>>;

const TABLES: Readonly<Record<string, Words>> = { en, de };

/** The texts for a locale. */
export function wordsIn(locale: string): Words {
  return own(TABLES, locale) ?? own(TABLES, languageOf(locale)) ?? en;
}

/** The language of a locale: "de" of "de-AT", of "de_CH" and of "DE". */
export function languageOf(locale: string): string {
  return (locale.split(/[-_]/, 1)[0] ?? "").toLowerCase();
}

/** A text for clients. Throws `RangeError` where a value to fill in is missing. */
export function say(locale: string, told: ClientPhrase, values: Values = {}): string {
  return filled(wordsIn(locale).client[told], values);
}

/** A text of a signal. Throws as `say` does. */
export function saySignal(locale: string, told: SignalPhrase, values: Values = {}): string {
  return filled(wordsIn(locale).signals[told], values);
}

/** What an object has under a key of its own. */
export function own<T>(object: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

const IN_BRACES = /\{\{|\}\}|\{(\w+)\}/g;

function filled(text: string, values: Values): string {
  return text.replace(IN_BRACES, (braces, name: string | undefined) => {
    if (name === undefined) return braces.slice(1);
    const value = own(values, name);
    if (value === undefined) throw new RangeError(`The text needs a value for ${name}.`);
    return String(value);
  });
}
