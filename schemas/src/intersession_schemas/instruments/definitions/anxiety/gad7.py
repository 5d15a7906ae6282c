"""GAD-7 and GAD-2: anxiety, seven items or the first two of them."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.mood.phq9 import FREQUENCY, PFIZER, TALKING_THERAPIES
from intersession_schemas.instruments.definitions.numbering import keys, numbered, whole
from intersession_schemas.instruments.values import (
    Band,
    Codes,
    CutOff,
    Instrument,
    ReliableChange,
    Scale,
    Source,
)

SPITZER = Source(text="Spitzer, Kroenke, Williams & Löwe 2006, Arch Intern Med 166(10), 1092-1097", sure="V")
ANSWERS = Source(
    text="uwcirg, HL7 PHR IG and MII files; GAD-7 answered with the codes of LL358-3 in the HL7 PHR IG example",
    sure="V",
)
LABELS = (
    "Nervous or on edge",
    "Worry out of control",
    "Worry about many things",
    "Trouble relaxing",
    "Restlessness",
    "Irritability",
    "Fear that something awful is coming",
)
LOINC = ("69725-0", "68509-9", "69733-4", "69734-2", "69735-9", "69689-8", "69736-7")

GAD_7 = Instrument(
    key="gad-7",
    scheme="gad-7 sum 0-21",
    title="Generalized Anxiety Disorder 7 (GAD-7)",
    window="the last 2 weeks",
    direction="higher is worse",
    items=numbered(LABELS, whole(0, 3), loinc=LOINC),
    scales=(
        Scale(
            key="total",
            label="Anxiety",
            items=keys(1, 2, 3, 4, 5, 6, 7),
            low=0,
            high=21,
            bands=(
                Band(label="minimal", low=0, high=4),
                Band(label="mild", low=5, high=9),
                Band(label="moderate", low=10, high=14),
                Band(label="severe", low=15, high=21),
            ),
            bands_source=SPITZER,
            cut_offs=(
                CutOff(key="caseness", label="caseness", score=8, source=Source(text=TALKING_THERAPIES, sure="V-2")),
            ),
            changes=(
                ReliableChange(
                    threshold=4,
                    population="people in NHS Talking Therapies",
                    citation=TALKING_THERAPIES,
                    sure="V-2",
                ),
            ),
        ),
    ),
    missing="Not scored unless all seven items are answered.",
    licence=PFIZER,
    codes=Codes(panel="69737-5", total="70274-6", answers=FREQUENCY, source=ANSWERS),
    sources=(
        SPITZER,
        Source(
            text="CamCOPS documentation, citing Zorowitz 2021: forms that print the lowest answer as "
            "“not at all sure” are wrong",
            sure="V",
        ),
    ),
    names=("gad 7", "gad7", "generalized anxiety disorder 7", "generalised anxiety disorder 7"),
    left_out=("SD 4.5 and alpha .92 as parameters of reliable change: not confirmed.",),
)

GAD_2 = Instrument(
    key="gad-2",
    scheme="gad-2 sum 0-6",
    title="Generalized Anxiety Disorder 2 (GAD-2)",
    window="the last 2 weeks",
    direction="higher is worse",
    items=numbered(LABELS[:2], whole(0, 3), loinc=LOINC[:2]),
    scales=(
        Scale(
            key="total",
            label="Anxiety, short",
            items=keys(1, 2),
            low=0,
            high=6,
            cut_offs=(
                CutOff(
                    key="positive",
                    label="positive screen",
                    score=3,
                    source=Source(
                        text="Kroenke 2007, Ann Intern Med 146(5): sensitivity .86, specificity .83", sure="V-2"
                    ),
                ),
            ),
        ),
    ),
    missing="Not scored unless both items are answered.",
    licence=PFIZER,
    codes=Codes(answers=FREQUENCY, source=ANSWERS),
    sources=(Source(text="Kroenke 2007, Ann Intern Med 146(5)", sure="V-2"),),
    names=("gad 2", "gad2", "generalized anxiety disorder 2", "generalised anxiety disorder 2"),
    left_out=(
        "LOINC codes of panel and total: none found (70273-8, sometimes given, is the PHQ-15 total).",
        "Reliable change: no parameters found.",
    ),
)
