"""ISI: seven items on insomnia. Its text is licensed, so only scores are known here."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import keys, numbered, whole
from intersession_schemas.instruments.values import (
    Band,
    CutOff,
    Instrument,
    Licence,
    ReliableChange,
    Scale,
    Source,
)

MORIN = "Morin, Belleville, Bélanger & Ivers 2011, Sleep 34(5), 601-608"
GAGNON = "Gagnon, Bélanger, Ivers & Morin 2013, J Am Board Fam Med 26(6), 701-710"
SHEET = Source(text="Sheet of the Department of Veterans Affairs (My HealtheVet), used with permission", sure="V")

ISI = Instrument(
    key="isi",
    scheme="isi sum 0-28",
    title="Insomnia Severity Index (ISI)",
    window="the last 2 weeks",
    direction="higher is worse",
    items=numbered(
        (
            "Falling asleep",
            "Staying asleep",
            "Waking too early",
            "Content with sleep",
            "Seen by others",
            "Worry about sleep",
            "In the way by day",
        ),
        whole(0, 4),
    ),
    scales=(
        Scale(
            key="total",
            label="Insomnia",
            items=keys(1, 2, 3, 4, 5, 6, 7),
            low=0,
            high=28,
            bands=(
                Band(label="no clinically significant insomnia", low=0, high=7),
                Band(label="subthreshold insomnia", low=8, high=14),
                Band(label="moderate insomnia", low=15, high=21),
                Band(label="severe insomnia", low=22, high=28),
            ),
            bands_source=SHEET,
            cut_offs=(
                CutOff(
                    key="community",
                    label="case in the community",
                    score=10,
                    source=Source(text=MORIN, sure="V"),
                ),
                CutOff(
                    key="primary-care",
                    label="case in primary care",
                    score=14,
                    source=Source(text=GAGNON, sure="V"),
                ),
            ),
            changes=(
                ReliableChange(
                    kind="important",
                    threshold=8.4,
                    which="anchored on moderate improvement",
                    population="people in trials of treatment for insomnia",
                    citation=MORIN,
                    sure="V",
                ),
            ),
        ),
    ),
    missing="Not scored unless all seven items are answered.",
    licence=Licence(
        status="permission needed",
        holder="Charles M. Morin",
        terms="Copyrighted; distributed by Mapi Research Trust (ePROVIDE). Ask there before showing its wording.",
        source=Source(text="eprovide.mapi-trust.org, Insomnia Severity Index", sure="V"),
    ),
    sources=(SHEET, Source(text=MORIN, sure="V"), Source(text=GAGNON, sure="V")),
    names=("isi", "insomnia severity index"),
    left_out=("6 or 7 points as a change: not confirmed.", "LOINC codes: none found."),
)
