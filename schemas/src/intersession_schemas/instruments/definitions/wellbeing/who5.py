"""WHO-5: five items on well-being. Higher is better; the sum is multiplied by four."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import keys, numbered, whole
from intersession_schemas.instruments.values import (
    Codes,
    CutOff,
    Instrument,
    Licence,
    ReliableChange,
    Scale,
    Source,
)

TOPP = Source(text="Topp, Østergaard, Søndergaard & Bech 2015, Psychother Psychosom 84(3), 167-176", sure="V-2")

WHO_5 = Instrument(
    key="who-5",
    scheme="who-5 sum times 4, 0-100",
    title="WHO-5 Well-Being Index",
    window="the last 2 weeks",
    direction="higher is better",
    items=numbered(("Good spirits", "Calm", "Active", "Rested", "Interested"), whole(0, 5)),
    scales=(
        Scale(
            key="total",
            label="Well-being",
            items=keys(1, 2, 3, 4, 5),
            low=0,
            high=100,
            multiplier=4,
            cut_offs=(CutOff(key="low", label="low well-being, look for depression", score=50, source=TOPP),),
            changes=(
                ReliableChange(
                    kind="important",
                    threshold=10,
                    population="not stated",
                    citation="Topp 2015, on the 0-100 score",
                    sure="V-2",
                ),
            ),
        ),
    ),
    missing="Not scored unless all five items are answered.",
    licence=Licence(
        status="conditions",
        holder="World Health Organization",
        terms="Licence of the 2024 sheet not confirmed: ask the WHO, above all before commercial use.",
        source=Source(text="WHO sheet of 2024, not read", sure="V-2"),
    ),
    codes=Codes(snomed=("1144665009",), source=Source(text="hl7dk files", sure="V")),
    sources=(TOPP,),
    names=("who 5", "who5", "who five", "who 5 well being index"),
    left_out=(
        "28 or less as likely depression: not confirmed.",
        "CC BY-NC-SA 3.0 IGO as its licence: not confirmed.",
        "A reliable change: none found. The 10 points are a published difference, not a bound of error.",
        "LOINC codes: none found.",
    ),
)
