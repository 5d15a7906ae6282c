"""WSAS: what a problem gets in the way of, in five fields. Work may be not applicable."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import keys, numbered, whole
from intersession_schemas.instruments.values import Band, Instrument, Item, Licence, Scale, Source

MUNDT = Source(
    text="Mundt, Marks, Shear & Greist 2002, Br J Psychiatry 180, 461-464, as quoted by Greenspace", sure="V-2"
)
CAMCOPS = Source(text="CamCOPS, wsas.py: without the item on work the range is 0 to 32", sure="V")

WSAS = Instrument(
    key="wsas",
    scheme="wsas sum 0-40, or 0-32 without work",
    title="Work and Social Adjustment Scale (WSAS)",
    window="now",
    direction="higher is worse",
    items=(
        Item(
            key="no-work",
            label="No work, for reasons other than the problem",
            allowed=(0, 1),
            type="yes-no",
            optional=True,
            scored=False,
        ),
        Item(key="q1", label="Work", allowed=whole(0, 8), not_applicable_when="no-work"),
        *numbered(("Work", "Home", "Leisure with others", "Leisure alone", "Close relationships"), whole(0, 8))[1:],
    ),
    scales=(
        Scale(
            key="total",
            label="Impairment",
            items=keys(1, 2, 3, 4, 5),
            low=0,
            high=40,
            bands=(
                Band(label="below 10, as in subclinical groups", low=0, high=9),
                Band(label="10 to 20, significant impairment", low=10, high=20),
                Band(label="above 20, moderately severe or worse", low=21, high=40),
            ),
            bands_source=MUNDT,
        ),
    ),
    missing="Not scored unless all five items are answered; work may be marked as not applicable. "
    "Then the range is 0 to 32, for which no bands are published.",
    licence=Licence(
        status="permission needed",
        holder="Isaac Marks",
        terms="Copyrighted; CamCOPS ships it without its text.",
        source=Source(text="CamCOPS documentation", sure="V"),
    ),
    sources=(MUNDT, CAMCOPS),
    names=("wsas", "work and social adjustment scale"),
    left_out=(
        "8 points as a reliable change: not confirmed.",
        "A threshold from the published reliabilities (alpha .70 to .94, retest .73): no SD to go with them was found.",
        "LOINC codes: none found.",
    ),
)
