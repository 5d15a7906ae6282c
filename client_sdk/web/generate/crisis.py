"""Whom to call in a crisis, by country."""

from __future__ import annotations

from typing import Any

import msgspec

from intersession_schemas.client_words import LOCAL_HELP


def data() -> Any:
    """The emergency numbers and crisis lines of each country that is known."""
    return msgspec.to_builtins(dict(LOCAL_HELP))
