"""AUDIT, AUDIT-C, ISI, WSAS, Check-in: the vectors."""

from __future__ import annotations

from tests.schemas.instruments.definitions.expected import (
    MISSING_RULE,
    Vector,
    digits,
    each_missing,
    got,
    lacking,
    plain,
    whole,
)

# --- AUDIT, AUDIT-C ---------------------------------------------------------------------------------------------------

MANUAL = "Babor et al. 2001, WHO/MSD/MSB/01.6a"
ZONES = ("zone I, low risk", "zone II, hazardous", "zone III, harmful", "zone IV, look for dependence")
SKIPS = "Babor 2001, WHO/MSD/MSB/01.6a: after question 1, or 2 and 3, to 9 and 10; CamCOPS audit.py"
FROM_4 = ("q4", "q5", "q6", "q7", "q8")
FROM_2 = ("q2", "q3", *FROM_4)
AUDIT = [
    plain("audit", MANUAL, "00000000 00", "lowest", 0, ZONES[0]),
    plain("audit", MANUAL, "11111110 00", "upper end of zone I", 7, ZONES[0]),
    plain("audit", MANUAL, "11111111 00", "lower end of zone II", 8, ZONES[1], "hazardous"),
    plain("audit", MANUAL, "22222221 00", "upper end of zone II", 15, ZONES[1], "hazardous"),
    plain("audit", MANUAL, "22222222 00", "lower end of zone III", 16, ZONES[2], "hazardous"),
    plain("audit", MANUAL, "33322222 00", "upper end of zone III", 19, ZONES[2], "hazardous"),
    plain("audit", MANUAL, "33332222 00", "lower end of zone IV", 20, ZONES[3], "hazardous"),
    plain("audit", MANUAL, "44444444 44", "highest", 40, ZONES[3], "hazardous"),
    plain("audit", MANUAL, "00000000 20", "item 9 counts 0, 2 or 4", 2, ZONES[0]),
    plain("audit", MANUAL, "00000000 04", "item 10 counts 0, 2 or 4", 4, ZONES[0]),
    Vector("audit", "item 9 has no 1", digits("00000000 10"), None, MANUAL),
    Vector("audit", "item 10 has no 3", digits("00000000 03"), None, MANUAL),
    *each_missing("audit", "44444444 44"),
    plain("audit", SKIPS, "0------- 00", "a 0 to item 1: 2 to 8 are skipped and count 0", 0, ZONES[0]),
    plain(
        "audit",
        SKIPS,
        "0------- 44",
        "a 0 to item 1, with 9 and 10 answered: a complete form",
        8,
        ZONES[1],
        "hazardous",
    ),
    plain("audit", SKIPS, "0-3----- 00", "an answer given in spite of the skip counts", 3, ZONES[0]),
    plain("audit", SKIPS, "0------1 00", "the last item that the skip covers, answered in spite of it", 1, ZONES[0]),
    plain("audit", SKIPS, "100----- 00", "a 0 to both 2 and 3: 4 to 8 are skipped and count 0", 1, ZONES[0]),
    plain("audit", SKIPS, "100-2--- 00", "an answer given in spite of the skip after 2 and 3 counts", 3, ZONES[0]),
    *(
        Vector("audit", why, digits(text), whole({"total": lacking(*open_)}, missing=open_), SKIPS)
        for why, text, open_ in (
            ("item 9 is asked in spite of a 0 to item 1", "0------- -0", ("q9",)),
            ("item 10 is asked in spite of a 0 to item 1", "0------- 0-", ("q10",)),
            ("a 1 to item 1 skips nothing", "1------- 00", FROM_2),
            ("2 and 3 at 1 together skip nothing", "110----- 00", FROM_4),
            ("3 at 1 skips nothing", "101----- 00", FROM_4),
            ("a 0 to 2 alone, with 3 open, skips nothing", "10------ 00", ("q3", *FROM_4)),
            ("a 0 to 3 alone, with 2 open, skips nothing", "1-0----- 00", ("q2", *FROM_4)),
            ("a 0 to both 2 and 3 does not skip item 1", "-00----- 00", ("q1",)),
        )
    ),
]

BUSH = "Bush 1998; Bradley 2007: 3 for women, 4 for men"
AUDIT_C = [
    plain("audit-c", BUSH, "000", "lowest", 0),
    plain("audit-c", BUSH, "110", "below both cut-offs", 2),
    plain("audit-c", BUSH, "111", "at the cut-off for women", 3, None, "women"),
    plain("audit-c", BUSH, "211", "at the cut-off for men", 4, None, "women", "men"),
    plain("audit-c", BUSH, "444", "highest", 12, None, "women", "men"),
    *each_missing("audit-c", "444"),
]

# --- ISI, WSAS --------------------------------------------------------------------------------------------------------

