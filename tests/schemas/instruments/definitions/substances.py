"""DAST-10, CAGE: the vectors."""

from __future__ import annotations

from tests.schemas.instruments.definitions.expected import (
    MISSING_RULE,
    Vector,
    got,
    lacking,
    whole,
    within,
    yeses,
)


def each_open(key: str, text: str) -> list[Vector]:
    """The same form with one answer after another left out."""
    return [
        Vector(
            key,
            f"item {n} missing",
            yeses(text) | {f"q{n}": None},
            whole({"total": lacking(f"q{n}")}, missing=(f"q{n}",)),
            MISSING_RULE,
        )
        for n in range(1, len(text) + 1)
    ]


# --- DAST-10 ----------------------------------------------------------------------------------------------------------

SKINNER = "comorbidityguidelines.org.au, appendix W, after Skinner 1982: in item 3 a no counts"


def dast(text: str, why: str, score: int, band: str) -> Vector:
    return Vector("dast-10", why, yeses(text), whole({"total": within(got(score, band), 0, 10)}), SKINNER)


DAST_10 = [
    dast("nnynnnnnnn", "lowest: item 3 answered yes", 0, "no problems reported"),
    dast("nnnnnnnnnn", "item 3 alone, reversed", 1, "low level"),
    dast("ynnnnnnnnn", "upper end of low", 2, "low level"),
    dast("yynnnnnnnn", "lower end of moderate", 3, "moderate level"),
    dast("yynyynnnnn", "upper end of moderate", 5, "moderate level"),
    dast("yynyyynnnn", "lower end of substantial", 6, "substantial level"),
    dast("yynyyyyynn", "upper end of substantial", 8, "substantial level"),
    dast("yynyyyyyyn", "lower end of severe", 9, "severe level"),
    dast("yyyyyyyyyy", "yes to everything is nine", 9, "severe level"),
    dast("yynyyyyyyy", "highest", 10, "severe level"),
    *each_open("dast-10", "yynyyyyyyy"),
    *(Vector("dast-10", f"item {n} takes no number", {f"q{n}": 1}, None, SKINNER) for n in range(1, 11)),
]

# --- CAGE -------------------------------------------------------------------------------------------------------------

EWING = "CamCOPS cage.py: 2 or more"


def cage(text: str, why: str, score: int, *cuts: str) -> Vector:
    return Vector("cage", why, yeses(text), whole({"total": within(got(score, None, *cuts), 0, 4)}), EWING)


CAGE = [
    cage("nnnn", "lowest", 0),
    cage("ynnn", "below the cut-off", 1),
    cage("yynn", "at the cut-off", 2, "positive"),
    cage("nnyy", "at the cut-off by the last two", 2, "positive"),
    cage("yyyy", "highest", 4, "positive"),
    *each_open("cage", "yyyy"),
    *(Vector("cage", f"item {n} takes no number", {f"q{n}": 1}, None, EWING) for n in range(1, 5)),
]
