"""PCL-5: twenty items on post-traumatic stress, in the four clusters of the DSM-5."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import keys, numbered, whole
from intersession_schemas.instruments.values import (
    Codes,
    CountingRule,
    CutOff,
    Group,
    Instrument,
    Licence,
    ReliableChange,
    Scale,
    Source,
)

CAMCOPS = Source(text="CamCOPS, pcl5.py", sure="V")
MARX = "Marx et al. 2022, Psychol Assess 34(2), 197-203"
CLUSTERS = {
    "b": ("Re-experiencing (cluster B)", range(1, 6), 1),
    "c": ("Avoidance (cluster C)", range(6, 8), 1),
    "d": ("Thoughts and mood (cluster D)", range(8, 15), 2),
    "e": ("Arousal (cluster E)", range(15, 21), 2),
}

PCL_5 = Instrument(
    key="pcl-5",
    scheme="pcl-5 sum 0-80",
    title="PTSD Checklist for DSM-5 (PCL-5)",
    window="the past month (a weekly form exists)",
    direction="higher is worse",
    items=numbered(
        (
            "Memories that intrude",
            "Bad dreams",
            "As if it happened again",
            "Upset by reminders",
            "Body reacts to reminders",
            "Avoids thoughts and feelings",
            "Avoids outer reminders",
            "Gaps in memory",
            "Dark beliefs",
            "Blame",
            "Strong bad feelings",
            "Lost interest",
            "Distance from people",
            "No good feelings",
            "Irritable or aggressive",
            "Takes risks",
            "On guard",
            "Startles",
            "Concentration",
            "Sleep",
        ),
        whole(0, 4),
    ),
    scales=(
        Scale(
            key="total",
            label="Post-traumatic stress",
            items=keys(*range(1, 21)),
            low=0,
            high=80,
            cut_offs=(
                CutOff(
                    key="probable-31",
                    label="lower end of the published range for probable PTSD (31 to 33)",
                    score=31,
                    source=Source(text="Forkus 2022, PMC10292741; National Center for PTSD", sure="V"),
                ),
                CutOff(
                    key="probable-33",
                    label="upper end of the published range for probable PTSD (31 to 33)",
                    score=33,
                    source=Source(text="Forkus 2022, PMC10292741; National Center for PTSD", sure="V"),
                ),
            ),
            changes=(
                ReliableChange(
                    threshold=18,
                    population="male veterans in a trial of treatment (N = 102, sample 2); the wider of two",
                    citation=MARX,
                    sure="V",
                ),
                ReliableChange(
                    threshold=15,
                    population="male veterans in a trial of treatment (N = 198, sample 1)",
                    citation=MARX,
                    sure="V",
                ),
            ),
        ),
        *(
            Scale(key=f"cluster-{name}", label=label, items=keys(*numbers), low=0, high=4 * len(numbers))
            for name, (label, numbers, _) in CLUSTERS.items()
        ),
    ),
    missing="Each score needs all of its items.",
    rules=(
        CountingRule(
            key="provisional",
            label="meets the counting rule of the PCL-5 (one B, one C, two D, two E, each at 2 or more)",
            groups=tuple(
                Group(key=name, items=tuple((f"q{number}", 2) for number in numbers), count=count)
                for name, (_, numbers, count) in CLUSTERS.items()
            ),
            source=CAMCOPS,
        ),
    ),
    licence=Licence(
        status="public domain",
        holder="US Department of Veterans Affairs, National Center for PTSD",
        terms="Work of the US Government, public domain.",
        source=Source(text="CamCOPS documentation", sure="V"),
    ),
    codes=Codes(
        panel="101697-1",
        total="101698-9",
        source=Source(text="A guide of 2026 that checked at tx.fhir.org and NLM Clinical Tables", sure="V-2"),
    ),
    sources=(CAMCOPS, Source(text=MARX, sure="V")),
    names=("pcl 5", "pcl5", "ptsd checklist for dsm 5", "ptsd checklist 5"),
    left_out=(
        "10 points as a reliable change and 32 as caseness (NHS): not confirmed.",
        "LOINC codes of the items: none found.",
        "9 to 12 points as an important difference (Blanchard 2023, primary care): below the error Marx found.",
    ),
)
