"""The `intersession` command; each module adds its commands to it."""

from intersession.cli import backups, between, logs, measures, own, private
from intersession.cli.commands import main

__all__ = ["backups", "between", "logs", "main", "measures", "own", "private"]
