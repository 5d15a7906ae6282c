"""Sealing: what opens a blob, and what does not."""

from __future__ import annotations

import hashlib
from uuid import UUID

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from intersession import InvalidField
from intersession.sealing import recovery_code, sealing
from intersession.sealing.sealing import Content, Unopened, VaultKey, Work
from intersession_schemas.nesting import DEPTH

STREAM, DOCUMENT = UUID(int=1), UUID(int=2)
KEY = VaultKey(bytes(range(16)), bytes(range(32)))
CONTENT = Content([b"one", b"two"], [bytes(32)])
LIGHT = Work(memory=64, passes=1, lanes=1)


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id that costs a test nothing."""
    monkeypatch.setattr(sealing, "WORK", LIGHT)


def test_a_blob_is_what_it_is_said_to_be() -> None:
    """By hand, as another app would do it."""
    nonce = bytes(12)
    blob = sealing.seal(KEY, STREAM, DOCUMENT, CONTENT, nonce)
    place = b"intersession vault content 1" + KEY.id + STREAM.bytes + DOCUMENT.bytes
    plain = msgspec.msgpack.encode([[b"one", b"two"], [bytes(32)]])
    assert blob == b"\x01" + KEY.id + nonce + AESGCM(KEY.key).encrypt(nonce, plain, place)
    assert sealing.key_id(blob) == KEY.id
    assert sealing.open_blob(KEY, STREAM, DOCUMENT, blob) == CONTENT


def test_no_two_blobs_are_alike() -> None:
    blobs = {sealing.seal(KEY, STREAM, DOCUMENT, CONTENT) for _ in range(50)}
    assert len(blobs) == len({blob[17:29] for blob in blobs}) == 50


def test_it_opens_only_where_and_with_what_it_was_sealed_for() -> None:
    blob = sealing.seal(KEY, STREAM, DOCUMENT, CONTENT)
    other = VaultKey(KEY.id, bytes(32))
    for key, stream, document in (
        (other, STREAM, DOCUMENT),
        (KEY, DOCUMENT, DOCUMENT),
        (KEY, STREAM, STREAM),
        (sealing.new_key(), STREAM, DOCUMENT),
    ):
        with pytest.raises(Unopened):
            sealing.open_blob(key, stream, document, blob)


def test_any_changed_byte_shows() -> None:
    blob = sealing.seal(KEY, STREAM, DOCUMENT, CONTENT)
    for at in range(len(blob)):
        bad = bytearray(blob)
        bad[at] ^= 1
        with pytest.raises(Unopened):
            sealing.open_blob(KEY, STREAM, DOCUMENT, bytes(bad))
    for end in range(len(blob)):
        with pytest.raises(Unopened):
            sealing.open_blob(KEY, STREAM, DOCUMENT, blob[:end])


def test_what_is_sealed_but_no_content_does_not_open() -> None:
    place = b"intersession vault content 1" + KEY.id + STREAM.bytes + DOCUMENT.bytes
    blob = b"\x01" + KEY.id + bytes(12) + AESGCM(KEY.key).encrypt(bytes(12), b"\xc1 nonsense", place)
    with pytest.raises(Unopened):
        sealing.open_blob(KEY, STREAM, DOCUMENT, blob)


def test_what_is_nested_too_deeply_does_not_open_on_any_python() -> None:
    place = b"intersession vault content 1" + KEY.id + STREAM.bytes + DOCUMENT.bytes

    def opened(levels: int) -> Content:
        plain = b"\x93\x91\xc4\1a\x90" + b"\x91" * (levels - 1) + b"\xc0"  # one part more than is known
        return sealing.open_blob(
            KEY, STREAM, DOCUMENT, b"\x01" + KEY.id + bytes(12) + AESGCM(KEY.key).encrypt(bytes(12), plain, place)
        )

    assert opened(DEPTH) == Content([b"a"])
    for levels in (DEPTH + 1, 50_000, 1_000_000):
        with pytest.raises(Unopened):
            opened(levels)


def test_a_key_does_not_show_itself() -> None:
    assert KEY.key.hex() not in repr(KEY)
    assert str(KEY.key) not in repr(KEY)


# -- the key itself ----------------------------------------------------------------------------------------------------


def wrapped(passphrase: str = "correct horse", code: bytes = bytes(20)) -> sealing.WrappedKey:
    found = sealing.read_wrapped(sealing.wrap(KEY, sealing.normal(passphrase), code))
    assert found is not None
    return found


@pytest.mark.usefixtures("light")
def test_the_passphrase_or_the_code_opens_the_key() -> None:
    code = sealing.new_code()
    key = wrapped(code=code)
    assert sealing.unwrap(key, "correct horse") == KEY
    assert sealing.unwrap(key, recovery_code.written(code).lower()) == KEY
    for wrong in ("Correct horse", "", "short", recovery_code.written(sealing.new_code())):
        assert sealing.unwrap(key, wrong) is None


@pytest.mark.usefixtures("light")
def test_a_passphrase_is_the_same_however_it_is_typed() -> None:
    assert sealing.unwrap(wrapped("Füße lüften"), "Fu\u0308ße lu\u0308ften") == KEY
    assert sealing.unwrap(wrapped("ﬁne words"), "fine words") == KEY


@pytest.mark.parametrize("bad", ["", "7 chars", 12345678, None, "\ud800" * 8])
def test_what_cannot_be_a_passphrase(bad: object) -> None:
    with pytest.raises(InvalidField, match="passphrase") as failure:
        sealing.normal(bad)
    assert "7 chars" not in str(failure.value)


@pytest.mark.usefixtures("light")
def test_a_passphrase_that_looks_like_a_code_is_one_too() -> None:
    passphrase = recovery_code.written(hashlib.sha256(b"x").digest()[:20])
    assert sealing.unwrap(wrapped(passphrase), passphrase) == KEY


@pytest.mark.usefixtures("light")
def test_one_of_the_two_is_changed_and_the_other_stays() -> None:
    key = wrapped(code=bytes(20))
    new = sealing.read_wrapped(sealing.rewrap(key, KEY, [bytes(32)], passphrase=sealing.normal("another one")))
    assert new is not None
    assert (new.recovery, new.replaces) == (key.recovery, [bytes(32)])
    assert sealing.unwrap(new, "another one") == sealing.unwrap(new, recovery_code.written(bytes(20))) == KEY
    assert sealing.unwrap(new, "correct horse") is None
    newer = sealing.read_wrapped(sealing.rewrap(new, KEY, [], code=b"\1" * 20))
    assert newer is not None
    assert newer.passphrase == new.passphrase
    assert sealing.unwrap(newer, recovery_code.written(b"\1" * 20)) == KEY
    assert sealing.unwrap(newer, recovery_code.written(bytes(20))) is None


def test_the_work_done_by_default_and_how_a_key_lies_on_the_server() -> None:
    assert Work(memory=65536, passes=3, lanes=4) == sealing.WORK
    version, key_id, with_passphrase, with_code, replaces = msgspec.msgpack.decode(
        sealing.wrap(KEY, sealing.normal("correct horse"), bytes(20))
    )
    assert (version, key_id, replaces) == (1, KEY.id, [])
    salt, work, nonce, sealed = with_passphrase
    assert work == [65536, 3, 4]
    assert (len(salt), len(nonce), len(sealed)) == (16, 12, 48)
    assert with_code[0] != salt
    derived = Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=65536).derive(b"correct horse")
    assert AESGCM(derived).decrypt(nonce, sealed, b"intersession vault key 1passphrase" + key_id) == KEY.key


@pytest.mark.usefixtures("light")
@pytest.mark.parametrize(
    "work",
    [
        Work(memory=2**30),
        Work(passes=10**6),
        Work(passes=0),
        Work(lanes=0),
        Work(lanes=1000),
        Work(memory=8, lanes=2),
        Work(memory=-1),
    ],
    ids=str,
)
def test_absurd_work_is_refused_before_it_is_done(work: Work) -> None:
    key = wrapped()
    absurd = msgspec.structs.replace(key, passphrase=msgspec.structs.replace(key.passphrase, work=work))
    assert sealing.read_wrapped(msgspec.msgpack.encode(absurd)) is None


@pytest.mark.usefixtures("light")
def test_what_is_no_wrapped_key() -> None:
    key = wrapped()
    change = msgspec.structs.replace
    for bad in (
        change(key, version=2),
        change(key, key_id=b"short"),
        change(key, recovery=change(key.recovery, salt=b"")),
        change(key, recovery=change(key.recovery, nonce=b"")),
    ):
        assert sealing.read_wrapped(msgspec.msgpack.encode(bad)) is None
    assert sealing.read_wrapped(b"") is None
    assert sealing.read_wrapped(b"nonsense") is None
    plain = msgspec.msgpack.encode(key)
    more = bytes([plain[0] + 1]) + plain[1:]
    assert sealing.read_wrapped(more + b"\x91" * (DEPTH - 1) + b"\xc0") == key
    assert sealing.read_wrapped(more + b"\x91" * DEPTH + b"\xc0") is None
