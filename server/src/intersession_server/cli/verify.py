"""`intersession-server verify`: is the data folder as it was written?"""

from __future__ import annotations

import os
import sys

import rich_click as click

from intersession_server import folder_check
from intersession_server.cli.options import operator_options
from intersession_server.data_folder import DataFolder
from intersession_server.errors import StorageError
from intersession_server.operator import terminal
from intersession_server.settings import settings_from


@click.command("verify")
@operator_options
@click.pass_context
def verify_command(ctx: click.Context, data: str | None, as_json: bool) -> None:
    """Check that nothing in the data folder was altered on the disk. The server must be stopped; nothing is changed.

    Every file, every row of the log and every stored change is checked. Each damaged stream, row and document is listed
    by its id, without content. The exit code is 0 if nothing is damaged, else 1.
    """
    path = settings_from({"data": data}, os.environ).folder
    if not path.is_dir():
        raise StorageError(f"There is no data folder {path}. Name it with --data.")
    with DataFolder(path).held():
        found = folder_check.verify(path, lambda line: click.echo(line, err=True))
    counted = (
        f"Checked {len(found.files)} files: {found.streams} streams, {found.documents} documents, {found.rows} rows."
    )
    if as_json:
        terminal.say([terminal.json_text(found, sys.stdout)])
    elif found.damaged:
        terminal.say([*found.damaged, counted, f"The data folder is damaged. {folder_check.RESTORE}"])
    else:
        terminal.say([counted, "Nothing is damaged."])
    ctx.exit(1 if found.damaged else 0)
