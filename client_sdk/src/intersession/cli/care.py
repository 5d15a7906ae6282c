"""Commands for what was agreed in a session: what is due, the plan, homework, goals, resources, how it goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar
from uuid import UUID

import rich_click as click

from intersession.cli import form_drafts
from intersession.cli.commands import is_terminal, main, open_store, shared_options, window, window_options
from intersession.cli.listing import page, page_options, show
from intersession.cli.output import care as shown
from intersession.cli.output import measures as shown_measures
from intersession.cli.output import printing as output
from intersession.cli.output.language import language
from intersession.cli.today import walk
from intersession.errors import InvalidField, NotFound
from intersession.inputs.changeable import BarrierWord, ProgressWord, words_of
from intersession.inputs.clock import local_clock


class _Named(Protocol):
    @property
    def id(self) -> UUID: ...


T = TypeVar("T", bound=_Named)


def pick(found: Sequence[T], given: str) -> T:
    """The one whose id begins with `given`. Raises `NotFound`, `InvalidField` where several do."""
    matching = [one for one in found if str(one.id).startswith(given.casefold())]
    if not matching:
        raise NotFound("No id begins like that. The list shows the ids.")
    if len(matching) > 1:
        raise InvalidField("Several ids begin like that. Give more characters.")
    return matching[0]


@main.command()
@click.option("--list", "list_only", is_flag=True, help="Only list what is due, without asking anything.")
@shared_options
def today(store: Path | None, as_json: bool, list_only: bool) -> None:
    """Go through what is due today: journal, symptoms, homework, assessments. Press Enter to skip a question."""
    with open_store(store) as tracker:
        due, drafts = tracker.due(), tracker.drafts.list()
        if as_json:
            output.as_json(due)
        elif list_only or not (due or drafts) or not is_terminal():
            output.paragraphs([shown.due(one) for one in due], "Nothing is due.")
            output.notes(form_drafts.lines(drafts))
        else:
            answered = walk(tracker, due)
            output.say(f"\n{answered} of {len(due)} answered. What you skipped stays on the list.")


@main.command()
@click.option("--days", type=click.IntRange(1, 366), default=7, show_default=True, help="How many days to look ahead.")
@shared_options
def upcoming(store: Path | None, as_json: bool, days: int) -> None:
    """List what will be due."""
    with open_store(store) as tracker:
        found = tracker.upcoming(local_clock() + timedelta(days=days))
    output.as_json(found) if as_json else output.paragraphs([shown.due(one) for one in found], "Nothing is coming up.")


@main.command()
@shared_options
def plan(store: Path | None, as_json: bool) -> None:
    """Show what you and your care team have agreed."""
    with open_store(store) as tracker:
        found = tracker.plan()
    output.as_json(found) if as_json else output.say(shown.plan(found))


@main.command("safety-plan")
@shared_options
def safety_plan(store: Path | None, as_json: bool) -> None:
    """Show your safety plan. It is stored on this device and needs no network."""
    with open_store(store) as tracker:
        found = tracker.safety(locale=language())
    if as_json:
        output.as_json(found)
    else:
        output.paragraphs(shown_measures.safety(found), "")
        if not found.steps:
            output.say("There is no safety plan yet.")


@main.command()
@click.option("--ended", is_flag=True, help="Include ended homework.")
@page_options
@shared_options
def homework(store: Path | None, as_json: bool, ended: bool, **given: Any) -> None:
    """List your homework, and how it went so far."""
    with open_store(store) as tracker:
        found, more = page(partial(tracker.homework.list, ended=ended), **given)
    show(found, more, as_json, shown.homework, "No homework.")


@main.command()
@click.argument("homework")
@click.argument("occurrence", required=False)
@click.option(
    "--status",
    type=click.Choice(words_of(ProgressWord)),
    default="done",
    show_default=True,
    help="How it went: done, partly, not, could_not.",
)
@click.option("--difficulty", type=click.IntRange(0, 10), default=None, help="From 0 (easy) to 10.")
@click.option("--helpfulness", type=click.IntRange(0, 10), default=None, help="From 0 (not at all) to 10.")
@click.option("--learned", default=None, help="What you learned.")
@click.option("--barrier", type=click.Choice(words_of(BarrierWord)), default=None, help="What was in the way.")
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="QUESTION=ANSWER",
    help="An answer to a worksheet question, like 'How was it?=Good'.",
)
@shared_options
def record(
    store: Path | None, as_json: bool, homework: str, occurrence: str | None, answers: tuple[str, ...], **given: Any
) -> None:
    """Record how HOMEWORK (the beginning of its id) went; OCCURRENCE is its day, for example 2026-05-04."""
    said = {name: value for name, value in given.items() if value is not None}
    status = said.pop("status")
    if answers:
        said["answers"] = dict(map(_answer, answers))
    with open_store(store) as tracker:
        assignment = pick(tracker.homework.list(ended=True), homework)
        found = tracker.homework.record(assignment.id, occurrence, status, **said)
    output.as_json(found) if as_json else output.say(shown.homework_progress(found))


def _answer(given: str) -> tuple[str, str]:
    question, mark, answer = given.rpartition("=")
    if not mark:
        raise click.UsageError("Give each answer like 'How was it?=Good'.")
    return question, answer


@main.group()
def goals() -> None:
    """Goals: what you want, and the steps on the way."""


@goals.command("list")
@page_options
@shared_options
def goals_list(store: Path | None, as_json: bool, **given: Any) -> None:
    """List your goals."""
    with open_store(store) as tracker:
        found, more = page(tracker.goals.list, **given)
    show(found, more, as_json, shown.goal, "No goals yet.")


@goals.command("add")
@click.argument("what")
@click.option("--why", default="", help="Why it matters to you.")
@click.option("--step", "steps", multiple=True, help="A step towards the goal; may be repeated.")
@shared_options
def goals_add(store: Path | None, as_json: bool, what: str, why: str, steps: tuple[str, ...]) -> None:
    """Add a goal: WHAT you want, in your own words."""
    with open_store(store) as tracker:
        found = tracker.goals.add(what, why=why, steps=steps)
    output.as_json(found) if as_json else output.say(shown.goal(found))


@goals.command("step-done")
@click.argument("goal")
@click.argument("number", type=click.IntRange(1))
@click.option("--done/--not-done", default=True, help="Mark it as done, or as to do.")
@shared_options
def goals_step(store: Path | None, as_json: bool, goal: str, number: int, done: bool) -> None:
    """Mark step NUMBER of GOAL (the beginning of its id) as done."""
    with open_store(store) as tracker:
        chosen = pick(tracker.goals.list(), goal)
        if number > len(chosen.steps):
            raise click.UsageError(f"That goal has {len(chosen.steps)} steps.")
        found = tracker.goals.step_done(chosen.id, chosen.steps[number - 1].id, done=done)
    output.as_json(found) if as_json else output.say(shown.goal(found))


@goals.command("reach")
@click.argument("goal")
@shared_options
def goals_reach(store: Path | None, as_json: bool, goal: str) -> None:
    """Mark GOAL (the beginning of its id) as reached."""
    with open_store(store) as tracker:
        found = tracker.goals.reach(pick(tracker.goals.list(), goal).id)
    output.as_json(found) if as_json else output.say(shown.goal(found))


@main.group()
def topics() -> None:
    """What you want to talk about in your next session. Your care team reads it; it stays until you tick it off."""


@topics.command("list")
@click.option("--talked", is_flag=True, help="Also list those you have ticked off.")
@page_options
@shared_options
def topics_list(store: Path | None, as_json: bool, talked: bool, **given: Any) -> None:
    """List what you want to talk about."""
    with open_store(store) as tracker:
        found, more = page(partial(tracker.topics.list, talked=talked), **given)
    show(found, more, as_json, shown.topic, "Nothing to talk about is noted.")


@topics.command("add")
@click.argument("text")
@shared_options
def topics_add(store: Path | None, as_json: bool, text: str) -> None:
    """Note TEXT for your next session."""
    with open_store(store) as tracker:
        found = tracker.topics.add(text)
    output.as_json(found) if as_json else output.say(shown.topic(found))


@topics.command("tick-off")
@click.argument("topic")
@shared_options
def topics_tick_off(store: Path | None, as_json: bool, topic: str) -> None:
    """Tick off TOPIC (the beginning of its id): you have talked about it."""
    with open_store(store) as tracker:
        found = tracker.topics.tick_off(pick(tracker.topics.list(), topic).id)
    output.as_json(found) if as_json else output.say(shown.topic(found))


@topics.command("withdraw")
@click.argument("topic")
@shared_options
def topics_withdraw(store: Path | None, as_json: bool, topic: str) -> None:
    """Withdraw TOPIC (the beginning of its id), for everybody and permanently."""
    with open_store(store) as tracker:
        chosen = pick(tracker.topics.list(talked=True), topic)
        tracker.topics.withdraw(chosen.id)
    output.as_json({"withdrawn": chosen.id}) if as_json else output.say("Withdrawn. The next sync tells the server.")


@main.command()
@click.argument("resource", required=False)
@click.option("--helped/--did-not-help", "helped", default=None, help="Say whether it helped you.")
@page_options
@shared_options
def resources(store: Path | None, as_json: bool, resource: str | None, helped: bool | None, **given: Any) -> None:
    """List resources, or read RESOURCE (the beginning of its id). Works without a network."""
    with open_store(store) as tracker:
        if resource is None:
            if helped is not None:
                raise click.UsageError("Give the resource that helped or did not help.")
            found, more = page(tracker.resources.list, **given)
            show(found, more, as_json, shown.resource_line, "No resources.")
            return
        chosen = pick(tracker.resources.list(), resource)
        if helped is not None:
            tracker.resources.helped(chosen.id, helped)
            chosen = tracker.resources.get(chosen.id)
    output.as_json(chosen) if as_json else output.say(shown.resource(chosen))


@main.command()
@window_options
@shared_options
def progress(store: Path | None, as_json: bool, since: date | None, until: date | None) -> None:
    """Show your progress: symptoms over time, homework, goals and scores."""
    if until is not None:
        raise click.UsageError("Progress always ends today; use only --since.")
    with open_store(store) as tracker:
        found = tracker.progress(window(tracker, since, None)[0])
    output.as_json(found) if as_json else output.say(shown.progress(found))
