"""Commands for what is one's own: `export` writes it into files, `import store` takes it into a new store."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import rich_click as click

from intersession.cli.commands import main, open_store, shared_options
from intersession.cli.importing import import_
from intersession.cli.output import printing as output
from intersession.models.exports import ExportReport, StoreImport


@main.command()
@click.argument("path", metavar="DIR|FILE.zip", type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace an existing export.")
@shared_options
def export(store: Path | None, as_json: bool, path: Path, overwrite: bool) -> None:
    """Export all your data to a new folder DIR or to FILE.zip: as a readable page, as JSON and for spreadsheets.

    It includes your private entries. No server is needed, and it works after your access has ended.
    """
    with open_store(store) as tracker, _bar("Exporting") as advance:
        report = tracker.export(path, overwrite=overwrite, progress=advance)
    output.as_json(report) if as_json else output.say(_exported(report))


@import_.command("store")
@click.argument("source", metavar="OLD", type=click.Path(exists=True, path_type=Path))
@click.option("--share", is_flag=True, help="Share with this store's care team what a care team could read before.")
@shared_options
def import_store(store: Path | None, as_json: bool, source: Path, share: bool) -> None:
    """Import your data from an OLD store, or from an export, into this one. Importing again adds nothing.

    For a new server or account: an old store belongs to the one it was paired with. What was private stays private.
    """
    with open_store(store) as tracker, _bar("Importing") as advance:
        report = tracker.import_from(source, share=share, progress=advance)
    output.as_json(report) if as_json else output.say(_taken(report))


@contextmanager
def _bar(label: str) -> Iterator[Callable[[int, int], None]]:
    with click.progressbar(length=1, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def advance(done: int, whole: int) -> None:
            bar.length = max(1, whole)
            bar.update(done - bar.pos)

        yield advance


def _exported(one: ExportReport) -> str:
    counts = f"{one.entries} entries, {one.private} of them private, {one.symptom_logs} symptom logs"
    more = f"{one.homework} answers to homework, {one.assessments} assessments, {one.goals} goals"
    lines = [
        f"Written to {one.path}: {counts}, {more}.",
        "Anybody who has these files can read them, including private entries. Keep them safe.",
        "Not included:",
        *(f"    {what}" for what in one.left_out),
    ]
    return "\n".join(lines)


def _taken(one: StoreImport) -> str:
    counts = f"{one.entries} entries, {one.symptom_logs} symptom logs, {one.progress} answers to homework (as entries)"
    more = f"{one.assessments} assessments, {one.goals} goals, {one.topics} topics, {one.drafts} drafts"
    lines = [
        f"Imported: {counts}, {more}. {one.unchanged} were already here.",
        "Not taken:",
        *(f"    {what}" for what in one.left_out),
    ]
    return "\n".join(lines)
