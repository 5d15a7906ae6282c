"""Instruments as data, their scoring, and the reading of official wording from FHIR Questionnaires."""

from intersession_schemas.instruments.change import Change, jacobson_truax, reliable_change
from intersession_schemas.instruments.fhir import read_questionnaire
from intersession_schemas.instruments.known import INSTRUMENTS, instrument
from intersession_schemas.instruments.matching import Recognised, match, recognise
from intersession_schemas.instruments.questionnaires import (
    Problem,
    Question,
    Questionnaire,
    QuestionnaireInvalid,
    in_language,
)
from intersession_schemas.instruments.scoring import (
    Answer,
    Answers,
    Counted,
    ScaleScore,
    Scored,
    check_answers,
    highest_level,
    missing_items,
    positive_risk,
    score,
)
from intersession_schemas.instruments.values import (
    Band,
    BoundWording,
    Choice,
    CutOff,
    Instrument,
    Item,
    Licence,
    Prompt,
    ReliableChange,
    RiskRule,
    Scale,
    Source,
)
from intersession_schemas.instruments.wording import Imported, bind, instrument_from, take, wording_hash

__all__ = [
    "INSTRUMENTS",
    "Answer",
    "Answers",
    "Band",
    "BoundWording",
    "Change",
    "Choice",
    "Counted",
    "CutOff",
    "Imported",
    "Instrument",
    "Item",
    "Licence",
    "Problem",
    "Prompt",
    "Question",
    "Questionnaire",
    "QuestionnaireInvalid",
    "Recognised",
    "ReliableChange",
    "RiskRule",
    "Scale",
    "ScaleScore",
    "Scored",
    "Source",
    "bind",
    "check_answers",
    "highest_level",
    "in_language",
    "instrument",
    "instrument_from",
    "jacobson_truax",
    "match",
    "missing_items",
    "positive_risk",
    "read_questionnaire",
    "recognise",
    "reliable_change",
    "score",
    "take",
    "wording_hash",
]
