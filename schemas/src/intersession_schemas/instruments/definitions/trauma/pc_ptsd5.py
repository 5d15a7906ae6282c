"""PC-PTSD-5: whether something terrible happened, and five questions on what it left, yes or no."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import keys
from intersession_schemas.instruments.values import Codes, CutOff, Instrument, Item, Licence, Scale, Skip, Source

GUIDELINES = Source(text="comorbidityguidelines.org.au, appendix R, after Prins et al. 2016", sure="V")
LABELS = ("Bad dreams or memories", "Avoiding", "On guard", "Numb or far away", "Guilt or blame")
LOINC = ("102012-2", "102013-0", "102014-8", "102015-5", "102016-3")

PC_PTSD_5 = Instrument(
    key="pc-ptsd-5",
    scheme="pc-ptsd-5 yeses 0-5",
    title="Primary Care PTSD Screen for DSM-5 (PC-PTSD-5)",
    window="the past month; the event: ever",
    direction="higher is worse",
    items=(
        Item(
            key="event", label="Lived through a trauma", allowed=(0, 1), type="yes-no", scored=False, loinc="102011-4"
        ),
        *(
            Item(key=f"q{number}", label=label, allowed=(0, 1), type="yes-no", loinc=loinc)
            for number, (label, loinc) in enumerate(zip(LABELS, LOINC, strict=True), 1)
        ),
    ),
    scales=(
        Scale(
            key="total",
            label="Post-traumatic stress, short",
            items=keys(1, 2, 3, 4, 5),
            low=0,
            high=5,
            cut_offs=(
                CutOff(key="sensitive", label="probable PTSD, the most sensitive cut-off", score=3, source=GUIDELINES),
                CutOff(key="efficient", label="probable PTSD, the most efficient cut-off", score=4, source=GUIDELINES),
            ),
        ),
    ),
    missing="A no to the event ends the form: the five questions are skipped then, and count 0. After a yes all five "
    "must be answered.",
    skips=(Skip(when=("event",), at_most=0, skipped=keys(1, 2, 3, 4, 5), source=GUIDELINES),),
    licence=Licence(
        status="public domain",
        holder="US Department of Veterans Affairs, National Center for PTSD",
        terms="Work of the US Government, as the PCL-5.",
        source=Source(text="By the same centre as the PCL-5; its own notice was not read", sure="V-2"),
    ),
    codes=Codes(
        panel="102010-6",
        total="102017-1",
        source=Source(
            text="uwcirg, CIRG-PC-PTSD-5.json: 102011-4 to 102016-3, the digits between by LOINC's check digit",
            sure="V",
        ),
    ),
    sources=(GUIDELINES,),
    names=("pc ptsd 5", "pc ptsd5", "pcptsd 5", "primary care ptsd screen for dsm 5"),
    left_out=(
        "A cut-off for women of its own: named in places, no number confirmed.",
        "Reliable change: it is a screen, no parameters found.",
    ),
)
