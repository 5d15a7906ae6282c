"""PHQ-2: the first two items of the PHQ-9."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.mood.phq9 import FREQUENCY, MOOD_ITEMS, PFIZER
from intersession_schemas.instruments.definitions.numbering import keys
from intersession_schemas.instruments.values import Codes, CutOff, Instrument, Scale, Source

PHQ_2 = Instrument(
    key="phq-2",
    scheme="phq-2 sum 0-6",
    title="Patient Health Questionnaire 2 (PHQ-2)",
    window="the last 2 weeks",
    direction="higher is worse",
    items=MOOD_ITEMS,
    scales=(
        Scale(
            key="total",
            label="Depression, short",
            items=keys(1, 2),
            low=0,
            high=6,
            cut_offs=(
                CutOff(
                    key="positive",
                    label="positive screen",
                    score=3,
                    source=Source(text="Kroenke, Spitzer & Williams 2003, Med Care 41(11)", sure="V-2"),
                ),
            ),
        ),
    ),
    missing="Not scored unless both items are answered.",
    licence=PFIZER,
    codes=Codes(
        panel="55757-9",
        total="55758-7",
        answers=FREQUENCY,
        source=Source(text="uwcirg patient-summary and two other files", sure="V"),
    ),
    sources=(Source(text="Kroenke, Spitzer & Williams 2003, Med Care 41(11)", sure="V-2"),),
    names=("phq 2", "phq2", "patient health questionnaire 2"),
    # The first two items of the PHQ-9's English wording as the SPiER project prints it.
    wording_hashes=("7859551d9cd9bdbafc3f800afe968afa9fb53295d002c58989efbce27f54d201",),
    left_out=("Reliable change: no parameters found.",),
)
