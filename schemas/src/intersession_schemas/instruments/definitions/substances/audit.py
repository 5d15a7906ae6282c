"""AUDIT and AUDIT-C: alcohol, ten items or the first three. The forms of the WHO, not the reworded US ones."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import keys, numbered, whole
from intersession_schemas.instruments.values import (
    Band,
    Codes,
    CutOff,
    Instrument,
    Item,
    Licence,
    Scale,
    Skip,
    Source,
)

MANUAL = "Babor, Higgins-Biddle, Saunders & Monteiro 2001, WHO/MSD/MSB/01.6a"
LABELS = (
    "How often",
    "How much on a day",
    "Many on one occasion",
    "Not able to stop",
    "Failed what was expected",
    "Morning drink",
    "Guilt",
    "Gaps in memory",
    "Injury",
    "Concern of others",
)
SKIPS = Source(
    text=f"{MANUAL}, as CamCOPS, audit.py, counts it: 2 to 8 need no answer after a 0 to question 1, nor do "
    "4 to 8 after a 0 to both 2 and 3",
    sure="V",
)
DRINKING = numbered(LABELS[:3], whole(0, 4), loinc=("68518-0", "68519-8", "68520-6"))

AUDIT = Instrument(
    key="audit",
    scheme="audit who sum 0-40",
    title="Alcohol Use Disorders Identification Test (AUDIT)",
    window="the last 12 months",
    direction="higher is worse",
    items=(
        *numbered(LABELS, whole(0, 4))[:8],
        Item(key="q9", label=LABELS[8], allowed=(0, 2, 4)),
        Item(key="q10", label=LABELS[9], allowed=(0, 2, 4)),
    ),
    scales=(
        Scale(
            key="total",
            label="Alcohol",
            items=keys(*range(1, 11)),
            low=0,
            high=40,
            bands=(
                Band(label="zone I, low risk", low=0, high=7),
                Band(label="zone II, hazardous", low=8, high=15),
                Band(label="zone III, harmful", low=16, high=19),
                Band(label="zone IV, look for dependence", low=20, high=40),
            ),
            bands_source=Source(text=f"{MANUAL}, as quoted by comorbidityguidelines.org.au, appendix U", sure="V-2"),
            cut_offs=(
                CutOff(
                    key="hazardous",
                    label="hazardous drinking",
                    score=8,
                    source=Source(text="CamCOPS, audit.py", sure="V"),
                ),
            ),
        ),
    ),
    missing="Not scored unless all ten items are answered, but for those that the form skips, which count 0: items 2 "
    "to 8 after a 0 to item 1, items 4 to 8 after a 0 to both 2 and 3. Items 9 and 10 are always asked.",
    skips=(
        Skip(when=("q1",), at_most=0, skipped=keys(*range(2, 9)), source=SKIPS),
        Skip(when=("q2", "q3"), at_most=0, skipped=keys(*range(4, 9)), source=SKIPS),
    ),
    licence=Licence(
        status="non-commercial",
        holder="World Health Organization 2001",
        terms="Free to review, reproduce and translate, but not for sale or commercial purposes.",
        source=Source(text=MANUAL, sure="V"),
    ),
    codes=Codes(panel="72110-0", total="75624-7", source=Source(text="Two files", sure="V-2")),
    sources=(Source(text="CamCOPS, audit.py", sure="V"), Source(text=MANUAL, sure="V-2")),
    names=("audit", "alcohol use disorders identification test", "alcohol use disorder identification test"),
    left_out=("Reliable change: no parameters found.", "USAUDIT: reworded, with other answers; another instrument."),
)

AUDIT_C = Instrument(
    key="audit-c",
    scheme="audit-c who sum 0-12",
    title="AUDIT-C, the consumption items of the AUDIT",
    window="the last 12 months",
    direction="higher is worse",
    items=DRINKING,
    scales=(
        Scale(
            key="total",
            label="Alcohol consumption",
            items=keys(1, 2, 3),
            low=0,
            high=12,
            cut_offs=(
                CutOff(
                    key="women",
                    label="positive screen for women",
                    score=3,
                    source=Source(text="Bush 1998; Bradley 2007; US Core AUDIT-C example", sure="V-2"),
                ),
                CutOff(
                    key="men",
                    label="positive screen for men",
                    score=4,
                    source=Source(text="Bush 1998; Bradley 2007; US Core AUDIT-C example", sure="V-2"),
                ),
            ),
        ),
    ),
    missing="Not scored unless all three items are answered.",
    licence=Licence(
        status="public domain",
        holder="Stated to be in the public domain",
        terms="Public domain according to SAMHSA; the items are those of the WHO's AUDIT.",
        source=Source(text="SAMHSA", sure="V"),
    ),
    codes=Codes(panel="72109-2", total="75626-2", source=Source(text="Several files; US Core", sure="V-2")),
    sources=(Source(text="Bush 1998; Bradley 2007", sure="V-2"),),
    names=("audit c", "auditc", "alcohol use disorder identification test consumption"),
    left_out=(
        "Reliable change: no parameters found.",
        "Forms with another third item or more than five answers: other instruments.",
    ),
)
