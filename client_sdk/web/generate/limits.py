"""Limits of what documents hold, by the module that sets them."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from intersession.sealing import sealing
from intersession_schemas import nesting
from intersession_schemas.documents import forms, moments, names, shapes, writes
from intersession_schemas.documents.assessments import answers, assessments, wordings
from intersession_schemas.documents.care import homework
from intersession_schemas.documents.diary import entry_times, journal, sections, symptom_history, symptoms

_LIMITS: dict[ModuleType, tuple[str, ...]] = {
    nesting: ("DEPTH",),
    moments: ("LONGEST_ZONE",),
    names: ("MAX_NAMES",),
    shapes: ("MAX_ELEMENTS", "MAX_ELEMENT_ID"),
    writes: ("MAX_PROSE", "MAX_PUTS"),
    forms: ("MAX_ANSWER", "MAX_OPTIONS", "MAX_OPTION", "MAX_NUMBER"),
    homework: ("MOST_EARLIER",),
    entry_times: ("MOST_TIMES",),
    journal: ("MAX_TAGS", "MOST_TAGS_READ", "MAX_TAG", "MOOD_RANGE"),
    sections: ("MAX_TEXT", "MAX_PROMPT", "MAX_SECTIONS", "MAX_KEY"),
    symptom_history: ("MOST_ALIKE", "MOST_EARLIER"),
    symptoms: (
        "MAX_NAME",
        "MAX_VALUES",
        "MAX_NOTE",
        "MAX_KEY",
        "MAX_PROBLEMS",
        "MOST_WITHDRAWN",
        "MAX_VALUE",
    ),
    answers: ("MAX_ITEMS", "MAX_ITEM", "MAX_TEXT_VALUE", "MAX_NUMBER"),
    assessments: ("MAX_NAME",),
    wordings: ("MAX_DEFINITION",),
    sealing: ("SMALLEST_PASSPHRASE",),
}


def data() -> Any:
    """By module, then by name."""
    return {
        _camel(module.__name__.rpartition(".")[2]): {_camel(name): getattr(module, name) for name in of}
        for module, of in _LIMITS.items()
    }


def _camel(name: str) -> str:
    first, *others = name.strip("_").lower().split("_")
    return first + "".join(map(str.capitalize, others))
