"""Who changed something last, in words, where several people may write it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, tzinfo
from uuid import UUID

from msgspec import Struct

from intersession_server.language.language import say
from intersession_server.projections.read_models import RecordView
from intersession_server.web.page import phrases


class LastChanges(Struct, frozen=True):
    """The names of those who may have written, and the zone of the client's clock."""

    names: Mapping[UUID, str] = {}
    zone: tzinfo = UTC

    def words(self, view: RecordView) -> str:
        """last changed by Anna Berg, Sun 3 May 2026; empty where no name is known, as of a plan nobody wrote in yet"""
        name = self.names.get(view.changed_by)
        if name is None:
            return ""
        day = phrases.day(view.changed_at.astimezone(self.zone).date())
        return say("last changed by %(name)s, %(day)s", name=name, day=day)
