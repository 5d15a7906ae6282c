"""DAST-10: ten questions on drugs other than alcohol, yes or no; in the third a no counts."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import keys
from intersession_schemas.instruments.values import Band, Instrument, Item, Licence, Scale, Source

GUIDELINES = Source(text="comorbidityguidelines.org.au, appendix W, after Skinner 1982", sure="V")
LABELS = (
    "Drugs without medical need",
    "More than one at a time",
    "Able to stop at will",
    "Gaps in memory or flashbacks",
    "Guilt",
    "Complaints at home",
    "Family neglected",
    "Illegal acts",
    "Withdrawal",
    "Medical trouble",
)

DAST_10 = Instrument(
    key="dast-10",
    scheme="dast-10 sum 0-10, item 3 reversed",
    title="Drug Abuse Screening Test 10 (DAST-10)",
    window="the past 12 months",
    direction="higher is worse",
    items=tuple(
        Item(key=f"q{number}", label=label, allowed=(0, 1), type="yes-no", reverse=number == 3)
        for number, label in enumerate(LABELS, 1)
    ),
    scales=(
        Scale(
            key="total",
            label="Drug problems",
            items=keys(*range(1, 11)),
            low=0,
            high=10,
            bands=(
                Band(label="no problems reported", low=0, high=0),
                Band(label="low level", low=1, high=2),
                Band(label="moderate level", low=3, high=5),
                Band(label="substantial level", low=6, high=8),
                Band(label="severe level", low=9, high=10),
            ),
            bands_source=GUIDELINES,
        ),
    ),
    missing="Not scored unless all ten items are answered.",
    licence=Licence(
        status="non-commercial",
        holder="Harvey A. Skinner; Centre for Addiction and Mental Health, Toronto, 1982",
        terms="Free to reproduce for use that is not commercial (clinical, research, training), naming the author.",
        source=Source(text="The notice of the DAST, as quoted in the CamCOPS documentation, dast.rst", sure="V-2"),
    ),
    sources=(GUIDELINES,),
    names=("dast 10", "dast10", "drug abuse screening test 10", "drug abuse screening test"),
    left_out=(
        "DAST-20 and DAST-28: other instruments, with other reversed items.",
        "Reliable change: no parameters found.",
        "LOINC codes: none confirmed.",
    ),
)
