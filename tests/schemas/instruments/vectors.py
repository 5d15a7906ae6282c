"""Answers with the scores they must have, made by hand from the published rules, not by the scoring code.

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


class ChangeVector(NamedTuple):
    """Two scores and what is said of the change."""

    instrument: str
    scale: str
    why: str
    before: int | None
    after: int | None
    threshold: float | None
    verdict: str
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


# --- PHQ-9, PHQ-2, GAD-7, GAD-2 ---------------------------------------------------------------------------------------

PHQ9 = "Kroenke, Spitzer & Williams 2001; CamCOPS phq9.py"
MDS = "major-depressive-syndrome"


def phq9(text: str, why: str, score: int, band: str, *, met: bool, risk: bool = False, **more: int) -> Vector:
    cut_offs = ("caseness",) if score >= 10 else ()
    risks = ("q9",) if risk else ()
    scales = {"total": got(score, band, *cut_offs)}
    return Vector("phq-9", why, digits(text, **more), whole(scales, rules={MDS: met}, risks=risks), PHQ9)


PHQ_9 = [
    phq9("000 000 000", "lowest", 0, "minimal", met=False),
    phq9("111 100 000", "upper end of minimal", 4, "minimal", met=False),
    phq9("111 110 000", "lower end of mild", 5, "mild", met=False),
    phq9("211 111 110", "upper end of mild, below caseness", 9, "mild", met=False),
    phq9("221 111 110", "lower end of moderate, caseness", 10, "moderate", met=False),
    phq9("222 222 110", "upper end of moderate", 14, "moderate", met=True),
    phq9("222 222 210", "lower end of moderately severe", 15, "moderately severe", met=True),
    phq9("333 222 220", "upper end of moderately severe", 19, "moderately severe", met=True),
    phq9("333 322 220", "lower end of severe", 20, "severe", met=True),
    phq9("333 333 333", "highest", 27, "severe", met=True, risk=True),
    phq9("222 220 000", "five symptoms with item 1", 10, "moderate", met=True),
    phq9("022 222 000", "five symptoms with item 2 only", 10, "moderate", met=True),
    phq9("002 222 200", "five symptoms without item 1 or 2", 10, "moderate", met=False),
    phq9("112 222 200", "items 1 and 2 answered, but below 2", 12, "moderate", met=False),
    phq9("222 200 000", "four symptoms", 8, "mild", met=False),
    phq9("222 200 001", "item 9 counts as a symptom from 1 on", 9, "mild", met=True, risk=True),
    phq9("200 022 220", "item 1 and the last four", 10, "moderate", met=True),
    phq9("222 211 110", "items 1 to 4 at 2, the others at 1", 12, "moderate", met=False),
    phq9("211 112 220", "four at 2, item 1 among them", 12, "moderate", met=False),
    phq9("121 112 220", "four at 2, item 2 among them", 12, "moderate", met=False),
    phq9("111 111 111", "all at 1: only item 9 counts", 9, "mild", met=False, risk=True),
    phq9("000 000 001", "risk item alone at 1", 1, "minimal", met=False, risk=True),
    phq9("000 000 002", "risk item alone at 2", 2, "minimal", met=False, risk=True),
    phq9("000 000 003", "risk item alone at 3", 3, "minimal", met=False, risk=True),
    phq9("000 000 000", "the item on difficulty is not scored", 0, "minimal", met=False, difficulty=3),
    Vector("phq-9", "yes where a number belongs", digits("000 000 00-", q9=True), None, PHQ9),
    Vector("phq-9", "an item it does not have", digits("000 000 000", q10=0), None, PHQ9),
    Vector(
        "phq-9",
        "risk item positive, everything else missing",
        digits("--- --- --1"),
        whole(
            {"total": lacking("q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8")},
            rules={MDS: None},
            risks=("q9",),
            missing=("q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8"),
        ),
        PHQ9,
    ),
    *(
        Vector(
            "phq-9",
            f"item {n} missing",
            digits("333 333 330", **{f"q{n}": None}),
            whole({"total": lacking(f"q{n}")}, rules={MDS: None}, missing=(f"q{n}",)),
            MISSING_RULE,
        )
        for n in range(1, 10)
    ),
]


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


PHQ2 = "Kroenke, Spitzer & Williams 2003"
PHQ_2 = [
    plain("phq-2", PHQ2, "00", "lowest", 0),
    plain("phq-2", PHQ2, "11", "below the cut-off", 2),
    plain("phq-2", PHQ2, "21", "at the cut-off", 3, None, "positive"),
    plain("phq-2", PHQ2, "33", "highest", 6, None, "positive"),
    *each_missing("phq-2", "33"),
]

GAD7 = "Spitzer, Kroenke, Williams & Löwe 2006; caseness: NHS Talking Therapies manual"
GAD_7 = [
    plain("gad-7", GAD7, "0000000", "lowest", 0, "minimal"),
    plain("gad-7", GAD7, "1111000", "upper end of minimal", 4, "minimal"),
    plain("gad-7", GAD7, "1111100", "lower end of mild", 5, "mild"),
    plain("gad-7", GAD7, "1111111", "below caseness", 7, "mild"),
    plain("gad-7", GAD7, "2111111", "caseness", 8, "mild", "caseness"),
    plain("gad-7", GAD7, "2211111", "upper end of mild", 9, "mild", "caseness"),
    plain("gad-7", GAD7, "2221111", "lower end of moderate", 10, "moderate", "caseness"),
    plain("gad-7", GAD7, "2222222", "upper end of moderate", 14, "moderate", "caseness"),
    plain("gad-7", GAD7, "3222222", "lower end of severe", 15, "severe", "caseness"),
    plain("gad-7", GAD7, "3333333", "highest", 21, "severe", "caseness"),
    *each_missing("gad-7", "3333333"),
]

GAD2 = "Kroenke 2007"
GAD_2 = [
    plain("gad-2", GAD2, "00", "lowest", 0),
    plain("gad-2", GAD2, "20", "below the cut-off", 2),
    plain("gad-2", GAD2, "12", "at the cut-off", 3, None, "positive"),
    plain("gad-2", GAD2, "33", "highest", 6, None, "positive"),
    *each_missing("gad-2", "33"),
]

# --- WHO-5 ------------------------------------------------------------------------------------------------------------

WHO5 = "Topp, Østergaard, Søndergaard & Bech 2015: sum times 4; 50 or less is low"
WHO_5 = [
    plain("who-5", WHO5, "00000", "lowest, which is worst", 0, None, "low", raw=0),
    plain("who-5", WHO5, "10000", "one point is four", 4, None, "low", raw=1),
    plain("who-5", WHO5, "32322", "the last score that is low (below 13 raw)", 48, None, "low", raw=12),
    plain("who-5", WHO5, "33322", "the first score that is not low", 52, raw=13),
    plain("who-5", WHO5, "55555", "highest, which is best", 100, raw=25),
    *each_missing("who-5", "55555"),
]

# --- PCL-5 ------------------------------------------------------------------------------------------------------------

PCL5 = "CamCOPS pcl5.py: clusters B 1-5, C 6-7, D 8-14, E 15-20; National Center for PTSD: 31 to 33"
CLUSTERS = {"b": range(1, 6), "c": range(6, 8), "d": range(8, 15), "e": range(15, 21)}


def pcl5(text: str, why: str, total: int, clusters: tuple[int, int, int, int], *, met: bool) -> Vector:
    cuts = [f"probable-{cut}" for cut in (31, 33) if total >= cut]
    scales = {"total": got(total, None, *cuts)}
    scales |= {f"cluster-{name}": got(score) for name, score in zip("bcde", clusters, strict=True)}
    return Vector("pcl-5", why, digits(text), whole(scales, rules={"provisional": met}), PCL5)


def pcl5_missing(n: int) -> Vector:
    """Everything at 4 but one item, which is missing: the other clusters are scored."""
    full = {"b": 20, "c": 8, "d": 28, "e": 24}
    scales = {"total": lacking(f"q{n}")}
    scales |= {f"cluster-{k}": lacking(f"q{n}") if n in CLUSTERS[k] else got(score) for k, score in full.items()}
    answers = digits("4" * 20, **{f"q{n}": None})
    return Vector(
        "pcl-5",
        f"item {n} missing",
        answers,
        whole(scales, rules={"provisional": None}, missing=(f"q{n}",)),
        MISSING_RULE,
    )


PCL_5 = [
    pcl5("00000 00 0000000 000000", "lowest", 0, (0, 0, 0, 0), met=False),
    pcl5("44444 44 4444444 444444", "highest", 80, (20, 8, 28, 24), met=True),
    pcl5("22222 22 2222222 200000", "below 31; one E only", 30, (10, 4, 14, 2), met=False),
    pcl5("32222 22 2222222 200000", "at 31", 31, (11, 4, 14, 2), met=False),
    pcl5("33222 22 2222222 200000", "between 31 and 33", 32, (12, 4, 14, 2), met=False),
    pcl5("33322 22 2222222 200000", "at 33", 33, (13, 4, 14, 2), met=False),
    pcl5("20000 20 2200000 220000", "the least that meets the rule", 12, (2, 2, 4, 4), met=True),
    pcl5("00002 02 0000022 000022", "the least, at the last item of each cluster", 12, (2, 2, 4, 4), met=True),
    pcl5("10000 20 2200000 220000", "no B at 2", 11, (1, 2, 4, 4), met=False),
    pcl5("20000 10 2200000 220000", "no C at 2", 11, (2, 1, 4, 4), met=False),
    pcl5("20000 20 2100000 220000", "one D at 2", 11, (2, 2, 3, 4), met=False),
    pcl5("20000 20 2200000 210000", "one E at 2", 11, (2, 2, 4, 3), met=False),
    pcl5("02000 20 0022000 002200", "the least, by items 2, 6, 10, 11, 17, 18", 12, (2, 2, 4, 4), met=True),
    pcl5("00200 20 2000200 220000", "the least, by items 3, 6, 8, 12, 15, 16", 12, (2, 2, 4, 4), met=True),
    pcl5("00020 20 2200000 220000", "the least, by items 4, 6, 8, 9, 15, 16", 12, (2, 2, 4, 4), met=True),
    pcl5("11111 20 2200000 220000", "every B at 1", 15, (5, 2, 4, 4), met=False),
    pcl5("20000 11 2200000 220000", "every C at 1", 12, (2, 2, 4, 4), met=False),
    pcl5("20000 20 2111111 220000", "the first D at 2, the others at 1", 16, (2, 2, 8, 4), met=False),
    pcl5("20000 20 1111112 220000", "the last D at 2, the others at 1", 16, (2, 2, 8, 4), met=False),
    pcl5("20000 20 2200000 211111", "the first E at 2, the others at 1", 15, (2, 2, 4, 7), met=False),
    pcl5("20000 20 2200000 111112", "the last E at 2, the others at 1", 15, (2, 2, 4, 7), met=False),
    *(pcl5_missing(n) for n in range(1, 21)),
]

# --- AUDIT, AUDIT-C ---------------------------------------------------------------------------------------------------

MANUAL = "Babor et al. 2001, WHO/MSD/MSB/01.6a"
ZONES = ("zone I, low risk", "zone II, hazardous", "zone III, harmful", "zone IV, look for dependence")
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

# --- K10 --------------------------------------------------------------------------------------------------------------

ABS = "Australian Bureau of Statistics 4817.0.55.001"
K10 = [
    plain("k10-abs", ABS, "1111111111", "lowest", 10, "low"),
    plain("k10-abs", ABS, "2222211111", "upper end of low", 15, "low"),
    plain("k10-abs", ABS, "2222221111", "lower end of moderate", 16, "moderate"),
    plain("k10-abs", ABS, "3222222222", "upper end of moderate", 21, "moderate"),
    plain("k10-abs", ABS, "3322222222", "lower end of high", 22, "high"),
    plain("k10-abs", ABS, "3333333332", "upper end of high", 29, "high"),
    plain("k10-abs", ABS, "3333333333", "lower end of very high", 30, "very high"),
    plain("k10-abs", ABS, "5555555555", "highest", 50, "very high"),
    *each_missing("k10-abs", "5555555555"),
    plain("k10-us", ABS, "0000000000", "lowest", 0),
    plain("k10-us", ABS, "2222222222", "the same answers are 30 in the other scheme; no band here", 20),
    plain("k10-us", ABS, "4444444444", "highest", 40),
    *each_missing("k10-us", "4444444444"),
]

# --- DASS-21 ----------------------------------------------------------------------------------------------------------

DASS = "Lovibond & Lovibond 1995; subscales: MII"
DASS_ITEMS = {
    "depression": (3, 5, 10, 13, 16, 17, 21),
    "anxiety": (2, 4, 7, 9, 15, 19, 20),
    "stress": (1, 6, 8, 11, 12, 14, 18),
}
NORMAL = "normal"


def dass_answers(depression: str, anxiety: str, stress: str) -> dict[str, int | bool | None]:
    given = {"depression": depression, "anxiety": anxiety, "stress": stress}
    found = {n: int(d) for name, text in given.items() for n, d in zip(DASS_ITEMS[name], text, strict=True)}
    return {f"q{n}": found[n] for n in range(1, 22)}


def dass(scale: str, text: str, why: str, raw: int, score: int, band: str) -> Vector:
    """One subscale as given, the others at 0."""
    given = dict.fromkeys(DASS_ITEMS, "0000000") | {scale: text}
    scales = {name: got(0, NORMAL, raw=0) for name in DASS_ITEMS} | {scale: got(score, band, raw=raw)}
    return Vector("dass-21", f"{scale}: {why}", dass_answers(**given), whole(scales), DASS)


def dass_missing(n: int) -> Vector:
    scales = {
        name: lacking(f"q{n}") if n in items else got(42, "extremely severe", raw=21)
        for name, items in DASS_ITEMS.items()
    }
    answers = digits("3" * 21, **{f"q{n}": None})
    return Vector(
        "dass-21", f"item {n} missing: its subscale only", answers, whole(scales, missing=(f"q{n}",)), MISSING_RULE
    )


DASS_21 = [
    dass("depression", "0000000", "lowest", 0, 0, NORMAL),
    dass("depression", "1111000", "upper end of normal", 4, 8, NORMAL),
    dass("depression", "1111100", "lower end of mild", 5, 10, "mild"),
    dass("depression", "1111110", "upper end of mild", 6, 12, "mild"),
    dass("depression", "1111111", "lower end of moderate", 7, 14, "moderate"),
    dass("depression", "2221111", "upper end of moderate", 10, 20, "moderate"),
    dass("depression", "2222111", "lower end of severe", 11, 22, "severe"),
    dass("depression", "2222221", "upper end of severe", 13, 26, "severe"),
    dass("depression", "2222222", "lower end of extremely severe", 14, 28, "extremely severe"),
    dass("depression", "3333333", "highest", 21, 42, "extremely severe"),
    dass("anxiety", "1110000", "upper end of normal", 3, 6, NORMAL),
    dass("anxiety", "1111000", "mild: 8 is the only even score in 8 to 9", 4, 8, "mild"),
    dass("anxiety", "1111100", "raw 5 is 10, moderate; tables of raw sums say mild", 5, 10, "moderate"),
    dass("anxiety", "1111111", "upper end of moderate", 7, 14, "moderate"),
    dass("anxiety", "2111111", "lower end of severe", 8, 16, "severe"),
    dass("anxiety", "2211111", "upper end of severe", 9, 18, "severe"),
    dass("anxiety", "2221111", "lower end of extremely severe", 10, 20, "extremely severe"),
    dass("anxiety", "3333333", "highest", 21, 42, "extremely severe"),
    dass("stress", "1111111", "upper end of normal", 7, 14, NORMAL),
    dass("stress", "2111111", "lower end of mild", 8, 16, "mild"),
    dass("stress", "2211111", "upper end of mild", 9, 18, "mild"),
    dass("stress", "2221111", "lower end of moderate", 10, 20, "moderate"),
    dass("stress", "2222211", "upper end of moderate", 12, 24, "moderate"),
    dass("stress", "2222221", "lower end of severe", 13, 26, "severe"),
    dass("stress", "3322222", "upper end of severe", 16, 32, "severe"),
    dass("stress", "3332222", "lower end of extremely severe", 17, 34, "extremely severe"),
    dass("stress", "3333333", "highest", 21, 42, "extremely severe"),
    *(dass_missing(n) for n in range(1, 22)),
]

# --- ISI, PSS-10, WSAS, EPDS ------------------------------------------------------------------------------------------

MORIN = "My HealtheVet sheet; Morin 2011"
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

COHEN = "Carnegie Mellon University; AT-PreNUDGE: items 4, 5, 7 and 8 reversed"
PSS_10 = [
    plain("pss-10", COHEN, "0004404400", "lowest", 0),
    plain("pss-10", COHEN, "4440040044", "highest", 40),
    plain("pss-10", COHEN, "0000000000", "all at 0: four reversed items count 4 each", 16),
    plain("pss-10", COHEN, "4444444444", "all at 4: six items count 4 each", 24),
    plain("pss-10", COHEN, "2222222222", "the middle stays the middle", 20),
    plain("pss-10", COHEN, "0000404400", "item 4 alone, reversed", 4),
    plain("pss-10", COHEN, "0004004400", "item 5 alone, reversed", 4),
    plain("pss-10", COHEN, "0004400400", "item 7 alone, reversed", 4),
    plain("pss-10", COHEN, "0004404000", "item 8 alone, reversed", 4),
    plain("pss-10", COHEN, "0001404400", "item 4 at 1 counts 3", 3),
    plain("pss-10", COHEN, "0004304400", "item 5 at 3 counts 1", 1),
    plain("pss-10", COHEN, "4004404400", "item 1 alone, not reversed", 4),
    plain("pss-10", COHEN, "0404404400", "item 2 alone, not reversed", 4),
    plain("pss-10", COHEN, "0044404400", "item 3 alone, not reversed", 4),
    plain("pss-10", COHEN, "0004444400", "item 6 alone, not reversed", 4),
    plain("pss-10", COHEN, "0004404440", "item 9 alone, not reversed", 4),
    plain("pss-10", COHEN, "0004404404", "item 10 alone, not reversed", 4),
    *each_missing("pss-10", "4440040044"),
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

COX = "Clincalc documentation of the EPDS; Matthey 2004"


def epds(text: str, why: str, score: int, *cuts: str, risk: bool = False) -> Vector:
    risks = ("q10",) if risk else ()
    return Vector("epds", why, digits(text), whole({"total": got(score, None, *cuts)}, risks=risks), COX)


EPDS = [
    epds("0000000000", "lowest", 0),
    epds("1111111110", "below possible", 9),
    epds("2111111110", "possible", 10, "possible"),
    epds("2221111110", "below probable", 12, "possible"),
    epds("2222111110", "probable", 13, "possible", "probable"),
    epds("3333333333", "highest", 30, "possible", "probable", risk=True),
    epds("0030000000", "item 3 is taken as scored, whatever the order of its printed answers", 3),
    epds("0000000001", "risk item alone at 1", 1, risk=True),
    epds("0000000002", "risk item alone at 2", 2, risk=True),
    epds("0000000003", "risk item alone at 3", 3, risk=True),
    Vector(
        "epds",
        "risk item positive, everything else missing",
        digits("---------1"),
        whole(
            {"total": lacking(*(f"q{n}" for n in range(1, 10)))},
            risks=("q10",),
            missing=tuple(f"q{n}" for n in range(1, 10)),
        ),
        COX,
    ),
    *each_missing("epds", "3333333333", risks=("q10",)),
]

# --- C-SSRS screener --------------------------------------------------------------------------------------------------

TRIAGE = "Columbia triage page; branches: technical manual by Millisecond"


def cssrs(
    yes: str, no: str, why: str, level: str | None, *, missing: tuple[str, ...] = (), source: str = TRIAGE
) -> Vector:
    """`yes` and `no` are the items answered so, separated by spaces; the others have no answer."""
    answers: dict[str, int | bool | None] = {key: key in yes.split() for key in [*yes.split(), *no.split()]}
    return Vector("c-ssrs", why, answers, whole({}, risks=tuple(yes.split()), level=level, missing=missing), source)


C_SSRS = [
    cssrs("", "q1 q2 q6", "no to all that belong", None),
    cssrs("q1", "q2 q6", "1 alone: low", "low"),
    cssrs("q2", "q1 q3 q4 q5 q6", "2 alone: low", "low"),
    cssrs("q1 q2", "q3 q4 q5 q6", "1 and 2: low", "low"),
    cssrs("q1 q2 q3", "q4 q5 q6", "3: moderate", "moderate"),
    cssrs("q1 q2 q4", "q3 q5 q6", "4: high", "high"),
    cssrs("q1 q2 q5", "q3 q4 q6", "5: high", "high"),
    cssrs("q1 q2 q3 q4 q5 q6 q6-recent", "", "yes to everything: high", "high"),
    cssrs("q6", "q1 q2 q6-recent", "6 ever, not in the past 3 months: moderate", "moderate"),
    cssrs("q6 q6-recent", "q1 q2", "6 in the past 3 months: high", "high"),
    cssrs("q1 q2 q3 q6", "q4 q5 q6-recent", "3 and 6 ever: moderate", "moderate"),
    cssrs("q6", "q1 q2", "6, the past 3 months not asked: at least moderate", "moderate", missing=("q6-recent",)),
    cssrs("q2", "q1 q6", "2, and 3 to 5 not asked: at least low", "low", missing=("q3", "q4", "q5")),
    cssrs("", "", "nothing answered", None, missing=("q1", "q2", "q6")),
    cssrs("", "q1 q2", "6 not answered", None, missing=("q6",)),
    cssrs("", "q2 q6", "1 not answered", None, missing=("q1",)),
    cssrs("", "q1 q6", "2 not answered", None, missing=("q2",)),
    cssrs("q5", "", "5 alone, all else missing: high all the same", "high", missing=("q1", "q2", "q6")),
    cssrs("q4", "q1 q2 q6", "4 in spite of a no to 2: high all the same", "high"),
    cssrs("q6-recent", "q1 q2", "recent, with 6 itself missing: high all the same", "high", missing=("q6",)),
    Vector("c-ssrs", "a number where yes or no belongs", {"q1": 1}, None, TRIAGE),
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

# --- Change -----------------------------------------------------------------------------------------------------------

NHS = "NHS Talking Therapies manual, as quoted in NCT05134103"
MARX = "Marx et al. 2022: 18 in the wider of two samples"
MATTHEY = "Matthey 2004: 4"
WHO_CHANGE = "Topp 2015: 10 points on the 0-100 score"
ISI_CHANGE = "Morin 2011: 8.4, moderate improvement"
NONE = "No parameters confirmed"
ERROR = "within measurement error"

CHANGES = [
    ChangeVector("phq-9", "total", "6 down", 20, 14, 6, "reliable improvement", NHS),
    ChangeVector("phq-9", "total", "5 down", 20, 15, 6, ERROR, NHS),
    ChangeVector("phq-9", "total", "6 up", 8, 14, 6, "reliable deterioration", NHS),
    ChangeVector("phq-9", "total", "5 up", 8, 13, 6, ERROR, NHS),
    ChangeVector("phq-9", "total", "the same", 10, 10, 6, ERROR, NHS),
    ChangeVector("phq-9", "total", "before invalid", None, 10, 6, "not comparable", NHS),
    ChangeVector("phq-9", "total", "after invalid", 10, None, 6, "not comparable", NHS),
    ChangeVector("gad-7", "total", "4 down", 14, 10, 4, "reliable improvement", NHS),
    ChangeVector("gad-7", "total", "3 down", 14, 11, 4, ERROR, NHS),
    ChangeVector("gad-7", "total", "4 up", 10, 14, 4, "reliable deterioration", NHS),
    ChangeVector("gad-7", "total", "3 up", 10, 13, 4, ERROR, NHS),
    ChangeVector("pcl-5", "total", "18 down", 50, 32, 18, "reliable improvement", MARX),
    ChangeVector("pcl-5", "total", "17 down", 50, 33, 18, ERROR, MARX),
    ChangeVector("pcl-5", "total", "18 up", 32, 50, 18, "reliable deterioration", MARX),
    ChangeVector("pcl-5", "total", "17 up", 32, 49, 18, ERROR, MARX),
    ChangeVector("pcl-5", "cluster-b", "clusters have no parameters", 20, 0, None, "no parameters published", NONE),
    ChangeVector("epds", "total", "4 down", 14, 10, 4, "reliable improvement", MATTHEY),
    ChangeVector("epds", "total", "3 down", 14, 11, 4, ERROR, MATTHEY),
    ChangeVector("epds", "total", "4 up", 10, 14, 4, "reliable deterioration", MATTHEY),
    ChangeVector("epds", "total", "3 up", 10, 13, 4, ERROR, MATTHEY),
    ChangeVector("who-5", "total", "12 up, better", 40, 52, 10, "improvement by the published difference", WHO_CHANGE),
    ChangeVector("who-5", "total", "8 up", 40, 48, 10, "less than the published difference", WHO_CHANGE),
    ChangeVector(
        "who-5", "total", "12 down, worse", 52, 40, 10, "deterioration by the published difference", WHO_CHANGE
    ),
    ChangeVector("who-5", "total", "8 down", 48, 40, 10, "less than the published difference", WHO_CHANGE),
    ChangeVector("isi", "total", "9 down", 20, 11, 8.4, "improvement by the published difference", ISI_CHANGE),
    ChangeVector("isi", "total", "8 down", 20, 12, 8.4, "less than the published difference", ISI_CHANGE),
    ChangeVector("isi", "total", "9 up", 11, 20, 8.4, "deterioration by the published difference", ISI_CHANGE),
    *(
        ChangeVector(key, scale, "largest change", high, low, None, "no parameters published", NONE)
        for key, scale, low, high in (
            ("phq-2", "total", 0, 6),
            ("gad-2", "total", 0, 6),
            ("audit", "total", 0, 40),
            ("audit-c", "total", 0, 12),
            ("k10-abs", "total", 10, 50),
            ("k10-us", "total", 0, 40),
            ("dass-21", "depression", 0, 42),
            ("dass-21", "anxiety", 0, 42),
            ("dass-21", "stress", 0, 42),
            ("pss-10", "total", 0, 40),
            ("wsas", "total", 0, 40),
            ("check-in", "total", 0, 60),
        )
    ),
]


def beyond(key: str, count: int, low: int, high: int, source: str) -> list[Vector]:
    """Each item with a value above and one below those it may have; nothing else is answered."""
    return [
        Vector(key, f"item {n} takes no {value}", {f"q{n}": value}, None, source)
        for n in range(1, count + 1)
        for value in (low - 1, high + 1)
    ]


BEYOND = [
    *beyond("phq-9", 9, 0, 3, PHQ9),
    *beyond("phq-2", 2, 0, 3, PHQ2),
    *beyond("gad-7", 7, 0, 3, GAD7),
    *beyond("gad-2", 2, 0, 3, GAD2),
    *beyond("who-5", 5, 0, 5, WHO5),
    *beyond("pcl-5", 20, 0, 4, PCL5),
    *beyond("audit", 10, 0, 4, MANUAL),
    *beyond("audit-c", 3, 0, 4, BUSH),
    *beyond("k10-abs", 10, 1, 5, ABS),
    *beyond("k10-us", 10, 0, 4, ABS),
    *beyond("dass-21", 21, 0, 3, DASS),
    *beyond("isi", 7, 0, 4, MORIN),
    *beyond("pss-10", 10, 0, 4, COHEN),
    *beyond("wsas", 5, 0, 8, MUNDT),
    *beyond("epds", 10, 0, 3, COX),
    *beyond("check-in", 6, 0, 10, OURS),
]

VECTORS = [
    *PHQ_9, *PHQ_2, *GAD_7, *GAD_2, *WHO_5, *PCL_5, *AUDIT, *AUDIT_C, *K10, *DASS_21, *ISI, *PSS_10, *WSAS, *EPDS,
    *C_SSRS, *CHECK_IN, *BEYOND,
]  # fmt: skip
