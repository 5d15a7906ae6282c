"""The `intersession-server` command.

Every command but `serve` and `demo` is a value of `operator.commands`: it is carried out here when nobody holds the
data folder, and by the running server when one does.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import rich_click as click

from intersession_server import event_log
from intersession_server.cli.instruments import instrument
from intersession_server.cli.options import (
    ClearErrors,
    answer,
    data_option,
    execute,
    note_data,
    operator_options,
    setting_options,
)
from intersession_server.cli.people import (
    assign_command,
    client,
    devices_command,
    people_command,
    practice,
    revoke_command,
    therapist,
    unassign_command,
)
from intersession_server.cli.staff import STAFF_COMMANDS
from intersession_server.cli.verify import verify_command
from intersession_server.demo.demo import run_demo
from intersession_server.operator import commands
from intersession_server.serve import serve
from intersession_server.settings import Settings, settings_from

DEMO_DATA = "intersession-demo"


@click.group(cls=ClearErrors, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(package_name="intersession-server", prog_name="intersession-server")
@data_option
def main(data: str | None) -> None:
    """The practice's side of Intersession: the sync server and its accounts."""
    del data  # kept by `note_data`
    os.umask(0o077)


@main.command("serve")
@setting_options
def serve_command(**given: Any) -> None:
    """Serve devices and browsers until Ctrl-C. Prints the URL once it answers."""
    settings: Settings = settings_from(given, os.environ)
    event_log.set_up(settings.log_level, settings.log_format)

    def ready(url: str) -> None:
        click.echo(f"Serving on {url}")
        sys.stdout.flush()

    serve(settings, ready)


@main.command("demo")
@click.option("--data", metavar="DIR", default=None, callback=note_data, help=f"Data folder. Default: {DEMO_DATA}.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on. Default: any free port.")
def demo_command(data: str | None, port: int) -> None:
    """Serve a fictitious practice with active clients, to try things out. Stop it with Ctrl-C; the data is kept.

    When it is ready, it prints one line: `ready URL USER PASSWORD`. Before it, on standard error, it
    prints an address that opens the client's app as one of the clients.
    """
    event_log.set_up("warning", "text")

    def say(line: str) -> None:
        click.echo(line, err=not line.startswith("ready "))
        sys.stdout.flush()

    run_demo(Settings(data=data or DEMO_DATA, port=port), say)


@click.command("rebuild")
@operator_options
def rebuild_command(data: str | None, as_json: bool) -> None:
    """Rebuild the read models from the log."""
    result: commands.Rebuilt = execute(data, commands.Rebuild())
    answer(result, as_json, [f"Rebuilt from {result.rows} rows."])


for command in (
    practice,
    therapist,
    client,
    assign_command,
    unassign_command,
    people_command,
    devices_command,
    revoke_command,
    *STAFF_COMMANDS,
    instrument,
    rebuild_command,
    verify_command,
):
    main.add_command(command)
