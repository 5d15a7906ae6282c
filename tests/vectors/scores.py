"""Cases of scores: what a form says, and what may be said of two scores. Every shipped instrument occurs."""

from __future__ import annotations

import msgspec
from tests.vectors.cases import Case, Json, Subject

from intersession_schemas.instruments import INSTRUMENTS, instrument, reliable_change, score
from intersession_schemas.instruments.scoring import positive_risk
from intersession_schemas.instruments.values import ReliableChange

Answer = int | bool | None


def _score(given: dict[str, Json]) -> Json:
    """Everything that one set of answers says."""
    return score(instrument(given["instrument"]), given["answers"])


def _risks(given: dict[str, Json]) -> Json:
    """The keys of the risk rules that answers meet, whatever else is wrong with them."""
    return [rule.key for rule in positive_risk(instrument(given["instrument"]), given["answers"])]


def _change(given: dict[str, Json]) -> Json:
    """What became of a score. `parameters` replaces what the instrument brings along."""
    own = given.get("parameters")
    parameters = None if own is None else msgspec.convert(own, ReliableChange)
    asked = instrument(given["instrument"])
    return reliable_change(asked, given["scale"], given["before"], given["after"], parameters)


def _answers(key: str, value: Answer = 0, **others: Answer) -> dict[str, Answer]:
    """Every required item answered with `value`, but for `others`; one that is given as None is left open."""
    return {item.key: value for item in INSTRUMENTS[key].required()} | others


def _form(shows: str, key: str, value: Answer = 0, **others: Answer) -> Case:
    return Case(shows, "score", {"instrument": key, "answers": _answers(key, value, **others)})


def _only(shows: str, key: str, call: str = "score", **answers: Json) -> Case:
    return Case(shows, call, {"instrument": key, "answers": answers})


def _changed(shows: str, key: str, before: int | None, after: int | None, scale: str = "total", **more: Json) -> Case:
    return Case(shows, "change", {"instrument": key, "scale": scale, "before": before, "after": after, **more})


def _ends(key: str) -> list[Case]:
    """The highest form of an instrument, and the lowest with its first item left open."""
    items = INSTRUMENTS[key].required()
    yes_no = items[0].type == "yes-no"
    lowest = {one.key: False if yes_no else one.allowed[0] for one in items}
    highest = {one.key: True if yes_no else one.allowed[-1] for one in items}
    forms = (
        ("highest value", highest),
        (f"lowest value, but {items[0].key} left open", {**lowest, items[0].key: None}),
    )
    return [
        Case(f"{key}: every item at its {what}.", "score", {"instrument": key, "answers": given})
        for what, given in forms
    ]


