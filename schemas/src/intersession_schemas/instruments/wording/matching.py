"""Which known instrument a questionnaire is, and whether it is what it says.

LOINC codes of the items decide first, then that of the panel, then names with the number of items and the scores. What
is named and does not fit, or would lose scores or risk items, is for a person to decide, never a silent best guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from intersession_schemas.instruments.known import INSTRUMENTS
from intersession_schemas.instruments.values import Instrument, Item
from intersession_schemas.instruments.wording.conditions import check_conditions
from intersession_schemas.instruments.wording.confirming import check_items
from intersession_schemas.instruments.wording.directions import check_directions
from intersession_schemas.instruments.wording.meaning.risk import asks_about_risk
from intersession_schemas.instruments.wording.naming import named_in
from intersession_schemas.instruments.wording.option_values import values_of, yes_no
from intersession_schemas.instruments.wording.pairing import ItemMatching, askable, pair
from intersession_schemas.instruments.wording.questionnaires import (
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireProblem,
    QuestionnaireUnclear,
    shortened,
)
from intersession_schemas.instruments.wording.risks import can_be_watched

MatchedBy = Literal["items", "panel", "name"]


class Recognised(Struct, frozen=True, kw_only=True):
    """What a questionnaire was found to be.

    `doubts` say why it was not taken for `suspect`, the instrument whose name, codes or texts it has, or why it cannot
    be taken as one of its own without a word; a person decides then. `candidates` are the keys of instruments that it
    can be taken as, each with how many of its scored questions would not be asked then. `unwatched` are the linkIds of
    questions about death or self-harm, that no rule of a new instrument would watch, with what to say of each.
    """

    instrument: Instrument | None
    by: MatchedBy | None
    suspect: Instrument | None = None
    doubts: tuple[QuestionnaireProblem, ...] = ()
    candidates: Mapping[str, int] = {}
    unwatched: Mapping[str, QuestionnaireProblem] = {}


def match(questionnaire: Questionnaire) -> Instrument | None:
    """The known instrument that this is, or None.

    Raises `QuestionnaireUnclear` when its LOINC codes name an instrument that its questions or scores do not fit, or
    that does not score all that the file scores.
    """
    return recognise(questionnaire).instrument


def recognise(questionnaire: Questionnaire) -> Recognised:
    """As `match`, with how it was found and what kept a mere name from counting."""
    by_items = _by_items(questionnaire)
    found = by_items or _by_panel(questionnaire)
    unwatched = unwatched_questions(questionnaire)
    if found is not None:
        if problems := [*compare(found, questionnaire), *_lost(found, questionnaire)]:
            raise QuestionnaireUnclear(
                found.title,
                problems,
                _candidates([found], questionnaire),
                unwatched=bool(found.risks or unwatched),
                risky=watchable(questionnaire, unwatched),
            )
        return Recognised(instrument=found, by="items" if by_items else "panel")
    named, others = named_in(questionnaire)
    suspect, doubts = None, list[QuestionnaireProblem]()
    for candidate in named:
        problems = [
            *compare(candidate, questionnaire),
            *_lost(candidate, questionnaire),
            *_coded_otherwise(candidate, questionnaire),
        ]
        if not problems:
            return Recognised(instrument=candidate, by="name")
        if suspect is None:
            suspect, doubts = candidate, problems
    if suspect is None:
        suspect, doubts = _risks_of_others(questionnaire, others)
    if suspect is None:
        suspect, doubts = _by_texts(questionnaire)
    if suspect is None:
        doubts = list(unkept_conditions(questionnaire))
    suspects = [] if suspect is None else [suspect]
    return Recognised(
        instrument=None,
        by=None,
        suspect=suspect,
        doubts=tuple(doubts),
        candidates=_candidates([*suspects, *named, *others], questionnaire) if suspects else {},
        unwatched=unwatched,
    )


def _candidates(suspects: Iterable[Instrument], questionnaire: Questionnaire) -> dict[str, int]:
    """The keys of those that a person may say it is: all that nothing in the file speaks against."""
    named, others = named_in(questionnaire)
    found = {one.key: one for one in (*suspects, *named, *others)}
    return {
        key: len(_lost(one, questionnaire, trusted=True))
        for key, one in found.items()
        if not compare(one, questionnaire, trusted=True)
    }


def unwatched_questions(questionnaire: Questionnaire) -> dict[str, QuestionnaireProblem]:
    """The questions about death or self-harm, by text or by code, of which a number or a yes or no can be stored."""
    asked = {question.link_id for _, question in askable(questionnaire)}
    risky = {
        instrument.item(risk.item).loinc: (instrument, risk)
        for instrument in INSTRUMENTS.values()
        for risk in instrument.risks
    }
    found = {}
    for question in questionnaire.questions:
        code = next((code for code in question.loinc if code in risky), None)
        what = None
        if code is not None:
            instrument, risk = risky[code]
            what = f"Is coded as a risk item of {instrument.title} (“{risk.label}”); a new instrument has none."
        elif asks_about_risk(question.text):
            what = f"Asks about death or self-harm (“{shortened(question.text)}”); a new instrument has no risk rule."
        if what is not None and question.link_id in asked:
            found[question.link_id] = QuestionnaireProblem(where=question.path, what=what)
    return found


def watchable(questionnaire: Questionnaire, links: Iterable[str]) -> tuple[str, ...]:
    """Of these questions, by linkId, those that a risk rule can watch: not where higher values say less."""
    wanted = set(links)
    return tuple(
        question.link_id
        for item, question in askable(questionnaire)
        if question.link_id in wanted and can_be_watched(item, question)
    )


def _risks_of_others(
    questionnaire: Questionnaire, others: Iterable[Instrument]
) -> tuple[Instrument | None, list[QuestionnaireProblem]]:
    """A known instrument with risk items of which this is another form."""
    for other in others:
        if other.risks:
            what = f"Says that it is another form of {other.title}. A new instrument has no risk items."
            return other, [QuestionnaireProblem(where="Questionnaire.title", what=what)]
    return None, []


def _by_texts(questionnaire: Questionnaire) -> tuple[Instrument | None, list[QuestionnaireProblem]]:
    """A known instrument with risk items whose every question this asks, by what the texts mean."""
    for instrument in INSTRUMENTS.values():
        pairing = pair(instrument, questionnaire) if instrument.risks else None
        if pairing is not None and pairing.questions and not pairing.problems:
            checked = check_items(instrument, pairing.questions)
            if not checked.wrong and not checked.unsure:
                what = f"Its questions read as those of {instrument.title}; neither its name nor its codes say so."
                return instrument, [QuestionnaireProblem(where="Questionnaire.title", what=what)]
    return None, []


def unkept_conditions(questionnaire: Questionnaire) -> tuple[QuestionnaireProblem, ...]:
    """Questions that a file asks under a condition which an instrument made of it cannot have."""
    what = (
        "Is asked only under a condition (enableWhen). Of an instrument of your own, only a question without a score "
        "can wait for a yes to a yes-no question before it; this one would be asked always."
    )
    return tuple(
        QuestionnaireProblem(where=question.path, what=what)
        for item, question in askable(questionnaire)
        if question.conditional and item.asked_when is None
    )


def compare(
    instrument: Instrument, questionnaire: Questionnaire, *, trusted: bool = False
) -> tuple[QuestionnaireProblem, ...]:
    """What of a questionnaire does not fit an instrument: questions, their order and meaning, scores, conditions.

    `trusted`: somebody has said what it is. Then what nothing confirms is taken on their word; what clearly means
    another item, or scores that run against what the answers say, are not.
    """
    pairing = pair(instrument, questionnaire, trusted=trusted)
    problems = list(pairing.problems)
    if not problems:
        problems += _order(instrument, questionnaire, pairing)
        for item, question in pairing.questions:
            problems += _fits(instrument, item, question)
    if not problems and instrument.key in INSTRUMENTS:
        items = check_items(instrument, pairing.questions)
        directed = check_directions(instrument, pairing.questions)
        problems += [*items.wrong, *directed.wrong]
        if not trusted:
            problems += [*items.unsure, *directed.unsure, *check_conditions(instrument, pairing.questions)]
    return tuple(problems)


def _by_items(questionnaire: Questionnaire) -> Instrument | None:
    """The instrument all of whose items are here by code, and nothing else that is scored."""
    here = {code for question in questionnaire.questions for code in question.loinc}
    found = [
        instrument
        for instrument in INSTRUMENTS.values()
        if all(item.loinc in here for item in instrument.required()) and not _extra(instrument, questionnaire)
    ]
    return max(found, key=lambda instrument: len(instrument.items), default=None)


def _extra(instrument: Instrument, questionnaire: Questionnaire) -> bool:
    """Whether more is scored than the items of the instrument."""
    return bool(_lost(instrument, questionnaire))


def _lost(instrument: Instrument, questionnaire: Questionnaire, *, trusted: bool = False) -> list[QuestionnaireProblem]:
    """What the file scores, and the instrument does not have."""
    pairing = pair(instrument, questionnaire, trusted=trusted)
    used = {question.path for _, question in pairing.questions}
    what = f"Has scores but is not part of {instrument.title}: it would be dropped."
    lost = [question for question in questionnaire.questions if question.scored and question.path not in used]
    return [] if pairing.problems else [QuestionnaireProblem(where=question.path, what=what) for question in lost]


def _by_panel(questionnaire: Questionnaire) -> Instrument | None:
    panels = {instrument.codes.panel: instrument for instrument in INSTRUMENTS.values() if instrument.codes.panel}
    return next((panels[code] for code in questionnaire.loinc if code in panels), None)


def _coded_otherwise(instrument: Instrument, questionnaire: Questionnaire) -> list[QuestionnaireProblem]:
    """That a bearer of the name has items with LOINC codes, and they are others than those known for it."""
    known = {item.loinc for item in instrument.items if item.loinc}
    here = {code for question in questionnaire.questions if question.scored for code in question.loinc}
    if not (known and here and not known & here):
        return []
    return [QuestionnaireProblem(where="Questionnaire.item", what=f"None of its codes belongs to {instrument.title}.")]


def _order(instrument: Instrument, questionnaire: Questionnaire, pairing: ItemMatching) -> list[QuestionnaireProblem]:
    places = {question.path: place for place, question in enumerate(questionnaire.questions)}
    asked = [(item, question) for item, question in pairing.questions if not item.optional]
    problems = []
    for (before, first), (item, question) in pairwise(asked):
        if places[question.path] < places[first.path]:
            what = f"“{item.label}” comes before “{before.label}”; {instrument.title} asks them the other way round."
            problems.append(QuestionnaireProblem(where=question.path, what=what))
    return problems


def _fits(instrument: Instrument, item: Item, question: QuestionnaireItem) -> list[QuestionnaireProblem]:
    """Whether a question offers exactly the values of an item."""
    if item.type == "yes-no":
        if question.type == "boolean" or yes_no(question) is not None:
            return []
        what = "Its answers cannot be recognised as yes and no. Make it a boolean, or code them LA33-6 and LA32-8."
        return [QuestionnaireProblem(where=question.path, what=what)]
    takes = ", ".join(map(str, item.allowed))
    if question.type == "number":
        if (question.low, question.high) == (item.allowed[0], item.allowed[-1]):
            return []
        what = (
            f"Does not take {item.allowed[0]} to {item.allowed[-1]} (minValue, maxValue), as {instrument.title} does."
        )
        return [QuestionnaireProblem(where=question.path, what=what)]
    values = {value for _, value in values_of(instrument, item, question) if value is not None}
    if not values:
        what = f"Its answers state no scores. {instrument.title} takes {takes}: add ordinalValue to each of them."
        return [QuestionnaireProblem(where=question.path, what=what)]
    if values != set(item.allowed):
        has = ", ".join(map(str, sorted(values)[:20]))
        what = f"Its answers score {has}; {instrument.title} takes {takes} here. Is it another version of the form?"
        return [QuestionnaireProblem(where=question.path, what=what)]
    return []
