"""Risk items that a practice marks in an instrument of its own, and what is watched of any instrument. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments.values import Instrument, Item, RiskRule, Source
from intersession_schemas.instruments.wording.confirming import Pairs
from intersession_schemas.instruments.wording.directions import way_of
from intersession_schemas.instruments.wording.option_values import numbers_or_places
from intersession_schemas.instruments.wording.questionnaires import QuestionnaireItem, shortened

MARKED = Source(text="Marked as a risk item by the practice that imported it", sure="own")
SHOWN = 60


class RiskMark(Struct, frozen=True, kw_only=True):
    """That the question with the linkId `link_id` is a risk item, from the value `at_least` up.

    None: from its second-lowest value up, or a yes.
    """

    link_id: str
    at_least: int | None = None


class Watched(Struct, frozen=True, kw_only=True):
    """A question that a risk rule watches, from a value up; `confirmed`: the file itself says that it is that item."""

    link_id: str
    text: str
    at_least: int
    confirmed: bool = True


def read_mark(text: str, links: Sequence[str]) -> RiskMark:
    """A mark as it is written, `LINKID` or `LINKID:AT_LEAST`; a linkId may have a colon of its own.

    Raises `InvalidField` where the questionnaire has no such question.
    """
    if text in links:
        return RiskMark(link_id=text)
    link, _, least = text.rpartition(":")
    if link in links and least.strip().lstrip("+-").isdigit() and least.strip().isascii():
        return RiskMark(link_id=link, at_least=int(least))
    there = ", ".join(one[:SHOWN] for one in links[:20])
    raise InvalidField(
        f"No question has the linkId that was marked as a risk item. Those that can be answered: {there}."
    )


def with_risks(instrument: Instrument, pairs: Pairs, marks: Sequence[RiskMark]) -> Instrument:
    """An instrument of a practice's own with a risk rule for each mark.

    Raises `InvalidField` for a question that is none of its items, a value that its answers do not have, and a question
    whose answers say less the higher their value is: a rule counts from a value up.
    """
    by_link = {question.link_id: (item, question) for item, question in pairs}
    rules = []
    for mark in {mark.link_id: mark for mark in marks}.values():
        if mark.link_id not in by_link:
            raise InvalidField("A question that was marked as a risk item has no answers to choose from.")
        item, question = by_link[mark.link_id]
        if not can_be_watched(item, question):
            answers = [option.text for option in question.options]
            raise InvalidField(
                f"The question {mark.link_id[:SHOWN]} cannot be watched: its answers ({', '.join(answers)[:SHOWN]}) "
                "say less the higher they score, and a risk rule counts from a score up. Nothing was imported."
            )
        rules.append(
            RiskRule(key=item.key, label=item.label, item=item.key, at_least=_least(item, mark), source=MARKED)
        )
    return replace(instrument, risks=tuple(rules))


def can_be_watched(item: Item, question: QuestionnaireItem) -> bool:
    """Whether a rule that counts from a value up can watch a question: not where its higher values say less."""
    if item.type == "yes-no":
        return True
    if question.scored:
        return way_of([(option, option.score) for option in question.options]).run != -1
    return way_of(numbers_or_places(question)).run != -1


def _least(item: Item, mark: RiskMark) -> int:
    """From which value up an item is watched. Raises `InvalidField` unless its answers part there."""
    if len(item.allowed) < 2:
        raise InvalidField(
            f"The question {mark.link_id[:SHOWN]} has one answer with a value: nothing tells risk from none."
        )
    if mark.at_least is None:
        return item.allowed[1]
    if not item.allowed[0] < mark.at_least <= item.allowed[-1]:
        raise InvalidField(
            f"The question {mark.link_id[:SHOWN]} can be watched from {item.allowed[1]} up to {item.allowed[-1]}, "
            f"by the values of its answers; {mark.at_least} would be met always or never."
        )
    return mark.at_least


def watched(instrument: Instrument, pairs: Pairs, confirmed: dict[str, bool]) -> tuple[Watched, ...]:
    """The questions that the risk rules of an instrument watch; `confirmed` is by the key of an item."""
    by_key = {item.key: question for item, question in pairs}
    return tuple(
        Watched(
            link_id=by_key[rule.item].link_id,
            text=shortened(by_key[rule.item].text, SHOWN),
            at_least=rule.at_least,
            confirmed=confirmed.get(rule.item, False),
        )
        for rule in instrument.risks
        if rule.item in by_key
    )
