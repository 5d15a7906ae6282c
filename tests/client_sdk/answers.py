"""Answers to a questionnaire, by what they add up to."""

from __future__ import annotations

NONE = {f"q{number}": 0 for number in range(1, 10)}


def phq_9(total: int, **others: int) -> dict[str, int]:
    """Answers that add up to that, without a positive risk item."""
    items = [f"q{number}" for number in range(1, 9)]
    return NONE | {item: min(3, max(0, total - 3 * place)) for place, item in enumerate(items)} | others
