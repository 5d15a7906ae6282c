"""MADRS-S: the MADRS as a questionnaire, nine items on depression."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import keys, numbered, whole
from intersession_schemas.instruments.values import Band, Instrument, Licence, RiskRule, Scale, Source

SWEDEN = Source(text="doktorerna.com and distriktslakare.com, interpretation of the MADRS-S", sure="V")
ORDER = Source(
    text="Items 1 to 3 at forms.permentis.is; the rest in the order of the MADRS without its first item", sure="V-2"
)
SUICIDE = Source(
    text="BMC Medicine 7:60, table 1, on the MADRS: 2 and 3 are weary of life, with fleeting suicidal thoughts; "
    "doktorerna.com: this item calls for a judgement of suicidality",
    sure="V",
)

MADRS_S = Instrument(
    key="madrs-s",
    scheme="madrs-s sum 0-54",
    title="Montgomery-Åsberg Depression Rating Scale, self-rating (MADRS-S)",
    window="the past 3 days",
    direction="higher is worse",
    items=numbered(
        (
            "Mood",
            "Unease",
            "Sleep",
            "Appetite",
            "Concentration",
            "Getting started",
            "Feeling for others",
            "Dark thoughts",
            "Zest for life",
        ),
        whole(0, 6),
    ),
    scales=(
        Scale(
            key="total",
            label="Depression",
            items=keys(*range(1, 10)),
            low=0,
            high=54,
            bands=(
                Band(label="none or very mild", low=0, high=12),
                Band(label="mild", low=13, high=19),
                Band(label="moderate", low=20, high=34),
                Band(label="severe", low=35, high=54),
            ),
            bands_source=SWEDEN,
        ),
    ),
    missing="Not scored unless all nine items are answered.",
    risks=(RiskRule(key="q9", label="Weary of life, or thoughts of suicide", item="q9", at_least=2, source=SUICIDE),),
    licence=Licence(
        status="conditions",
        holder="Marie Åsberg; Stuart A. Montgomery",
        terms="What its owners ask was not found: ask them before showing its wording.",
        source=Source(text="No notice was found", sure="V-2"),
    ),
    sources=(SWEDEN, ORDER, SUICIDE),
    names=("madrs s", "madrss", "montgomery asberg depression rating scale self"),
    left_out=(
        "The bands of the interview (MADRS, 0 to 60): another sum.",
        "Reliable change: no parameters found.",
        "LOINC codes: none found.",
    ),
)
