"""SDQ, answered by young people themselves: twenty-five items in five scales of five. Prosocial is a strength."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import keys, numbered, whole
from intersession_schemas.instruments.values import Band, Instrument, Licence, Scale, Source

SHEET = Source(
    text="Score sheet of the self-report SDQ (scribd.com/doc/285981576) with the items numbered as at CLOSER, sdq.md",
    sure="V",
)
BANDS = Source(text="awell-score, sdq_standards.ts: the original three bands, self-completed", sure="V")
SUBSCALES = {
    "emotional": ("Emotional symptoms", (3, 8, 13, 16, 24), (0, 6, 7)),
    "conduct": ("Conduct problems", (5, 7, 12, 18, 22), (0, 4, 5)),
    "hyperactivity": ("Restlessness and inattention", (2, 10, 15, 21, 25), (0, 6, 7)),
    "peers": ("Problems with peers", (6, 11, 14, 19, 23), (0, 4, 6)),
}


def _bands(lows: tuple[int, int, int], high: int) -> tuple[Band, ...]:
    """The three bands of difficulties, from where each of them starts."""
    normal, borderline, abnormal = lows
    return (
        Band(label="normal", low=normal, high=borderline - 1),
        Band(label="borderline", low=borderline, high=abnormal - 1),
        Band(label="abnormal", low=abnormal, high=high),
    )


SDQ_SELF = Instrument(
    key="sdq-self",
    scheme="sdq self-report, difficulties 0-40",
    title="Strengths and Difficulties Questionnaire, self-report 11-17 (SDQ)",
    window="the last 6 months",
    direction="higher is worse",
    items=numbered(
        (
            "Nice to people",
            "Restless",
            "Aches and sickness",
            "Sharing",
            "Temper",
            "Mostly alone",
            "Does as told",
            "Worries",
            "Helps the hurt",
            "Fidgets",
            "Has a good friend",
            "Fights",
            "Unhappy",
            "Liked by peers",
            "Distracted",
            "Nervous with what is new",
            "Kind to the younger",
            "Accused of lying",
            "Picked on",
            "Volunteers",
            "Thinks first",
            "Takes things",
            "Better with adults",
            "Fears",
            "Finishes work",
        ),
        whole(0, 2),
        reverse=(7, 11, 14, 21, 25),
    ),
    scales=(
        Scale(
            key="difficulties",
            label="All difficulties",
            items=keys(*(number for number in range(1, 26) if number not in {1, 4, 9, 17, 20})),
            low=0,
            high=40,
            bands=_bands((0, 16, 20), 40),
            bands_source=BANDS,
        ),
        *(
            Scale(
                key=key,
                label=label,
                items=keys(*numbers),
                low=0,
                high=10,
                bands=_bands(lows, 10),
                bands_source=BANDS,
            )
            for key, (label, numbers, lows) in SUBSCALES.items()
        ),
        Scale(
            key="prosocial",
            label="Prosocial (more is better)",
            items=keys(1, 4, 9, 17, 20),
            low=0,
            high=10,
            direction="higher is better",
            bands=(
                Band(label="abnormal", low=0, high=4),
                Band(label="borderline", low=5, high=5),
                Band(label="normal", low=6, high=10),
            ),
            bands_source=BANDS,
        ),
    ),
    missing="Each score needs all of its items. The form pro-rates from three of five on; this does not.",
    licence=Licence(
        status="permission needed",
        holder="Robert Goodman; Youthinmind",
        terms="Paper forms may be copied free of charge and unchanged; electronic versions need the agreement of "
        "Youthinmind.",
        source=Source(text="pmhc-mds.com, measures/sdq.md; sdqinfo.org not read", sure="V"),
    ),
    sources=(SHEET, BANDS),
    names=("sdq self", "sdq self report", "sdq s11 17", "strengths and difficulties questionnaire self report"),
    left_out=(
        "The forms for parents and teachers: other bands; and the newer four bands, which are other ranges.",
        "The impact supplement; the sums of outward and inward problems.",
        "Pro-rating: nothing is pro-rated here.",
        "Reliable change: no parameters found.",
        "LOINC codes: none found.",
    ),
)
