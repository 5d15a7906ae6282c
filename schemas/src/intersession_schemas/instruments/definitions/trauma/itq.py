"""ITQ: post-traumatic stress and complex post-traumatic stress of the ICD-11, by counting rules. Never a diagnosis."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import whole
from intersession_schemas.instruments.values import CountingRule, Group, Instrument, Item, Licence, Scale, Source

GUIDELINES = Source(text="comorbidityguidelines.org.au, appendix P, after Cloitre et al. 2018", sure="V")
PTSD = (
    "Bad dreams of it",
    "As if it happened again",
    "Avoids inner reminders",
    "Avoids outer reminders",
    "On guard",
    "Startles",
    "In the way: people",
    "In the way: work",
    "In the way: other things",
)
SELF = (
    "Slow to calm down",
    "Numb",
    "Feels a failure",
    "Feels worthless",
    "Distant from people",
    "Hard to stay close",
    "In the way: people",
    "In the way: work",
    "In the way: other things",
)


def _keys(part: str, *numbers: int) -> tuple[str, ...]:
    return tuple(f"{part}{number}" for number in numbers)


def _groups(part: str) -> tuple[Group, ...]:
    """One of two in each of three clusters, and one of three ways of being in the way, each at 2 or more."""
    clusters = {"1-2": (1, 2), "3-4": (3, 4), "5-6": (5, 6), "7-9": (7, 8, 9)}
    return tuple(
        Group(key=f"{part}{name}", items=tuple((key, 2) for key in _keys(part, *numbers)), count=1)
        for name, numbers in clusters.items()
    )


ITQ = Instrument(
    key="itq",
    scheme="itq sums of six, 0-24 each",
    title="International Trauma Questionnaire (ITQ)",
    window="the past month; items c1 to c9: how one typically is",
    direction="higher is worse",
    items=(
        *(Item(key=f"p{number}", label=label, allowed=whole(0, 4)) for number, label in enumerate(PTSD, 1)),
        *(Item(key=f"c{number}", label=label, allowed=whole(0, 4)) for number, label in enumerate(SELF, 1)),
    ),
    scales=(
        Scale(key="ptsd", label="Post-traumatic stress", items=_keys("p", *range(1, 7)), low=0, high=24),
        Scale(key="dso", label="Disturbed self-organisation", items=_keys("c", *range(1, 7)), low=0, high=24),
    ),
    missing="Each score needs all six of its items, each counting rule all that it counts.",
    rules=(
        CountingRule(
            key="ptsd",
            label="meets the counting rule of the ITQ for PTSD (complex PTSD takes its place where that is met too)",
            groups=_groups("p"),
            source=GUIDELINES,
        ),
        CountingRule(
            key="dso",
            label="meets the counting rule of the ITQ for disturbances in self-organisation",
            groups=_groups("c"),
            source=GUIDELINES,
        ),
        CountingRule(
            key="complex-ptsd",
            label="meets the counting rule of the ITQ for complex PTSD",
            groups=(*_groups("p"), *_groups("c")),
            source=GUIDELINES,
        ),
    ),
    licence=Licence(
        status="public domain",
        holder="Cloitre, Shevlin, Brewin, Bisson, Roberts, Maercker, Karatzias and Hyland",
        terms="Stated on the form to be freely available in the public domain.",
        source=Source(text="The English form, as at scribd.com/document/582348315", sure="V"),
    ),
    sources=(GUIDELINES, Source(text="psypack.com, ITQ: P1 to P9 and C1 to C9, 2 or more", sure="V")),
    names=("itq", "international trauma questionnaire"),
    left_out=(
        "“More than 2” as the threshold, as one copy of the form prints it: the others say 2 or more.",
        "Bands and cut-offs of the two sums; reliable change: none found.",
        "The event and when it was: no part of any score.",
        "LOINC codes: none found.",
    ),
)
