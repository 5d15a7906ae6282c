"""C-SSRS screener: yes or no. There is no sum; each yes has a level, and the highest one counts."""

from __future__ import annotations

from intersession_schemas.instruments.values import Codes, Instrument, Item, Licence, RiskRule, Source

TRIAGE = Source(text="Columbia triage page (cssrs.columbia.edu/triage) and Blueprint", sure="V-2")
BRANCHES = Source(text="Millisecond, technical manual of the C-SSRS screener: 3 to 5 only after a yes to 2", sure="V-2")


def _item(key: str, label: str, loinc: str, asked_when: str | None = None) -> Item:
    return Item(key=key, label=label, allowed=(0, 1), type="yes-no", loinc=loinc, asked_when=asked_when)


ITEMS = (
    _item("q1", "Wish not to be alive", "93246-7"),
    _item("q2", "Thoughts of killing oneself", "93247-5"),
    _item("q3", "Thoughts of how", "93248-3", "q2"),
    _item("q4", "Some intention", "93249-1", "q2"),
    _item("q5", "Plan and intention", "93250-9", "q2"),
    _item("q6", "Preparation or attempt, ever", "93267-3"),
    _item("q6-recent", "Preparation or attempt, past 3 months", "93269-9", "q6"),
)

C_SSRS = Instrument(
    key="c-ssrs",
    scheme="c-ssrs screener, highest level",
    title="Columbia Suicide Severity Rating Scale, screener (C-SSRS)",
    window="the past month; preparation or attempt: ever, and in the past 3 months",
    direction="higher is worse",
    items=ITEMS,
    scales=(),
    missing="Questions 3 to 5 belong to a yes to 2, the past 3 months to a yes to 6. Without all that belong, the "
    "level found is a lower bound. Any yes counts, whatever else is missing.",
    risks=(
        RiskRule(key="q1", label=ITEMS[0].label, item="q1", at_least=1, level="low", source=TRIAGE),
        RiskRule(key="q2", label=ITEMS[1].label, item="q2", at_least=1, level="low", source=TRIAGE),
        RiskRule(key="q3", label=ITEMS[2].label, item="q3", at_least=1, level="moderate", source=TRIAGE),
        RiskRule(key="q4", label=ITEMS[3].label, item="q4", at_least=1, level="high", source=TRIAGE),
        RiskRule(key="q5", label=ITEMS[4].label, item="q5", at_least=1, level="high", source=TRIAGE),
        RiskRule(key="q6", label=ITEMS[5].label, item="q6", at_least=1, level="moderate", source=TRIAGE),
        RiskRule(key="q6-recent", label=ITEMS[6].label, item="q6-recent", at_least=1, level="high", source=TRIAGE),
    ),
    licence=Licence(
        status="conditions",
        holder="Research Foundation for Mental Hygiene",
        terms="Free for providers of health and behavioural care in a record system, after registering with the "
        "Lighthouse Project; no rewording.",
        source=Source(text="SPiER memo; cssrs.columbia.edu/triage", sure="V"),
    ),
    codes=Codes(
        panel="93373-9",
        answers=(("LA33-6", 1), ("LA32-8", 0)),
        source=Source(text="Form exported from LHC-Forms; SPiER memo", sure="V"),
    ),
    sources=(TRIAGE, BRANCHES),
    names=("c ssrs", "cssrs", "c ssrs screener", "columbia suicide severity rating scale"),
    left_out=("LOINC of a total: there is no sum.",),
)
