"""DASS-21: depression, anxiety and stress, seven items each; each sum is doubled to compare with the DASS-42."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import keys, numbered, whole
from intersession_schemas.instruments.values import Band, Codes, Instrument, Licence, Scale, Source

MII = Source(text="Items of the subscales: MII files", sure="V")
LOVIBOND = Source(
    text="Lovibond & Lovibond 1995, manual of the DASS, 2nd ed., as printed on public scoring sheets "
    "(revivehealthandhappiness.com.au; docs.wellxs.com)",
    sure="V-2",
)


def _bands(*lows: int) -> tuple[Band, ...]:
    """The five bands from where each of them starts, on the doubled score."""
    labels = ("normal", "mild", "moderate", "severe", "extremely severe")
    highs = (*(low - 1 for low in lows[1:]), 42)
    return tuple(Band(label=label, low=low, high=high) for label, low, high in zip(labels, lows, highs, strict=True))


DASS_21 = Instrument(
    key="dass-21",
    scheme="dass-21 sums times 2, 0-42",
    title="Depression Anxiety Stress Scales 21 (DASS-21)",
    window="the past week",
    direction="higher is worse",
    items=numbered(
        (
            "Winding down",
            "Dry mouth",
            "No good feeling",
            "Breathing",
            "Getting started",
            "Over-reacting",
            "Trembling",
            "Nervous energy",
            "Fear of panic in company",
            "Nothing ahead",
            "Agitated",
            "Relaxing",
            "Downhearted",
            "Impatient with hindrances",
            "Near panic",
            "No enthusiasm",
            "Own worth",
            "Touchy",
            "Heartbeat",
            "Scared without reason",
            "Life without meaning",
        ),
        whole(0, 3),
    ),
    scales=(
        Scale(
            key="depression",
            label="Depression",
            items=keys(3, 5, 10, 13, 16, 17, 21),
            low=0,
            high=42,
            multiplier=2,
            bands=_bands(0, 10, 14, 21, 28),
            bands_source=LOVIBOND,
        ),
        Scale(
            key="anxiety",
            label="Anxiety",
            items=keys(2, 4, 7, 9, 15, 19, 20),
            low=0,
            high=42,
            multiplier=2,
            bands=_bands(0, 8, 10, 15, 20),
            bands_source=LOVIBOND,
        ),
        Scale(
            key="stress",
            label="Stress",
            items=keys(1, 6, 8, 11, 12, 14, 18),
            low=0,
            high=42,
            multiplier=2,
            bands=_bands(0, 15, 19, 26, 34),
            bands_source=LOVIBOND,
        ),
    ),
    missing="Each subscale needs all seven of its items.",
    licence=Licence(
        status="conditions",
        holder="Psychology Foundation of Australia; S. H. and P. F. Lovibond",
        terms="Public domain, but not to be modified nor sold for profit; for professionals and researchers; "
        "cite the DASS site.",
        source=Source(text="DASS site, second-hand", sure="V-2"),
    ),
    codes=Codes(snomed=("416954004", "416767005"), source=Source(text="Depression and stress: MII files", sure="V")),
    sources=(MII, LOVIBOND),
    names=("dass 21", "dass21", "depression anxiety stress scales 21", "depression anxiety and stress scale 21"),
    left_out=(
        "Bands of sums that are not doubled: they call an anxiety of 5 mild, which doubled is 10 and moderate.",
        "Item 21 as an alert: nobody has validated one.",
        "Reliable change: no parameters found.",
        "LOINC codes, and the SNOMED code of the anxiety subscale: none found.",
    ),
)
