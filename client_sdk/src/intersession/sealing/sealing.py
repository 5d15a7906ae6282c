"""Sealing: AES-256-GCM for what is in a vault, Argon2id for the passphrase and the recovery code that open its key.

It knows bytes and nothing of the store. A blob can be opened with the vault's key only, and in the place it was
sealed for only: stream, document and key are part of what is authenticated.
"""

from __future__ import annotations

import secrets
import unicodedata
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from msgspec import Struct

from intersession.errors import InvalidField
from intersession.sealing import recovery_code
from intersession_schemas.nesting import check_msgpack

ID_BYTES = 16
KEY_BYTES = 32
NONCE_BYTES = 12
SALT_BYTES = 16
SMALLEST_PASSPHRASE = 8
"""Characters, at least."""

VERSION = 1
_HEADER = 1 + ID_BYTES
CONTENT_DOMAIN = b"intersession vault content 1"
WRAPPING_DOMAIN = b"intersession vault key 1"


class Unopened(Exception):
    """The blob cannot be opened with this key, in this place: damaged, of another vault, or not a blob at all."""


class VaultKey(Struct, frozen=True):
    """A vault's key and the name that its blobs call it by."""

    id: bytes
    key: bytes

    def __repr__(self) -> str:
        return f"Key(id={self.id.hex()})"


class Work(Struct, frozen=True, array_like=True):
    """How much work Argon2id does: `memory` in KiB, `passes` over it, `lanes` in parallel."""

    memory: int = 64 * 1024
    passes: int = 3
    lanes: int = 4

    @property
    def is_sane(self) -> bool:
        """Whether a device can do it. What a stored key asks for is checked before it is done."""
        return 1 <= self.lanes <= 16 and 1 <= self.passes <= 10 and 8 * self.lanes <= self.memory <= 256 * 1024


WORK = Work()
"""What new keys are wrapped with: 64 MiB, three times over."""


class Drawn(Struct, frozen=True):
    """What is drawn at random for one wrapping; never use one twice."""

    salt: bytes
    nonce: bytes


class Wrapping(Struct, frozen=True, array_like=True):
    """The vault's key, sealed with what Argon2id makes of a secret."""

    salt: bytes
    work: Work
    nonce: bytes
    sealed: bytes


class WrappedKey(Struct, frozen=True, array_like=True):
    """What lies on the server for a vault's key: it opens with the passphrase, or with the recovery code.

    `replaces` are the hashes of those before it, which are not valid any more.
    """

    version: int
    key_id: bytes
    passphrase: Wrapping
    recovery: Wrapping
    replaces: list[bytes] = []


class Content(Struct, frozen=True, array_like=True):
    """What is in a blob: changes of one document, and the hashes of the blobs that it takes the place of."""

    changes: list[bytes]
    replaces: list[bytes] = []


def new_key() -> VaultKey:
    """A fresh key under a fresh name."""
    return VaultKey(secrets.token_bytes(ID_BYTES), secrets.token_bytes(KEY_BYTES))


# -- content -----------------------------------------------------------------------------------------------------------


def seal(key: VaultKey, stream: UUID, document: UUID, content: Content, nonce: bytes | None = None) -> bytes:
    """One blob: version, key id, nonce, ciphertext. `nonce` is drawn at random unless given; never use one twice."""
    nonce = secrets.token_bytes(NONCE_BYTES) if nonce is None else nonce
    sealed = AESGCM(key.key).encrypt(nonce, msgspec.msgpack.encode(content), _place(key.id, stream, document))
    return bytes([VERSION]) + key.id + nonce + sealed


def key_id(blob: bytes) -> bytes | None:
    """The id of the key that the blob says it is sealed with; None where it is no blob."""
    return blob[1:_HEADER] if len(blob) > _HEADER + NONCE_BYTES and blob[0] == VERSION else None


def open_blob(key: VaultKey, stream: UUID, document: UUID, blob: bytes) -> Content:
    """What is in a blob. Raises `Unopened`."""
    if key_id(blob) != key.id:
        raise Unopened
    nonce, sealed = blob[_HEADER : _HEADER + NONCE_BYTES], blob[_HEADER + NONCE_BYTES :]
    try:
        plain = AESGCM(key.key).decrypt(nonce, sealed, _place(key.id, stream, document))
        check_msgpack(plain)
        return msgspec.msgpack.decode(plain, type=Content)
    except (InvalidTag, msgspec.MsgspecError):
        raise Unopened from None


def _place(key_id: bytes, stream: UUID, document: UUID) -> bytes:
    return CONTENT_DOMAIN + key_id + stream.bytes + document.bytes


