"""Which question asks which item of an instrument, and the items that a questionnaire makes of its own. Pure."""

from __future__ import annotations

from msgspec import Struct

from intersession_schemas.instruments.values import Instrument, Item
from intersession_schemas.instruments.wording.conditions import asked_when
from intersession_schemas.instruments.wording.confirming import check_items
from intersession_schemas.instruments.wording.option_values import numbers_or_places, valued, yes_no
from intersession_schemas.instruments.wording.questionnaires import (
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireProblem,
)

LABEL = 80
NUMBERS = 100
"""How far the bounds of a number may be apart for an item to be made of it."""


class ItemMatching(Struct, frozen=True, kw_only=True):
    """Which question asks which item, in the instrument's order; optional items may be missing."""

    questions: tuple[tuple[Item, QuestionnaireItem], ...]
    problems: tuple[QuestionnaireProblem, ...]


def askable(questionnaire: Questionnaire) -> tuple[tuple[Item, QuestionnaireItem], ...]:
    """Every question that a number or a yes or no can answer, with an item made of it.

    Answers without scores make an item that is not scored: its value is the number that the answer is, or else the
    place of the answer, counted from 0.
    """
    pairs: list[tuple[Item, QuestionnaireItem]] = []
    for question in questionnaire.questions:
        key, label = f"q{len(pairs) + 1}", question.text[:LABEL]
        values = tuple(sorted({option.score for option in question.options if option.score is not None}))
        waits = asked_when(question, pairs)
        if question.scored:
            pairs.append((Item(key=key, label=label, allowed=values), question))
        elif question.type == "boolean":
            item = Item(
                key=key, label=label, allowed=(0, 1), type="yes-no", optional=True, scored=False, asked_when=waits
            )
            pairs.append((item, question))
        elif (places := _unscored(question)) is not None:
            item = Item(key=key, label=label, allowed=places, optional=True, scored=False, asked_when=waits)
            pairs.append((item, question))
    return tuple(pairs)


def _unscored(question: QuestionnaireItem) -> tuple[int, ...] | None:
    """The values of an item that no sum counts; None for a question that no such value can answer."""
    if question.repeats:
        return None
    if question.options:
        return tuple(sorted({value for _, value in numbers_or_places(question)}))
    if question.type == "number" and question.low is not None and question.high is not None:
        return tuple(range(question.low, question.high + 1)) if 0 < question.high - question.low <= NUMBERS else None
    return None


def pair(instrument: Instrument, questionnaire: Questionnaire, *, trusted: bool = False) -> ItemMatching:
    """Find the question of every item: by LOINC code, or by place where the questions have no codes of the items.

    By place too where codes are missing or contradict the texts, if the texts confirm most items there (what they do
    not confirm stays unsure); or, `trusted`, as somebody has said which instrument it is.
    """
    made = askable(questionnaire)
    if tuple(item for item, _ in made) == instrument.items:
        return ItemMatching(questions=made, problems=())
    coded = {code for item in instrument.required() if (code := item.loinc)}
    by_place = _by_place(instrument, questionnaire)
    if not any(code in coded for question in questionnaire.questions for code in question.loinc):
        return by_place
    by_code = _by_code(instrument, questionnaire)
    if not by_place.problems and (by_code.problems or check_items(instrument, by_code.questions).wrong):
        checked = check_items(instrument, by_place.questions)
        if not checked.wrong and (trusted or 2 * len(checked.unsure) < len(by_place.questions)):
            return by_place
    return by_place if trusted and by_code.problems else by_code


def _by_code(instrument: Instrument, questionnaire: Questionnaire) -> ItemMatching:
    pairs, problems = [], []
    for item in instrument.items:
        asked = [question for question in questionnaire.questions if item.loinc and item.loinc in question.loinc]
        if len(asked) > 1:
            problems.append(
                QuestionnaireProblem(
                    where=asked[1].path, what=f"Has the LOINC code {item.loinc}, and so does {asked[0].path}. Keep one."
                )
            )
        elif asked:
            pairs.append((item, asked[0]))
        elif not item.optional:
            named = f"“{item.label}” of {instrument.title} (LOINC {item.loinc})"
            problems.append(
                QuestionnaireProblem(where="Questionnaire.item", what=f"No question is coded as {named}. Add it.")
            )
    found = {item.key: question for item, question in pairs}
    if not problems:
        _add_remaining(instrument, questionnaire, found)
    return ItemMatching(questions=_in_order(instrument, found), problems=tuple(problems))


def _in_order(
    instrument: Instrument, found: dict[str, QuestionnaireItem]
) -> tuple[tuple[Item, QuestionnaireItem], ...]:
    return tuple((item, found[item.key]) for item in instrument.items if item.key in found)


def _by_place(instrument: Instrument, questionnaire: Questionnaire) -> ItemMatching:
    kinds = {item.type for item in instrument.items}
    mixed = len(kinds) > 1
    found: dict[str, QuestionnaireItem] = {}
    problems = []
    for kind in ("number", "yes-no"):
        if kind not in kinds:
            continue
        items = [item for item in instrument.items if item.type == kind]
        required = [item for item in items if not item.optional]
        asked = [question for question in questionnaire.questions if _may_ask(kind, question, instrument, mixed=mixed)]
        if len(asked) in {len(items), len(required)}:
            chosen = items if len(asked) == len(items) else required
            found |= {item.key: question for item, question in zip(chosen, asked, strict=True)}
        elif kind == "number" or required:
            what = "questions with scores" if kind == "number" else "questions with yes and no"
            problems.append(
                QuestionnaireProblem(
                    where="Questionnaire.item",
                    what=f"Has {len(asked)} {what}; {instrument.title} has {len(required)}.",
                )
            )
    if "number" in kinds and not problems:
        _add_remaining(instrument, questionnaire, found)
    return ItemMatching(questions=_in_order(instrument, found), problems=tuple(problems))


def _add_remaining(instrument: Instrument, questionnaire: Questionnaire, found: dict[str, QuestionnaireItem]) -> None:
    """An optional item is the one question that is left after the others, if it has as many answers as the item."""
    items = [item for item in instrument.items if item.optional and item.type == "number" and item.key not in found]
    used = {question.path for question in found.values()}
    left = [q for q in questionnaire.questions if q.path not in used and q.type == "choice" and not q.repeats]
    if len(items) == len(left) == 1 and len(left[0].options) == len(items[0].allowed):
        found[items[0].key] = left[0]


def _may_ask(kind: str, question: QuestionnaireItem, instrument: Instrument, *, mixed: bool) -> bool:
    if kind == "yes-no":
        return question.type == "boolean" or yes_no(question) is not None
    if mixed and yes_no(question) is not None:
        return False
    bounded = question.type == "number" and question.low is not None and question.high is not None
    return bounded or any(value is not None for _, value in valued(instrument, question))
