"""CAGE: four questions on alcohol, yes or no."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import keys
from intersession_schemas.instruments.values import CutOff, Instrument, Item, Licence, Scale, Source

CAMCOPS = Source(text="CamCOPS, cage.py", sure="V")

CAGE = Instrument(
    key="cage",
    scheme="cage yeses 0-4",
    title="CAGE questionnaire",
    window="ever",
    direction="higher is worse",
    items=tuple(
        Item(key=f"q{number}", label=label, allowed=(0, 1), type="yes-no")
        for number, label in enumerate(("Cutting down", "Annoyed by criticism", "Guilt", "Morning drink"), 1)
    ),
    scales=(
        Scale(
            key="total",
            label="Alcohol",
            items=keys(1, 2, 3, 4),
            low=0,
            high=4,
            cut_offs=(CutOff(key="positive", label="positive screen", score=2, source=CAMCOPS),),
        ),
    ),
    missing="Not scored unless all four items are answered.",
    licence=Licence(
        status="public domain",
        holder="Believed to be in the public domain",
        terms="Its author, Ewing (1984), encourages wide use.",
        source=Source(text="CamCOPS documentation, cage.rst", sure="V"),
    ),
    sources=(CAMCOPS, Source(text="rdocumentation.org, cliot: it asks about a whole life", sure="V")),
    names=("cage", "cage questionnaire"),
    left_out=(
        "CAGE-AID, which asks about drugs as well: another instrument.",
        "Reliable change: it asks about a whole life.",
        "LOINC codes: none confirmed.",
    ),
)
