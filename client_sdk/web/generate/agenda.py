"""What the agenda takes from the Python code as data: how rules are read, and for how long what is asked stays open."""

from __future__ import annotations

from typing import Any, get_args

from intersession_schemas.documents import recurrence
from intersession_schemas.documents.care import agenda
from intersession_schemas.documents.care.plan import SafetyPart


def data() -> Any:
    """Rules and their limits; what is due for how long."""
    return {
        "rules": {
            "longest": recurrence.MAX_RULE,
            "frequencies": recurrence.FREQUENCIES,
            "parts": recurrence.PARTS,
            "saysNothing": recurrence.SAYS_NOTHING,
            "days": recurrence.DAYS,
            "words": recurrence.WORDS,
            "numbers": recurrence.NUMBERS,
            "units": recurrence.UNITS,
        },
        "most": recurrence.MOST,
        "longestWindow": recurrence.LONGEST_WINDOW.days,
        "earliest": recurrence.EARLIEST.isoformat(),
        "noBeginning": agenda.NO_BEGINNING.isoformat(),
        "overdueDays": agenda.OVERDUE_DAYS,
        "safetyParts": get_args(SafetyPart),
    }
