"""Which values the answers of a list have: those that stand with them, else those of the instrument. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from intersession_schemas.instruments.values import Item
from intersession_schemas.instruments.wording.by_hand.lines import Line, ListedAnswer
from intersession_schemas.instruments.wording.directions import way_of
from intersession_schemas.instruments.wording.meaning.answers import said_yes
from intersession_schemas.instruments.wording.questionnaires import Option, QuestionnaireItem

MOST_TO_CHOOSE = 11
"""An item of more values than these is a number to be entered, where no answers stand with it."""


class Offered(Struct, frozen=True, kw_only=True):
    """The answers that were found for a question; `own`: they stand with it, and not once for all."""

    answers: tuple[ListedAnswer, ...]
    own: bool


class MadeQuestion(Struct, frozen=True, kw_only=True):
    """A question with its answers. `by_order`: the list states no values for them."""

    question: QuestionnaireItem
    by_order: bool = False
    notes: tuple[str, ...] = ()


def question_of(line: Line, text: str, offered: Offered, item: Item | None) -> MadeQuestion | None:
    """A question of a list in the place of `item`; None where there are no answers, or not as many as the item has."""
    link = str(line.mark) if line.mark is not None else f"line-{line.at}"
    plain: dict[str, Any] = {"link_id": link, "path": f"line {line.at}", "text": text}
    if item is None:
        return _made(plain, offered.answers, [one.score for one in offered.answers]) if offered.answers else None
    if item.type == "yes-no" and not (offered.own and offered.answers):
        return MadeQuestion(question=QuestionnaireItem(**plain, type="boolean", fhir_type="boolean"))
    if not offered.answers and len(item.allowed) > MOST_TO_CHOOSE:
        bounds: dict[str, Any] = {"low": item.allowed[0], "high": item.allowed[-1]}
        return MadeQuestion(question=QuestionnaireItem(**plain, type="number", fhir_type="integer", **bounds))
    if len(offered.answers) != len(item.allowed):
        return None
    stated = [one.score for one in offered.answers]
    if all(score is not None for score in stated):
        return _made(plain, offered.answers, stated)
    return _made(plain, offered.answers, _in_order(offered.answers, item), by_order=True)


def _in_order(answers: Sequence[ListedAnswer], item: Item) -> list[int | None]:
    """The instrument's values along its printed form; turned round where the words of the answers clearly run so."""
    if item.type == "yes-no":
        return [None if (said := said_yes(one.text)) is None else int(said) for one in answers]
    values: list[int | None] = list(item.allowed[::-1] if item.highest_first else item.allowed)
    options = [Option(text=one.text) for one in answers]
    read = way_of(list(zip(options, values, strict=True)))
    return values[::-1] if read.run == -1 and read.whole and not item.reverse else values


def _made(
    plain: dict[str, Any], answers: Sequence[ListedAnswer], scores: Sequence[int | None], *, by_order: bool = False
) -> MadeQuestion:
    options = tuple(Option(text=one.text, score=score) for one, score in zip(answers, scores, strict=True))
    notes: tuple[str, ...] = ()
    if any(score is None for score in scores):
        notes = ("Answers without a number in the list are kept, and counted in no sum.",)
    question = QuestionnaireItem(**plain, type="choice", fhir_type="choice", options=options)
    return MadeQuestion(question=question, by_order=by_order, notes=notes)
