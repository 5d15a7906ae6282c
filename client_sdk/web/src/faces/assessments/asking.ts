// Which instruments are known here and which of them can be asked: the own check-in, and those with a wording here.

import { definitionOf } from "../../documents/assessments/wordings.ts";
import { inOrder } from "../../documents/shapes.ts";
import { InvalidField } from "../../errors.ts";
import type { Instrument as FullInstrument, Wording, WordingTaken } from "../../generated/models.ts";
import { INSTRUMENTS } from "../../instruments/known.ts";
import type { BoundWording, Instrument } from "../../instruments/values.ts";
import type { StoredRecord } from "../../replica/tables/records.ts";
import { compareTexts } from "../../text/order.ts";
import { checkMoment } from "../../time/moments.ts";
import type { Scope } from "../scope.ts";

/** An instrument, and the words in which it is asked here. */
export interface Askable {
  readonly instrument: Instrument;
  readonly wording: BoundWording;
}

/** What can be done with instruments on this device: those that can be scored, and those that can be asked, by key. */
export interface Instruments {
  readonly known: ReadonlyMap<string, Instrument>;
  readonly askable: ReadonlyMap<string, Askable>;
}

/** Those that ship, and those that wordings bring along. */
export function instrumentsOf(scope: Scope): Instruments {
  const wordings = newestLast(scope.rows("instrument")).map(({ model }) => model);
  const brought = wordings.map(definitionOf).filter((one): one is FullInstrument => one !== null);
  const own = [...INSTRUMENTS.values()].flatMap((instrument) =>
    instrument.wording === null ? [] : [{ instrument, wording: instrument.wording }], // the words are our own
  );
  const worded = wordings.map(askableOf).filter((one) => one !== null);
  return {
    known: new Map<string, Instrument>([...brought.map((one) => [one.key, one] as const), ...INSTRUMENTS]),
    askable: new Map([...own, ...worded].map((one) => [one.instrument.key, one])),
  };
}

/** How an instrument is asked here. Throws `InvalidField` when it cannot be. */
export function ask({ known, askable }: Instruments, key: string): Askable {
  const found = askable.get(key);
  if (found !== undefined) return found;
  const instrument = known.get(key);
  if (instrument === undefined) {
    const named = [...askable.keys()].join(", ");
    throw new InvalidField(`There is no instrument with that name here. Those that can be answered: ${named}.`);
  }
  throw new InvalidField(
    `The wording of ${instrument.title} is not available here, so it cannot be asked. ` +
      "The care team can enter it from paper, item by item.",
  );
}

/** An instrument that scores can be worked out for. Throws `InvalidField` for one that nobody here knows. */
export function definition({ known }: Instruments, key: string): Instrument {
  const found = known.get(key);
  if (found !== undefined) return found;
  throw new InvalidField(`There is no instrument with that name here. Available: ${[...known.keys()].join(", ")}.`);
}

/** What an assessment keeps of the wording. */
export const takenOf = ({ wording: { status, hash } }: Askable): WordingTaken => ({ status, hash });

/** A wording with its instrument; null where it is of another way of scoring, or of nothing known. */
function askableOf(wording: Wording): Askable | null {
  const instrument = INSTRUMENTS.get(wording.key) ?? definitionOf(wording);
  if (instrument === null || wording.scheme !== instrument.scheme) return null;
  const items = new Set(instrument.items.map(({ key }) => key));
  const bound = boundOf(wording);
  const prompts = bound.prompts.filter(({ item }) => items.has(item));
  return prompts.length > 0 ? { instrument, wording: { ...bound, prompts } } : null;
}

/** The wording as instruments have it. */
const boundOf = (wording: Wording): BoundWording => ({
  instrument: wording.key,
  scheme: wording.scheme,
  status: wording.status,
  hash: wording.hash,
  prompts: inOrder(wording.prompts).map(([item, { text, labels }]) => ({
    item,
    text,
    choices: labels.map((one) => ({ text: one.text, value: one.value })),
  })),
  instructions: wording.instructions,
  language: wording.language || null,
  copyright: wording.copyright || null,
  source: wording.source || null,
  notes: wording.notes,
});

/** By arrival; what has not arrived anywhere yet comes last, in the order in which it was made. */
function newestLast(rows: readonly StoredRecord<"instrument">[]): readonly StoredRecord<"instrument">[] {
  const arrived = ({ arrived_at: at }: StoredRecord<"instrument">): bigint | null =>
    at === null ? null : checkMoment("arrived_at", at).micros;
  return rows.toSorted((one, other) => {
    const [first, second] = [arrived(one), arrived(other)];
    if (first === null && second === null) return one.position - other.position || compareTexts(one.id, other.id);
    if (first === null || second === null) return first === null ? 1 : -1;
    return first < second ? -1 : first > second ? 1 : compareTexts(one.id, other.id);
  });
}
