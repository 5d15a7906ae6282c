"""Who may read what, as the world knows it: kept beside the server's own register, and never asked of it."""

from __future__ import annotations

from uuid import UUID

GRACE = 1.0
"""Seconds after the end of a grant within which what was read before may still be on its way out."""


class Access:
    """Grants and revoked devices, with the moments at which they ended."""

    def __init__(self) -> None:
        self._until: dict[tuple[UUID, UUID], float | None] = {}
        self._revoked: dict[UUID, float] = {}

    def copy(self) -> Access:
        """As it is now."""
        copy = Access()
        copy._until, copy._revoked = dict(self._until), dict(self._revoked)
        return copy

    def begin(self, account: UUID, stream: UUID) -> None:
        """From now on the account may read the stream."""
        self._until[account, stream] = None

    def end(self, account: UUID, stream: UUID, now: float) -> None:
        """From now on the account may not."""
        if self._until.get((account, stream), now) is None:
            self._until[account, stream] = now

    def revoke(self, device: UUID, now: float) -> None:
        """From now on nothing goes to the device."""
        self._revoked.setdefault(device, now)

    def is_revoked(self, device: UUID) -> bool:
        """Whether the device may read nothing any more."""
        return device in self._revoked

    def may_read(self, account: UUID, device: UUID, stream: UUID, since: float = float("inf")) -> bool:
        """Whether it may now, or may have at some moment `since`."""
        until = self._until.get((account, stream), float("-inf"))
        revoked = self._revoked.get(device)
        return (until is None or until >= since) and (revoked is None or revoked >= since)

    def streams(self, account: UUID, device: UUID) -> set[UUID]:
        """What a device may read now."""
        known = [stream for of, stream in self._until if of == account]
        return {stream for stream in known if self.may_read(account, device, stream)}
