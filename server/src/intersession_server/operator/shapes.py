"""What every command and every result begins with."""

from __future__ import annotations

from msgspec import Struct


class Command(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="command"):
    """The base of every command. `by` is the user of the machine who ran it, for the audit."""

    by: str = ""


class Result(Struct, frozen=True, kw_only=True, tag_field="result"):
    """The base of every result."""
