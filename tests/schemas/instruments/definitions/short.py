"""PHQ-4, PHQ-15, MADRS-S, CORE-10, YP-CORE: the vectors."""

from __future__ import annotations

from tests.schemas.instruments.definitions.expected import (
    Vector,
    beyond,
    digits,
    each_missing,
    each_missing_of,
    got,
    lacking,
    whole,
)

# --- PHQ-4 ------------------------------------------------------------------------------------------------------------

NINDS = "NINDS Common Data Elements, F2495, after Kroenke 2009"


def phq4(text: str, why: str, total: int, band: str, anxiety: int, depression: int) -> Vector:
    parts = {"anxiety": anxiety, "depression": depression}
    scales = {"total": got(total, band)}
    scales |= {key: got(score, None, *(["positive"] if score >= 3 else [])) for key, score in parts.items()}
    return Vector("phq-4", why, digits(text), whole(scales), NINDS)


PHQ_4 = [
    phq4("00 00", "lowest", 0, "none", 0, 0),
    phq4("11 00", "upper end of none; anxiety below its cut-off", 2, "none", 2, 0),
    phq4("00 11", "upper end of none; depression below its cut-off", 2, "none", 0, 2),
    phq4("12 00", "lower end of mild; anxiety at its cut-off", 3, "mild", 3, 0),
    phq4("00 21", "lower end of mild; depression at its cut-off", 3, "mild", 0, 3),
    phq4("21 11", "upper end of mild", 5, "mild", 3, 2),
    phq4("21 21", "lower end of moderate", 6, "moderate", 3, 3),
    phq4("22 22", "upper end of moderate", 8, "moderate", 4, 4),
    phq4("32 22", "lower end of severe", 9, "severe", 5, 4),
    phq4("33 33", "highest", 12, "severe", 6, 6),
    *each_missing_of(
        "phq-4",
        digits("33 33"),
        {
            "total": (got(12, "severe"), ("q1", "q2", "q3", "q4")),
            "anxiety": (got(6, None, "positive"), ("q1", "q2")),
            "depression": (got(6, None, "positive"), ("q3", "q4")),
        },
    ),
    *beyond("phq-4", 4, 0, 3, NINDS),
]

# --- PHQ-15 -----------------------------------------------------------------------------------------------------------

PHQ15 = "Kroenke 2002: 5, 10, 15; CamCOPS phq15.py: item 4 women only, three at 2"
SEVERE = "three-severe"


def phq15(text: str, why: str, score: int, band: str, *, met: bool, **more: bool) -> Vector:
    return Vector("phq-15", why, digits(text, **more), whole({"total": got(score, band)}, rules={SEVERE: met}), PHQ15)


PHQ_15 = [
    phq15("00000 00000 00000", "lowest", 0, "minimal", met=False),
    phq15("11110 00000 00000", "upper end of minimal", 4, "minimal", met=False),
    phq15("11111 00000 00000", "lower end of low", 5, "low", met=False),
    phq15("11111 11110 00000", "upper end of low", 9, "low", met=False),
    phq15("11111 11111 00000", "lower end of medium", 10, "medium", met=False),
    phq15("11111 11111 11110", "upper end of medium", 14, "medium", met=False),
    phq15("11111 11111 11111", "lower end of high", 15, "high", met=False),
    phq15("22222 22222 22222", "highest", 30, "high", met=True),
    phq15("22200 00000 00000", "three at 2: items 1 to 3", 6, "low", met=True),
    phq15("00022 20000 00000", "three at 2: items 4 to 6", 6, "low", met=True),
    phq15("00000 02220 00000", "three at 2: items 7 to 9", 6, "low", met=True),
    phq15("00000 00002 22000", "three at 2: items 10 to 12", 6, "low", met=True),
    phq15("00000 00000 00222", "three at 2: items 13 to 15", 6, "low", met=True),
    phq15("22111 11111 11111", "items 1 and 2 at 2, the others at 1", 17, "high", met=False),
    phq15("11111 11111 11122", "items 14 and 15 at 2, the others at 1", 17, "high", met=False),
    phq15("111-1 11111 11111", "item 4 does not apply: it counts 0", 14, "medium", met=False, **{"no-periods": True}),
    phq15("222-2 22222 22222", "item 4 does not apply, highest", 28, "high", met=True, **{"no-periods": True}),
    phq15(
        "00020 00000 00000",
        "marked as not applicable and answered: it counts",
        2,
        "minimal",
        met=False,
        **{"no-periods": True},
    ),
    phq15("11111 11111 11110", "item 4 applies and said so", 14, "medium", met=False, **{"no-periods": False}),
    Vector(
        "phq-15",
        "item 4 applies and is not answered",
        digits("111-1 11111 11111", **{"no-periods": False}),
        whole({"total": lacking("q4")}, rules={SEVERE: None}, missing=("q4",)),
        PHQ15,
    ),
    Vector("phq-15", "a number where yes or no belongs", digits("0", **{"no-periods": 1}), None, PHQ15),
    *each_missing_of(
        "phq-15",
        digits("22222 22222 22222"),
        {"total": (got(30, "high"), tuple(f"q{n}" for n in range(1, 16)))},
        rules={SEVERE: (True, tuple(f"q{n}" for n in range(1, 16)))},
    ),
    *beyond("phq-15", 15, 0, 2, PHQ15),
]

# --- MADRS-S ----------------------------------------------------------------------------------------------------------

