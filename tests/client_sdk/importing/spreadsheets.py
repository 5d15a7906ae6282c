"""What tests of imports write into a file, and what they read of a plan and of the store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from intersession import ImportPlan, Tracker

Write = Callable[..., Path]
T = "2026-05-04T21:13:00+02:00"
BERLIN = "Europe/Berlin"


def logs(tracker: Tracker) -> list[tuple[str, dict[str, Any]]]:
    """What is there, oldest first: the moment as it is shown, and the values."""
    found = sorted(tracker.symptoms.logs(), key=lambda log: (log.at, sorted(log.values.items())))
    return [(log.at.isoformat(timespec="minutes"), log.values) for log in found]


def asks(plan: ImportPlan) -> set[str]:
    return {one.option for one in plan.ambiguous}


def left_out(plan: ImportPlan) -> dict[str, str]:
    return {one.column: one.reason for one in plan.left_out}
