"""The instruments that ship, as data: what the cases of scores are scored by."""

from __future__ import annotations

from tests.vectors.cases import Json, plain, pretty, without_empty

from intersession_schemas.instruments import INSTRUMENTS

LEFT_OUT = {
    "licence",
    "codes",
    "sources",
    "names",
    "left_out",
    "wording_hashes",
    "wording",
    "source",
    "bands_source",
    "loinc",
}
"""What belongs to the words of an instrument, and where its facts were read: in the modules of
`schemas/src/intersession_schemas/instruments`."""


def instruments_text() -> str:
    """The file."""
    about = (
        "The instruments that ship, as data, for scores.json: items, scales, bands, rules. Where a fact was read, and "
        "what an owner asks, is in ../../explanation/instruments.md. What is null, false or empty is left out."
    )
    return (
        pretty({"about": about, "instruments": [_told(without_empty(plain(one))) for one in INSTRUMENTS.values()]})
        + "\n"
    )


def _told(value: Json) -> Json:
    match value:
        case dict():
            parts = {name: _told(one) for name, one in value.items() if name not in LEFT_OUT}
            return {name: one for name, one in parts.items() if one is not False}
        case list():
            return [_told(one) for one in value]
    return value
