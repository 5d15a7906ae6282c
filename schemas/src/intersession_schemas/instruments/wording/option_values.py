"""Which values the answers of a question have: scores, the numbers that they are, their places, yes or no. Pure."""

from __future__ import annotations

from intersession_schemas.instruments.values import Instrument, Item
from intersession_schemas.instruments.wording.meaning.answers import said_yes
from intersession_schemas.instruments.wording.questionnaires import LOINC, Option, QuestionnaireItem

YES_NO: dict[tuple[str, str], bool] = {
    (LOINC, "LA33-6"): True,
    (LOINC, "LA32-8"): False,
    ("http://terminology.hl7.org/CodeSystem/v2-0136", "Y"): True,
    ("http://terminology.hl7.org/CodeSystem/v2-0136", "N"): False,
    ("http://snomed.info/sct", "373066001"): True,
    ("http://snomed.info/sct", "373067005"): False,
}


def numbers_or_places(question: QuestionnaireItem) -> tuple[tuple[Option, int], ...]:
    """The answers of a question with the numbers that they are, or else with their places from 0."""
    if any(option.number is None for option in question.options):
        return tuple((option, place) for place, option in enumerate(question.options))
    return tuple((option, option.number or 0) for option in question.options)


def values_of(instrument: Instrument, item: Item, question: QuestionnaireItem) -> tuple[tuple[Option, int | None], ...]:
    """The answers of an item's question with the values that are stored; of one without scores, their places."""
    values = valued(instrument, question)
    if item.scored or any(value is not None for _, value in values):
        return values
    return numbers_or_places(question)


def valued(instrument: Instrument, question: QuestionnaireItem) -> tuple[tuple[Option, int | None], ...]:
    """The answers of a question with their scores: those of the file, else those of LOINC's answer codes.

    Where an answer is a number, it is that number: the instrument says what it counts.
    """
    if question.repeats:
        return tuple((option, None) for option in question.options)
    if question.scored:
        return tuple((option, option.score) for option in question.options)
    known = dict(instrument.codes.answers)
    values = tuple(
        (
            option,
            known.get(option.code or "") if option.number is None and option.system in {LOINC, None} else option.number,
        )
        for option in question.options
    )
    return values if all(value is not None for _, value in values) else tuple((option, None) for option, _ in values)


def yes_no(question: QuestionnaireItem) -> tuple[tuple[Option, bool], ...] | None:
    """The answers of a choice between yes and no, told apart by code, by word or by scores of 1 and 0; else None.

    A yes is a yes even where it scores 0: forms score reversed items so.
    """
    if question.type != "choice" or len(question.options) != 2 or question.repeats:
        return None
    options = question.options
    by_code = [YES_NO.get((option.system or "", option.code or "")) for option in options]
    if set(by_code) == {True, False}:
        return tuple((option, bool(value)) for option, value in zip(options, by_code, strict=True))
    by_word = [said_yes(option.text) for option in options]
    if set(by_word) == {True, False}:
        return tuple((option, bool(value)) for option, value in zip(options, by_word, strict=True))
    if {option.score for option in options} == {0, 1}:
        return tuple((option, option.score == 1) for option in options)
    return None
