"""The key of an encrypted store: from a passphrase, from the system's keyring, or 32 bytes provided by the app.

    with Tracker.open(path, key=StoreKey.from_keyring("my-app", "store")) as tracker:
        ...

All of it needs `intersession[encrypted]`. A store is encrypted by SQLCipher: every page, its log and its temporary
data, with AES-256 and a code that tells when a page was tampered with. A store whose key is lost cannot be opened;
what was shared comes back from the practice when a new store is paired.
"""

from __future__ import annotations

import os
import secrets
import unicodedata
from collections.abc import Callable

from intersession.errors import InvalidField, StoreLocked
from intersession.store.rewriting import rewrite
from intersession.store.store_file import GET_THE_EXTRA

__all__ = ["StoreKey", "as_store_key", "change_key", "decrypt_store", "encrypt_store"]

KEY_BYTES = 32
ARGON2_MEMORY = 64 * 1024
"""KiB that one attempt at a passphrase takes."""
ARGON2_PASSES = 3
ARGON2_LANES = 4

StorePath = str | os.PathLike[str]


class StoreKey:
    """The key of one or more stores. It is never shown in a `repr`, a log or a traceback."""

    __slots__ = ("_derive", "_last")

    _derive: Callable[[bytes], bytes]
    _last: tuple[bytes, bytes] | None
    """The last salt that was asked for and what came of it: a passphrase is not stretched twice for one store."""

    def __init__(self, raw: bytes) -> None:
        """A key of 32 random bytes, which the app stores. Raises `InvalidField` for any other length."""
        if not isinstance(raw, bytes) or len(raw) != KEY_BYTES:
            raise InvalidField(f"key must be {KEY_BYTES} bytes. Make one with secrets.token_bytes({KEY_BYTES}).")
        self._use(lambda _: raw)

    @classmethod
    def from_passphrase(cls, text: str) -> StoreKey:
        """A key that a person remembers.

        It is stretched with Argon2id (64 MiB, 3 passes, 4 lanes) and the store's own salt, which takes some tenths of
        a second when the store is opened. The keyboard it is typed on makes no difference (Unicode NFKC). Raises
        `InvalidField` for an empty one. Required strength is up to the app.
        """
        if not isinstance(text, str) or not text:
            raise InvalidField("key must be a non-empty passphrase.")
        try:
            secret = unicodedata.normalize("NFKC", text).encode()
        except UnicodeEncodeError:
            raise InvalidField("key must be a passphrase that can be written as UTF-8.") from None
        made = object.__new__(cls)
        made._use(lambda salt: _stretched(secret, salt))
        return made

    @classmethod
    def from_keyring(cls, service: str, name: str) -> StoreKey:
        """The key stored in the system's keyring as `name` of `service`; created at random on first use.

        Raises `StoreLocked` if there is no keyring, it stays locked, or has something else under that name.
        """
        try:
            import keyring
            from keyring.errors import KeyringError
        except ImportError as failure:
            raise StoreLocked(f"The system's keyring needs the keyring package: {GET_THE_EXTRA}.") from failure
        try:
            kept = keyring.get_password(service, name)
            if kept is None:
                keyring.set_password(service, name, secrets.token_hex(KEY_BYTES))
                kept = keyring.get_password(service, name)  # another process may have been quicker
        except KeyringError as failure:
            raise StoreLocked(
                "This system has no usable keyring. Unlock or install one, or use StoreKey.from_passphrase."
            ) from failure
        try:
            raw = bytes.fromhex(kept or "")
        except ValueError:
            raw = b""
        if len(raw) != KEY_BYTES:
            raise StoreLocked(f"The keyring entry {name!r} of {service!r} is not a store key. Use another name.")
        return cls(raw)

    def for_salt(self, salt: bytes) -> bytes:
        """The 32 bytes that the store with this salt is encrypted with."""
        if self._last is None or self._last[0] != salt:
            self._last = (salt, self._derive(salt))
        return self._last[1]

    def __repr__(self) -> str:
        return "<StoreKey>"

    def __reduce__(self) -> str:
        raise TypeError("A StoreKey cannot be pickled or copied. Keep keys in a key store.")

    def _use(self, derive: Callable[[bytes], bytes]) -> None:
        self._derive = derive
        self._last = None


def as_store_key(key: StoreKey | str | bytes | None) -> StoreKey | None:
    """What was given as `key`, as a key: text is a passphrase, bytes are the key itself. Raises `InvalidField`."""
    if key is None or isinstance(key, StoreKey):
        return key
    return StoreKey.from_passphrase(key) if isinstance(key, str) else StoreKey(key)


def encrypt_store(path: StorePath, key: StoreKey | str | bytes) -> None:
    """Encrypt an unencrypted store, which must be closed.

    A new file is written next to it and then replaces it in one step: after a power cut one of the two is there,
    complete. The unencrypted file is overwritten and removed with its log. Traces that a drive or file system keeps
    elsewhere, and copies made earlier, cannot be removed from here.

    Raises `StoreLocked` if it is already encrypted, `StoreBusy`, `StoreInvalid`, `StoreTooNew`, and `StoreFull` when
    there is no room for a second copy; then it is as it was.
    """
    rewrite(path, None, _needed(key))


def decrypt_store(path: StorePath, key: StoreKey | str | bytes) -> None:
    """Decrypt an encrypted store, as safely as `encrypt_store` does. Raises what that does, and
    `StoreLocked` when `key` does not open it."""
    rewrite(path, _needed(key), None)


def change_key(path: StorePath, old: StoreKey | str | bytes, new: StoreKey | str | bytes) -> None:
    """Change the key of an encrypted store, as safely as `encrypt_store` does. Raises what that does, and
    `StoreLocked` when `old` does not open it. Copies that were made earlier still open with `old`."""
    rewrite(path, _needed(old), _needed(new))


def _needed(key: StoreKey | str | bytes) -> StoreKey:
    made = as_store_key(key)
    if made is None:
        raise InvalidField("key must be a StoreKey, a passphrase or 32 bytes.")
    return made


def _stretched(secret: bytes, salt: bytes) -> bytes:
    # Imported here: most apps open no store with a passphrase.
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    stretch = Argon2id(
        salt=salt, length=KEY_BYTES, iterations=ARGON2_PASSES, lanes=ARGON2_LANES, memory_cost=ARGON2_MEMORY
    )
    return stretch.derive(secret)
