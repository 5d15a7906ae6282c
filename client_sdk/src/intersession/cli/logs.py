"""Commands for symptom logs that are there already: list, correct, withdraw, and undo an import."""

from __future__ import annotations

import sys
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import rich_click as click
from msgspec import UNSET, UnsetType

from intersession.cli.care import pick
from intersession.cli.commands import main, moment, numbers_of, open_store, shared_options, window, window_options
from intersession.cli.listing import page, page_options, show
from intersession.cli.output import care as shown
from intersession.cli.output import printing as output


@main.group()
def logs() -> None:
    """Symptom logs: list, correct and withdraw them."""


@logs.command("list")
@window_options
@page_options
@shared_options
def list_(store: Path | None, as_json: bool, since: date | None, until: date | None, **given: Any) -> None:
    """List symptom logs with their ids, newest first, and what was corrected."""
    with open_store(store) as tracker:
        start, end = window(tracker, since, until)
        found, more = page(partial(tracker.symptoms.logs, since=start, until=end), **given)
    show(found, more, as_json, output.whole_log, "No logs.")


@logs.command()
@click.argument("log")
@click.argument("values", nargs=-1, metavar="[NAME=NUMBER]...")
@click.option("--at", type=moment, metavar="TIME", default=None, help="When it happened.")
@click.option("--scale", default=None, help="Lowest and highest value, for example 1-5.")
@click.option("--note", default=None, help="A short note, replacing the current one.")
@shared_options
def correct(
    store: Path | None,
    as_json: bool,
    log: str,
    values: tuple[str, ...],
    at: datetime | None,
    scale: str | None,
    note: str | None,
) -> None:
    """Correct LOG (the beginning of its id): VALUES replace all current values.

    The earlier values are kept, and your care team sees that it was corrected.
    """
    if not values and at is None and scale is None and note is None:
        raise click.UsageError("Give the corrected values, such as worry=3, or --at, --scale or --note.")
    given: dict[str, int | float] | UnsetType = numbers_of(values) if values else UNSET
    with open_store(store) as tracker:
        found = tracker.symptoms.correct(
            pick(tracker.symptoms.logs(), log).id,
            values=given,
            at=UNSET if at is None else at,
            scale=UNSET if scale is None else scale,
            note=UNSET if note is None else note,
        )
    output.as_json(found) if as_json else output.say(output.whole_log(found))


@logs.command()
@click.argument("log")
@shared_options
def share(store: Path | None, as_json: bool, log: str) -> None:
    """Share LOG (the beginning of its id) with your care team: as it stands, without what it was corrected from."""
    with open_store(store) as tracker:
        found = tracker.symptoms.share(pick(tracker.symptoms.logs(), log).id)
    output.as_json(found) if as_json else output.say(output.whole_log(found))


@logs.command()
@click.argument("log")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@shared_options
def withdraw(store: Path | None, as_json: bool, log: str, yes: bool) -> None:
    """Withdraw LOG (the beginning of its id): it is deleted here, and at your practice with the next sync."""
    with open_store(store) as tracker:
        chosen = pick(tracker.symptoms.logs(), log)
        if not yes:
            click.confirm(
                "It is deleted from this device now. What has been read cannot be unread. Withdraw it?", abort=True
            )
        found = tracker.symptoms.withdraw(chosen.id)
    output.as_json(found) if as_json else output.say(shown.withdrawal(found))


@logs.command()
@page_options
@shared_options
def withdrawals(store: Path | None, as_json: bool, **given: Any) -> None:
    """List the logs that you have withdrawn and the imports that you have undone."""
    with open_store(store) as tracker:
        found, more = page(tracker.symptoms.withdrawals, **given)
    show(found, more, as_json, shown.withdrawal, "Nothing was withdrawn.")


@logs.command("undo-import")
@click.argument("report", type=click.UUID, metavar="IMPORT")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@shared_options
def undo_import(store: Path | None, as_json: bool, report: UUID, yes: bool) -> None:
    """Withdraw all logs of IMPORT, the id printed at the end of the import."""
    with open_store(store) as tracker:
        if not yes:
            click.confirm("All logs from that import are deleted, here and at your practice. Undo it?", abort=True)
        count = tracker.symptoms.undo_import(report)
    if as_json:
        output.as_json({"withdrawn": count})
    else:
        output.say(f"{count:,} {'log was' if count == 1 else 'logs were'} withdrawn.")
    if not count:
        sys.exit(1)
