"""SPIN: seventeen items on social fear."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import keys, numbered, whole
from intersession_schemas.instruments.values import Band, CutOff, Instrument, Licence, Scale, Source

CONNOR = Source(
    text="Connor et al. 2000, Br J Psychiatry 176, 379-386, as quoted at mrcpsych.uk and socialanxiety.co", sure="V-2"
)
BANDS = Source(
    text="Cambio CDS, clinical knowledge manager, SPIN; the same ranges in Wetooa/mentara, social-phobia.ts", sure="V-2"
)

SPIN = Instrument(
    key="spin",
    scheme="spin sum 0-68",
    title="Social Phobia Inventory (SPIN)",
    window="the past week",
    direction="higher is worse",
    items=numbered(
        (
            "People in authority",
            "Blushing",
            "Parties",
            "Avoids talking to strangers",
            "Being criticised",
            "Avoids for fear of embarrassment",
            "Sweating",
            "Avoids parties",
            "Avoids being the centre",
            "Talking to strangers",
            "Avoids speeches",
            "Anything against criticism",
            "Heartbeat",
            "Being watched",
            "Looking foolish",
            "Avoids people in authority",
            "Trembling",
        ),
        whole(0, 4),
    ),
    scales=(
        Scale(
            key="total",
            label="Social fear",
            items=keys(*range(1, 18)),
            low=0,
            high=68,
            bands=(
                Band(label="none or little", low=0, high=20),
                Band(label="mild", low=21, high=30),
                Band(label="moderate", low=31, high=40),
                Band(label="severe", low=41, high=50),
                Band(label="very severe", low=51, high=68),
            ),
            bands_source=BANDS,
            cut_offs=(CutOff(key="positive", label="positive screen", score=19, source=CONNOR),),
        ),
    ),
    missing="Not scored unless all seventeen items are answered.",
    licence=Licence(
        status="permission needed",
        holder="Jonathan R. T. Davidson; Duke University",
        terms="What its owner asks was not read: ask there before showing its wording.",
        source=Source(text="No notice was read", sure="V-2"),
    ),
    sources=(CONNOR, BANDS),
    names=("spin", "social phobia inventory"),
    left_out=(
        "The subscales fear, avoidance and bodily signs: sources disagree on item 16.",
        "10 points as a reliable change (NHS): not confirmed.",
        "LOINC codes: none found.",
    ),
)
