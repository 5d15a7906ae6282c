"""PHQ-15: fifteen bodily symptoms. One is asked of women only, and counts 0 where it does not apply."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.mood.phq9 import PFIZER
from intersession_schemas.instruments.definitions.numbering import keys, numbered, whole
from intersession_schemas.instruments.values import (
    Band,
    Codes,
    CountingRule,
    Group,
    Instrument,
    Item,
    Scale,
    Skip,
    Source,
)

CAMCOPS = Source(text="CamCOPS, phq15.py", sure="V")
KROENKE = Source(
    text="Kroenke, Spitzer & Williams 2002, Psychosom Med 64(2), 258-266, abstract: 5, 10 and 15 for low, medium, high",
    sure="V",
)

PHQ_15 = Instrument(
    key="phq-15",
    scheme="phq-15 sum 0-30",
    title="Patient Health Questionnaire 15 (PHQ-15)",
    window="the last 4 weeks",
    direction="higher is worse",
    items=(
        Item(
            key="no-periods",
            label="The item on periods does not apply",
            allowed=(0, 1),
            type="yes-no",
            optional=True,
            scored=False,
        ),
        *numbered(
            (
                "Stomach pain",
                "Back pain",
                "Pain in limbs or joints",
                "Trouble with periods",
                "Headache",
                "Chest pain",
                "Dizziness",
                "Fainting",
                "Heartbeat",
                "Short of breath",
                "Pain or trouble in sex",
                "Bowels",
                "Nausea or indigestion",
                "Little energy",
                "Sleep",
            ),
            whole(0, 2),
        ),
    ),
    scales=(
        Scale(
            key="total",
            label="Bodily symptoms",
            items=keys(*range(1, 16)),
            low=0,
            high=30,
            bands=(
                Band(label="minimal", low=0, high=4),
                Band(label="low", low=5, high=9),
                Band(label="medium", low=10, high=14),
                Band(label="high", low=15, high=30),
            ),
            bands_source=KROENKE,
        ),
    ),
    missing="Not scored unless all fifteen items are answered. Item 4 may be marked as not applicable: it counts 0.",
    rules=(
        CountingRule(
            key="three-severe",
            label="meets the counting rule of the PHQ-15 (three symptoms at 2)",
            groups=(Group(key="severe", items=tuple((key, 2) for key in keys(*range(1, 16))), count=3),),
            source=CAMCOPS,
        ),
    ),
    skips=(Skip(when=("no-periods",), at_least=1, skipped=("q4",), source=CAMCOPS),),
    licence=PFIZER,
    codes=Codes(total="70273-8", source=Source(text="MII files: the total of the PHQ-15", sure="V")),
    sources=(CAMCOPS, KROENKE),
    names=("phq 15", "phq15", "patient health questionnaire 15"),
    left_out=(
        "Reliable change: no parameters found.",
        "LOINC codes of panel and items: none confirmed.",
        "The names mild, moderate and severe for the bands (CamCOPS): the authors say low, medium and high.",
    ),
)
