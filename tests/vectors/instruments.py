"""The instruments that ship, as data: what the cases of scores are scored by."""

from __future__ import annotations

from client_sdk.web.generate.instruments import LEFT_OUT, facts
from tests.vectors.cases import Json, pretty, without_empty

from intersession_schemas.instruments import INSTRUMENTS


def instruments_text() -> str:
    """The file."""
    about = (
        "The instruments that ship, as data, for scores.json: items, scales, bands, rules. Where a fact was read, and "
        "what an owner asks, is in ../../explanation/instruments.md. What is null, false or empty is left out, but for "
        "`scored`."
    )
    told = [_told(without_empty(facts(one, LEFT_OUT | {"wording"}))) for one in INSTRUMENTS.values()]
    return pretty({"about": about, "instruments": told}) + "\n"


def _told(value: Json) -> Json:
    match value:
        case dict():
            parts = {name: _told(one) for name, one in value.items()}
            return {name: one for name, one in parts.items() if one is not False or name == "scored"}
        case list():
            return [_told(one) for one in value]
    return value
