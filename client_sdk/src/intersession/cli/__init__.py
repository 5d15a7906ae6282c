"""The `intersession` command; each module adds its commands to it."""

from intersession.cli import between, measures, private
from intersession.cli.commands import main

__all__ = ["between", "main", "measures", "private"]
