"""PHQ-4: the two items of the GAD-2, then the two of the PHQ-2."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.mood.phq9 import FREQUENCY, PFIZER
from intersession_schemas.instruments.definitions.numbering import keys, numbered, whole
from intersession_schemas.instruments.values import Band, Codes, CutOff, Instrument, Scale, Source

NINDS = Source(
    text="NINDS Common Data Elements, notice of copyright F2495, after Kroenke, Spitzer, Williams & Löwe 2009, "
    "Psychosomatics 50, 613-621",
    sure="V",
)

PHQ_4 = Instrument(
    key="phq-4",
    scheme="phq-4 sum 0-12",
    title="Patient Health Questionnaire 4 (PHQ-4)",
    window="the last 2 weeks",
    direction="higher is worse",
    items=numbered(
        ("Nervous", "Worry beyond control", "Interest and pleasure", "Low mood"),
        whole(0, 3),
        loinc=("69725-0", "68509-9", "44250-9", "44255-8"),
    ),
    scales=(
        Scale(
            key="total",
            label="Distress",
            items=keys(1, 2, 3, 4),
            low=0,
            high=12,
            bands=(
                Band(label="none", low=0, high=2),
                Band(label="mild", low=3, high=5),
                Band(label="moderate", low=6, high=8),
                Band(label="severe", low=9, high=12),
            ),
            bands_source=NINDS,
        ),
        Scale(
            key="anxiety",
            label="Anxiety, short",
            items=keys(1, 2),
            low=0,
            high=6,
            cut_offs=(CutOff(key="positive", label="positive screen", score=3, source=NINDS),),
        ),
        Scale(
            key="depression",
            label="Depression, short",
            items=keys(3, 4),
            low=0,
            high=6,
            cut_offs=(CutOff(key="positive", label="positive screen", score=3, source=NINDS),),
        ),
    ),
    missing="Each score needs all of its items.",
    licence=PFIZER,
    codes=Codes(
        panel="69724-3",
        total="70272-0",
        answers=FREQUENCY,
        source=Source(text="uwcirg, CIRG-PHQ-4.json; the items are those of the GAD-2 and the PHQ-2", sure="V"),
    ),
    sources=(NINDS,),
    names=("phq 4", "phq4", "patient health questionnaire 4"),
    left_out=(
        "Reliable change: no parameters found.",
        "Forms that ask for mood first: the order here is the original's.",
    ),
)
