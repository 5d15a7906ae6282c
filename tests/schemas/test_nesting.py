"""One bound for what comes nested, the same on every Python; whatever it is, no look at it raises anything else."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from intersession_schemas.nesting import DEPTH, TooDeep, check_json, check_msgpack

texts = st.text(st.sampled_from('[]{}"\\\n/ua5ä😀'), max_size=8)
jsons = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=12,
)
packed = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(max_size=40)
    | st.binary(max_size=40)
    | st.sampled_from(["x" * 300, "x" * 70_000, b"\x91" * 300, b"\x91" * 70_000])
    | st.builds(msgspec.msgpack.Ext, st.integers(-100, 100), st.binary(max_size=20) | st.just(b"\x91" * 300)),
    lambda inner: (
        st.lists(inner, max_size=20) | st.dictionaries(st.text(max_size=4) | st.integers(-9, 9), inner, max_size=20)
    ),
    max_leaves=30,
)


def wrapped(value: Any, levels: int, name: str | None = None) -> Any:
    """`value` inside so many lists, or maps under `name`."""
    for _ in range(levels):
        value = [value] if name is None else {name: value}
    return value


def depth(value: Any) -> int:
    """How many containers are inside one another."""
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


@given(jsons, st.sampled_from([None, "a", '["', "\\"]), st.booleans())
@settings(deadline=None)
def test_json_at_the_bound_and_one_deeper(value: Any, name: str | None, plain: bool) -> None:
    room = DEPTH - depth(value)
    held = json.dumps(wrapped([value, value], room - 1, name), ensure_ascii=plain)
    check_json(held)
    check_json(held.encode())
    deeper = json.dumps(wrapped([value, value], room, name), ensure_ascii=plain)
    for text in (deeper, deeper.encode()):
        with pytest.raises(TooDeep, match="Nested more than 100 levels deep"):
            check_json(text)


@given(packed, st.sampled_from([None, "a", "[" * 40]))
@settings(deadline=None)
def test_msgpack_at_the_bound_and_one_deeper(value: Any, name: str | None) -> None:
    room = DEPTH - depth(value)
    check_msgpack(msgspec.msgpack.encode(wrapped([value, value], room - 1, name)))
    with pytest.raises(TooDeep, match="Nested more than 100 levels deep"):
        check_msgpack(msgspec.msgpack.encode(wrapped([value, value], room, name)))


def test_many_side_by_side_are_not_deep() -> None:
    wide = wrapped([wrapped([], 60) for _ in range(1_000)], 30)
    check_json(msgspec.json.encode(wide))
    check_msgpack(msgspec.msgpack.encode(wide))
    check_json(msgspec.json.encode({"note": "[" * 10_000 + '\\"{' * 10_000, "more": []}))


@pytest.mark.parametrize("levels", [DEPTH + 1, 1_000, 50_000, 1_000_000])
@pytest.mark.parametrize("end", ["", "]", "1"])
def test_what_is_never_closed_is_as_deep_as_it_was_opened(levels: int, end: str) -> None:
    for opened in ("[", '{"a":', '[[], "]", {"a":'):
        with pytest.raises(TooDeep):
            check_json(opened * levels + end)
    for head in (
        b"\x91",
        b"\x81\x01",
        b"\x92\x90",
        b"\xdc\0\1",
        b"\xdd\0\0\0\2\xc0",
        b"\xde\0\1\xa1[",
        b"\xdf\0\0\0\1\x90",
    ):
        with pytest.raises(TooDeep):
            check_msgpack(head * levels)


@given(st.binary(max_size=200) | st.text('[]{}"\\,:1', max_size=400))
@example('"' + "[" * 200)
@example("\\" * 5 + '"' + "]" * 200)
@settings(deadline=None)
def test_what_is_malformed_is_left_to_the_decoder(given_as: bytes | str) -> None:
    data = given_as if isinstance(given_as, bytes) else given_as.encode()
    for check, what in ((check_json, given_as), (check_json, data), (check_msgpack, data)):
        try:
            check(what)  # type: ignore[arg-type]
        except TooDeep as error:
            assert str(error) == "Nested more than 100 levels deep."  # noqa: PT017 (most are not)


@pytest.mark.parametrize(
    ("value", "held"), [([1, 2, 3], 4), ({"a": 1}, 3), ([[], {}], 3), ([b"x", "y", None], 4), (7, 1)]
)
def test_values_are_counted(value: object, held: int) -> None:
    data = msgspec.msgpack.encode(value)
    check_msgpack(data, held)
    with pytest.raises(TooDeep, match=f"more than {held - 1} values"):
        check_msgpack(data, held - 1)