FORMS = (
    _form("The score of the PHQ-9 is the sum of its nine items.", "phq-9", 1),
    _form("A band begins at its lowest score: 5 is mild.", "phq-9", q1=3, q2=2),
    _form("A band ends at its highest score: 4 is minimal.", "phq-9", q1=3, q2=1),
    _form("A cut-off is reached at its score: 10.", "phq-9", 1, q1=2),
    _form("The optional item on difficulty is in no sum, and not missing.", "phq-9", 1, difficulty=3),
    _form("An item without an answer leaves no score; nothing is pro-rated.", "phq-9", 1, q4=None),
    _only("A form with no answer at all has everything missing.", "phq-9"),
    _form("The counting rule takes item 9 from 1 on, the others from 2 on.", "phq-9", 0, q1=2, q3=2, q4=2, q5=2, q9=1),
    _form("The counting rule needs item 1 or 2 among the five.", "phq-9", 0, q3=2, q4=2, q5=2, q6=2, q7=2),
    _form("The counting rule is undecided while an item that it counts is open.", "phq-9", 3, q8=None),
    _form("A positive risk item is told beside any score.", "phq-9", 0, q9=1),
    _only("A positive risk item is told while all else is open.", "phq-9", q9=1),
    _form("The cut-off of the PHQ-2 is reached at 3.", "phq-2", q1=2, q2=1),
    _form("GAD-7: 7 is below its cut-off, and in the band of 5 to 9.", "gad-7", 1),
    _form("GAD-7: 8 reaches its cut-off.", "gad-7", 1, q1=2),
    _form("GAD-2: 2 is below its cut-off.", "gad-2", 1),
    _form(
        "WHO-5: the raw sum is multiplied by 4, and more is better: 12 is 48, which reaches the cut-off.",
        "who-5",
        2,
        q1=4,
    ),
    _form("WHO-5: 13 is 52, which does not reach the cut-off of 50.", "who-5", 3, q1=1),
    _form("PCL-5: the whole and its four clusters are scored beside each other.", "pcl-5", 1, q1=4, q20=3),
    _form(
        "PCL-5: the counting rule is met by one B, one C, two D and two E at 2 or more.",
        "pcl-5",
        0,
        q5=2,
        q6=2,
        q8=2,
        q14=2,
        q15=2,
        q20=2,
    ),
    _form("PCL-5: with only one E the counting rule is not met.", "pcl-5", 0, q5=2, q6=2, q8=2, q14=2, q15=2),
    _form("PCL-5: an open item of cluster E leaves the other clusters their scores.", "pcl-5", 1, q20=None),
    _form("AUDIT: 8 reaches the cut-off and its band.", "audit", 0, q1=4, q9=4),
    _form("AUDIT: items 9 and 10 take 0, 2 and 4 only.", "audit", 0, q9=1),
    _form(
        "AUDIT: after a 0 to item 1 the form skips 2 to 8: they count 0 and are not missing.",
        "audit",
        None,
        q1=0,
        q9=2,
        q10=0,
    ),
    _form("AUDIT: an answer that is given in spite of the skip counts.", "audit", None, q1=0, q3=4, q9=0, q10=0),
    _form("AUDIT: after a 0 to both 2 and 3 the form skips 4 to 8.", "audit", None, q1=1, q2=0, q3=0, q9=0, q10=0),
    _form("AUDIT: 9 and 10 are never skipped.", "audit", None, q1=0, q9=0),
    _form("PC-PTSD-5: without an event the five questions are skipped, and count 0.", "pc-ptsd-5", None, event=False),
    _form("PC-PTSD-5: after an event they must be answered.", "pc-ptsd-5", None, event=True, q1=True),
    _form(
        "PHQ-15: where the item on periods does not apply, it counts 0 for the sum and for the rule.",
        "phq-15",
        1,
        q4=None,
        **{"no-periods": True},
    ),
    _form("DAST-10: in item 3 a no counts, so no to everything is 1.", "dast-10", False),
    _form(
        "SWEMWBS: beside the raw sum stands what the table converts it to: 18 is 17.43.",
        "swemwbs",
        2,
        q1=3,
        q2=3,
        q3=3,
        q4=3,
    ),
    _form(
        "EDE-Q: beside the sum of a subscale stands its mean: 13 of five items is 2.6.", "ede-q", 0, q7=6, q9=6, q19=1
    ),
    _form(
        "ORS: answers and score are tenths of a centimetre; 250 is 25 cm, which reaches the cut-off.", "ors", 62, q1=64
    ),
    _form("SDQ: the strengths are a scale of which more is better, so 4 is abnormal.", "sdq-self", 0, q1=2, q4=2),
    _form(
        "ITQ: its rule needs one of two in each cluster, and one way of being in the way.",
        "itq",
        0,
        p1=2,
        p3=2,
        p5=2,
        p9=2,
    ),
    _form("AUDIT-C: 3 reaches one of its two cut-offs.", "audit-c", 1),
    _form(
        "K10 (Australia) counts from 1: its lowest score is 10, and 16 begins the second band.",
        "k10-abs",
        1,
        q1=5,
        q2=3,
    ),
    _form("K10 (US) counts from 0, and has no bands.", "k10-us", 1),
    _form("DASS-21: three scales of seven items each, doubled.", "dass-21", 1),
    _form("DASS-21: an open item leaves its own scale without a score.", "dass-21", 1, q1=None),
    _form("ISI: 8 begins its second band, below both cut-offs.", "isi", 1, q1=2),
    _form("PSS-10: items 4, 5, 7 and 8 are turned round, so all at 1 is 18.", "pss-10", 1),
    _form("WSAS: all five items at 2 is 10, a new band.", "wsas", 2),
    _form("WSAS: without work the range is 0 to 32, and there is no band.", "wsas", 2, q1=None, **{"no-work": True}),
    _form("WSAS: work answered and marked as not applicable leaves no score.", "wsas", 2, **{"no-work": True}),
    _form("WSAS: work that is said to apply is missing when it is open.", "wsas", 2, q1=None, **{"no-work": False}),
    _form("EPDS: item 10 is a risk item, and 10 reaches the first cut-off.", "epds", 1),
    _form(
        "C-SSRS: questions 3 to 5 belong to a yes to 2, the past three months to a yes to 6.",
        "c-ssrs",
        None,
        q1=False,
        q2=False,
        q6=False,
    ),
    _form("C-SSRS: after a yes to 2, questions 3 to 5 are missing.", "c-ssrs", None, q1=True, q2=True, q6=False),
    _form(
        "C-SSRS: the highest level among the answers counts.",
        "c-ssrs",
        None,
        q1=True,
        q2=True,
        q3=True,
        q4=False,
        q5=False,
        q6=False,
    ),
    _form(
        "C-SSRS: an attempt in the past three months is the highest level.",
        "c-ssrs",
        None,
        q1=False,
        q2=False,
        q6=True,
        **{"q6-recent": True},
    ),
    _form("The check-in of our own wording has a sum and nothing to compare it with.", "check-in", 5),
    _only("An answer beyond what an item takes is refused.", "phq-9", q1=4),
    _only("An answer to an item that there is not is refused.", "phq-9", q10=1),
    _only("Yes is no number.", "phq-9", q1=True),
    _only("A number is no yes.", "c-ssrs", q1=1),
    _only("A fraction is no answer.", "phq-9", q1=1.5),
    Case("An instrument that does not ship is refused.", "score", {"instrument": "bdi", "answers": {}}),
)

