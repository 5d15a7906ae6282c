"""One value of a picture: what it is about, and when it came. Pure."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from intersession_schemas.documents.diary.symptoms import Number


class Point(Struct, frozen=True):
    """One answer. `at` is local, with its offset.

    `synced_later`: it was received more than a day after. `entered_later`: it was entered more than a day after what it
    is about; only that is late, and such an answer was synced later if it was received more than a day after that.
    """

    at: datetime
    value: Number
    arrived_at: datetime
    synced_later: bool = False
    entered_later: bool = False
