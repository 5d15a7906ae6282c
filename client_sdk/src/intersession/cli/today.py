"""`intersession today`: walks through what is due in a terminal, one thing after the other, by the public API alone.

What is typed is kept as a draft with every answer, so that whatever ends it loses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any, get_args
from uuid import UUID

import rich_click as click

from intersession.cli import assess, form_drafts
from intersession.cli.form_drafts import Form, Later, asked
from intersession.cli.output import care as shown
from intersession.cli.output import printing as output
from intersession.cli.output.language import told
from intersession.errors import NotFound
from intersession.inputs import numbers
from intersession.inputs.changeable import ProgressWord
from intersession.inputs.checks import AnswerGiven
from intersession.models.records import Assignment, Due, Plan, PlanTracker
from intersession.tracker import Tracker
from intersession_schemas.documents.care.homework import Barrier
from intersession_schemas.documents.care.plan import sections_on
from intersession_schemas.documents.forms import Field

_STATUS: Mapping[str, ProgressWord] = {"d": "done", "p": "partly", "n": "not", "c": "could_not"}
_BARRIERS: tuple[Barrier, ...] = get_args(Barrier)


def walk(tracker: Tracker, due: list[Due]) -> int:
    """Ask about each thing in turn; returns how many were answered. What is answered is kept at once."""
    answered = 0
    try:
        for draft in form_drafts.others(tracker, due):
            form_drafts.offer(tracker, draft)
        for number, one in enumerate(due, start=1):
            output.say(f"\n{number} of {len(due)}  {shown.due(one)}")
            with suppress(Later):
                answered += _ask_about(tracker, one)
    except (click.Abort, KeyboardInterrupt):
        output.say()
        for line in form_drafts.lines(tracker.drafts.list()):
            output.say(line)
        raise
    return answered


def _ask_about(tracker: Tracker, one: Due) -> bool:
    match one.kind:
        case "journal":
            return _journal(tracker, one)
        case "tracker":
            return _tracker(tracker, one)
        case "homework":
            return _homework(tracker, one)
        case "assessment":
            return assess.answer(tracker, tracker.assessments.start(one))


def _journal(tracker: Tracker, due: Due) -> bool:
    plan = tracker.plan()
    if plan.introduction:
        output.say(plan.introduction)
    form = Form.of(tracker, due)
    given = _answers(form, sections_on(plan, due.day))
    text = _line(form, "text", told("anything else"))
    if not given and not text:
        return False
    return form.write(partial(tracker.journal.write, text, sections=given or None))


def _tracker(tracker: Tracker, due: Due) -> bool:
    plan: Plan = tracker.plan()
    one = plan.trackers[due.id]
    output.say(_scale(one))
    while (given := asked(f"{one.name}, {told('between', low=one.low, high=one.high)}")) != "":
        number = _number(given)
        if number is not None and one.low <= number <= one.high:
            form = Form(tracker, form_drafts.name_of(due), due.title)
            return form.write(partial(tracker.symptoms.log, {one.name: number}, scale=(one.low, one.high)))
        output.say(told("give a number", low=one.low, high=one.high))
    return False


def _scale(one: PlanTracker) -> str:
    named = ", ".join(f"{label.at} {label.text}" for label in one.labels)
    return f"{one.question or one.name}{f' ({named})' if named else ''}"


def _homework(tracker: Tracker, due: Due) -> bool:
    homework: Assignment = tracker.homework.get(UUID(due.id))
    output.say(homework.what)
    if homework.why:
        output.say(told("why", why=homework.why))
    for id in homework.resources:
        _resource(tracker, id)
    form = Form.of(tracker, due)
    letter = _line(form, "status", "How did it go: [d]one, [p]artly, [n]ot, [c]ould not").strip().casefold()[:1]
    status = _STATUS.get(letter)
    if status is None:
        return False
    said: dict[str, Any] = {}
    if status in ("done", "partly"):
        said["answers"] = _answers(form, homework.fields)
        said["difficulty"] = _rating(form, "difficulty", told("how hard"))
        said["helpfulness"] = _rating(form, "helpfulness", told("how helpful"))
        said["learned"] = _line(form, "learned", told("what learned"))
    else:
        output.say(told("what was in the way", barriers=_numbered()))
        chosen = _number(_line(form, "barrier", told("number")))
        if isinstance(chosen, int) and 1 <= chosen <= len(_BARRIERS):
            said["barrier"] = _BARRIERS[chosen - 1]
    given = {name: value for name, value in said.items() if value not in (None, "", {})}
    return form.write(partial(tracker.homework.record, homework.id, due.occurrence, status, **given))


def _numbered() -> str:
    return ", ".join(f"{number} {told(f'barrier {word}')}" for number, word in enumerate(_BARRIERS, start=1))


def _resource(tracker: Tracker, id: UUID) -> None:
    try:
        resource = tracker.resources.get(id)
    except NotFound:
        return
    output.say(f"{told('resource', title=resource.title)} (intersession resources {str(id)[:8]})")


def _line(form: Form, question: str, prompt: str) -> str:
    """One line as it is."""
    text = form.ask(question, prompt)
    form.note(question, prompt, text)
    return text


def _answers(form: Form, fields: Mapping[str, Field]) -> dict[str, AnswerGiven]:
    """Ask every question of a form; what was skipped is left out. Raises `Later`."""
    given: dict[str, AnswerGiven] = {}
    for id, field in fields.items():
        value = _question(form, f"field:{id}", field)
        if value is not None:
            given[id] = value
    return given


def _question(form: Form, question: str, field: Field) -> AnswerGiven:
    """One answer, of the type that the question takes; None when it is skipped. Raises `Later`."""
    empty = False
    while True:
        text = form.ask(question, field.prompt, _hint(field)).strip()
        if not text:
            if not field.required:
                form.note(question, field.prompt, "")
                return None
            if empty:
                if form.begun:
                    output.say(told("kept as a draft"))
                raise Later
            empty = True
            output.say(told("an answer is asked for"))
            continue
        try:
            value = _understood(field, text)
        except (ValueError, LookupError, StopIteration):
            output.say(" ".join([told("valid answer wanted"), *([] if field.required else [told("enter skips")])]))
            continue
        form.note(question, field.prompt, text)
        return value


def _hint(field: Field) -> str:
    match field.type:
        case "scale" | "number" if field.low is not None and field.high is not None:
            return f" ({field.low} to {field.high}{' ' + field.unit if field.unit else ''})"
        case "number":
            return f" ({field.unit})" if field.unit else " (a number)"
        case "yes_no":
            return " (y/n)"
        case "time":
            return " (like 22:30)"
        case "one_of" | "several_of" | "checklist":
            options = ", ".join(f"{n} {option}" for n, option in enumerate(field.options, start=1))
            return f" ({options}{'; several with commas' if field.type != 'one_of' else ''})"
        case _:
            return ""


def _understood(field: Field, text: str) -> AnswerGiven:
    match field.type:
        case "scale" | "number":
            number = _number(text)
            low = field.low if field.low is not None else float("-inf")
            high = field.high if field.high is not None else float("inf")
            if number is None or not low <= number <= high:
                raise ValueError
            return number
        case "yes_no":
            return {"y": True, "yes": True, "n": False, "no": False}[text.casefold()] if text else None
        case "one_of":
            return _option(field, text)
        case "several_of" | "checklist":
            return [_option(field, part.strip()) for part in text.split(",") if part.strip()]
        case "time":
            hours, _, minutes = text.partition(":")
            if not (0 <= int(hours) < 24 and 0 <= int(minutes) < 60):
                raise ValueError
            return f"{int(hours):02}:{int(minutes):02}"
        case _:
            return text


def _option(field: Field, text: str) -> str:
    if text.isdecimal() and 1 <= int(text) <= len(field.options):
        return field.options[int(text) - 1]
    return next(option for option in field.options if option.casefold() == text.casefold())


def _rating(form: Form, question: str, prompt: str) -> int | None:
    while (text := form.ask(question, prompt).strip()) != "":
        number = _number(text)
        if isinstance(number, int) and 0 <= number <= 10:
            form.note(question, prompt, text)
            return number
        output.say(told("give a whole number"))
    form.note(question, prompt, "")
    return None


def _number(text: str) -> int | float | None:
    return numbers.typed(text)
