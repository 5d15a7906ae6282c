"""The `intersession` command; each module adds its commands to it."""

from intersession.cli import backups, between, importing, logs, measures, own, private
from intersession.cli.commands import main

__all__ = ["backups", "between", "importing", "logs", "main", "measures", "own", "private"]