MORIN = "My HealtheVet sheet; Morin 2011; 14 in primary care: Gagnon 2013"
ISI_BANDS = ("no clinically significant insomnia", "subthreshold insomnia", "moderate insomnia", "severe insomnia")
ISI = [
    plain("isi", MORIN, "0000000", "lowest", 0, ISI_BANDS[0]),
    plain("isi", MORIN, "1111111", "upper end of none", 7, ISI_BANDS[0]),
    plain("isi", MORIN, "2111111", "lower end of subthreshold", 8, ISI_BANDS[1]),
    plain("isi", MORIN, "2211111", "below the cut-off in the community", 9, ISI_BANDS[1]),
    plain("isi", MORIN, "2221111", "cut-off in the community", 10, ISI_BANDS[1], "community"),
    plain("isi", MORIN, "2222221", "below the cut-off in primary care", 13, ISI_BANDS[1], "community"),
    plain("isi", MORIN, "2222222", "upper end of subthreshold", 14, ISI_BANDS[1], "community", "primary-care"),
    plain("isi", MORIN, "3222222", "lower end of moderate", 15, ISI_BANDS[2], "community", "primary-care"),
    plain("isi", MORIN, "3333333", "upper end of moderate", 21, ISI_BANDS[2], "community", "primary-care"),
    plain("isi", MORIN, "4333333", "lower end of severe", 22, ISI_BANDS[3], "community", "primary-care"),
    plain("isi", MORIN, "4444444", "highest", 28, ISI_BANDS[3], "community", "primary-care"),
    *each_missing("isi", "4444444"),
]

MUNDT = "Mundt, Marks, Shear & Greist 2002; not applicable: CamCOPS wsas.py"
WSAS_BANDS = (
    "below 10, as in subclinical groups",
    "10 to 20, significant impairment",
    "above 20, moderately severe or worse",
)
WSAS = [
    plain("wsas", MUNDT, "00000", "lowest", 0, WSAS_BANDS[0]),
    plain("wsas", MUNDT, "22221", "upper end of the lowest band", 9, WSAS_BANDS[0]),
    plain("wsas", MUNDT, "22222", "lower end of the middle band", 10, WSAS_BANDS[1]),
    plain("wsas", MUNDT, "44444", "upper end of the middle band", 20, WSAS_BANDS[1]),
    plain("wsas", MUNDT, "54444", "lower end of the highest band", 21, WSAS_BANDS[2]),
    plain("wsas", MUNDT, "88888", "highest", 40, WSAS_BANDS[2]),
    Vector(
        "wsas",
        "work not applicable: four items, 0 to 32, no band",
        digits("-8888", **{"no-work": True}),
        whole({"total": got(32) | {"low": 0, "high": 32}}),
        MUNDT,
    ),
    Vector(
        "wsas",
        "work not applicable, lowest",
        digits("-0000", **{"no-work": True}),
        whole({"total": got(0) | {"low": 0, "high": 32}}),
        MUNDT,
    ),
    Vector(
        "wsas",
        "work applicable and said so",
        digits("12222", **{"no-work": False}),
        whole({"total": got(9, WSAS_BANDS[0]) | {"low": 0, "high": 40}}),
        MUNDT,
    ),
    Vector(
        "wsas",
        "work applicable and not answered",
        digits("-2222", **{"no-work": False}),
        whole({"total": lacking("q1")}, missing=("q1",)),
        MISSING_RULE,
    ),
    Vector(
        "wsas",
        "work not applicable, another item missing",
        digits("--222", **{"no-work": True}),
        whole({"total": lacking("q2")}, missing=("q2",)),
        MISSING_RULE,
    ),
    Vector(
        "wsas",
        "work answered and marked as not applicable: the two contradict each other",
        digits("32222", **{"no-work": True}),
        whole({"total": lacking()}),
        MISSING_RULE,
    ),
    Vector("wsas", "a number where yes or no belongs", digits("-0000", **{"no-work": 1}), None, MUNDT),
    *each_missing("wsas", "88888"),
]

# --- Check-in ---------------------------------------------------------------------------------------------------------

OURS = "Our own form: the sum of six answers from 0 to 10, without norms"


def check_in(values: tuple[int, ...], why: str, score: int) -> Vector:
    answers: dict[str, int | bool | None] = {f"q{n}": value for n, value in enumerate(values, 1)}
    return Vector("check-in", why, answers, whole({"total": got(score)}), OURS)


CHECK_IN = [
    check_in((0, 0, 0, 0, 0, 0), "lowest", 0),
    check_in((10, 10, 10, 10, 10, 10), "highest", 60),
    check_in((1, 2, 3, 4, 5, 6), "in between", 21),
    *each_missing("check-in", "555555"),
]
