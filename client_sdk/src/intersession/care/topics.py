"""What a client wants to talk about in the next session: theirs to write, carried over until they tick it off."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from intersession.documents import stored
from intersession.documents.records import StoredRecord
from intersession.errors import NotFound
from intersession.inputs import checks
from intersession.inputs.versions import Heads, heads_of
from intersession.models.records import Topic
from intersession.replica.scope import Scope
from intersession_schemas.documents.care import topics
from intersession_schemas.streams import Kind


class Topics:
    """What client and care team alike read of them."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def list(
        self, *, talked: bool = False, limit: int | None = None, after: UUID | None = None
    ) -> builtins.list[Topic]:
        """Open topics, newest first; with `talked`, those ticked off as well. `limit` and `after` as in
        `Journal.entries`.
        """
        window = checks.listed(limit, after)
        if talked:
            return [_topic(row) for row in self._scope.rows(Kind.TOPIC, window=window)]
        # However many have been ticked off since, an open one must not be missed.
        everything = map(_topic, self._scope.rows(Kind.TOPIC, window=checks.listed(None, after)))
        return [one for one in everything if one.talked_on is None][:limit]

    def get(self, id: UUID) -> Topic:
        """The topic with that id. Raises `NotFound`."""
        return _topic(self._scope.row(Kind.TOPIC, id))


class OwnTopics(Topics):
    """A client's own, as `tracker.topics`. Thread-safe; when a call returns, its data is on disk."""

    def add(self, text: str) -> Topic:
        """Note something to talk about; the care team reads it. Raises `InvalidField`, `StoreFull`."""
        value = topics.Topic(text=checks.text("text", text), made_at=self._scope.now())
        with self._scope.replica.writing() as writing:
            return self.get(self._scope.add(writing, Kind.TOPIC, value))

    def edit(self, id: UUID, text: str, *, based_on: Topic | str | None = None) -> Topic:
        """Reword it. `based_on` is the topic that `text` was made from, or its `version`, as in `Journal.edit`.

        Raises as `add`, and `NotFound`.
        """
        said, seen = checks.text("text", text), heads_of(based_on)
        return self._change(id, lambda one: replace(one, text=said), seen)

    def tick_off(self, id: UUID, on: date | None = None) -> Topic:
        """It was talked about, on a day (today). Raises `NotFound`, `StoreFull`."""
        day = checks.optional_day("on", on) or self._scope.today()
        return self._change(id, lambda one: replace(one, talked_on=day))

    def reopen(self, id: UUID) -> Topic:
        """Carry it over again. Raises `NotFound`, `StoreFull`."""
        return self._change(id, lambda one: replace(one, talked_on=None))

    def withdraw(self, id: UUID) -> None:
        """Withdraw it, for everybody and permanently, as `Journal.withdraw` does. Raises `NotFound`, `StoreFull`."""
        with self._scope.replica.writing() as writing:
            document = stored.find(writing.store, self._scope.row(Kind.TOPIC, id).id)
            if document is None:
                raise NotFound("There is no topic with that id.")
            writing.withdraw(document)

    def _change(self, id: UUID, change: Callable[[topics.Topic], topics.Topic], based_on: Heads | None = None) -> Topic:
        with self._scope.replica.writing() as writing:
            row = self._scope.row(Kind.TOPIC, id)
            self._scope.change(writing, Kind.TOPIC, row, change, based_on=based_on)
            return self.get(row.id)


def _topic(row: StoredRecord[topics.Topic]) -> Topic:
    model = row.model
    return Topic(
        id=row.id,
        text=model.text,
        made_at=model.made_at,
        talked_on=model.talked_on,
        arrived_at=row.arrived_at,
        changed_by=row.last.by,
        changed_at=row.last.at,
        version=row.version,
        problems=model.problems,
    )
