"""Y-BOCS as a questionnaire: how strong obsessions and compulsions are, five items each."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import keys, numbered, whole
from intersession_schemas.instruments.values import Band, Instrument, Licence, Scale, Source

CAMCOPS = Source(text="CamCOPS, ybocs.py: items 1 to 5, 6 to 10; 1b and 6b are part of no sum", sure="V")
BANDS = Source(text="brainphysics.com, Y-BOCS, after Goodman et al. 1989, Arch Gen Psychiatry 46, 1006-1011", sure="V")

Y_BOCS = Instrument(
    key="y-bocs",
    scheme="y-bocs severity sum 0-40",
    title="Yale-Brown Obsessive Compulsive Scale, self-report (Y-BOCS)",
    window="the past week",
    direction="higher is worse",
    items=numbered(
        (
            "Obsessions: time",
            "Obsessions: in the way",
            "Obsessions: distress",
            "Obsessions: resisting",
            "Obsessions: control",
            "Compulsions: time",
            "Compulsions: in the way",
            "Compulsions: distress",
            "Compulsions: resisting",
            "Compulsions: control",
        ),
        whole(0, 4),
    ),
    scales=(
        Scale(
            key="total",
            label="Obsessions and compulsions",
            items=keys(*range(1, 11)),
            low=0,
            high=40,
            bands=(
                Band(label="subclinical", low=0, high=7),
                Band(label="mild", low=8, high=15),
                Band(label="moderate", low=16, high=23),
                Band(label="severe", low=24, high=31),
                Band(label="extreme", low=32, high=40),
            ),
            bands_source=BANDS,
        ),
        Scale(key="obsessions", label="Obsessions", items=keys(1, 2, 3, 4, 5), low=0, high=20),
        Scale(key="compulsions", label="Compulsions", items=keys(6, 7, 8, 9, 10), low=0, high=20),
    ),
    missing="Each score needs all of its items.",
    licence=Licence(
        status="permission needed",
        holder="Wayne K. Goodman and colleagues",
        terms="Ask Wayne Goodman before showing its wording.",
        source=Source(text="The notice of the CY-BOCS-II; that of the Y-BOCS itself was not read", sure="V-2"),
    ),
    sources=(CAMCOPS, BANDS),
    names=("y bocs", "ybocs", "y bocs sr", "yale brown obsessive compulsive scale"),
    left_out=(
        "Other bands (0-13, 14-25, 26-34, 35-40): published too. Those here are of patients with both sorts.",
        "The symptom checklist, items 1b, 6b and 11 to 19; the Y-BOCS-II, which is another instrument.",
        "Reliable change: no parameters found.",
        "LOINC codes: none found.",
    ),
)
