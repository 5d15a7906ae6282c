"""OCI-R: eighteen items on obsessions and compulsions, in six subscales of three."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import keys, numbered, whole
from intersession_schemas.instruments.values import CutOff, Instrument, Licence, Scale, Source

COMP_PSYCH = Source(text="Art83/CompPsychQ, README.md: 21 or more, and the items of the subscales", sure="V")
SUBSCALES = {
    "hoarding": ("Hoarding", (1, 7, 13)),
    "checking": ("Checking", (2, 8, 14)),
    "ordering": ("Ordering", (3, 9, 15)),
    "neutralising": ("Neutralising", (4, 10, 16)),
    "washing": ("Washing", (5, 11, 17)),
    "obsessing": ("Obsessing", (6, 12, 18)),
}

OCI_R = Instrument(
    key="oci-r",
    scheme="oci-r sum 0-72",
    title="Obsessive-Compulsive Inventory, Revised (OCI-R)",
    window="not stated in the sources read",
    direction="higher is worse",
    items=numbered(
        (
            "Things in the way",
            "Checks too often",
            "Upset by disorder",
            "Has to count",
            "Things others touched",
            "Thoughts out of control",
            "Collects needless things",
            "Checks doors and windows",
            "Upset by changed order",
            "Has to repeat numbers",
            "Washes for feeling dirty",
            "Upset by own thoughts",
            "Cannot throw away",
            "Checks taps and switches",
            "Things in a set order",
            "Good and bad numbers",
            "Washes hands too long",
            "Nasty thoughts",
        ),
        whole(0, 4),
    ),
    scales=(
        Scale(
            key="total",
            label="Obsessions and compulsions",
            items=keys(*range(1, 19)),
            low=0,
            high=72,
            cut_offs=(CutOff(key="likely", label="likely obsessive-compulsive disorder", score=21, source=COMP_PSYCH),),
        ),
        *(
            Scale(key=key, label=label, items=keys(*numbers), low=0, high=12)
            for key, (label, numbers) in SUBSCALES.items()
        ),
    ),
    missing="Each score needs all of its items.",
    licence=Licence(
        status="conditions",
        holder="Edna B. Foa and colleagues",
        terms="What its owners ask was not found: ask the authors before showing its wording.",
        source=Source(text="No notice was found", sure="V-2"),
    ),
    sources=(
        COMP_PSYCH,
        Source(text="novopsych.com.au: hoarding is items 1, 7 and 13, the other fifteen are the OCD items", sure="V"),
        Source(text="Foa et al. 2002, Psychol Assess 14(4), 485-496", sure="V-2"),
    ),
    names=("oci r", "ocir", "obsessive compulsive inventory revised"),
    left_out=(
        "The period it asks about: commonly the past month, not confirmed.",
        "12 on the fifteen items other than hoarding, 6 on hoarding (Wootton 2015): another way of scoring it.",
        "Reliable change: no parameters found.",
        "LOINC codes: none found.",
    ),
)
