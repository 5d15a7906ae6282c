"""A form with what must come of it: how the vectors of the instruments are written down.

Answers are written as digits, one for each of q1, q2 …; `-` is an item without an answer. Spaces are for reading.
"""

from __future__ import annotations

from typing import Any, NamedTuple

MISSING_RULE = "Published rule: a score needs all of its items; nothing is pro-rated"


class Vector(NamedTuple):
    """One form and what comes of it; `expect` is None for a form that must be refused."""

    instrument: str
    why: str
    answers: dict[str, int | bool | None]
    expect: dict[str, Any] | None
    source: str


def digits(text: str, **more: int | bool | None) -> dict[str, int | bool | None]:
    """`digits("0-3")` is {"q1": 0, "q2": None, "q3": 3}."""
    plain = text.replace(" ", "")
    return {f"q{n}": None if digit == "-" else int(digit) for n, digit in enumerate(plain, 1)} | more


def got(score: int, band: str | None = None, *cut_offs: str, raw: int | None = None) -> dict[str, Any]:
    """A valid score; `raw` only where the sum is multiplied."""
    return {
        "raw": score if raw is None else raw,
        "score": score,
        "band": band,
        "cut_offs": list(cut_offs),
        "missing": [],
    }


def lacking(*missing: str) -> dict[str, Any]:
    """A score that there is not, because these items have no answer."""
    return {"raw": None, "score": None, "band": None, "cut_offs": [], "missing": list(missing)}


def whole(
    scales: dict[str, Any],
    *,
    rules: dict[str, bool | None] | None = None,
    risks: tuple[str, ...] = (),
    level: str | None = None,
    missing: tuple[str, ...] = (),
) -> dict[str, Any]:
    """All that is expected of one form."""
    return {"scales": scales, "rules": rules or {}, "risks": list(risks), "level": level, "missing": list(missing)}


def plain(
    key: str, source: str, text: str, why: str, score: int, band: str | None = None, *cuts: str, raw: int | None = None
) -> Vector:
    """A form with one score and nothing else."""
    return Vector(key, why, digits(text), whole({"total": got(score, band, *cuts, raw=raw)}), source)


def each_missing(key: str, text: str, *, risks: tuple[str, ...] = ()) -> list[Vector]:
    """The same form with one item after another left out, for instruments with one score."""
    count = len(text.replace(" ", ""))
    return [
        Vector(
            key,
            f"item {n} missing",
            digits(text, **{f"q{n}": None}),
            whole({"total": lacking(f"q{n}")}, risks=tuple(r for r in risks if r != f"q{n}"), missing=(f"q{n}",)),
            MISSING_RULE,
        )
        for n in range(1, count + 1)
    ]


def yeses(text: str, **more: int | bool | None) -> dict[str, int | bool | None]:
    """`yeses("yn-")` is {"q1": True, "q2": False, "q3": None}."""
    said = {"y": True, "n": False, "-": None}
    return {f"q{n}": said[letter] for n, letter in enumerate(text.replace(" ", ""), 1)} | more


def within(expected: dict[str, Any], low: int, high: int) -> dict[str, Any]:
    """The same score, with the range it is in."""
    return expected | {"low": low, "high": high}


def printed(score: int, published: float, *cut_offs: str) -> dict[str, Any]:
    """A score with no band, and how its source prints it."""
    return got(score, None, *cut_offs) | {"published": published}


def each_missing_of(
    key: str,
    answers: dict[str, int | bool | None],
    scales: dict[str, tuple[dict[str, Any], tuple[str, ...]]],
    *,
    rules: dict[str, tuple[bool, tuple[str, ...]]] | None = None,
) -> list[Vector]:
    """The same form with one item after another left out, for instruments with several scores.

    `scales` has for each the score of the whole form and its items, `rules` the outcome and what they count.
    """
    return [
        Vector(
            key,
            f"item {item} missing",
            answers | {item: None},
            whole(
                {name: lacking(item) if item in items else full for name, (full, items) in scales.items()},
                rules={name: None if item in items else met for name, (met, items) in (rules or {}).items()},
                missing=(item,),
            ),
            MISSING_RULE,
        )
        for item in answers
    ]


def beyond(key: str, count: int, low: int, high: int, source: str) -> list[Vector]:
    """Each item with a value above and one below those it may have; nothing else is answered."""
    return [
        Vector(key, f"item {n} takes no {value}", {f"q{n}": value}, None, source)
        for n in range(1, count + 1)
        for value in (low - 1, high + 1)
    ]


def beyond_keys(key: str, items: tuple[str, ...], low: int, high: int, source: str) -> list[Vector]:
    """The same for items that are not numbered from 1 on."""
    return [
        Vector(key, f"item {item} takes no {value}", {item: value}, None, source)
        for item in items
        for value in (low - 1, high + 1)
    ]
