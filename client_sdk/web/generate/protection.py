"""What must stay as it is in documents of each kind, from `intersession_schemas.records.protection`."""

from __future__ import annotations

from typing import Any

from intersession_schemas.records.protection import PROTECTED, Slot


def data() -> Any:
    """By kind the places of its documents, and whether one is never altered at all."""
    return {kind: {"whole": one.whole, "root": _slot(one.root)} for kind, one in PROTECTED.items()}


def _slot(slot: Slot) -> Any:
    made: dict[str, Any] = {"holds": slot.holds, "kept": slot.kept}
    if slot.fields:
        made["fields"] = {name: _slot(one) for name, one in slot.fields.items()}
    if slot.each is not None:
        made["each"] = _slot(slot.each)
    return made
