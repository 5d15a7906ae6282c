"""The journal: entries with prose, sections, mood and tags, on this device first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from msgspec import UNSET, UnsetType

from intersession import checks
from intersession.checks import Sections
from intersession.clock import moment, zone_of
from intersession.errors import NotFound
from intersession.models import Entry
from intersession.replica import held, projections
from intersession.replica.held import HeldDocument
from intersession.replica.long_prose import edit_entry
from intersession.replica.replica import Replica
from intersession.replica.sharing import share_entry
from intersession_schemas.documents import journal
from intersession_schemas.streams import Kind


class Journal:
    """The client's journal, as `tracker.journal`. Thread-safe; what a call has returned is on disk."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica

    def write(
        self,
        text: str = "",
        *,
        sections: Sections | None = None,
        mood: int | None = None,
        tags: Iterable[str] = (),
        at: datetime | None = None,
        shared: bool | None = None,
    ) -> Entry:
        """Write an entry.

        `sections` maps prompts to answers (or is a list of `Section`), `mood` is 0–10, `at` is what it is about (now,
        if left out; it must be aware). `shared`: True for the care team to read it, False to keep it on this device,
        None for the choice made at pairing. Raises `InvalidField`, `StoreFull`; then nothing is written.
        """
        now = self._replica.now()
        about = now if at is None else moment("at", at)
        content = dict[str, Any](
            written_at=about,
            entered_at=now,
            zone=zone_of(about),
            text=checks.text("text", text),
            sections=() if sections is None else checks.sections(sections),
            mood=mood,
            tags=checks.tags(tags),
        )
        id = uuid4()
        with self._replica.writing() as touched:
            made = self._replica.documents.create(
                id,
                Kind.JOURNAL_ENTRY,
                lambda document: [journal.create(document, **content)],
                self._replica.destination(shared),
            )
            self._replica.documents.project_entry(made)
            touched.add(id)
            return self._entry(id)

    def edit(
        self,
        id: UUID,
        *,
        text: str | UnsetType = UNSET,
        sections: Sections | UnsetType = UNSET,
        mood: int | UnsetType | None = UNSET,
        tags: Iterable[str] | UnsetType = UNSET,
    ) -> Entry:
        """Change what is given of an entry; edits of it on other devices merge, letter by letter in prose.

        `sections` must have the prompts that the entry has, in their order. Raises `NotFound`, `InvalidField`,
        `StoreFull`; then nothing is changed.
        """
        new_text = text if text is UNSET else checks.text("text", text)
        new_sections = sections if sections is UNSET else checks.sections(sections)
        new_tags = tags if tags is UNSET else checks.tags(tags)
        with self._replica.writing() as touched:
            document = self._held(id)
            made = self._replica.documents.edit(
                document.position,
                lambda entry: edit_entry(entry, text=new_text, sections=new_sections, mood=mood, tags=new_tags),
            )
            if made.changes:
                self._replica.documents.project_entry(made)
                touched.add(document.id)
            return self._entry(document.id)

    def get(self, id: UUID) -> Entry:
        """The entry with that id; one that was shared is found under its old id too. Raises `NotFound`."""
        with self._replica.reading() as store:
            return self._entry(held.current_id(store, checks.uuid("id", id)))

    def entries(
        self, *, since: datetime | None = None, until: datetime | None = None, limit: int | None = None
    ) -> list[Entry]:
        """Entries, newest first by what they are about: from `since` up to but not including `until`."""
        window = checks.window(since, until, limit)
        with self._replica.reading() as store:
            return projections.entries(store, window)

    def search(self, query: str, *, limit: int = 50) -> list[Entry]:
        """Entries that hold every word of `query`, newest first.

        A word is found by its beginning, without regard to case and accents. Any text may be given.
        """
        words, most = checks.query(query), checks.count("limit", limit)
        with self._replica.reading() as store:
            return projections.search(store, words, -1 if most is None else most)

    def share(self, id: UUID) -> Entry:
        """Share an entry; returns the copy of its present text that the care team reads, under a new id.

        The private one is forgotten with its history; its id goes on finding the copy. An entry that is shared
        already is returned as it is. Raises `NotFound`, `StoreFull`.
        """
        with self._replica.writing() as touched:
            document = self._held(id)
            shared = document.stream is not None or document.wish
            if not shared:
                store, to = self._replica.store, self._replica.destination(shared=True)
                copy = share_entry(store, self._replica.documents, document, to)
                touched.update((document.id, copy))
                return self._entry(copy)
            return self._entry(document.id)

    def _held(self, id: UUID) -> HeldDocument:
        store = self._replica.store
        document = held.find(store, held.current_id(store, checks.uuid("id", id)))
        if document is None or document.kind != Kind.JOURNAL_ENTRY:
            raise _no_entry()
        return document

    def _entry(self, id: UUID) -> Entry:
        entry = projections.entry(self._replica.store, id)
        if entry is None:
            raise _no_entry()
        return entry


def _no_entry() -> NotFound:
    return NotFound("There is no entry with that id in this store.")
