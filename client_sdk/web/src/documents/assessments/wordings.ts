// The words of an instrument as a practice brought them, so that it can be asked offline.

import type { Instrument, Wording } from "../../generated/models.ts";
import { InvalidField } from "../../errors.ts";
import { readJson } from "../json.ts";
import { isBlank } from "../texts.ts";
import { structOf } from "../types.ts";

/** Throw `InvalidField` unless it names its instrument and has something to ask. */
export function checkWording(wording: Wording): void {
  if (wording.key === "" || wording.scheme === "") {
    throw new InvalidField("A wording needs its instrument (key) and a scoring scheme (scheme).");
  }
  const items = Object.values(wording.prompts);
  if (items.length === 0 || items.some((item) => isBlank(item.text))) {
    throw new InvalidField("A wording needs a text for each item.");
  }
  if (wording.definition !== "" && definitionOf(wording) === null) {
    throw new InvalidField("The definition of the instrument cannot be read, or belongs to another instrument.");
  }
}

/** The instrument itself where the wording brings it along; null where it does not, or it is of another. */
export function definitionOf(wording: Wording): Instrument | null {
  if (wording.definition === "") return null;
  try {
    const found = structOf("Instrument", readJson(wording.definition)) as unknown as Instrument;
    return found.key === wording.key && found.scheme === wording.scheme ? found : null;
  } catch (failure) {
    if (failure instanceof InvalidField) return null;
    throw failure;
  }
}
