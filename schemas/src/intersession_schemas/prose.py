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
_WITHIN = re.compile(r"\s\s|\w\w")
"""Two characters of one token."""
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
    # Only long texts can have too many words to compare.
    if len(before) * len(after) > _MOST_COMPARISONS:
        old, new = _TOKEN.findall(before), _TOKEN.findall(after)
        if len(old) * len(new) > _MOST_COMPARISONS:
            return _trimmed(before, after, 0)
    # What both begin and end with is left out first, so that an edit in a long text costs what it changes.
    start = _same_words(before, after)
    end = _same_ending(before[start:], after[start:])
    old = _TOKEN.findall(before[start : len(before) - end])
    new = _TOKEN.findall(after[start : len(after) - end])
    starts = [start]
    for token in old:
        starts.append(starts[-1] + len(token))
    found: list[Splice] = []
    for source_from, source_to, target_from, target_to in _replaced(old, new):
        removed, added = "".join(old[source_from:source_to]), "".join(new[target_from:target_to])
        found.extend(_trimmed(removed, added, starts[source_from], _LIKENESS))
    return found[::-1]


def _same_words(before: str, after: str) -> int:
    """How many characters the tokens have that both begin with."""
    common = _common(before, after)
    start = max(common - 1, 0)
    while start > 0 and _WITHIN.fullmatch(before, start - 1, start + 1):
        start -= 1
    for old, new in zip(_TOKEN.finditer(before, start), _TOKEN.finditer(after, start), strict=False):
        if old[0] != new[0]:
            break
        start = old.end()
    return start


def _same_ending(before: str, after: str) -> int:
    """How many characters tokens have that both end with; the very first of these may be left out."""
    end = _common(before[::-1], after[::-1])
    while end > 0 and (
        _WITHIN.fullmatch(before, len(before) - end - 1, len(before) - end + 1)
        or _WITHIN.fullmatch(after, len(after) - end - 1, len(after) - end + 1)
    ):
        end -= 1
    return end


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
    same, step = 0, min(len(one), len(other))
    if one[:step] == other[:step]:
        return step
    while step > 1:  # the first `same` are, and the first `same + step` are not
        half = step // 2
        if one[same : same + half] == other[same : same + half]:
            same, step = same + half, step - half
        else:
            step = half
    return same
