"""The `intersession` command; each module adds its commands to it."""

from intersession.cli import backups, care, importing, logs, measures, own_data, private
from intersession.cli.commands import main

__all__ = ["backups", "care", "importing", "logs", "main", "measures", "own_data", "private"]
