"""Which spellings are one name, from `intersession_schemas.documents.names`; and the folding of case, which JavaScript
does not have."""

from __future__ import annotations

import sys
from typing import Any

from client_sdk.web.generate.characters import ranges

from intersession_schemas.documents import names


def data() -> Any:
    """`alike` and `folded` say of a character what it is compared as; `folded` where that is not its lower case."""
    every = [chr(code) for code in range(sys.maxunicode + 1)]
    return {
        "alike": {chr(code): one for code, one in sorted(names.ALIKE.items())},
        "folded": {one: one.casefold() for one in every if one.casefold() != one.lower()},
        "joiners": names.JOINERS,
        "notCompared": ranges(names.NOT_COMPARED),
    }
