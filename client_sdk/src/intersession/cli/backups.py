"""Commands for copies of the store: `backup` makes one, `restore` puts it back."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from intersession.cli.commands import main, open_store, shared_options, store_path
from intersession.cli.output import printing as output
from intersession.tracker import Tracker


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace an existing file.")
@shared_options
def backup(store: Path | None, as_json: bool, path: Path, overwrite: bool) -> None:
    """Back up the store to PATH. Keep the backup as safe as the store itself."""
    with open_store(store) as tracker:
        tracker.backup(path, overwrite=overwrite)
    output.as_json({"backup": str(path)}) if as_json else output.say(f"Backed up to {path}.")


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
@shared_options
def restore(store: Path | None, as_json: bool, path: Path) -> None:
    """Replace the store with the backup at PATH. The previous store is kept under another name."""
    where = store_path(store)
    kept = Tracker.restore(where, path)
    if as_json:
        output.as_json({"store": str(where), "kept": None if kept is None else str(kept)})
        return
    output.say(f"{where} has been restored. Run `intersession sync` to get back what your practice has received since.")
    if kept is not None:
        output.say(f"The previous store is kept as {kept}. Whatever was never synced is only in that file.")
