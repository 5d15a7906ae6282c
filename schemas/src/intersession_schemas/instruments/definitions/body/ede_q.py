"""EDE-Q 6.0: the twenty-two rated items, in four subscales. The six that count days or times are not kept."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import keys, whole
from intersession_schemas.instruments.values import Instrument, Item, Licence, Published, Scale, Source

CAMCOPS = Source(
    text="CamCOPS, edeq.py and edeq.rst: the items of the subscales; each is the mean of its items", sure="V"
)
LABELS = {
    1: "Held back from eating",
    2: "Long without eating",
    3: "Foods left out",
    4: "Rules on eating",
    5: "Wish for an empty stomach",
    6: "Wish for a flat stomach",
    7: "Thoughts of food in the way",
    8: "Thoughts of shape or weight in the way",
    9: "Fear of losing control",
    10: "Fear of gaining weight",
    11: "Felt fat",
    12: "Wish to lose weight",
    19: "Eating in secret",
    20: "Guilt after eating",
    21: "Being seen eating",
    22: "Weight and own worth",
    23: "Shape and own worth",
    24: "Being asked to weigh oneself",
    25: "Not content with weight",
    26: "Not content with shape",
    27: "Seeing own body",
    28: "Others seeing own body",
}
SUBSCALES = {
    "restraint": ("Restraint", (1, 2, 3, 4, 5)),
    "eating": ("Eating concern", (7, 9, 19, 20, 21)),
    "shape": ("Shape concern", (6, 8, 10, 11, 23, 26, 27, 28)),
    "weight": ("Weight concern", (8, 12, 22, 24, 25)),
}

EDE_Q = Instrument(
    key="ede-q",
    scheme="ede-q 6.0 sums of the subscales",
    title="Eating Disorder Examination Questionnaire 6.0 (EDE-Q)",
    window="the past 28 days",
    direction="higher is worse",
    items=tuple(Item(key=f"q{number}", label=label, allowed=whole(0, 6)) for number, label in LABELS.items()),
    scales=tuple(
        Scale(
            key=key,
            label=f"{label} (sum of {len(numbers)})",
            items=keys(*numbers),
            low=0,
            high=6 * len(numbers),
            published=Published(label="mean, 0 to 6", divisor=len(numbers), source=CAMCOPS),
        )
        for key, (label, numbers) in SUBSCALES.items()
    ),
    missing="Each subscale needs all of its items.",
    licence=Licence(
        status="permission needed",
        holder="Christopher G. Fairburn and Sarah J. Beglin",
        terms="What its owners ask was not read: ask before showing its wording.",
        source=Source(text="CamCOPS documentation, edeq.rst: rights to be established", sure="V-2"),
    ),
    sources=(
        CAMCOPS,
        Source(text="BMC Psychiatry 2020, s12888-020-02565-5: the past 28 days", sure="V"),
    ),
    names=("ede q", "edeq", "ede q 6 0", "eating disorder examination questionnaire"),
    left_out=(
        "The global score: the mean of the four means, which no sum of whole numbers holds.",
        "Cut-offs of the global score (2.3, 2.8 and others): they differ by population, and it is not scored here.",
        "Items 13 to 18, which count times and days, from none up without a bound: part of no score.",
        "Weight, height, periods and the pill: part of no score.",
        "Reliable change: no parameters found.",
        "LOINC codes: none found.",
    ),
)
