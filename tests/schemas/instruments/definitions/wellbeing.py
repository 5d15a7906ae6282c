"""WEMWBS, SWEMWBS, ORS, SRS, EDE-Q: the vectors, with scores that their sources print in another way."""

from __future__ import annotations

from tests.schemas.instruments.definitions.expected import (
    Vector,
    beyond,
    beyond_keys,
    digits,
    each_missing,
    each_missing_of,
    plain,
    printed,
    whole,
)

# --- WEMWBS, SWEMWBS --------------------------------------------------------------------------------------------------

TENNANT = "CamCOPS wemwbs.py; warwick.ac.uk"
WEMWBS = [
    plain("wemwbs", TENNANT, "11111 11111 1111", "lowest, which is worst", 14),
    plain("wemwbs", TENNANT, "33333 33333 3333", "all in the middle", 42),
    plain("wemwbs", TENNANT, "55555 55555 5555", "highest, which is best", 70),
    *each_missing("wemwbs", "5" * 14),
    *beyond("wemwbs", 14, 1, 5, TENNANT),
]

RASCH = "Stewart-Brown 2009, conversion table, second-hand: the raw sum and its metric score"
FORMS = (
    ("1111111", 7, 7.0),
    ("2111111", 8, 9.51),
    ("2211111", 9, 11.25),
    ("2221111", 10, 12.4),
    ("2222111", 11, 13.33),
    ("2222211", 12, 14.08),
    ("2222221", 13, 14.75),
    ("2222222", 14, 15.32),
    ("3222222", 15, 15.84),
    ("3322222", 16, 16.36),
    ("3332222", 17, 16.88),
    ("3333222", 18, 17.43),
    ("3333322", 19, 17.98),
    ("3333332", 20, 18.59),
    ("3333333", 21, 19.25),
    ("4333333", 22, 19.98),
    ("4433333", 23, 20.73),
    ("4443333", 24, 21.54),
    ("4444333", 25, 22.35),
    ("4444433", 26, 23.21),
    ("4444443", 27, 24.11),
    ("4444444", 28, 25.03),
    ("5444444", 29, 26.02),
    ("5544444", 30, 27.03),
    ("5554444", 31, 28.13),
    ("5555444", 32, 29.31),
    ("5555544", 33, 30.7),
    ("5555554", 34, 32.55),
    ("5555555", 35, 35.0),
)
SWEMWBS = [
    *(
        Vector("swemwbs", f"raw {raw} is {metric}", digits(text), whole({"total": printed(raw, metric)}), RASCH)
        for text, raw, metric in FORMS
    ),
    *each_missing("swemwbs", "5555555"),
    *beyond("swemwbs", 7, 1, 5, TENNANT),
]

# --- ORS, SRS ---------------------------------------------------------------------------------------------------------

MILLER = "CamCOPS ors.py, srs.py: four lines of 0 to 10; second-hand: the ORS at 25 or less, the SRS below 36"


def lines(key: str, values: tuple[int, int, int, int], why: str, score: int, centimetres: float, *cuts: str) -> Vector:
    answers: dict[str, int | bool | None] = {f"q{n}": value for n, value in enumerate(values, 1)}
    return Vector(key, why, answers, whole({"total": printed(score, centimetres, *cuts)}), MILLER)


ORS = [
    lines("ors", (0, 0, 0, 0), "lowest, which is worst", 0, 0.0, "clinical"),
    lines("ors", (64, 62, 63, 61), "25 cm: the clinical range still", 250, 25.0, "clinical"),
    lines("ors", (64, 62, 63, 62), "a tenth of a centimetre above", 251, 25.1),
    lines("ors", (100, 100, 100, 100), "highest, which is best", 400, 40.0),
    *each_missing("ors", "9999"),
    *beyond("ors", 4, 0, 100, MILLER),
]
SRS = [
    lines("srs", (0, 0, 0, 0), "lowest, which is worst", 0, 0.0, "below-36"),
    lines("srs", (90, 90, 90, 89), "a tenth of a centimetre below 36", 359, 35.9, "below-36"),
    lines("srs", (90, 90, 90, 90), "36 cm", 360, 36.0),
    lines("srs", (100, 100, 100, 100), "highest, which is best", 400, 40.0),
    *each_missing("srs", "9999"),
    *beyond("srs", 4, 0, 100, MILLER),
]

# --- EDE-Q ------------------------------------------------------------------------------------------------------------

FAIRBURN = "CamCOPS edeq.py and edeq.rst: the mean of the items of each subscale"
ITEMS = tuple(f"q{n}" for n in (*range(1, 13), *range(19, 29)))
SUBSCALES = {
    "restraint": ("q1", "q2", "q3", "q4", "q5"),
    "eating": ("q7", "q9", "q19", "q20", "q21"),
    "shape": ("q6", "q8", "q10", "q11", "q23", "q26", "q27", "q28"),
    "weight": ("q8", "q12", "q22", "q24", "q25"),
}


def ede_answers(text: str) -> dict[str, int | bool | None]:
    return {key: int(digit) for key, digit in zip(ITEMS, text.replace(" ", ""), strict=True)}


def ede(text: str, why: str, *found: tuple[int, float]) -> Vector:
    """`text` is items 1 to 12, then 19 to 28; `found` the sum and the mean of each subscale."""
    scales = {key: printed(*one) for key, one in zip(SUBSCALES, found, strict=True)}
    return Vector("ede-q", why, ede_answers(text), whole(scales), FAIRBURN)


EDE_Q = [
    ede("00000 00000 00 0000000000", "lowest", (0, 0.0), (0, 0.0), (0, 0.0), (0, 0.0)),
    ede("54321 06543 21 0123456543", "in between", (15, 3.0), (13, 2.6), (26, 3.25), (20, 4.0)),
    ede("66666 66666 66 6666666666", "highest", (30, 6.0), (30, 6.0), (48, 6.0), (30, 6.0)),
    *each_missing_of(
        "ede-q",
        ede_answers("6" * 22),
        {key: (printed(6 * len(items), 6.0), items) for key, items in SUBSCALES.items()},
    ),
    *beyond_keys("ede-q", ITEMS, 0, 6, FAIRBURN),
]
