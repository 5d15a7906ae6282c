"""ORS and SRS: four lines of ten centimetres each, on how somebody is and on how the session was. Higher is better."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import keys, numbered, whole
from intersession_schemas.instruments.values import (
    CutOff,
    Instrument,
    Licence,
    Published,
    ReliableChange,
    Scale,
    Source,
)

CAMCOPS = Source(text="CamCOPS, ors.py and srs.py: four lines, 0 to 10 each, 10 is better", sure="V")
HIBOOP = Source(text="hiboop.com, scoring of the ORS, after Miller & Duncan: 25 or less; 5 points", sure="V-2")
OPENFIT = Source(text="Support pages of OpenFIT: below 36", sure="V-2")
CENTIMETRES = Published(label="centimetres, 0 to 40", divisor=10, source=CAMCOPS)
MILLER = Licence(
    status="permission needed",
    holder="Scott D. Miller, Barry L. Duncan and colleagues",
    terms="Free of charge on paper for individual practitioners who register; groups and software need a licence.",
    source=Source(text="corc.uk.net, ORS, terms of use", sure="V"),
)

ORS = Instrument(
    key="ors",
    scheme="ors sum in tenths of a centimetre, 0-400",
    title="Outcome Rating Scale (ORS)",
    window="the past week, including today",
    direction="higher is better",
    items=numbered(("Oneself", "Close people", "Social life and work", "All in all"), whole(0, 100)),
    scales=(
        Scale(
            key="total",
            label="Well-being, in tenths of a centimetre",
            items=keys(1, 2, 3, 4),
            low=0,
            high=400,
            published=CENTIMETRES,
            cut_offs=(CutOff(key="clinical", label="clinical range of adults", score=250, source=HIBOOP),),
            changes=(
                ReliableChange(
                    threshold=50,
                    which="as published, 5 centimetres",
                    population="not stated",
                    citation=HIBOOP.text,
                    sure="V-2",
                ),
            ),
        ),
    ),
    missing="Not scored unless all four lines are marked. A mark is entered in tenths of a centimetre: 6.4 cm is 64.",
    licence=MILLER,
    sources=(CAMCOPS, HIBOOP),
    names=("ors", "outcome rating scale"),
    left_out=(
        "Cut-offs for adolescents and children, and the forms for children (CORS, YCORS): not confirmed.",
        "LOINC codes: none found.",
    ),
)

SRS = Instrument(
    key="srs",
    scheme="srs sum in tenths of a centimetre, 0-400",
    title="Session Rating Scale (SRS)",
    window="the session",
    direction="higher is better",
    items=numbered(("Relationship", "Goals and topics", "Approach", "All in all"), whole(0, 100)),
    scales=(
        Scale(
            key="total",
            label="Alliance, in tenths of a centimetre",
            items=keys(1, 2, 3, 4),
            low=0,
            high=400,
            published=CENTIMETRES,
            cut_offs=(CutOff(key="below-36", label="below 36 cm: talk about the session", score=359, source=OPENFIT),),
        ),
    ),
    missing="Not scored unless all four lines are marked. A mark is entered in tenths of a centimetre: 6.4 cm is 64.",
    licence=MILLER,
    sources=(CAMCOPS, OPENFIT),
    names=("srs", "session rating scale"),
    left_out=("Reliable change: no parameters found.", "LOINC codes: none found."),
)
