"""How deeply what came from outside may be nested: one bound, of our own.

Decoders go down a level of their own stack for each level that is nested. Where that ends differs from one version of
Python to the next (1,000 levels in one, until the stack is full in another), so it is not theirs to say: what is
nested more deeply than `DEPTH` is refused, on every Python alike, and what is not is far from every such end.

Only the opening and closing of containers is looked at. What is malformed otherwise passes: the decoder says so.
"""

from __future__ import annotations

from itertools import accumulate

import msgspec

DEPTH = 100
"""Lists and maps inside one another. Frames and stored values have up to 10; a questionnaire has two for each group."""

_TOO_DEEP = f"Nested more than {DEPTH} levels deep."
_DOWN, _UP = b"[{", b"]}"
_STEP_OF_BRACKET = bytes.maketrans(_DOWN + _UP, b"\1\1\xff\xff")  # as signed bytes: one down, one up
_NO_BRACKETS = bytes(set(range(256)) - set(_DOWN + _UP))


class TooDeep(msgspec.DecodeError):
    """Nested more deeply than `DEPTH`, or of more values than were asked for. The text quotes nothing."""


def check_json(text: str | bytes) -> None:
    """Raise `TooDeep` for JSON that is nested too deeply. `bytes` are UTF-8."""
    if isinstance(text, str):
        few = text.count("[") + text.count("{") <= DEPTH
    else:
        few = text.count(b"[") + text.count(b"{") <= DEPTH
    if few:  # as in nearly all that is ever read
        return
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    # A quote after a backslash ends no text, unless the backslash is itself after one.
    outside = b"".join(data.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2])
    levels = accumulate(memoryview(outside.translate(_STEP_OF_BRACKET, _NO_BRACKETS)).cast("b"))
    if max(levels, default=0) > DEPTH:
        raise TooDeep(_TOO_DEEP)


def check_msgpack(data: bytes, most_values: int | None = None) -> None:
    """Raise `TooDeep` for msgpack that is nested too deeply, or that holds more than `most_values` values, if given.

    It looks at each value, some microseconds for ten of them.
    """
    at, end = 0, len(data)
    left, outer = 1, list[int]()  # values to come in this container, and in those around it
    for _ in range(end + 1 if most_values is None else most_values + 1):
        while not left:
            if not outer:
                return
            left = outer.pop()
        if at >= end:
            return
        left -= 1
        first = data[at]
        step = _STEPS[first]
        if step:
            at += step
            continue
        length_bytes, each = _LENGTHS[first]
        length = int.from_bytes(data[at + 1 : at + 1 + length_bytes], "big") if length_bytes else first & 0x0F
        at += 1 + length_bytes
        if each:
            outer.append(left)
            if len(outer) > DEPTH:
                raise TooDeep(_TOO_DEEP)
            left = length * each
        else:
            at += length + _EXTENSION.get(first, 0)
    raise TooDeep(f"It has more than {most_values} values.")


def _steps() -> list[int]:
    """By a value's first byte: how many bytes it takes; 0 for one whose length is told, and for a container."""
    steps = [1] * 256
    steps[0x80:0xA0] = [0] * 32
    steps[0xA0:0xC0] = range(1, 33)
    for first, after in ((0xCA, 4), (0xCB, 8), (0xCC, 1), (0xCD, 2), (0xCE, 4), (0xCF, 8)):
        steps[first] = 1 + after
    for first, after in ((0xD0, 1), (0xD1, 2), (0xD2, 4), (0xD3, 8)):
        steps[first] = 1 + after
    for power, first in enumerate(range(0xD4, 0xD9)):
        steps[first] = 2 + 2**power
    for first in _LENGTHS:
        steps[first] = 0
    return steps


# By a value's first byte: how many bytes tell its length, and for a container how many values each of that length is.
_LENGTHS: dict[int, tuple[int, int]] = {
    **dict.fromkeys(range(0x80, 0x90), (0, 2)),
    **dict.fromkeys(range(0x90, 0xA0), (0, 1)),
    0xC4: (1, 0),
    0xC5: (2, 0),
    0xC6: (4, 0),
    0xC7: (1, 0),
    0xC8: (2, 0),
    0xC9: (4, 0),
    0xD9: (1, 0),
    0xDA: (2, 0),
    0xDB: (4, 0),
    0xDC: (2, 1),
    0xDD: (4, 1),
    0xDE: (2, 2),
    0xDF: (4, 2),
}
_EXTENSION = {0xC7: 1, 0xC8: 1, 0xC9: 1}  # their type is one more byte
_STEPS = _steps()
