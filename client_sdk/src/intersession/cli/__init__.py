"""The `intersession` command."""

from intersession.cli.commands import main

__all__ = ["main"]
