"""Items in a row, as nearly every instrument has them: numbered, with the same answers."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from intersession_schemas.instruments.values import Item


def whole(low: int, high: int) -> tuple[int, ...]:
    """Every whole number from `low` to `high`, both included."""
    return tuple(range(low, high + 1))


def numbered(
    labels: Sequence[str],
    allowed: tuple[int, ...],
    *,
    loinc: Sequence[str] = (),
    reverse: Collection[int] = (),
    highest_first: Collection[int] = (),
) -> tuple[Item, ...]:
    """Items `q1`, `q2` … with our own short labels. `reverse` and `highest_first` name items by number, from 1."""
    return tuple(
        Item(
            key=f"q{number}",
            label=label,
            allowed=allowed,
            reverse=number in reverse,
            highest_first=number in highest_first,
            loinc=loinc[number - 1] if loinc else None,
        )
        for number, label in enumerate(labels, 1)
    )


def keys(*numbers: int) -> tuple[str, ...]:
    """The keys of numbered items: `keys(1, 3)` is `("q1", "q3")`."""
    return tuple(f"q{number}" for number in numbers)
