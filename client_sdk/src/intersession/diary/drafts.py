"""Unfinished forms, kept word for word until they are submitted: in the store, and nowhere else."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import msgspec

from intersession.documents.tables.pages import Listing, page
from intersession.errors import InvalidField, NotFound
from intersession.inputs import checks
from intersession.inputs.windows import ReadWindow
from intersession.models.drafts import DraftAnswer, FormDraft
from intersession.replica.replica import Replica
from intersession_schemas.records.instants import from_micros, to_micros

_decoder = msgspec.json.Decoder(tuple[DraftAnswer, ...])
LIST = Listing("name, title, answers, kept_at", "drafts", ("kept_at", "name"), "name")
"""Drafts, newest first."""


class Drafts:
    """Unfinished forms, as `tracker.drafts`. Thread-safe.

    They are never synced, and encrypted if the store is. When a call returns, its data is on disk. A draft with the id
    of a document in its name is deleted with that document, when it is withdrawn or deleted.
    """

    def __init__(self, replica: Replica) -> None:
        self._replica = replica

    def keep(self, name: str, title: str, answers: Iterable[DraftAnswer]) -> FormDraft:
        """Save the answers under `name`, replacing earlier ones. Raises `InvalidField`, `StoreFull`."""
        given = tuple(answers)
        if not all(isinstance(one, DraftAnswer) for one in given):
            raise InvalidField("answers must be a list of DraftAnswer.")
        for one in given:
            for field in (one.question, one.prompt, one.text):
                checks.text("A draft's answer", field)
        draft = FormDraft(checks.text("name", name), checks.text("title", title), given, self._replica.now())
        with self._replica.reading() as store, store.transaction():
            store.run(
                "REPLACE INTO drafts (name, title, answers, kept_at) VALUES (?, ?, ?, ?)",
                draft.name,
                draft.title,
                msgspec.json.encode(given),
                to_micros(draft.kept_at),
            )
        return draft

    def list(self, *, limit: int | None = None, after: str | None = None) -> builtins.list[FormDraft]:
        """All drafts, newest first; `limit` and `after`, which is a draft's `name`, as in `Journal.entries`."""
        window = ReadWindow(
            limit=checks.count("limit", limit), after=None if after is None else checks.text("after", after)
        )
        with self._replica.reading() as store:
            return page(store, LIST, {}, window, self._draft)

    def get(self, name: str) -> FormDraft:
        """The draft with that name. Raises `NotFound`."""
        with self._replica.reading() as store:
            row = store.one(f"SELECT {LIST.columns} FROM drafts WHERE name = ?", checks.text("name", name))  # noqa: S608 - a constant
        if row is None:
            raise NotFound("There is no draft with that name in this store.")
        return self._draft(*row)

    def _draft(self, name: str, title: str, answers: bytes, kept_at: int) -> FormDraft:
        return FormDraft(
            name, title, _decoder.decode(answers), from_micros(kept_at).astimezone(self._replica.now().tzinfo)
        )

    def delete(self, name: str) -> None:
        """Permanently delete the draft with that name. Raises `NotFound`."""
        self.get(name)
        with self._replica.reading() as store:
            with store.transaction():
                store.run("DELETE FROM drafts WHERE name = ?", name)
            store.truncate_log()

    @contextmanager
    def finishing(self, name: str) -> Iterator[None]:
        """What is written in the block takes the draft's place: both happen, or neither."""
        with self._replica.writing() as writing:
            yield
            writing.store.run("DELETE FROM drafts WHERE name = ?", name)
            writing.sheds = True
