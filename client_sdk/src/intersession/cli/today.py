"""`intersession today`: walks through what is due in a terminal, one thing after the other, by the public API alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

import rich_click as click

from intersession.changeable import ProgressWord
from intersession.checks import AnswerGiven
from intersession.cli import assess
from intersession.cli import output_between as shown
from intersession.errors import InvalidField, NotFound
from intersession.models import Assignment, Due, Plan, PlanTracker
from intersession.tracker import Tracker
from intersession_schemas.documents.forms import Field
from intersession_schemas.documents.plan import sections_on

_STATUS: Mapping[str, ProgressWord] = {"d": "done", "p": "partly", "n": "not", "c": "could_not"}
_BARRIERS = ("forgot", "no chance", "too hard", "unclear", "felt worse", "did not see the point")
_SKIP = "Enter skips."


class _Later(Exception):
    """Somebody left a form for later."""


def walk(tracker: Tracker, due: list[Due]) -> int:
    """Ask about each thing in turn; returns how many were answered. What is answered is kept at once."""
    answered = 0
    for number, one in enumerate(due, start=1):
        click.echo(f"\n{number} of {len(due)}  {shown.due(one)}")
        with suppress(_Later):
            answered += _ask_about(tracker, one)
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
        click.echo(plan.introduction)
    given = _form(sections_on(plan, due.day))
    text = _ask("Anything else you want to write", "")
    if not given and not text:
        return False
    return _kept(partial(tracker.journal.write, text, sections=given or None))


def _tracker(tracker: Tracker, due: Due) -> bool:
    plan: Plan = tracker.plan()
    asked = plan.trackers[due.id]
    click.echo(_scale(asked))
    while (given := _ask(f"{asked.name}, {asked.low} to {asked.high}", "")) != "":
        number = _number(given)
        if number is not None and asked.low <= number <= asked.high:
            return _kept(partial(tracker.symptoms.log, {asked.name: number}, scale=(asked.low, asked.high)))
        click.echo(f"Give a number from {asked.low} to {asked.high}.")
    return False


def _scale(asked: PlanTracker) -> str:
    named = ", ".join(f"{label.at} {label.text}" for label in asked.labels)
    return f"{asked.question or asked.name}{f' ({named})' if named else ''}"


def _homework(tracker: Tracker, due: Due) -> bool:
    homework: Assignment = tracker.homework.get(UUID(due.id))
    click.echo(homework.what)
    if homework.why:
        click.echo(f"Why: {homework.why}")
    for id in homework.resources:
        _resource(tracker, id)
    letter = _ask("How did it go: [d]one, [p]artly, [n]ot, [c]ould not", "").strip().casefold()[:1]
    status = _STATUS.get(letter)
    if status is None:
        return False
    said: dict[str, Any] = {}
    if status in ("done", "partly"):
        said["answers"] = _form(homework.fields)
        said["difficulty"] = _rating("How hard was it, 0 easy to 10")
        said["helpfulness"] = _rating("How much did it help, 0 not at all to 10")
        said["learned"] = _ask("What did you learn", "")
    else:
        click.echo("What was in the way: " + ", ".join(f"{n} {word}" for n, word in enumerate(_BARRIERS, start=1)))
        chosen = _number(_ask("Number", ""))
        if isinstance(chosen, int) and 1 <= chosen <= len(_BARRIERS):
            said["barrier"] = _BARRIERS[chosen - 1]
    given = {name: value for name, value in said.items() if value not in (None, "", {})}
    return _kept(partial(tracker.homework.record, homework.id, due.occurrence, status, **given))


def _resource(tracker: Tracker, id: UUID) -> None:
    try:
        resource = tracker.resources.get(id)
    except NotFound:
        return
    click.echo(f"Helps with it: {resource.title} (intersession resources {str(id)[:8]})")


def _form(fields: Mapping[str, Field]) -> dict[str, AnswerGiven]:
    """Ask every question of a form; what was skipped is left out."""
    given: dict[str, AnswerGiven] = {}
    for id, field in fields.items():
        value = _question(field)
        if value is not None:
            given[id] = value
    return given


def _question(field: Field) -> AnswerGiven:
    """One answer, of the type that the question takes; None when it is skipped. Raises `_Later`."""
    asked = False
    while True:
        text = _ask(f"{field.prompt}{_hint(field)}", "").strip()
        if not text:
            if not field.required:
                return None
            if asked:
                raise _Later
            asked = True
            click.echo("Your care team asks for an answer here. Enter again leaves this for later.")
            continue
        try:
            return _understood(field, text)
        except (ValueError, IndexError):
            click.echo(f"That cannot be taken here. {_SKIP if not field.required else ''}".rstrip())


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


def _rating(question: str) -> int | None:
    while (text := _ask(question, "").strip()) != "":
        number = _number(text)
        if isinstance(number, int) and 0 <= number <= 10:
            return number
        click.echo("Give a whole number from 0 to 10.")
    return None


def _number(text: str) -> int | float | None:
    try:
        return int(text) if text.strip().lstrip("+-").isdecimal() else float(text.replace(",", "."))
    except ValueError:
        return None


def _ask(question: str, default: str) -> str:
    return str(click.prompt(f"{question}", default=default, show_default=False, prompt_suffix=": "))


def _kept(keep: Callable[[], object]) -> bool:
    try:
        keep()
    except InvalidField as refused:
        click.echo(f"Not kept: {refused}")
        return False
    click.echo("Kept.")
    return True
