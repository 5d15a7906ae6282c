"""C-SSRS screener: the vectors."""

from __future__ import annotations

from tests.schemas.instruments.definitions.expected import Vector, whole

# --- C-SSRS screener --------------------------------------------------------------------------------------------------

TRIAGE = "Columbia triage page; branches: technical manual by Millisecond"


def cssrs(
    yes: str, no: str, why: str, level: str | None, *, missing: tuple[str, ...] = (), source: str = TRIAGE
) -> Vector:
    """`yes` and `no` are the items answered so, separated by spaces; the others have no answer."""
    answers: dict[str, int | bool | None] = {key: key in yes.split() for key in [*yes.split(), *no.split()]}
    return Vector("c-ssrs", why, answers, whole({}, risks=tuple(yes.split()), level=level, missing=missing), source)


C_SSRS = [
    cssrs("", "q1 q2 q6", "no to all that belong", None),
    cssrs("q1", "q2 q6", "1 alone: low", "low"),
    cssrs("q2", "q1 q3 q4 q5 q6", "2 alone: low", "low"),
    cssrs("q1 q2", "q3 q4 q5 q6", "1 and 2: low", "low"),
    cssrs("q1 q2 q3", "q4 q5 q6", "3: moderate", "moderate"),
    cssrs("q1 q2 q4", "q3 q5 q6", "4: high", "high"),
    cssrs("q1 q2 q5", "q3 q4 q6", "5: high", "high"),
    cssrs("q1 q2 q3 q4 q5 q6 q6-recent", "", "yes to everything: high", "high"),
    cssrs("q6", "q1 q2 q6-recent", "6 ever, not in the past 3 months: moderate", "moderate"),
    cssrs("q6 q6-recent", "q1 q2", "6 in the past 3 months: high", "high"),
    cssrs("q1 q2 q3 q6", "q4 q5 q6-recent", "3 and 6 ever: moderate", "moderate"),
    cssrs("q6", "q1 q2", "6, the past 3 months not asked: at least moderate", "moderate", missing=("q6-recent",)),
    cssrs("q2", "q1 q6", "2, and 3 to 5 not asked: at least low", "low", missing=("q3", "q4", "q5")),
    cssrs("", "", "nothing answered", None, missing=("q1", "q2", "q6")),
    cssrs("", "q1 q2", "6 not answered", None, missing=("q6",)),
    cssrs("", "q2 q6", "1 not answered", None, missing=("q1",)),
    cssrs("", "q1 q6", "2 not answered", None, missing=("q2",)),
    cssrs("q5", "", "5 alone, all else missing: high all the same", "high", missing=("q1", "q2", "q6")),
    cssrs("q4", "q1 q2 q6", "4 in spite of a no to 2: high all the same", "high"),
    cssrs("q6-recent", "q1 q2", "recent, with 6 itself missing: high all the same", "high", missing=("q6",)),
    Vector("c-ssrs", "a number where yes or no belongs", {"q1": 1}, None, TRIAGE),
]
