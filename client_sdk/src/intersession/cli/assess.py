"""Asks an assessment item by item in a terminal, by the public API alone; what is answered is kept at once."""

from __future__ import annotations

import rich_click as click

from intersession.assessments.assessments import Draft
from intersession.cli.output import measures as shown
from intersession.cli.output import printing as output
from intersession.cli.output.language import language, told
from intersession.errors import InvalidField
from intersession.models.measures import AnswerValue, Question
from intersession.tracker import Tracker

_YES_NO = {"y": True, "yes": True, "n": False, "no": False}


def answer(tracker: Tracker, draft: Draft) -> bool:
    """Ask what is not answered yet; returns whether it was completed. An empty answer leaves the rest for later."""
    above = next((one for one in tracker.assessments.available() if one.instrument == draft.instrument), None)
    for line in [] if above is None else shown.introduction(above):
        output.say(line)
    skipped: set[str] = set()
    while (one := _open(draft, skipped)) is not None:
        if one.conflict:
            output.say(told("answered differently", answers=", ".join(map(str, one.conflict))))
        try:
            value = _ask(one)
        except click.Abort:
            output.say("\n" + told("not completed"))
            raise
        if value is None:
            if not one.optional:
                output.say(told("saved for later"))
                return False
            skipped.add(one.item)
            continue
        _keep(tracker, draft, one, value)
    if not click.confirm(told("complete it"), default=True):
        output.say(told("left as it is"))
        return False
    output.say(shown.assessment(draft.complete()))
    return True


def safety(tracker: Tracker) -> None:
    """Print the safety plan."""
    for line in shown.safety(tracker.safety(locale=language())):
        output.say(line)


def _open(draft: Draft, skipped: set[str]) -> Question | None:
    return next((one for one in draft.items if one.applies and one.answer is None and one.item not in skipped), None)


def _ask(one: Question) -> AnswerValue:
    """An answer that the item takes; None where nothing was typed."""
    while True:
        text = str(
            click.prompt(output.shown(shown.question(one)), default="", show_default=False, prompt_suffix=": ")
        ).strip()
        if not text:
            return None
        found = _understood(one, text)
        if found is not None:
            return found
        output.say(told("valid answer wanted"))


def _understood(one: Question, text: str) -> AnswerValue:
    said = text.casefold()
    for choice in one.choices:
        if choice.value is not None and choice.text.casefold() == said:
            return choice.value
    if one.yes_no:
        return _YES_NO.get(said)
    return int(text) if text.isdecimal() and int(text) in one.allowed else None


def _keep(tracker: Tracker, draft: Draft, one: Question, value: AnswerValue) -> None:
    try:
        found = draft.answer(one.item, value)
    except InvalidField as refused:
        output.say(f"Not saved: {refused}")
        return
    if any(risk.item == one.item and risk.where == "draft" for risk in found.risk):
        safety(tracker)
