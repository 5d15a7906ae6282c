"""CORE-10 and YP-CORE: distress, ten items each, adults and the young. Answers are taken as the form scores them."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import keys, numbered, whole
from intersession_schemas.instruments.values import (
    Band,
    CutOff,
    Instrument,
    Licence,
    ReliableChange,
    RiskRule,
    Scale,
    Source,
)

CAMCOPS = Source(text="CamCOPS, core10.py", sure="V")
BARKHAM = "Barkham et al. 2013, Couns Psychother Res 13(1), 3-13"
BANDS = Source(
    text="O'Reilly et al. 2016, Int J Methods Psychiatr Res 25(4), 324-332, as quoted by awell-score, yp_core; "
    "the same from 11 on at socasresourcehub.com",
    sure="V-2",
)
AWELL = Source(text="awell-score, yp_core: items 3, 5 and 10 score 4 for not at all", sure="V")
RISK = Source(
    text="CamCOPS, core10.py: item 6 is on suicide; that any answer from 1 on counts is our caution", sure="V"
)
YP_RISK = Source(
    text="awell-score, yp_core: item 4 is on hurting oneself; that any answer from 1 on counts is our caution", sure="V"
)
TRUST = Licence(
    status="conditions",
    holder="CORE System Trust",
    terms="Creative Commons BY-ND 4.0: free to reproduce, in software too, with the source; no change of wording.",
    source=Source(text="coreims.co.uk/copyright.pdf, as quoted in the CamCOPS documentation", sure="V-2"),
)

CORE_10 = Instrument(
    key="core-10",
    scheme="core-10 sum 0-40",
    title="Clinical Outcomes in Routine Evaluation 10 (CORE-10)",
    window="the last week",
    direction="higher is worse",
    items=numbered(
        (
            "Tense or anxious",
            "Somebody to turn to",
            "Coping",
            "People too much",
            "Panic",
            "Plans to end one's life",
            "Sleep",
            "Despair",
            "Unhappy",
            "Unwanted images or memories",
        ),
        whole(0, 4),
        highest_first=(2, 3),
    ),
    scales=(
        Scale(
            key="total",
            label="Distress",
            items=keys(*range(1, 11)),
            low=0,
            high=40,
            bands=(
                Band(label="healthy", low=0, high=5),
                Band(label="low", low=6, high=10),
                Band(label="mild", low=11, high=14),
                Band(label="moderate", low=15, high=19),
                Band(label="moderate to severe", low=20, high=24),
                Band(label="severe", low=25, high=40),
            ),
            bands_source=BANDS,
            cut_offs=(
                CutOff(
                    key="clinical",
                    label="clinical range",
                    score=11,
                    source=Source(text=f"{BARKHAM}, abstract", sure="V"),
                ),
                CutOff(
                    key="depression",
                    label="look for depression",
                    score=13,
                    source=Source(text=f"{BARKHAM}, abstract", sure="V"),
                ),
            ),
            changes=(
                ReliableChange(
                    threshold=6,
                    which="as published, at 90 %, not 95 %",
                    population="people in primary care and the general population in the United Kingdom",
                    citation=f"{BARKHAM}, abstract",
                    sure="V",
                ),
            ),
        ),
    ),
    missing="Not scored unless all ten items are answered. The form pro-rates one missing item; this does not.",
    risks=(RiskRule(key="q6", label="Plans to end one's life", item="q6", at_least=1, source=RISK),),
    licence=TRUST,
    sources=(CAMCOPS, Source(text=f"{BARKHAM}, abstract", sure="V")),
    names=("core 10", "core10", "clinical outcomes in routine evaluation 10"),
    left_out=("Pro-rating of one missing item: nothing is pro-rated here.", "LOINC codes: none found."),
)

YP_CORE = Instrument(
    key="yp-core",
    scheme="yp-core sum 0-40",
    title="Young Person's CORE (YP-CORE)",
    window="the last week",
    direction="higher is worse",
    items=numbered(
        (
            "Edgy or nervous",
            "Not wanting to talk",
            "Coping",
            "Thoughts of hurting oneself",
            "Somebody to ask for help",
            "Distressing thoughts and feelings",
            "Problems too much",
            "Sleep",
            "Unhappy",
            "Doing what one wanted",
        ),
        whole(0, 4),
        highest_first=(3, 5, 10),
    ),
    scales=(Scale(key="total", label="Distress", items=keys(*range(1, 11)), low=0, high=40),),
    missing="Not scored unless all ten items are answered. The form pro-rates one missing item; this does not.",
    risks=(RiskRule(key="q4", label="Thoughts of hurting oneself", item="q4", at_least=1, source=YP_RISK),),
    licence=TRUST,
    sources=(
        AWELL,
        Source(
            text="coresystemtrust.org.uk: the clinical score of a complete form is the sum of its ten items", sure="V"
        ),
    ),
    names=("yp core", "ypcore", "young person s core", "young persons core"),
    left_out=(
        "Bands: those in use are the adults'.",
        "Cut-offs and reliable change: they depend on age and gender (Twigg 2016), and the numbers were not read.",
        "Pro-rating of one missing item: nothing is pro-rated here.",
        "LOINC codes: none found.",
    ),
)
