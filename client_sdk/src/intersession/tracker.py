"""A client's device: their journal, symptoms, plan, homework and goals, kept here, synced when there is a network."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from intersession.aio import AsyncTrackerCalls
from intersession.assessments.assessments import Assessments
from intersession.care import agenda, comments, safety
from intersession.care.goals import Goals
from intersession.care.homework import Homework
from intersession.care.plan import plan_view
from intersession.care.resources import Resources
from intersession.care.sessions import Sessions
from intersession.care.topics import OwnTopics
from intersession.device import Device
from intersession.diary import exporting, store_import
from intersession.diary.drafts import Drafts
from intersession.diary.journal import Journal
from intersession.diary.symptoms import Symptoms
from intersession.diary.vault import Vault
from intersession.models.devices import Pairing
from intersession.models.exports import ExportReport, StoreImport
from intersession.models.measures import Progress, Safety
from intersession.models.records import Comment, Due, Plan
from intersession.pairing import pairing
from intersession.replica.replica import Replica
from intersession.replica.scope import Scope
from intersession.store.store_key import StoreKey


class Tracker(Device):
    """For a client's app. Open it with `Tracker.open(path)`; only `pair`, `sync`, `live` and `wait_synced` use the
    network. When a call returns, its data is on disk."""

    ROLE = "client"

    def __init__(self, replica: Replica) -> None:
        super().__init__(replica)
        self.journal = Journal(replica)
        self.symptoms = Symptoms(replica)
        self._scope = Scope(replica)
        self.homework = Homework(self._scope)
        self.goals = Goals(self._scope)
        self.resources = Resources(self._scope)
        self.assessments = Assessments(self._scope)
        self.sessions = Sessions(self._scope)
        self.topics = OwnTopics(self._scope)
        self.vault = Vault(replica)
        self.drafts = Drafts(replica)
        self.aio = AsyncTrackerCalls(self, self.pair)

    def pair(
        self, url: str, code: str, *, share_by_default: bool, share_earlier: bool = False, timeout: float = 30.0
    ) -> Pairing:
        """Connect this store to a practice, using its pairing code.

        `share_by_default`: whether new entries are shared with the care team by default. `share_earlier`: whether what
        was written before, and not explicitly kept private, is shared too. Sharing copies an entry's present text into
        a new document, so that nothing deleted from it is disclosed; the old id still finds it. Raises `PairingRefused`
        (its `code` says why), `Unreachable`, `InvalidField` for an address that is not https, `StoreFull`.
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

    def share_by_default(self, shared: bool) -> Pairing:
        """Choose anew whether new entries are shared with the care team by default.

        It is about what is written from then on: what is private stays private, what is shared stays shared. Raises
        `NotPaired`, `InvalidField`, `StoreFull`.
        """
        return pairing.share_by_default(self._replica, shared)

    @classmethod
    def _opened(cls, path: Path, key: StoreKey | str | bytes | None) -> Tracker:
        return cls.open(path, key=key)

    # -- one's own, in and out -----------------------------------------------------------------------------------------

    def export(
        self,
        path: str | os.PathLike[str],
        *,
        overwrite: bool = False,
        progress: Callable[[int, int], object] | None = None,
    ) -> ExportReport:
        """Export all of the client's own data to a new folder at `path`, or to a single file if it ends in `.zip`.

        A readable page, JSON for `import_from`, and tables for spreadsheets. Private entries are included, so only the
        owner of the files may read them. The report says what was left out. Nothing appears at `path` until everything
        is written. It needs no server, and works after access has ended. `progress` is called on this thread with the
        amount done and the total.

        Raises `StoreInvalid` (`export_exists` if `path` exists; with `overwrite`, if it is not an export),
        `StoreFull`.
        """
        return exporting.export(self, path, overwrite, progress)

    def import_from(
        self,
        source: str | os.PathLike[str],
        *,
        key: StoreKey | str | bytes | None = None,
        share: bool = False,
        progress: Callable[[int, int], object] | None = None,
    ) -> StoreImport:
        """Import the client's own data from another (closed) store, or from an export (folder, ZIP or JSON).

        For a new store, if the old one belongs to a server that is gone, or to another account. Entries, symptom logs
        and homework reports (as entries) keep their times and get new ids; nothing is imported twice. The source is
        not changed. With `share`, what the previous care team could read is shared with the one this store is paired
        with, including goals and completed assessments; without, it becomes private. What was private stays private.
        `key` opens an encrypted source; `progress` is called on this thread.

        Raises `InvalidField` if it is neither a store nor an export, `StoreBusy` if the store is open,
        `StoreInvalid`, `StoreLocked`, `StoreTooNew`, `StoreFull`; what was imported until then stays, and the call can
        be repeated.
        """
        return store_import.import_from(self, self._opened, source, key=key, share=share, progress=progress)

    # -- plan and agenda -----------------------------------------------------------------------------------------------

    def plan(self) -> Plan:
        """The plan made with the care team, as it is on this device; empty before it has arrived."""
        return plan_view(self._scope.plan())

    def safety(self, *, locale: str = "en") -> Safety:
        """The safety plan and its resources, immediately and without a network. Show it when an answer is a `risk`.

        Its `notice` says, in the language of `locale`, that nobody is watching in real time.
        """
        return safety.safety(self._scope, locale)

    def due(self, now: datetime | None = None) -> list[Due]:
        """What is open today and homework that is overdue, soonest first; nothing on a paused day.

        Today is the local day of `now` (default: this device's time). Computed from the data on this device.
        Raises `InvalidField` for a naive `now`.
        """
        return agenda.due(self._scope, now)

    def upcoming(self, until: datetime) -> list[Due]:
        """What will be due from now up to but not including `until`, soonest first: for an app's own notifications.

        What has begun today is in `due`. Raises `InvalidField` for a naive `until`.
        """
        return agenda.upcoming(self._scope, until)

    def progress(self, since: datetime | None = None) -> Progress:
        """The client's own progress: symptoms and scores from `since` on, homework and goals.

        Raises `InvalidField` for a naive `since`.
        """
        return agenda.progress(self._scope, since)

    # -- comments ------------------------------------------------------------------------------------------------------

    def comment(self, on: UUID, text: str) -> Comment:
        """Comment on a shared document, by its id (an entry, homework, a goal …); the care team can read it.

        Raises `NotFound` for what is not shared, `InvalidField`, `StoreFull`.
        """
        return comments.comment(self._scope, on, text)

    def comments(self, on: UUID, *, limit: int | None = None, after: UUID | None = None) -> list[Comment]:
        """Comments on a shared document, newest first. Raises `NotFound`.

        `limit` and `after` as in `Journal.entries`.
        """
        return comments.comments(self._scope, on, limit, after)
