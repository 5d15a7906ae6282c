// Whom to call in a crisis: the emergency number and the lines of a country, from this app alone. They stand without an
// app around them, too: where it cannot start.

import { useState } from "preact/hooks";
import type { CrisisLine, LocalHelp } from "@intersession/client/generated/answers.ts";
import { COUNTRIES, countryOf, localHelp } from "@intersession/client/words/crisis.ts";
import { say } from "@intersession/client/words/saying.ts";
import { wholeDayInWords } from "../words/moments.ts";
import type { Words } from "../words/words.ts";
import { Labelled } from "./Fields.tsx";

/** A number as a telephone takes it. */
export const dialled = (number: string): string => number.replace(/[^\d+]/g, "");

/** A number as it is read: it is not broken in two at the end of a line. */
export const unbroken = (number: string): string => number.replaceAll(" ", "\u00a0");

/** What a tap opens: the telephone, or a text message with the word that it has to say. */
export function linkOf({ by, number, word }: Pick<CrisisLine, "by" | "number" | "word">): string {
  if (by === "call") return `tel:${dialled(number)}`;
  // Android reads what is after the "?", iOS what is after the "&".
  return `sms:${dialled(number)}${word === "" ? "" : `?&body=${encodeURIComponent(word)}`}`;
}

/** Whose numbers are shown: of the country that was chosen here, of the practice's, or of the one this device is set to. */
export interface Crisis {
  readonly help: LocalHelp | null;
  choose(country: string): void;
}

/** `practice`: the help of its country; null where it does not say that, or could not be asked. */
export function useCrisis(practice: LocalHelp | null): Crisis {
  const [chosen, choose] = useState<string | null>(null);
  const help = chosen === null ? (practice ?? localHelp(countryOf(navigator.languages))) : localHelp(chosen);
  return { help, choose };
}

/** The emergency numbers, to be called with one tap. */
export function EmergencyCalls({ of, locale }: { readonly of: LocalHelp | null; readonly locale: string }) {
  return (
    <>
      {of?.emergency.map((number) => (
        <a key={number} class="button call" href={linkOf({ by: "call", number, word: "" })}>
          {say(locale, "help emergency", { number: unbroken(number) })}
        </a>
      ))}
    </>
  );
}

interface LinesGiven {
  readonly of: Crisis;
  /** Of its heading. */
  readonly level: 2 | 3;
  readonly words: Words;
  readonly locale: string;
}

/** The crisis lines of a country, and any other country for whoever is elsewhere. */
export function CrisisLines({ of: { help, choose }, level, words, locale }: LinesGiven) {
  const names = new Intl.DisplayNames([locale], { type: "region" });
  const nameOf = (country: string): string => names.of(country) ?? country;
  const countries = COUNTRIES.toSorted((one, other) => nameOf(one).localeCompare(nameOf(other), locale));
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <section class="card">
      <Heading>{help === null ? words.safety.lines : words.safety.linesIn(nameOf(help.country))}</Heading>
      {help?.lines.map((line) => (
        <a key={`${line.by} ${line.number}`} class="button call" href={linkOf(line)}>
          {inWords(locale, line)}
        </a>
      ))}
      {help !== null && (
        <p class="hint">{say(locale, "help looked up", { day: wholeDayInWords(help.looked_up, locale) })}</p>
      )}
      <Labelled label={words.safety.country}>
        {(id) => (
          <select id={id} value={help?.country ?? ""} onChange={(event) => choose(event.currentTarget.value)}>
            {help === null && <option value="">{words.safety.chooseCountry}</option>}
            {countries.map((country) => (
              <option key={country} value={country}>
                {nameOf(country)}
              </option>
            ))}
          </select>
        )}
      </Labelled>
    </section>
  );
}

function inWords(locale: string, { by, name, number: plain, word }: CrisisLine): string {
  const number = unbroken(plain);
  if (by === "call") return say(locale, "help call", { name, number });
  return word === "" ? say(locale, "help text", { name, number }) : say(locale, "help text word", { name, number, word });
}
