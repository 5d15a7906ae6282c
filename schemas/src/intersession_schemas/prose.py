"""What to splice so that one text becomes another, keeping whole words together.

Concurrent edits merge character by character, so a rewrite that is recorded as "some characters kept" would be
interleaved with the other device's. Words are compared first; inside a replaced run only the common
beginning and end are kept, so mending a typo stays a splice of a character, and only if they are most of it, so
that two other words put in its place do not share a character that just happened to be there.
"""

from __future__ import annotations

import re

from msgspec import Struct
from rapidfuzz.distance import Indel

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
# The comparison keeps a bit matrix of tokens × tokens: 64 M bits are 8 MB.
_MOST_COMPARISONS = 64_000_000
_LIKENESS = 0.5
"""From this share of common characters on, a replaced word is the same one mended: below, another word."""


class Splice(Struct, frozen=True):
    """At code point `at`, delete `delete` code points and insert `insert`."""

    at: int
    delete: int
    insert: str


def splices(before: str, after: str) -> list[Splice]:
    """Splices that turn `before` into `after`, last position first, so that they can be applied in turn."""
    if before == after:
        return []
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(old) * len(new) > _MOST_COMPARISONS:
        return _trimmed(before, after, 0)
    starts = [0]
    for token in old:
        starts.append(starts[-1] + len(token))
    found: list[Splice] = []
    for source_from, source_to, target_from, target_to in _replaced(old, new):
        removed, added = "".join(old[source_from:source_to]), "".join(new[target_from:target_to])
        found.extend(_trimmed(removed, added, starts[source_from], _LIKENESS))
    return found[::-1]


def _replaced(old: list[str], new: list[str]) -> list[tuple[int, int, int, int]]:
    """Runs of tokens that differ, neighbouring deletions and insertions joined."""
    runs: list[tuple[int, int, int, int]] = []
    for code in Indel.opcodes(old, new):
        if code.tag == "equal":
            continue
        run = (code.src_start, code.src_end, code.dest_start, code.dest_end)
        if runs and runs[-1][1] == run[0] and runs[-1][3] == run[2]:
            run = (runs[-1][0], run[1], runs[-1][2], run[3])
            runs.pop()
        runs.append(run)
    return runs


def _trimmed(removed: str, added: str, at: int, least: float = 0.0) -> list[Splice]:
    """One splice, without the characters that both begin and end with, if they are a share of at least `least`."""
    head = _common(removed, added)
    tail = _common(removed[head:][::-1], added[head:][::-1])
    if removed and added and head + tail < least * max(len(removed), len(added)):
        return [Splice(at, len(removed), added)]
    removed, added = removed[head : len(removed) - tail], added[head : len(added) - tail]
    return [Splice(at + head, len(removed), added)] if removed or added else []


def _common(one: str, other: str) -> int:
    """How many characters both begin with."""
    for at, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return at
    return min(len(one), len(other))
