"""PHQ-9, PHQ-2, GAD-7, GAD-2, WHO-5, EPDS: the vectors."""

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

# --- EPDS -------------------------------------------------------------------------------------------------------------

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