# -- the key itself ----------------------------------------------------------------------------------------------------


def normal(passphrase: object) -> bytes:
    """A passphrase as bytes, the same on every keyboard. Raises `InvalidField` for one that is too short."""
    if not isinstance(passphrase, str):
        raise InvalidField("The passphrase must be text.")
    text = unicodedata.normalize("NFKC", passphrase)
    if len(text) < SMALLEST_PASSPHRASE:
        raise InvalidField(f"The passphrase must have at least {SMALLEST_PASSPHRASE} characters.")
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise InvalidField("The passphrase contains a lone surrogate, which is not valid text.") from None


def wrap(
    key: VaultKey,
    passphrase: bytes,
    code: bytes,
    *,
    work: Work | None = None,
    drawn: tuple[Drawn, Drawn] | None = None,
) -> bytes:
    """The content of a `vault_key` document, for a normal passphrase and a recovery code.

    `work` is `WORK`, and what is `drawn` for each of the two is drawn at random, unless given.
    """
    for_passphrase, for_code = (None, None) if drawn is None else drawn
    return msgspec.msgpack.encode(
        WrappedKey(
            VERSION,
            key.id,
            _wrap_with(key, passphrase, b"passphrase", work, for_passphrase),
            _wrap_with(key, code, b"recovery", work, for_code),
        )
    )


def read_wrapped(blob: bytes) -> WrappedKey | None:
    """The content of a `vault_key` document; None where it is none that this version can open."""
    try:
        check_msgpack(blob)
        wrapped = msgspec.msgpack.decode(blob, type=WrappedKey)
    except msgspec.MsgspecError:
        return None
    sane = all(
        each.work.is_sane and 8 <= len(each.salt) <= 64 and len(each.nonce) == NONCE_BYTES
        for each in (wrapped.passphrase, wrapped.recovery)
    )
    return wrapped if sane and wrapped.version == VERSION and len(wrapped.key_id) == ID_BYTES else None


def unwrap(wrapped: WrappedKey, secret: str) -> VaultKey | None:
    """The key, if `secret` is the passphrase or the recovery code; else None. Takes a moment, on purpose."""
    code = recovery_code.read(secret)
    if code is not None:
        found = _unwrap_with(wrapped.key_id, wrapped.recovery, code, b"recovery")
        if found is not None:
            return found
    try:
        passphrase = normal(secret)
    except InvalidField:
        return None
    return _unwrap_with(wrapped.key_id, wrapped.passphrase, passphrase, b"passphrase")


def rewrap(
    wrapped: WrappedKey,
    key: VaultKey,
    replaces: list[bytes],
    *,
    passphrase: bytes | None = None,
    code: bytes | None = None,
) -> bytes:
    """The same key for another passphrase or another recovery code, in the place of those with the hashes `replaces`.

    What is not given stays.
    """
    return msgspec.msgpack.encode(
        WrappedKey(
            VERSION,
            key.id,
            wrapped.passphrase if passphrase is None else _wrap_with(key, passphrase, b"passphrase"),
            wrapped.recovery if code is None else _wrap_with(key, code, b"recovery"),
            replaces,
        )
    )


def new_code() -> bytes:
    """A fresh recovery code; `recovery_code.written` shows it."""
    return secrets.token_bytes(recovery_code.CODE_BYTES)


def _wrap_with(
    key: VaultKey, secret: bytes, use: bytes, work: Work | None = None, drawn: Drawn | None = None
) -> Wrapping:
    work = WORK if work is None else work
    drawn = Drawn(secrets.token_bytes(SALT_BYTES), secrets.token_bytes(NONCE_BYTES)) if drawn is None else drawn
    sealed = AESGCM(_derived(secret, drawn.salt, work)).encrypt(drawn.nonce, key.key, WRAPPING_DOMAIN + use + key.id)
    return Wrapping(drawn.salt, work, drawn.nonce, sealed)


def _unwrap_with(key_id: bytes, wrapping: Wrapping, secret: bytes, use: bytes) -> VaultKey | None:
    try:
        key = AESGCM(_derived(secret, wrapping.salt, wrapping.work)).decrypt(
            wrapping.nonce, wrapping.sealed, WRAPPING_DOMAIN + use + key_id
        )
    except InvalidTag:
        return None
    return VaultKey(key_id, key) if len(key) == KEY_BYTES else None


def _derived(secret: bytes, salt: bytes, work: Work) -> bytes:
    kdf = Argon2id(salt=salt, length=KEY_BYTES, iterations=work.passes, lanes=work.lanes, memory_cost=work.memory)
    return kdf.derive(secret)
