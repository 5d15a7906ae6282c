// What is refused on purpose, as intersession_schemas.errors has it: a code for programs, words for people.

/** The base of all errors raised on purpose. `code` is stable; the message is for people and may be reworded. */
export class IntersessionError extends Error {
  readonly code: string;

  constructor(message: string, code = "error") {
    super(message);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The caller gave a value that the field does not accept; the text names the field and what it accepts. */
export class InvalidField extends IntersessionError {
  constructor(message: string, code = "invalid_field") {
    super(message, code);
  }
}

/** A change or a document that cannot be used; `code` is one of those a push is refused with. */
export class DocumentError extends IntersessionError {
  constructor(message: string, code = "bad_change") {
    super(message, code);
  }
}

/** Bytes from a peer that are not a frame of this protocol; `code` is one of those that an `error` frame says. */
export class WireError extends IntersessionError {
  constructor(message: string, code = "protocol_error") {
    super(message, code);
  }
}

/** This store has nothing with that id. */
export class NotFound extends IntersessionError {
  constructor(message: string, code = "not_found") {
    super(message, code);
  }
}

/** The store is not paired with a practice yet. */
export class NotPaired extends IntersessionError {
  constructor(message: string, code = "not_paired") {
    super(message, code);
  }
}

/** The vault is locked on this device, or not known here. */
export class VaultLocked extends IntersessionError {
  constructor(message: string, code = "vault_locked") {
    super(message, code);
  }
}

/** That is neither the passphrase nor the recovery code of the vault. */
export class WrongPassphrase extends VaultLocked {
  constructor(message: string, code = "wrong_passphrase") {
    super(message, code);
  }
}

/** There is a vault already: other devices could not open a second one. */
export class VaultExists extends IntersessionError {
  constructor(message: string, code = "vault_exists") {
    super(message, code);
  }
}

/** The space for the store is full. The call did nothing; free some and repeat it. */
export class StoreFull extends IntersessionError {
  constructor(message: string, code = "store_full") {
    super(message, code);
  }
}

/** This is no store, or it cannot be used; `damaged`: one document is not as it was written, others can be read. */
export class StoreInvalid extends IntersessionError {
  constructor(message: string, code = "store_invalid") {
    super(message, code);
  }
}

/** A newer version of the app made the store. */
export class StoreTooNew extends IntersessionError {
  constructor(message: string, code = "store_too_new") {
    super(message, code);
  }
}

/** The store is open elsewhere. */
export class StoreBusy extends IntersessionError {
  constructor(message: string, code = "store_busy") {
    super(message, code);
  }
}

/** The store has been closed. */
export class StoreClosed extends IntersessionError {
  constructor(message: string, code = "store_closed") {
    super(message, code);
  }
}

/** The pairing code was not accepted; `code` says why (`wrong_code`, `old_code`, `used_code`, `wrong_role` …). */
export class PairingRefused extends IntersessionError {
  constructor(message: string, code = "pairing_refused") {
    super(message, code);
  }
}

/** The practice has ended this device's access; pair again with a new code. */
export class AccessEnded extends IntersessionError {
  constructor(message: string, code = "access_ended") {
    super(message, code);
  }
}

/** The server was put back to an older state, or replaced; trying again does not help, and nothing is deleted here. */
export class LogDiverged extends IntersessionError {
  constructor(message: string, code = "log_diverged") {
    super(message, code);
  }
}

/** No server answers, or not in time. Everything written is kept and sent with the next sync. */
export class Unreachable extends IntersessionError {
  constructor(message: string, code = "unreachable") {
    super(message, code);
  }
}

/** The code of an error that nobody raised on purpose. */
export const DEFECT = "defect";

/** What is told of any error. Of a defect only its kind: its text may quote what a person wrote. */
export function toldOf(failure: unknown): { readonly code: string; readonly message: string } {
  if (failure instanceof IntersessionError) return { code: failure.code, message: failure.message };
  const kind = failure instanceof Error ? failure.name : typeof failure;
  return { code: DEFECT, message: `This app has a defect (${kind}). What was written before is kept.` };
}
