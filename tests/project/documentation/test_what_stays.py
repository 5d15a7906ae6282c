"""docs/explanation/what-stays.md: its table says what the data says."""

from __future__ import annotations

from pathlib import Path

from intersession_schemas.records.protection import ORIGINS, PROTECTED, WHOLE, Slot
from intersession_schemas.streams import WRITERS, Audience, Kind, is_authored

PAGE = (Path(__file__).parents[3] / "docs/explanation/what-stays.md").read_text(encoding="utf-8")


def row(kind: Kind) -> str:
    audiences = [audience for audience in Audience if (audience, kind) in WRITERS]
    by = (
        "its author"
        if all(is_authored(audience, kind) for audience in audiences)
        else "everybody allowed to write, together"
    )
    origins = "everything" if kind in WHOLE else ", ".join(f"`{name}`" for name in ORIGINS.get(kind, ()))
    return (
        f"| `{kind}` | {by} | {origins or '–'} | {', '.join(added(PROTECTED[kind].root, 'every other key')) or '–'} |"
    )


def added(slot: Slot, whole: str) -> list[str]:
    """The places in a map whose values are added and never altered."""
    found = [whole] if slot.each is not None and (slot.each.holds, slot.each.kept) == ("value", "once") else []
    for name, one in slot.fields.items():
        if (one.holds, one.kept) == ("value", "once"):
            found.append(f"`{name}`")
        elif one.holds == "map":
            found += added(one, f"`{name}`")
    if slot.each is not None and slot.each.holds == "map":
        found += added(slot.each, "")
    return found


def test_the_table_is_that_of_the_data() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]
    assert rows == [row(Kind(kind)) for kind in sorted(PROTECTED)]
