"""Why a value does not fit a field, as a sentence for the person who typed it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from intersession_schemas.errors import InvalidField
from intersession_server.language.language import count, say


class FieldProblem(InvalidField):
    """What is wrong with one field of a form; `field` is its name there, by which a page can point at it."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


def told(error: Exception) -> str:
    """An error of ours in the current language, where the catalogue has it, else as it is."""
    return say(str(error))


def reason(said: str) -> str:
    """What msgspec says of a value (without it), in words: types and limits."""
    for pattern, words in _REASONS:
        if found := re.search(pattern, said):
            return words(found)
    return say("This value is not valid here.")


_REASONS: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (r"of length <= (\d+)", lambda m: count("At most %(n)s character.", "At most %(n)s characters.", int(m[1]))),
    (r"of length >= (\d+)", lambda m: count("At least %(n)s character.", "At least %(n)s characters.", int(m[1]))),
    (r">= (-?[\d.]+)", lambda m: say("Must be %(number)s or more.", number=m[1])),
    (r"> (-?[\d.]+)", lambda m: say("Must be more than %(number)s.", number=m[1])),
    (r"<= (-?[\d.]+)", lambda m: say("Must be %(number)s or less.", number=m[1])),
    (r"< (-?[\d.]+)", lambda m: say("Must be less than %(number)s.", number=m[1])),
    (r"date-?time", lambda _: say("Must be a day and a time.")),
    (r"\bdate\b", lambda _: say("Must be a day, such as 2026-11-30.")),
    (r"\btime\b", lambda _: say("Must be a time of day, such as 18:30.")),
    (r"enum value", lambda _: say("Must be one of the choices.")),
    (r"UUID", lambda _: say("Must be one of the choices.")),
    (r"Expected `float", lambda _: say("Must be a number.")),
    (r"Expected `int", lambda _: say("Must be a whole number.")),
    (r"Expected `bool", lambda _: say("Must be yes or no.")),
    (r"missing required field", lambda _: say("Something that is required is missing.")),
)
