"""PHQ-9: nine items on depression, and one on how hard they make things, which no score counts."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import keys, numbered, whole
from intersession_schemas.instruments.values import (
    Band,
    Codes,
    CountingRule,
    CutOff,
    Group,
    Instrument,
    Item,
    Licence,
    ReliableChange,
    RiskRule,
    Scale,
    Source,
)

CODES = Source(text="LOINC codes as in the FHIR files of uwcirg, SPiER, MII and LHC-Forms", sure="V")
PFIZER = Licence(
    status="free",
    holder="Pfizer Inc.; Spitzer, Williams, Kroenke and colleagues",
    terms="No permission required to reproduce, translate, display or distribute.",
    source=Source(text="The notice on the form", sure="V"),
)
CAMCOPS = Source(text="CamCOPS, phq9.py", sure="V")
TALKING_THERAPIES = "NHS Talking Therapies manual, as quoted in the trial record NCT05134103"
FREQUENCY = (("LA6568-5", 0), ("LA6569-3", 1), ("LA6570-1", 2), ("LA6571-9", 3))
# Which of the four answers it is; no score counts them.
DIFFICULTY = (("LA6572-7", 0), ("LA6573-5", 1), ("LA6575-0", 2), ("LA6574-3", 3))

MOOD_ITEMS = numbered(("Interest and pleasure", "Low mood"), whole(0, 3), loinc=("44250-9", "44255-8"))

PHQ_9 = Instrument(
    key="phq-9",
    scheme="phq-9 sum 0-27",
    title="Patient Health Questionnaire 9 (PHQ-9)",
    window="the last 2 weeks",
    direction="higher is worse",
    items=(
        *numbered(
            (
                "Interest and pleasure",
                "Low mood",
                "Sleep",
                "Energy",
                "Appetite",
                "Self-worth",
                "Concentration",
                "Slowed or restless",
                "Thoughts of death or self-harm",
            ),
            whole(0, 3),
            loinc=(
                "44250-9",
                "44255-8",
                "44259-0",
                "44254-1",
                "44251-7",
                "44258-2",
                "44252-5",
                "44253-3",
                "44260-8",
            ),
        ),
        Item(
            key="difficulty",
            label="Difficulty in daily life",
            allowed=whole(0, 3),
            optional=True,
            scored=False,
            loinc="69722-7",
        ),
    ),
    scales=(
        Scale(
            key="total",
            label="Depression",
            items=keys(1, 2, 3, 4, 5, 6, 7, 8, 9),
            low=0,
            high=27,
            bands=(
                Band(label="minimal", low=0, high=4),
                Band(label="mild", low=5, high=9),
                Band(label="moderate", low=10, high=14),
                Band(label="moderately severe", low=15, high=19),
                Band(label="severe", low=20, high=27),
            ),
            bands_source=Source(text="Kroenke 2001; CamCOPS, phq9.py; SPiER Questionnaire PHQ-9", sure="V"),
            cut_offs=(
                CutOff(key="caseness", label="caseness", score=10, source=Source(text=TALKING_THERAPIES, sure="V-2")),
            ),
            changes=(
                ReliableChange(
                    threshold=6,
                    which="alpha .89",
                    population="people in NHS Talking Therapies",
                    citation=TALKING_THERAPIES,
                    sure="V-2",
                ),
            ),
        ),
    ),
    missing="Not scored unless all nine items are answered. The item on difficulty may stay unanswered.",
    rules=(
        CountingRule(
            key="major-depressive-syndrome",
            label="meets the counting rule of the PHQ-9 for a major depressive syndrome",
            groups=(
                Group(key="symptoms", items=(*((f"q{n}", 2) for n in range(1, 9)), ("q9", 1)), count=5),
                Group(key="core", items=(("q1", 2), ("q2", 2)), count=1),
            ),
            source=CAMCOPS,
        ),
    ),
    risks=(
        RiskRule(
            key="q9",
            label="Thoughts of death or self-harm",
            item="q9",
            at_least=1,
            source=Source(text="Simon 2013 (ps.201200587); SPiER Questionnaire PHQ-9: any score from 1", sure="V"),
        ),
    ),
    licence=PFIZER,
    codes=Codes(panel="44249-1", total="44261-6", answers=(*FREQUENCY, *DIFFICULTY), source=CODES),
    sources=(Source(text="Kroenke, Spitzer & Williams 2001, J Gen Intern Med 16(9), 606-613", sure="V"), CAMCOPS),
    names=("phq 9", "phq9", "patient health questionnaire 9"),
    left_out=(
        "5 points as an important difference: published beside the 6 points used here, which is the stricter one.",
        "Other depressive syndrome (2 to 4 symptoms): the source read gives the rule for the major one only.",
    ),
    # English wording as the SPiER project prints it: with the item on difficulty, and without.
    wording_hashes=(
        "44b664efadca9cbe0bc0c1ef7e6349a268e3a6889c15a57ddfb204cc1e16aa45",
        "0c181d423e0532d90362a9da4fb55c8052857692cdca22a981961e6b8d5c2259",
    ),
)
