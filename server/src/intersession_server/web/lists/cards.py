"""What the pages of a list show of one document, prepared. Pure.

A kind that has no card of its own is shown field by field, under the names that its fields have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.forms import Answer
from intersession_schemas.documents.shapes import Element
from intersession_schemas.measures.scores import Measured
from intersession_schemas.measures.signals.signal import Signal
from intersession_schemas.streams import Kind
from intersession_server.language.language import count, say, say_as
from intersession_server.projections.read_models import MODEL_FIELDS, RecordView
from intersession_server.web.charts.scores import band_words, change_words, odd_words, score_name, score_words
from intersession_server.web.client.homework_views import homework_card
from intersession_server.web.client.plan_views import goal_card, resource_card
from intersession_server.web.lists.field_names import field_words, value_words
from intersession_server.web.page import phrases
from intersession_server.web.page.prose import FoldedText, prose
from intersession_server.web.signals.cards import signal_shown

_NOT_SHOWN = frozenset({"problems", "order", "scheme", "schedule", "hash", "key", "signal", "zone"})
"""What says nothing to a person."""
MOST_ELEMENTS = 50
"""Elements of one field that are shown."""


class FieldLine(Struct, frozen=True):
    """A field of a document: its name and what it says, in words."""

    name: str
    text: FoldedText


class PlainCard(Struct, frozen=True):
    """A document, field by field."""

    id: str
    heading: str
    fields: list[FieldLine]
    problems: tuple[str, ...] = ()
    changed: str = ""


class Card(Struct, frozen=True):
    """What is shown of one document, and the shape of its card: `homework`, `goal`, `resource`, `signal` or `plain`."""

    shape: str
    content: Any


_OWN: Mapping[Kind, tuple[str, Callable[[Any, date, str], Any]]] = {
    Kind.HOMEWORK: ("homework", homework_card),
    Kind.GOAL: ("goal", lambda view, _, changed: goal_card(view, changed)),
    Kind.RESOURCE: ("resource", lambda view, _, changed: resource_card(view, changed)),
}


def document_card(kind: Kind, view: RecordView, today: date, changed: str) -> Card:
    """A document as of the client's local day `today`; `changed` says who changed it last."""
    if kind in _OWN:
        shape, make = _OWN[kind]
        return Card(shape, make(view, today, changed))
    return Card("plain", plain_card(view, changed))


def plain_card(view: RecordView, changed: str = "") -> PlainCard:
    """A document, field by field, under when it arrived."""
    model = getattr(view, MODEL_FIELDS[type(view)])
    return PlainCard(
        id=str(view.id),
        heading=phrases.moment(view.arrived_at),
        fields=_lines(model),
        problems=tuple(getattr(model, "problems", ())),
        changed=changed,
    )


def measured_card(one: Measured) -> Card:
    """A score, with what it is compared with."""
    lines = [FieldLine(say("Score"), FoldedText(phrases.joined(score_words(one), band_words(one.score))))]
    lines += [FieldLine(say_as("difference", "Change"), FoldedText(change_words(change))) for change in one.compared]
    if one.odd:
        lines.append(FieldLine(say("Date"), FoldedText(odd_words(one))))
    if one.amended:
        lines.append(FieldLine(say("Corrected"), FoldedText(say("a later administration takes its place"))))
    heading = phrases.joined(score_name(one), phrases.moment(one.measured_at))
    return Card("plain", PlainCard(id=f"{one.completion}-{one.scale}", heading=heading, fields=lines))


def told_card(signal: Signal, names: Mapping[UUID, str] = {}, zone: tzinfo = UTC) -> Card:
    """A signal, with who has acknowledged it."""
    return Card("signal", signal_shown(signal, names, zone))


def _lines(model: Struct) -> list[FieldLine]:
    found = []
    for name in model.__struct_fields__:
        value = getattr(model, name)
        words = "" if name in _NOT_SHOWN else words_of(value_words(name, value) if isinstance(value, str) else value)
        if words:
            found.append(FieldLine(field_words(name), prose(words)))
    return found


def words_of(value: Any) -> str:
    """A value in words; empty where there is nothing to say, as of an id."""
    match value:
        case None | UUID():
            return ""
        case bool():
            return say("yes") if value else say("no")
        case int() | float():
            return phrases.number(value)
        case datetime():
            return phrases.moment(value)
        case date():
            return phrases.day(value)
        case str():
            return value.strip()
        case Mapping():
            return _joined([_named(name, one) for name, one in value.items()], "\n")
        case list() | tuple() | frozenset() | set():
            by = "\n" if any(isinstance(one, Answer) for one in value) else ", "
            return _joined([words_of(one) for one in value], by)
        case Answer():
            return f"{value.prompt}: {words_of(value.value)}"
        case Struct():
            return ", ".join(f"{line.name}: {line.text.shown}" for line in _lines(value))
    return str(value)


def _named(name: str, value: Any) -> str:
    """An element in words; what is not one, such as an answer, with the name that it has: of its item."""
    words = words_of(value)
    return words if isinstance(value, Element) or not words else f"{name}: {words}"


def _joined(words: list[str], by: str) -> str:
    said = [one for one in words if one]
    left = len(said) - MOST_ELEMENTS
    more = [count("and %(n)s more", "and %(n)s more", left)] if left > 0 else []
    return by.join(said[:MOST_ELEMENTS] + more)