MADRS = "doktorerna.com, interpretation of the MADRS-S; item 9: BMC Medicine 7:60, table 1"


def madrs(text: str, why: str, score: int, band: str, *, risk: bool = False) -> Vector:
    risks = ("q9",) if risk else ()
    return Vector("madrs-s", why, digits(text), whole({"total": got(score, band)}, risks=risks), MADRS)


MADRS_S = [
    madrs("000 000 000", "lowest", 0, "none or very mild"),
    madrs("222 222 000", "upper end of none", 12, "none or very mild"),
    madrs("322 222 000", "lower end of mild", 13, "mild"),
    madrs("444 411 100", "upper end of mild", 19, "mild"),
    madrs("444 421 100", "lower end of moderate", 20, "moderate"),
    madrs("666 664 000", "upper end of moderate", 34, "moderate"),
    madrs("666 665 000", "lower end of severe", 35, "severe"),
    madrs("666 666 666", "highest", 54, "severe", risk=True),
    madrs("000 000 001", "item 9 at 1: not yet a risk", 1, "none or very mild"),
    madrs("000 000 002", "risk item alone at 2", 2, "none or very mild", risk=True),
    Vector(
        "madrs-s",
        "risk item positive, everything else missing",
        digits("--- --- --2"),
        whole(
            {"total": lacking(*(f"q{n}" for n in range(1, 9)))},
            risks=("q9",),
            missing=tuple(f"q{n}" for n in range(1, 9)),
        ),
        MADRS,
    ),
    *each_missing("madrs-s", "666666666", risks=("q9",)),
    *beyond("madrs-s", 9, 0, 6, MADRS),
]

# --- CORE-10, YP-CORE -------------------------------------------------------------------------------------------------

CORE = "Barkham 2013, abstract: 11 and 13; bands: O'Reilly 2016, second-hand; CamCOPS core10.py"


def core10(text: str, why: str, score: int, band: str, *cuts: str, risk: bool = False) -> Vector:
    risks = ("q6",) if risk else ()
    return Vector("core-10", why, digits(text), whole({"total": got(score, band, *cuts)}, risks=risks), CORE)


CORE_10 = [
    core10("00000 00000", "lowest", 0, "healthy"),
    core10("11111 00000", "upper end of healthy", 5, "healthy"),
    core10("21111 00000", "lower end of low", 6, "low"),
    core10("22222 00000", "upper end of low, below the clinical range", 10, "low"),
    core10("32222 00000", "lower end of mild, clinical range", 11, "mild", "clinical"),
    core10("33222 00000", "below the cut-off for depression", 12, "mild", "clinical"),
    core10("33322 00000", "at the cut-off for depression", 13, "mild", "clinical", "depression"),
    core10("33332 00000", "upper end of mild", 14, "mild", "clinical", "depression"),
    core10("33333 00000", "lower end of moderate", 15, "moderate", "clinical", "depression"),
    core10("44443 00000", "upper end of moderate", 19, "moderate", "clinical", "depression"),
    core10("44444 00000", "lower end of moderate to severe", 20, "moderate to severe", "clinical", "depression"),
    core10("44444 04000", "upper end of moderate to severe", 24, "moderate to severe", "clinical", "depression"),
    core10("44444 04100", "lower end of severe", 25, "severe", "clinical", "depression"),
    core10("44444 44444", "highest", 40, "severe", "clinical", "depression", risk=True),
    core10("04000 00000", "item 2 is taken as scored, whatever the order of its printed answers", 4, "healthy"),
    core10("00000 10000", "risk item alone at 1", 1, "healthy", risk=True),
    core10("00000 40000", "risk item alone at 4", 4, "healthy", risk=True),
    Vector(
        "core-10",
        "risk item positive, everything else missing",
        digits("----- 1----"),
        whole(
            {"total": lacking("q1", "q2", "q3", "q4", "q5", "q7", "q8", "q9", "q10")},
            risks=("q6",),
            missing=("q1", "q2", "q3", "q4", "q5", "q7", "q8", "q9", "q10"),
        ),
        CORE,
    ),
    *each_missing("core-10", "4444444444", risks=("q6",)),
    *beyond("core-10", 10, 0, 4, CORE),
]

YP = "awell-score, yp_core; coresystemtrust.org.uk: the sum of ten"


def yp_core(text: str, why: str, score: int, *, risk: bool = False) -> Vector:
    risks = ("q4",) if risk else ()
    return Vector("yp-core", why, digits(text), whole({"total": got(score)}, risks=risks), YP)


YP_CORE = [
    yp_core("00000 00000", "lowest", 0),
    yp_core("22222 22222", "all in the middle", 20, risk=True),
    yp_core("44444 44444", "highest", 40, risk=True),
    yp_core("00404 00004", "items 3, 5 and 10 are taken as scored, whatever the order of their printed answers", 12),
    yp_core("00010 00000", "risk item alone at 1", 1, risk=True),
    Vector(
        "yp-core",
        "risk item positive, everything else missing",
        digits("---1- -----"),
        whole(
            {"total": lacking("q1", "q2", "q3", "q5", "q6", "q7", "q8", "q9", "q10")},
            risks=("q4",),
            missing=("q1", "q2", "q3", "q5", "q6", "q7", "q8", "q9", "q10"),
        ),
        YP,
    ),
    *each_missing("yp-core", "4444444444", risks=("q4",)),
    *beyond("yp-core", 10, 0, 4, YP),
]
