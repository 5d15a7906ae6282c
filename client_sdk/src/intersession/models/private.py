"""What the SDK answers about what is private: entries that were withdrawn, and the vault. Frozen values."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

__all__ = ["VaultStatus", "Withdrawal"]


class Withdrawal(Struct, frozen=True):
    """An entry that was shared and withdrawn.

    `state`: "waiting" until the server has confirmed; then "erased", or "kept" where the practice has to keep what
    was written and hides it from everybody; "refused" where the server will not do it. On this device the entry is
    gone in any case. `read_at` are the moments, oldest first, at which the care team may have read it before.
    """

    id: UUID
    asked_at: datetime
    state: Literal["waiting", "erased", "kept", "refused"]
    read_at: tuple[datetime, ...]


class VaultStatus(Struct, frozen=True):
    """Where the vault stands on this device.

    `state`: "none" where no vault is known, "locked", or "open". `waiting` counts sealed edits that are here and wait
    for a key to be opened; `unreadable` those that no key of this vault can open: damaged, or made by a newer app.
    """

    state: Literal["none", "locked", "open"]
    waiting: int
    unreadable: int
