"""The errors that the SDK raises on purpose; each is an `IntersessionError` with a stable `code`.

The tree:

    IntersessionError
    ├── InvalidField (also ValueError)    the caller gave a value that cannot be kept
    ├── NotFound (also KeyError)          no such entry, log or client in this store
    ├── NotPaired                         the network is asked for before `pair`
    ├── PairingRefused                    the server, or this store, does not take that pairing code
    ├── AccessEnded                       the practice has ended this device's access
    ├── VaultLocked                       this needs the vault open, and it is not, or there is none
    │   └── WrongPassphrase               neither the passphrase nor the recovery code of the vault
    ├── VaultExists                       there is a vault already; it is opened with `unlock`
    ├── LogDiverged                       the server was put back to an older state; nothing can be exchanged with it
    ├── Unreachable                       no server answers; nothing is lost, try again later
    ├── StoreBusy                         another process, or another `open` in this one, has the store
    ├── StoreLocked                       the store is encrypted and that key, or none, does not open it; or the reverse
    ├── StoreInvalid                      the file is not a store, is damaged or cannot be used
    ├── StoreTooNew                       a newer version of the SDK made the store
    ├── StoreFull                         nothing more can be written; what was there is unharmed
    └── StoreClosed                       the call came after `close`

A message says what happened and what to do. It never holds content of an entry.
"""

from __future__ import annotations

from intersession_schemas.errors import DocumentError, IntersessionError, InvalidField, WireError

__all__ = [
    "AccessEnded",
    "DocumentError",
    "IntersessionError",
    "InvalidField",
    "LogDiverged",
    "NotFound",
    "NotPaired",
    "PairingRefused",
    "StoreBusy",
    "StoreClosed",
    "StoreFull",
    "StoreInvalid",
    "StoreLocked",
    "StoreTooNew",
    "Unreachable",
    "VaultExists",
    "VaultLocked",
    "WireError",
    "WrongPassphrase",
]


class NotFound(IntersessionError, KeyError):
    """This store has nothing with that id."""

    code = "not_found"

    def __str__(self) -> str:
        # KeyError would show the repr of the text.
        return str(self.args[0])


class NotPaired(IntersessionError):
    """The store is not paired with a practice yet; call `pair` first."""

    code = "not_paired"


class PairingRefused(IntersessionError):
    """The pairing code was not accepted; `code` says why (`wrong_code`, `old_code`, `used_code`, `wrong_role` …)."""

    code = "pairing_refused"


class AccessEnded(IntersessionError):
    """The practice has ended this device's access; pair again with a new code."""

    code = "access_ended"


class LogDiverged(IntersessionError):
    """The server no longer has what this device received from it: it was restored from an earlier backup, or replaced.

    Everything on the device is kept, including unsent changes; trying again does not help. `code` is `log_diverged` or
    `unknown_stream`.
    """

    code = "log_diverged"


class Unreachable(IntersessionError):
    """The server could not be reached, or did not answer in time. Everything written is kept and sent with the next
    sync. `code` says why: `unreachable`, `untrusted_server` (its certificate), `too_many_files` (of this app),
    `unavailable`, or what the server itself said last.
    """

    code = "unreachable"


class StoreBusy(IntersessionError):
    """The store is open elsewhere, or was opened by the process that this one was forked from (`store_forked`).

    One process uses a store at a time; the call did nothing.
    """

    code = "store_busy"


class StoreInvalid(IntersessionError):
    """The file is not a store of this SDK, is damaged, lies next to another store's log (`store_mixed`), was moved or
    modified while it was open (`store_moved`), or cannot be opened for writing; the text has the system's reason. With
    the code `damaged`, one document cannot be read as it was written; others can, and nothing was changed.

    Make backups with `backup` and restore them with `restore`.
    """

    code = "store_invalid"


class StoreTooNew(IntersessionError):
    """The store was made by a newer version of the SDK; update the app."""

    code = "store_too_new"


class StoreFull(IntersessionError):
    """The disk, or the space allowed for the store, is full. The call did nothing; free some space and repeat it."""

    code = "store_full"


class StoreClosed(IntersessionError):
    """The store has been closed."""

    code = "store_closed"


class StoreLocked(IntersessionError):
    """The store is encrypted and this key, or no key, does not open it; or it is not encrypted and a key was given."""

    code = "store_locked"


class VaultLocked(IntersessionError):
    """The vault is locked on this device, or not known here; unlock it with its passphrase or recovery code."""

    code = "vault_locked"


class WrongPassphrase(VaultLocked):
    """That is neither the passphrase nor the recovery code of the vault. Nothing was changed."""

    code = "wrong_passphrase"


class VaultExists(IntersessionError):
    """This client already has a vault; their other devices could not open a second one."""

    code = "vault_exists"
