"""What a client's other device and their therapist do meanwhile, and how the phone hears of it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from tests.end_to_end.support.server_process import wait_for

from intersession import Caseload, Tracker
from intersession.caseload import Client


class Care:
    """One client's tablet, and their therapist's laptop."""

    def __init__(self, person: UUID, tablet: Tracker, laptop: Caseload) -> None:
        self.tablet, self.laptop = tablet, laptop
        self._person = person

    @property
    def client(self) -> Client:
        """The client, as the therapist has them."""
        return self.laptop.client(self._person)

    def sync(self) -> None:
        """Exchange everything on both."""
        for one in (self.tablet, self.laptop, self.tablet):
            report = one.sync()
            assert report.complete, report

    def until(self, ask: Callable[[], object], wanted: object, what: str) -> None:
        """Exchange until both hold what the phone sends by itself."""

        def come() -> bool:
            self.sync()
            return ask() == wanted

        wait_for(come, 20, what)
