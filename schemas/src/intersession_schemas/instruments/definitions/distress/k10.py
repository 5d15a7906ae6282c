"""K10: ten items on distress, scored 1 to 5 (Australia) or 0 to 4 (United States). A score keeps its scheme."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import keys, numbered, whole
from intersession_schemas.instruments.values import Band, Instrument, Licence, Scale, Source

ABS = Source(text="Australian Bureau of Statistics 4817.0.55.001", sure="V")
HARVARD = Licence(
    status="conditions",
    holder="Ronald C. Kessler, Harvard Medical School",
    terms="Free to use; keep the copyright notice and the citation.",
    source=Source(text="Harvard National Comorbidity Survey pages", sure="V-2"),
)
LABELS = (
    "Tired",
    "Nervous",
    "Nervous beyond calming",
    "Hopeless",
    "Restless",
    "Too restless to sit",
    "Depressed",
    "Everything an effort",
    "Beyond cheering",
    "Worthless",
)
NAMES = ("k10", "k 10", "kessler 10", "kessler psychological distress scale 10", "kessler psychological distress scale")

K10_ABS = Instrument(
    key="k10-abs",
    scheme="k10 abs 1-5, sum 10-50",
    title="Kessler Psychological Distress Scale (K10), answers 1 to 5",
    window="the past 4 weeks",
    direction="higher is worse",
    items=numbered(LABELS, whole(1, 5)),
    scales=(
        Scale(
            key="total",
            label="Distress",
            items=keys(*range(1, 11)),
            low=10,
            high=50,
            bands=(
                Band(label="low", low=10, high=15),
                Band(label="moderate", low=16, high=21),
                Band(label="high", low=22, high=29),
                Band(label="very high", low=30, high=50),
            ),
            bands_source=ABS,
        ),
    ),
    missing="Not scored unless all ten items are answered.",
    licence=HARVARD,
    sources=(ABS,),
    names=NAMES,
    left_out=(
        "The other published bands (10-19, 20-24, 25-29, 30-50): one set only, that of the statistical office.",
        "Reliable change: no parameters found.",
        "LOINC codes: none found.",
    ),
)

K10_US = Instrument(
    key="k10-us",
    scheme="k10 us 0-4, sum 0-40",
    title="Kessler Psychological Distress Scale (K10), answers 0 to 4",
    window="the past 4 weeks",
    direction="higher is worse",
    items=numbered(LABELS, whole(0, 4)),
    scales=(Scale(key="total", label="Distress", items=keys(*range(1, 11)), low=0, high=40),),
    missing="Not scored unless all ten items are answered.",
    licence=HARVARD,
    sources=(ABS,),
    names=NAMES,
    left_out=(
        "Bands: published for the sum 10 to 50 only, and not carried over.",
        "Reliable change: no parameters found.",
        "LOINC codes: none found.",
    ),
)
