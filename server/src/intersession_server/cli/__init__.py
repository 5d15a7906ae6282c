"""The `intersession-server` command."""

from intersession_server.cli.command import main

__all__ = ["main"]
