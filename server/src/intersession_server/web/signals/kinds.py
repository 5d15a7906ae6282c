"""What each kind of signal is called, and how much it presses. Pure."""

from __future__ import annotations

from typing import Literal

from intersession_schemas.measures.signals.signal import SignalKind
from intersession_server.language.language import say

Severity = Literal["risk", "attention", "note"]
"""The kinds of badges (page/components.html) that signals have."""


def heading(kind: SignalKind) -> str:
    """What a kind of signal is called."""
    match kind:
        case "risk":
            return say("Risk item endorsed")
        case "deterioration":
            return say("Deterioration")
        case "missed_run":
            return say("Homework missed several times in a row")
        case "silence":
            return say("Nothing received")
        case "not_accepted":
            return say("Answer not accepted")


def severity(kind: SignalKind) -> Severity:
    """How much a kind of signal presses."""
    match kind:
        case "risk":
            return "risk"
        case "deterioration":
            return "attention"
        case _:
            return "note"
