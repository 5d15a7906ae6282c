// A passcode as a person types it.

import { utf8 } from "../bytes.ts";
import { InvalidField } from "../errors.ts";

/** Characters, at least. What makes it hold is how it is stretched, but nothing saves "1234". */
export const SMALLEST_PASSCODE = 6;

/** A passcode as bytes, the same on every keyboard. Throws `InvalidField` for one that is too short. */
export function passcodeBytes(passcode: string): Uint8Array<ArrayBuffer> {
  const text = passcode.normalize("NFKC");
  if ([...text].length < SMALLEST_PASSCODE) {
    throw new InvalidField(`The passcode must have at least ${SMALLEST_PASSCODE} characters.`, "passcode_too_short");
  }
  if (/\p{Cs}/u.test(text)) {
    throw new InvalidField("The passcode contains a lone surrogate, which is not valid text.");
  }
  return utf8(text);
}
