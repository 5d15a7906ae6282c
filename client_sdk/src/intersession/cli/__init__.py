"""The `intersession` command; each module adds its commands to it."""

from intersession.cli import backups, care, caseload, importing, logs, measures, own_data, private
from intersession.cli.commands import main

__all__ = ["backups", "care", "caseload", "importing", "logs", "main", "measures", "own_data", "private"]
