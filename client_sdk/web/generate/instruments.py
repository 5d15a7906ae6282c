"""The instruments that ship, as data: all that is needed to score them and to show what they say."""

from __future__ import annotations

from typing import Any

import msgspec

from intersession_schemas.instruments.known import INSTRUMENTS
from intersession_schemas.instruments.values import Instrument

LEFT_OUT = frozenset(
    {"licence", "codes", "sources", "names", "left_out", "wording_hashes", "source", "bands_source", "loinc"}
)
"""Where a fact was read, and what belongs to official wording: nothing is scored or shown by it."""


def facts(instrument: Instrument, left_out: frozenset[str] = LEFT_OUT) -> Any:
    """An instrument as data, without what is left out wherever it stands."""
    return _without(left_out, msgspec.to_builtins(instrument))


def data() -> Any:
    """The instruments, with the words of those whose words are ours, and what the owners of others want to be shown."""
    return [facts(one) | {"licence": {"terms": one.licence.terms}} for one in INSTRUMENTS.values()]


def _without(names: frozenset[str], value: Any) -> Any:
    match value:
        case dict():
            return {name: _without(names, one) for name, one in value.items() if name not in names}
        case list() | tuple():
            return [_without(names, one) for one in value]
    return value
