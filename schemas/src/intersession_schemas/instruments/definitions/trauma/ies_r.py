"""IES-R: twenty-two items on what an event still does."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import keys, numbered, whole
from intersession_schemas.instruments.values import CutOff, Instrument, Licence, Scale, Source

CAMCOPS = Source(text="CamCOPS, iesr.py", sure="V")
CREAMER = Source(text="Creamer, Bell & Failla 2003, as quoted at mrcpsych.uk", sure="V-2")

IES_R = Instrument(
    key="ies-r",
    scheme="ies-r sum 0-88",
    title="Impact of Event Scale, Revised (IES-R)",
    window="the past 7 days",
    direction="higher is worse",
    items=numbered(
        (
            "Feelings at reminders",
            "Staying asleep",
            "Other things remind",
            "Irritable",
            "Kept from getting upset",
            "Thoughts unwanted",
            "As if not real",
            "Stays away from reminders",
            "Pictures",
            "Jumpy",
            "Tries not to think of it",
            "Feelings left alone",
            "Numb",
            "As if back then",
            "Falling asleep",
            "Waves of feeling",
            "Tries to forget",
            "Concentration",
            "Body at reminders",
            "Dreams",
            "On guard",
            "Tries not to talk of it",
        ),
        whole(0, 4),
    ),
    scales=(
        Scale(
            key="total",
            label="Post-traumatic stress",
            items=keys(*range(1, 23)),
            low=0,
            high=88,
            cut_offs=(CutOff(key="probable", label="probable PTSD", score=33, source=CREAMER),),
        ),
        Scale(key="avoidance", label="Avoidance (sum)", items=keys(5, 7, 8, 11, 12, 13, 17, 22), low=0, high=32),
    ),
    missing="Each score needs all of its items.",
    licence=Licence(
        status="permission needed",
        holder="Daniel S. Weiss",
        terms="Ask before showing its wording: CamCOPS asked to embed it and was refused in 2015.",
        source=Source(text="CamCOPS documentation, iesr.rst", sure="V"),
    ),
    sources=(
        CAMCOPS,
        CREAMER,
        Source(text="Wikipedia, Impact of Event Scale - Revised: the past seven days, 0 to 88", sure="V"),
    ),
    names=("ies r", "iesr", "impact of event scale revised", "impact of events scale revised"),
    left_out=(
        "The subscales intrusion and hyperarousal: sources disagree on item 14.",
        "Means of the subscales, which the authors recommend: the sum is given; divide avoidance by 8.",
        "Other cut-offs (25 in Korea, 34 in survivors of war): of other populations.",
        "9 points as a reliable change (NHS): not confirmed.",
        "LOINC codes: none found.",
    ),
)
