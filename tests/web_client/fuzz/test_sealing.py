"""Random blobs, wrapped keys and codes: what one side seals the other opens, and what is damaged opens nowhere."""

from __future__ import annotations

from random import Random
from typing import Any
from uuid import UUID

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from playwright.sync_api import Page
from tests.fuzz.inputs import mutated_values
from tests.vectors import sealing as calls
from tests.web_client.fuzz.asking import ask_both, cases

from intersession.sealing import recovery_code, sealing
from intersession.sealing.sealing import Content, VaultKey

Given = dict[str, Any]
_SECRETS = ("correct horse", "ｃｏｒｒｅｃｔ horse", "cafe\u0301 noir")
_AT_ONCE = 20


def _sealed(random: Random) -> Given:
    content = {
        "changes": [random.randbytes(random.choice((0, 1, 40, 300))).hex() for _ in range(random.randrange(20))],
        "replaces": [random.randbytes(32).hex() for _ in range(random.randrange(3))],
    }
    return {**_place(random), "nonce": random.randbytes(12).hex(), "content": content}


def _place(random: Random) -> Given:
    key = {"key": random.randbytes(32).hex(), "key_id": random.randbytes(16).hex()}
    return {**key, **{name: str(UUID(bytes=random.randbytes(16))) for name in ("stream", "document")}}


def _opened(random: Random) -> Given:
    """A blob, which may be damaged, or hold something else than blobs do."""
    place = _place(random)
    key = VaultKey(bytes.fromhex(place["key_id"]), bytes.fromhex(place["key"]))
    ids = UUID(place["stream"]), UUID(place["document"])
    blob = sealing.seal(key, *ids, Content([random.randbytes(30)]), random.randbytes(12))
    if random.random() < 0.5:
        odd = mutated_values.mutated([[b"\1", b"\2"], []], random, mutated_values.any_edge, mutated_values.lie)
        plain = mutated_values.encoded(odd)
        nonce, where = random.randbytes(12), sealing._place(key.id, *ids)
        blob = b"\1" + key.id + nonce + AESGCM(key.key).encrypt(nonce, plain, where)
    elif random.random() < 0.6:
        blob = mutated_values.damaged(blob, random)
    return {**place, "blob": blob.hex()}


def _unwrapped(random: Random) -> Given:
    """A wrapped key, which may be mutated, and a secret, which may be another one."""
    code = random.randbytes(20)
    given = {
        **{name: value for name, value in _place(random).items() if name.startswith("key")},
        "passphrase": {"secret": "correct horse", **_drawn(random)},
        "recovery": {"secret": code.hex(), **_drawn(random)},
        "work": {"memory": 16, "passes": 1, "lanes": random.choice((1, 2))},
    }
    blob = calls.wrap(given)["blob"]
    if random.random() < 0.6:
        tree = msgspec.msgpack.decode(blob)
        blob = mutated_values.encoded(mutated_values.mutated(tree, random, mutated_values.any_edge, mutated_values.lie))
    return {"blob": blob.hex(), "secret": random.choice((*_SECRETS, recovery_code.written(code).lower()))}


def _drawn(random: Random) -> Given:
    return {"salt": random.randbytes(random.choice((8, 16, 64))).hex(), "nonce": random.randbytes(12).hex()}


def _code(random: Random) -> Given:
    written = list(recovery_code.written(random.randbytes(20)))
    if random.random() < 0.5:
        written[random.randrange(len(written))] = random.choice("0OIlL1-Uu٣ＡА 😀")
    return {"typed": "".join(written)}


@pytest.mark.page
def test_blobs_wrapped_keys_and_codes_are_taken_alike(core: Page, request: pytest.FixtureRequest) -> None:
    number = 2_000 if request.config.getoption("--long") else 200
    ask_both(core, "sealing", "seal", cases(_sealed, 31, number), calls.seal)
    opened = ask_both(core, "sealing", "open", cases(_opened, 32, number), calls.open_blob)
    assert number / 5 < opened.count(None) < number * 4 / 5
    wrapped = cases(_unwrapped, 33, number)
    # Each derivation has memory of its own, and a question's cases are worked on at once.
    some = [wrapped[begin : begin + _AT_ONCE] for begin in range(0, number, _AT_ONCE)]
    found = [one for few in some for one in ask_both(core, "sealing", "unwrap", few, calls.unwrap)]
    assert number / 5 < found.count(None) < number * 4 / 5
    ask_both(core, "sealing", "read_code", cases(_code, 34, number), calls.read_code)


@pytest.mark.page
def test_a_difference_is_noticed(core: Page) -> None:
    (given,) = cases(_sealed, 35, 1)
    with pytest.raises(AssertionError):
        ask_both(core, "sealing", "seal", [given], lambda given: calls.seal(given) | {"blob": b"another"})
