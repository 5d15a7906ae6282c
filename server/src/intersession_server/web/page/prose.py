"""What somebody wrote or answered, prepared for a page: cut where it is very long, answers in words. Pure."""

from __future__ import annotations

from msgspec import Struct

from intersession_schemas.documents.forms import Value
from intersession_server.language.language import say
from intersession_server.web.page import phrases

EXCERPT = 1_000
"""Characters of a very long text that are shown before it is opened."""


class FoldedText(Struct, frozen=True):
    """A text, and what of it is shown only when it is opened."""

    shown: str
    rest: str = ""


def prose(text: str) -> FoldedText:
    """A text, cut between two words where it is very long."""
    if len(text) <= 2 * EXCERPT:
        return FoldedText(text)
    end = max(text.rfind(" ", 0, EXCERPT), text.rfind("\n", 0, EXCERPT))
    cut = end if end > EXCERPT // 2 else EXCERPT
    return FoldedText(text[:cut], text[cut:])


def answer_words(value: Value, label: str, unit: str) -> str:
    """An answer in words, under the label or with the unit it was given: "3 (sometimes)", "2.5 hours", "yes"."""
    match value:
        case None | "" | ():
            return say("not answered")
        case bool():
            said = say("yes") if value else say("no")
        case int() | float():
            said = phrases.number(value)
        case str():
            said = value
        case _:
            said = ", ".join(value)
    return said + (f" {unit}" if unit else "") + (f" ({label})" if label else "")
