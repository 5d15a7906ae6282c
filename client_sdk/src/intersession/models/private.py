"""What the SDK answers about what is private: entries that were withdrawn, and the vault. Frozen values."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

__all__ = ["VaultStatus", "Withdrawal"]


class Withdrawal(Struct, frozen=True):
    """An entry that was shared and withdrawn.

    `state`: "waiting" until the server has confirmed; then "erased", or "kept" if the practice has to keep what was
    written and hides it from everybody; "refused" if the server will not do it. On this device the entry is
    gone in any case. `read_at` lists the times, oldest first, at which the care team may have read it.
    """

    id: UUID
    asked_at: datetime
    state: Literal["waiting", "erased", "kept", "refused"]
    read_at: tuple[datetime, ...]


class VaultStatus(Struct, frozen=True):
    """The state of the vault on this device.

    `state`: "none" if no vault is known, "locked", or "open". `waiting` counts encrypted edits here that wait for a
    key; `unreadable` those that no key of this vault can decrypt: damaged, or made by a newer app.
    """

    state: Literal["none", "locked", "open"]
    waiting: int
    unreadable: int
