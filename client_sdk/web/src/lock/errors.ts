// What the lock refuses. The words for people are in words.ts; these are for those who write an app.

import { IntersessionError } from "../errors.ts";

/** The store is locked: nothing of it can be read or written until it is opened. */
export class StoreLocked extends IntersessionError {
  constructor(message = "This app is locked on this device. Open it first.", code = "locked") {
    super(message, code);
  }
}

/** Not the passcode, or a passkey of something else. */
export class WrongSecret extends IntersessionError {
  constructor(message = "That does not open it.", code = "wrong_secret") {
    super(message, code);
  }
}

/** After too many wrong passcodes the next one is looked at in so many seconds. */
export class TriesExhausted extends IntersessionError {
  readonly seconds: number;

  constructor(seconds: number, code = "too_many_tries") {
    super(`Too many wrong passcodes. Try again in ${seconds} seconds.`, code);
    this.seconds = seconds;
  }
}
