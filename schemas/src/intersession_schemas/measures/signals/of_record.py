"""Signals: what in a record somebody should look at. Facts with their age, never a judgement of a person. Pure.

One fact is one signal, which grows older and keeps its id. A signal never goes because it was acknowledged; it says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from msgspec.structs import replace

from intersession_schemas.documents.care.comments import Acknowledgement
from intersession_schemas.measures.material import Cut, Material
from intersession_schemas.measures.signals.deterioration import deterioration
from intersession_schemas.measures.signals.missed import missed
from intersession_schemas.measures.signals.risks import risks
from intersession_schemas.measures.signals.signal import Acknowledged, Signal, signal
from intersession_schemas.measures.signals.silence import silence, silences
from intersession_schemas.measures.words import day_text, say
from intersession_schemas.streams import Kind


def signals(material: Material, cut: Cut) -> tuple[Signal, ...]:
    """All signals of a record as of the cut: risk that nobody has acknowledged, then all others, each newest first.

    They are ordered by when they arrived, or else by what they are about. Acknowledged ones are among them.
    Raises `InvalidField` for a naive `now`.
    """
    cut = replace(cut, now=cut.local(cut.now))
    silent = silence(material, cut)
    found = (
        *risks(material, cut),
        *deterioration(material, cut),
        *missed(material, cut, silent),
        *silences(material, cut, silent),
        *_not_accepted(material, cut),
    )
    seen = _acknowledgements(material)
    told = [_with(one, seen.get(one.id, ())) for one in {one.id: one for one in found}.values()]
    by_id = sorted(told, key=lambda one: one.id)
    newest = sorted(by_id, key=lambda one: one.arrived_at or one.at, reverse=True)
    return tuple(sorted(newest, key=lambda one: one.kind != "risk" or bool(one.acknowledged)))


def _acknowledgements(material: Material) -> dict[str, tuple[Acknowledged, ...]]:
    found: dict[str, list[tuple[bool, float, UUID, Acknowledged]]] = {}
    for filed, one in material.of(Kind.ACKNOWLEDGEMENT, Acknowledgement):
        made = Acknowledged(by=filed.rows.author, at=one.made_at, note=one.note)
        when = one.made_at.timestamp() if one.made_at is not None else 0.0
        found.setdefault(one.signal, []).append((one.made_at is None, when, filed.id, made))
    return {id_: tuple(each[-1] for each in sorted(given, key=lambda each: each[:3])) for id_, given in found.items()}


def _with(one: Signal, acknowledged: tuple[Acknowledged, ...]) -> Signal:
    return replace(one, acknowledged=acknowledged) if acknowledged else one


def _not_accepted(material: Material, cut: Cut) -> Iterator[Signal]:
    """One for each assessment that something was sent for and set aside. What it said is nobody's to read: it may have
    been an answer, so that there was one is told.
    """
    days = material.days(cut)
    newest = {one.document: one for one in material.not_accepted}
    for document, one in newest.items():
        at = cut.local(one.received_at)
        text = say(cut.locale, "not_accepted", day=day_text(days.of(at)))
        yield signal("not_accepted", f"not_accepted/{document}/{one.seq}", document, at, at, text, cut, days)