RISKS = (
    _only("A risk rule is met from its least value on.", "phq-9", "risks", q9=1),
    _only("A risk rule is not met below it.", "phq-9", "risks", q9=0),
    _only("A value beyond what the item takes counts as positive: better one look too many.", "phq-9", "risks", q9=7),
    _only("A yes is positive, and each rule is named.", "c-ssrs", "risks", q1=True, q4=True),
    _only("No answer is not positive.", "epds", "risks", q10=None),
    _only("A text is not positive.", "epds", "risks", q10="3"),
)

CHANGES = (
    _changed("A difference that reaches the threshold is reliable: 6 points less on the PHQ-9.", "phq-9", 16, 10),
    _changed("One point less than the threshold is within measurement error.", "phq-9", 15, 10),
    _changed("The same the other way is a reliable deterioration.", "phq-9", 10, 16),
    _changed("One point less than the threshold, for the worse, is within measurement error too.", "phq-9", 10, 15),
    _changed("No difference is the same, and within measurement error.", "phq-9", 10, 10),
    _changed("A score that is not valid is not comparable.", "phq-9", None, 10),
    _changed("GAD-7: 4 points are reliable.", "gad-7", 12, 8),
    _changed("EPDS: 3 points are within measurement error.", "epds", 12, 9),
    _changed("PCL-5: the first of two published thresholds counts, 18 points.", "pcl-5", 50, 33),
    _changed("PCL-5: 18 points are reliable.", "pcl-5", 50, 32),
    _changed("WHO-5: more is better, and its published difference says nothing of error.", "who-5", 40, 52),
    _changed("WHO-5: less is worse.", "who-5", 52, 40),
    _changed("WHO-5: 8 points are less than the published difference.", "who-5", 40, 48),
    _changed("ORS: more is better, and 50 tenths of a centimetre are reliable.", "ors", 200, 250),
    _changed("A scale may have a direction of its own: fewer strengths are worse.", "sdq-self", 8, 5, "prosocial"),
    _changed("ISI: a threshold need not be a whole number: 9 points are beyond 8.4.", "isi", 20, 11),
    _changed("ISI: 8 points are not.", "isi", 20, 12),
    _changed("Where nothing is published nothing is said but the direction.", "pss-10", 20, 10),
    _changed("A scale of an instrument may have no parameters of its own.", "pcl-5", 20, 0, "cluster-b"),
    _changed(
        "A practice's own parameters are used instead: 1.96 × SD × √2 × √(1 − r).",
        "pss-10",
        20,
        12,
        parameters={"sd": 6.2, "reliability": 0.85, "citation": "invented", "sure": "own"},
    ),
    _changed(
        "One point less is within what they explain.",
        "pss-10",
        20,
        13,
        parameters={"sd": 6.2, "reliability": 0.85, "citation": "invented", "sure": "own"},
    ),
    _changed(
        "Parameters that cannot be are refused.",
        "pss-10",
        20,
        13,
        parameters={"sd": 6.2, "reliability": 1.5, "citation": "invented", "sure": "own"},
    ),
    _changed("A score outside of the scale's range is refused.", "phq-9", 28, 10),
    _changed("A scale that there is not is refused.", "phq-9", 20, 10, "cluster-b"),
)

SUBJECT = Subject(
    "From answers to scores, bands, cut-offs, risks and levels, and from two scores to what may be said of the "
    "difference. The instruments are in instruments.json; ../scoring-vectors.json has every edge of their numbers.",
    {"score": _score, "risks": _risks, "change": _change},
    (*FORMS, *RISKS, *CHANGES, *(case for key in INSTRUMENTS for case in _ends(key))),
)
