"""Frames with something in them changed."""

from __future__ import annotations

from functools import lru_cache
from random import Random
from typing import Any

import msgspec
from tests.fuzz.inputs import mutated_values


@lru_cache(maxsize=1_000)
def _tree(frame: bytes) -> Any:
    return msgspec.msgpack.decode(frame)


def mutated_frame(frame: bytes, chance: Random) -> bytes:
    """An honest frame with something in it changed; a change in it mostly with the right checksum."""
    tree = _tree(frame)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        tree = mutated_values.mutated(tree, chance, mutated_values.any_edge, mutated_values.lie)
    data = mutated_values.encoded(tree)
    return mutated_values.damaged(data, chance) if chance.random() < 0.15 else data
