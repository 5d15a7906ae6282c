"""Commands for assessments: which there are, and answering one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rich_click as click

from intersession.cli import assess as asking
from intersession.cli.commands import is_terminal, main, open_store, shared_options
from intersession.cli.listing import page, page_options, tell
from intersession.cli.output import measures as shown
from intersession.cli.output import printing as output


@main.command()
@click.option("--available", "only_available", is_flag=True, help="Only list what can be answered here.")
@page_options
@shared_options
def assessments(store: Path | None, as_json: bool, only_available: bool, **given: Any) -> None:
    """List the assessments that can be answered here, and those already answered.

    `--limit` and `--after` are about those already answered.
    """
    with open_store(store) as tracker:
        available = tracker.assessments.available()
        found, more = ([], None) if only_available else page(tracker.assessments.list, **given)
    if as_json:
        output.as_json({"available": available, "assessments": found})
    else:
        lines = [shown.available(one) for one in available] + [shown.assessment(one) for one in found]
        output.paragraphs(lines, "There is nothing to answer here.")
        tell(more)


@main.command()
@click.argument("instrument")
@click.option("--new", is_flag=True, help="Start a new one and leave an open draft as it is.")
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="ITEM=ANSWER",
    help="Answer an item without being asked; may be repeated.",
)
@click.option("--complete", is_flag=True, help="With --answer: complete it. It cannot be changed afterwards.")
@shared_options
def assess(
    store: Path | None, as_json: bool, instrument: str, new: bool, answers: tuple[str, ...], complete: bool
) -> None:
    """Answer INSTRUMENT item by item, continuing where you left off. Press Enter to leave the rest for later."""
    given = [_answer(one) for one in answers]
    if not given and not complete and not is_terminal():
        raise click.UsageError("This is not an interactive terminal: give each answer with --answer.")
    with open_store(store) as tracker:
        draft = tracker.assessments.start(instrument, new=new)
        if not given and not complete:
            asking.answer(tracker, draft)
            return
        for item, value in given:
            draft.answer(item, value)
        found = draft.complete() if complete else draft.read()
        if as_json:
            output.as_json(found)
            return
        output.say(shown.assessment(found))
        if found.risk:
            asking.safety(tracker)


def _answer(given: str) -> tuple[str, int | bool]:
    item, _, answer = given.partition("=")
    known = {"y": True, "yes": True, "n": False, "no": False}
    if answer.casefold() in known:
        return item, known[answer.casefold()]
    if not answer.isdecimal():
        raise click.UsageError("Give each answer like q1=2 or q1=yes.")
    return item, int(answer)
