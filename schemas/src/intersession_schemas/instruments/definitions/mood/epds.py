"""EPDS: ten items on depression around birth. Answers are taken as scores: more is worse, in every item."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import keys, numbered, whole
from intersession_schemas.instruments.values import (
    Codes,
    CutOff,
    Instrument,
    Licence,
    ReliableChange,
    RiskRule,
    Scale,
    Source,
)

CLINCALC = Source(text="Clincalc documentation of the EPDS", sure="V")
MATTHEY = "Matthey 2004, J Affect Disord"

EPDS = Instrument(
    key="epds",
    scheme="epds sum 0-30",
    title="Edinburgh Postnatal Depression Scale (EPDS)",
    window="the past 7 days",
    direction="higher is worse",
    items=numbered(
        (
            "Laughing",
            "Looking forward",
            "Self-blame",
            "Worry",
            "Fear",
            "Too much at once",
            "Sleep",
            "Sadness",
            "Crying",
            "Thoughts of self-harm",
        ),
        whole(0, 3),
        highest_first=(3, 5, 6, 7, 8, 9, 10),
    ),
    scales=(
        Scale(
            key="total",
            label="Depression around birth",
            items=keys(*range(1, 11)),
            low=0,
            high=30,
            cut_offs=(
                CutOff(key="possible", label="possible depression", score=10, source=CLINCALC),
                CutOff(key="probable", label="probable depression", score=13, source=CLINCALC),
            ),
            changes=(
                ReliableChange(
                    threshold=4,
                    which="as published",
                    population="women after birth",
                    citation=MATTHEY,
                    sure="V",
                ),
            ),
        ),
    ),
    missing="Not scored unless all ten items are answered.",
    risks=(RiskRule(key="q10", label="Thoughts of self-harm", item="q10", at_least=1, source=CLINCALC),),
    licence=Licence(
        status="permission needed",
        holder="Royal College of Psychiatrists 1987",
        terms="Copyrighted; embedding it was refused to CamCOPS in 2013. Ask the college.",
        source=Source(text="CamCOPS documentation", sure="V"),
    ),
    codes=Codes(
        panel="99046-5",
        snomed=("273441006",),
        source=Source(text="Second-hand (LOINC); SNOMED read in a file", sure="V-2"),
    ),
    sources=(CLINCALC, Source(text=MATTHEY, sure="V")),
    names=("epds", "edinburgh postnatal depression scale"),
    left_out=(
        "LOINC 71354-5: sources disagree whether it is the form or its total.",
        "LOINC codes of the items: none found.",
    ),
)
