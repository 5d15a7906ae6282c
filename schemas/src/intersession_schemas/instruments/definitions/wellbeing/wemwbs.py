"""WEMWBS, fourteen items on well-being, and SWEMWBS, seven of them. Higher is better."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import keys, numbered, whole
from intersession_schemas.instruments.values import Instrument, Licence, Published, Scale, Source

CAMCOPS = Source(text="CamCOPS, wemwbs.py", sure="V")
WARWICK = Source(text="warwick.ac.uk, WEMWBS, how to collect, score and interpret", sure="V")
OWNERS = Licence(
    status="conditions",
    holder="NHS Health Scotland, University of Warwick and University of Edinburgh",
    terms="Register with the University of Warwick before use; commercial use needs a licence of its own.",
    source=Source(
        text="warwick.ac.uk: registration; British-Warrior/agenoconcern, swemwbs-rasch.ts: commercial use", sure="V-2"
    ),
)
METRIC = (
    7.00, 9.51, 11.25, 12.40, 13.33, 14.08, 14.75, 15.32, 15.84, 16.36, 16.88, 17.43, 17.98, 18.59, 19.25, 19.98,
    20.73, 21.54, 22.35, 23.21, 24.11, 25.03, 26.02, 27.03, 28.13, 29.31, 30.70, 32.55, 35.00,
)  # fmt: skip

WEMWBS = Instrument(
    key="wemwbs",
    scheme="wemwbs sum 14-70",
    title="Warwick-Edinburgh Mental Well-being Scale (WEMWBS)",
    window="the last 2 weeks",
    direction="higher is better",
    items=numbered(
        (
            "Hopeful",
            "Useful",
            "Relaxed",
            "Interest in people",
            "Energy to spare",
            "Dealing with problems",
            "Clear thinking",
            "Good about oneself",
            "Close to people",
            "Confident",
            "Own mind",
            "Loved",
            "Interest in new things",
            "Cheerful",
        ),
        whole(1, 5),
    ),
    scales=(Scale(key="total", label="Well-being", items=keys(*range(1, 15)), low=14, high=70),),
    missing="Not scored unless all fourteen items are answered.",
    licence=OWNERS,
    sources=(CAMCOPS, WARWICK),
    names=("wemwbs", "warwick edinburgh mental well being scale", "warwick edinburgh mental wellbeing scale"),
    left_out=(
        "Cut-offs for depression (40, 44) and 3 points as a change: not confirmed.",
        "LOINC codes: none found.",
    ),
)

SWEMWBS = Instrument(
    key="swemwbs",
    scheme="swemwbs raw sum 7-35",
    title="Short Warwick-Edinburgh Mental Well-being Scale (SWEMWBS)",
    window="the last 2 weeks",
    direction="higher is better",
    items=numbered(
        (
            "Hopeful",
            "Useful",
            "Relaxed",
            "Dealing with problems",
            "Clear thinking",
            "Close to people",
            "Own mind",
        ),
        whole(1, 5),
    ),
    scales=(
        Scale(
            key="total",
            label="Well-being, short (raw sum)",
            items=keys(*range(1, 8)),
            low=7,
            high=35,
            published=Published(
                label="metric score",
                table=METRIC,
                source=Source(
                    text="British-Warrior/agenoconcern, swemwbs-rasch.ts, after the conversion table of Stewart-Brown "
                    "et al. 2009, Health Qual Life Outcomes 7:15",
                    sure="V-2",
                ),
            ),
        ),
    ),
    missing="Not scored unless all seven items are answered.",
    licence=OWNERS,
    sources=(CAMCOPS, WARWICK),
    names=(
        "swemwbs",
        "short warwick edinburgh mental well being scale",
        "short warwick edinburgh mental wellbeing scale",
    ),
    left_out=(
        "Bands of the metric score (low below 19.25 or so): read only once, without their source.",
        "1 to 3 points as a change (Shah 2018): of the metric score, and the source leaves it open which.",
        "LOINC codes: none found.",
    ),
)
