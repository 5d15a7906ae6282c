"""Commands for a therapist's device: the caseload, its signals, and the episodes of care of a client."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import get_args

import rich_click as click

from intersession.caseload import Caseload, Client
from intersession.cli.care import pick
from intersession.cli.commands import Errors, main, shared_options, store_path
from intersession.cli.output import caseload as shown
from intersession.cli.output import printing as output
from intersession.models.measures import Episode
from intersession_schemas.documents.care.episodes import Phase

PHASES = [one for one in get_args(Phase) if one != "ended"]
_on = click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), default=None, metavar="DAY", help="From that day on. Default: today."
)
_phase = click.argument("phase", type=click.Choice(PHASES))


@main.group(cls=Errors)
def caseload() -> None:
    """For therapists: the clients assigned to you, their signals and their episodes of care.

    CLIENT is a name, the beginning of one, or the beginning of an id.
    """


def open_caseload(path: Path | None) -> Caseload:
    """The therapist's store at `path`, or the one in the user's data folder."""
    return Caseload.open(path if path is not None else store_path(None).with_name("caseload.db"))


@caseload.command("pair")
@click.argument("url")
@click.argument("code")
@shared_options
def caseload_pair(store: Path | None, as_json: bool, url: str, code: str) -> None:
    """Connect this store to your practice at URL, using a therapist's pairing CODE."""
    with open_caseload(store) as held:
        pairing = held.pair(url, code)
    output.as_json(pairing) if as_json else output.say(output.pairing(pairing))


@caseload.command("sync")
@click.option("--timeout", type=click.FloatRange(min=0.1), default=60.0, show_default=True, help="Seconds.")
@shared_options
def caseload_sync(store: Path | None, as_json: bool, timeout: float) -> None:
    """Bring what your clients share, and send what was written here. Exits with 1 if something is left."""
    with open_caseload(store) as held:
        report = held.sync(timeout=timeout)
    output.as_json(report) if as_json else output.say(output.sync(report))
    if not report.complete:
        sys.exit(1)


@caseload.command("clients")
@shared_options
def caseload_clients(store: Path | None, as_json: bool) -> None:
    """List your clients, those who wrote most recently first."""
    with open_caseload(store) as held:
        found = held.clients()
    if as_json:
        output.as_json(found)
    else:
        output.paragraphs([shown.client(one) for one in found], "Nobody is assigned to you, or this is not synced yet.")


@caseload.command("signals")
@click.argument("client")
@shared_options
def caseload_signals(store: Path | None, as_json: bool, client: str) -> None:
    """List the signals of CLIENT, newest first."""
    with open_caseload(store) as held:
        found = _client(held, client).signals()
    if as_json:
        output.as_json(found)
    else:
        output.paragraphs([shown.signal(one) for one in found], "There are no signals.")


@caseload.group("episode", cls=Errors)
def episode() -> None:
    """Episodes of care: deterioration is judged against the best level since the phase began."""


@episode.command("list")
@click.argument("client")
@shared_options
def episode_list(store: Path | None, as_json: bool, client: str) -> None:
    """List the episodes of CLIENT, most recent first."""
    with open_caseload(store) as held:
        found = _client(held, client).episodes.list()
    if as_json:
        output.as_json(found)
    else:
        output.paragraphs([shown.episode(one) for one in found], "There is no episode.")


@episode.command("begin")
@click.argument("client")
@_phase
@click.option("--reason", default="", help="What care is for, in plain words.")
@_on
@shared_options
def episode_begin(store: Path | None, as_json: bool, client: str, phase: Phase, reason: str, on: date | None) -> None:
    """Begin an episode of CLIENT in PHASE. A client's first one begins with their record."""
    with open_caseload(store) as held:
        _tell(_client(held, client).episodes.begin(reason, _day(on), phase), as_json)


@episode.command("phase")
@click.argument("client")
@_phase
@_on
@shared_options
def episode_phase(store: Path | None, as_json: bool, client: str, phase: Phase, on: date | None) -> None:
    """Set the phase of CLIENT's open episode to PHASE."""
    with open_caseload(store) as held:
        found = _client(held, client)
        _tell(found.episodes.phase(_open(found).id, phase, _day(on)), as_json)


@episode.command("end")
@click.argument("client")
@_on
@shared_options
def episode_end(store: Path | None, as_json: bool, client: str, on: date | None) -> None:
    """End CLIENT's open episode."""
    with open_caseload(store) as held:
        found = _client(held, client)
        _tell(found.episodes.end(_open(found).id, _day(on)), as_json)


def _tell(one: Episode, as_json: bool) -> None:
    output.as_json(one) if as_json else output.say(shown.episode(one))


def _day(given: date | None) -> date | None:
    """click gives a day as a moment at midnight."""
    return None if given is None else date(given.year, given.month, given.day)


def _open(client: Client) -> Episode:
    found = client.episodes.current()
    if found is None:
        raise click.UsageError(f"{client.name} has no open episode. `intersession caseload episode begin` begins one.")
    return found


def _client(held: Caseload, given: str) -> Client:
    """The client of a name, or of the beginning of a name or an id."""
    everybody = held.clients()
    named = [one for one in everybody if one.name.casefold() == given.casefold()]
    found = named or [one for one in everybody if one.name.casefold().startswith(given.casefold())]
    if len(found) == 1:
        return held.client(found[0].id)
    if len(found) > 1:
        raise click.UsageError("Several of your clients are called that. Give the beginning of an id: see `clients`.")
    return held.client(pick(everybody, given).id)
