"""A client's device: their journal and symptoms, kept here, synced when there is a network."""

from __future__ import annotations

from intersession.aio import AsyncCalls
from intersession.device import Device
from intersession.journal import Journal
from intersession.models import Pairing
from intersession.replica import pairing
from intersession.replica.replica import Replica
from intersession.symptoms import Symptoms


class Tracker(Device):
    """For a client's app. Open it with `Tracker.open(path)`; nothing but `pair`, `sync`, `live` and `wait_synced`
    ever touches the network. What a call has returned is on disk."""

    ROLE = "client"

    def __init__(self, replica: Replica) -> None:
        super().__init__(replica)
        self.journal = Journal(replica)
        self.symptoms = Symptoms(replica)
        self.aio = AsyncCalls(self, self.pair)

    def pair(
        self, url: str, code: str, *, share_by_default: bool, share_earlier: bool = False, timeout: float = 30.0
    ) -> Pairing:
        """Connect this store with a practice, using the pairing code that it gave.

        `share_by_default`: whether what is written from now on goes to the care team unless said otherwise.
        `share_earlier`: whether what was written before, and not kept private on purpose, is shared too. Sharing
        copies an entry's present text into a new document, so that nothing deleted from it is handed over; the old
        id goes on finding it. Raises `PairingRefused` (its `code` says why), `Unreachable`, `InvalidField` for an
        address that is not https, `StoreFull`.
        """
        return pairing.pair(
            self._replica,
            url,
            code,
            role=self.ROLE,
            share_by_default=share_by_default,
            share_earlier_too=share_earlier,
            timeout=timeout,
        )
