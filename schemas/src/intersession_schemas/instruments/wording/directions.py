"""Whether the scores of a form run up or down the page as they are expected to, item by item. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from intersession_schemas.instruments.values import Instrument, Item
from intersession_schemas.instruments.wording.option_values import valued
from intersession_schemas.instruments.wording.questionnaires import QuestionnaireItem, QuestionnaireProblem


def misdirected(instrument: Instrument, pairs: Sequence[tuple[Item, QuestionnaireItem]]) -> list[QuestionnaireProblem]:
    """Whether the scores run up or down the page as they do in the instrument, item by item."""
    runs = directions(instrument, pairs)
    expected = {item.key: -1 if item.highest_first else 1 for item, _ in pairs}
    problems = []
    for item, question in pairs:
        if runs.get(item.key) == 0:
            problems.append(
                QuestionnaireProblem(where=question.path, what="Its answers are not in the order of their scores.")
            )
    if problems:
        return problems
    fixed = {key: run * expected[key] for key, run in runs.items() if not instrument.item(key).reverse}
    turned = {run for key, run in runs.items() if instrument.item(key).reverse}
    usual = _usual(fixed.values())
    for item, question in pairs:
        if item.key in fixed and fixed[item.key] != usual:
            way = "from the highest to the lowest" if runs[item.key] < 0 else "from the lowest to the highest"
            what = f"Its scores run {way}, unlike those of the other items in {instrument.title}."
            problems.append(QuestionnaireProblem(where=question.path, what=what))
    if len(turned) > 1:
        what = "Some of the reversed items have scores that are already reversed, others do not."
        problems.append(QuestionnaireProblem(where="Questionnaire.item", what=what))
    return problems


def otherwise(instrument: Instrument, pairs: Sequence[tuple[Item, QuestionnaireItem]]) -> tuple[str, ...]:
    """The linkIds of questions whose scores run another way than expected: of a known instrument, or of the others."""
    paths = {problem.where for problem in misdirected(instrument, pairs)}
    return tuple(question.link_id for _, question in pairs if question.path in paths)


def directions(instrument: Instrument, pairs: Iterable[tuple[Item, QuestionnaireItem]]) -> dict[str, int]:
    """For each number item with answers: 1 when scores rise down the page, -1 when they fall, 0 for neither."""
    found = {}
    for item, question in pairs:
        values = [value for _, value in valued(instrument, question) if value is not None]
        if item.type == "number" and item.scored and len(values) > 1:
            rising = values == sorted(values)
            found[item.key] = 1 if rising else -1 if values == sorted(values, reverse=True) else 0
    return found


def turned_already(instrument: Instrument, pairs: tuple[tuple[Item, QuestionnaireItem], ...]) -> bool:
    """Whether the scores of the reversed items run against the others: the file has turned them round itself."""
    runs = directions(instrument, pairs)
    plain = _usual(run for key, run in runs.items() if not instrument.item(key).reverse)
    return any(run == -plain for key, run in runs.items() if instrument.item(key).reverse and plain)


def _usual(runs: Iterable[int]) -> int:
    """The direction most items have; 0 when there is none."""
    runs = list(runs)
    return 0 if not runs else 1 if runs.count(1) >= runs.count(-1) else -1
