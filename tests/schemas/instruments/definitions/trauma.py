"""PC-PTSD-5, IES-R, ITQ: the vectors."""

from __future__ import annotations

from tests.schemas.instruments.definitions.expected import (
    Vector,
    beyond,
    beyond_keys,
    digits,
    each_missing_of,
    got,
    lacking,
    whole,
    within,
    yeses,
)

# --- PC-PTSD-5 --------------------------------------------------------------------------------------------------------

PRINS = "comorbidityguidelines.org.au, appendix R, after Prins 2016: no event, score 0; 3 and 4"


def pc_ptsd(text: str, why: str, score: int, *cuts: str, event: bool | None = True) -> Vector:
    missing = ("event",) if event is None else ()
    scales = {"total": within(got(score, None, *cuts), 0, 5)}
    return Vector("pc-ptsd-5", why, yeses(text, event=event), whole(scales, missing=missing), PRINS)


PC_PTSD_5 = [
    pc_ptsd("-----", "no event: the five are skipped and count 0", 0, event=False),
    pc_ptsd("y----", "no event, and a yes given in spite of the skip, which counts", 1, event=False),
    pc_ptsd("nnnnn", "lowest after an event", 0),
    pc_ptsd("yynnn", "below both cut-offs", 2),
    pc_ptsd("yyynn", "at the sensitive cut-off", 3, "sensitive"),
    pc_ptsd("yyyyn", "at the efficient cut-off", 4, "sensitive", "efficient"),
    pc_ptsd("yyyyy", "highest", 5, "sensitive", "efficient"),
    pc_ptsd("nnyyy", "the last three", 3, "sensitive"),
    pc_ptsd("yyyyy", "all five, the event open: more is missing", 5, "sensitive", "efficient", event=None),
    *(
        Vector(
            "pc-ptsd-5",
            f"item {n} missing after an event",
            yeses("yyyyy", event=True) | {f"q{n}": None},
            whole({"total": lacking(f"q{n}")}, missing=(f"q{n}",)),
            PRINS,
        )
        for n in range(1, 6)
    ),
    *(Vector("pc-ptsd-5", f"item {n} takes no number", {f"q{n}": 1}, None, PRINS) for n in range(1, 6)),
]

# --- IES-R ------------------------------------------------------------------------------------------------------------

IES = "CamCOPS iesr.py; Creamer 2003, second-hand: 33"
AVOIDANCE = ("q5", "q7", "q8", "q11", "q12", "q13", "q17", "q22")


def ies(text: str, why: str, total: int, avoidance: int, *cuts: str) -> Vector:
    return Vector(
        "ies-r", why, digits(text), whole({"total": got(total, None, *cuts), "avoidance": got(avoidance)}), IES
    )


IES_R = [
    ies("00000 00000 00000 00000 00", "lowest", 0, 0),
    ies("22222 22222 11111 11111 11", "below the cut-off", 32, 11),
    ies("22222 22222 21111 11111 11", "at the cut-off", 33, 12, "probable"),
    ies("00004 04400 44400 04000 04", "avoidance alone at its highest", 32, 32),
    ies("44444 44444 44444 44444 44", "highest", 88, 32, "probable"),
    *each_missing_of(
        "ies-r",
        digits("4" * 22),
        {
            "total": (got(88, None, "probable"), tuple(f"q{n}" for n in range(1, 23))),
            "avoidance": (got(32), AVOIDANCE),
        },
    ),
    *beyond("ies-r", 22, 0, 4, IES),
]

# --- ITQ --------------------------------------------------------------------------------------------------------------

CLOITRE = (
    "comorbidityguidelines.org.au, appendix P, after Cloitre 2018: one of two in each cluster, one impairment, at 2"
)
P_ITEMS = tuple(f"p{n}" for n in range(1, 10))
C_ITEMS = tuple(f"c{n}" for n in range(1, 10))


def itq_answers(p: str, c: str) -> dict[str, int | bool | None]:
    texts = ("p", p), ("c", c)
    return {f"{part}{n}": int(d) for part, text in texts for n, d in enumerate(text.replace(" ", ""), 1)}


def itq(p: str, c: str, why: str, sums: tuple[int, int], met: tuple[bool, bool, bool]) -> Vector:
    rules: dict[str, bool | None] = dict(zip(("ptsd", "dso", "complex-ptsd"), met, strict=True))
    scales = {"ptsd": got(sums[0]), "dso": got(sums[1])}
    return Vector("itq", why, itq_answers(p, c), whole(scales, rules=rules), CLOITRE)


ITQ = [
    itq("00 00 00 000", "00 00 00 000", "lowest", (0, 0), (False, False, False)),
    itq("44 44 44 444", "44 44 44 444", "highest", (24, 24), (True, True, True)),
    itq("20 20 20 200", "20 20 20 200", "the least, by the first of each cluster", (6, 6), (True, True, True)),
    itq("02 02 02 020", "02 02 02 020", "the least, by the second of each cluster", (6, 6), (True, True, True)),
    itq("20 20 20 002", "20 20 20 002", "the least, by the third impairment", (6, 6), (True, True, True)),
    itq("20 20 20 200", "00 00 00 000", "PTSD without the disturbances", (6, 0), (True, False, False)),
    itq("00 00 00 000", "20 20 20 200", "the disturbances without PTSD", (0, 6), (False, True, False)),
    itq("11 20 20 200", "20 20 20 200", "experiencing again at 1 only", (6, 6), (False, True, False)),
    itq("20 11 20 200", "20 20 20 200", "avoidance at 1 only", (6, 6), (False, True, False)),
    itq("20 20 11 200", "20 20 20 200", "threat at 1 only", (6, 6), (False, True, False)),
    itq("20 20 20 111", "20 20 20 200", "impairment by PTSD at 1 only", (6, 6), (False, True, False)),
    itq("20 20 20 200", "11 20 20 200", "feelings at 1 only", (6, 6), (True, False, False)),
    itq("20 20 20 200", "20 11 20 200", "self-image at 1 only", (6, 6), (True, False, False)),
    itq("20 20 20 200", "20 20 11 200", "relationships at 1 only", (6, 6), (True, False, False)),
    itq("20 20 20 200", "20 20 20 111", "impairment by the disturbances at 1 only", (6, 6), (True, False, False)),
    itq("11 11 11 111", "11 11 11 111", "everything at 1", (6, 6), (False, False, False)),
    *each_missing_of(
        "itq",
        itq_answers("4" * 9, "4" * 9),
        {"ptsd": (got(24), P_ITEMS[:6]), "dso": (got(24), C_ITEMS[:6])},
        rules={"ptsd": (True, P_ITEMS), "dso": (True, C_ITEMS), "complex-ptsd": (True, (*P_ITEMS, *C_ITEMS))},
    ),
    *beyond_keys("itq", (*P_ITEMS, *C_ITEMS), 0, 4, CLOITRE),
]
