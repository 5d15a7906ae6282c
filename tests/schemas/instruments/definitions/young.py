"""SDQ, self-report: the vectors."""

from __future__ import annotations

from tests.schemas.instruments.definitions.expected import Vector, beyond, each_missing_of, got, whole

GOODMAN = "Score sheet of the self-report SDQ; original three bands: awell-score, sdq_standards.ts"
ITEMS = {
    "emotional": (3, 8, 13, 16, 24),
    "conduct": (5, 7, 12, 18, 22),
    "hyperactivity": (2, 10, 15, 21, 25),
    "peers": (6, 11, 14, 19, 23),
    "prosocial": (1, 4, 9, 17, 20),
}
BEST = {"emotional": "00000", "conduct": "02000", "hyperactivity": "00022", "peers": "02200", "prosocial": "22222"}
WORST = {"emotional": "22222", "conduct": "20222", "hyperactivity": "22200", "peers": "20022", "prosocial": "00000"}
Found = tuple[int, str]


def sdq_answers(**texts: str) -> dict[str, int | bool | None]:
    """The printed answers, scale by scale, each in the order of its items."""
    found = {n: int(d) for key, text in texts.items() for n, d in zip(ITEMS[key], text, strict=True)}
    return {f"q{n}": found[n] for n in range(1, 26)}


def sdq(why: str, difficulties: Found, texts: dict[str, str] | None = None, **found: Found) -> Vector:
    """The best form but for what is given: printed answers, and the scores of those scales."""
    scales = {key: got(0, "normal") for key in ITEMS} | {"prosocial": got(10, "normal")}
    scales |= {key: got(*one) for key, one in found.items()} | {"difficulties": got(*difficulties)}
    return Vector("sdq-self", why, sdq_answers(**(BEST | (texts or {}))), whole(scales), GOODMAN)


def one_scale(key: str, text: str, why: str, score: int, band: str) -> Vector:
    """One scale of difficulties as given, the others at their best."""
    total = (score, "normal")
    return sdq(f"{key}: {why}", total, {key: text}, **{key: (score, band)})


def reversed_alone(number: int, key: str, text: str) -> Vector:
    return sdq(f"item {number} alone, reversed", (2, "normal"), {key: text}, **{key: (2, "normal")})


SDQ_SELF = [
    sdq("best", (0, "normal")),
    one_scale("emotional", "22100", "upper end of normal", 5, "normal"),
    one_scale("emotional", "22200", "borderline", 6, "borderline"),
    one_scale("emotional", "22210", "lower end of abnormal", 7, "abnormal"),
    one_scale("emotional", "22222", "highest", 10, "abnormal"),
    one_scale("conduct", "12200", "upper end of normal", 3, "normal"),
    one_scale("conduct", "22200", "borderline", 4, "borderline"),
    one_scale("conduct", "22210", "lower end of abnormal", 5, "abnormal"),
    one_scale("conduct", "20222", "highest", 10, "abnormal"),
    one_scale("hyperactivity", "22122", "upper end of normal", 5, "normal"),
    one_scale("hyperactivity", "22222", "borderline", 6, "borderline"),
    one_scale("hyperactivity", "22212", "lower end of abnormal", 7, "abnormal"),
    one_scale("hyperactivity", "22200", "highest", 10, "abnormal"),
    one_scale("peers", "22210", "upper end of normal", 3, "normal"),
    one_scale("peers", "22220", "lower end of borderline", 4, "borderline"),
    one_scale("peers", "22221", "upper end of borderline", 5, "borderline"),
    one_scale("peers", "22222", "lower end of abnormal", 6, "abnormal"),
    one_scale("peers", "20022", "highest", 10, "abnormal"),
    sdq("prosocial: lowest, which is worst", (0, "normal"), {"prosocial": "00000"}, prosocial=(0, "abnormal")),
    sdq("prosocial: upper end of abnormal", (0, "normal"), {"prosocial": "22000"}, prosocial=(4, "abnormal")),
    sdq("prosocial: borderline", (0, "normal"), {"prosocial": "22100"}, prosocial=(5, "borderline")),
    sdq("prosocial: lower end of normal", (0, "normal"), {"prosocial": "22200"}, prosocial=(6, "normal")),
    sdq(
        "all difficulties: upper end of normal",
        (15, "normal"),
        {"emotional": "22222", "conduct": "22210"},
        emotional=(10, "abnormal"),
        conduct=(5, "abnormal"),
    ),
    sdq(
        "all difficulties: lower end of borderline",
        (16, "borderline"),
        {"emotional": "22222", "hyperactivity": "22222"},
        emotional=(10, "abnormal"),
        hyperactivity=(6, "borderline"),
    ),
    sdq(
        "all difficulties: upper end of borderline",
        (19, "borderline"),
        {"emotional": "22222", "hyperactivity": "22222", "peers": "22210"},
        emotional=(10, "abnormal"),
        hyperactivity=(6, "borderline"),
        peers=(3, "normal"),
    ),
    sdq(
        "all difficulties: lower end of abnormal",
        (20, "abnormal"),
        {"emotional": "22222", "conduct": "20222"},
        emotional=(10, "abnormal"),
        conduct=(10, "abnormal"),
    ),
    sdq(
        "worst",
        (40, "abnormal"),
        WORST,
        **{key: (0 if key == "prosocial" else 10, "abnormal") for key in ITEMS},
    ),
    reversed_alone(7, "conduct", "00000"),
    reversed_alone(11, "peers", "00200"),
    reversed_alone(14, "peers", "02000"),
    reversed_alone(21, "hyperactivity", "00002"),
    reversed_alone(25, "hyperactivity", "00020"),
    *each_missing_of(
        "sdq-self",
        sdq_answers(**WORST),
        {
            "difficulties": (
                got(40, "abnormal"),
                tuple(f"q{n}" for key, numbers in ITEMS.items() for n in numbers if key != "prosocial"),
            ),
            **{
                key: (got(0 if key == "prosocial" else 10, "abnormal"), tuple(f"q{n}" for n in numbers))
                for key, numbers in ITEMS.items()
            },
        },
    ),
    *beyond("sdq-self", 25, 0, 2, GOODMAN),
]
