"""The journal: entries with prose, sections, mood and tags, on this device first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from msgspec import UNSET, UnsetType

from intersession.documents import erasures, journal_rows, stored
from intersession.documents.long_prose import edit_entry
from intersession.documents.rows import StoredDocument
from intersession.errors import InvalidField, NotFound
from intersession.inputs import checks
from intersession.inputs.checks import Sections
from intersession.inputs.clock import written, zone_of
from intersession.inputs.versions import heads_of
from intersession.models.found import Found
from intersession.models.private import Withdrawal
from intersession.models.records import Entry
from intersession.replica.replica import Replica
from intersession.replica.scope import Scope
from intersession.replica.sharing import share_entry
from intersession_schemas.crdt import Document
from intersession_schemas.documents.care.plan import sections_on
from intersession_schemas.documents.diary import journal
from intersession_schemas.documents.diary.entry_times import Time
from intersession_schemas.documents.diary.journal import JournalEntry
from intersession_schemas.documents.diary.sections import Section, answered_again, check_required
from intersession_schemas.documents.forms import Field
from intersession_schemas.streams import Kind


class Journal:
    """The client's journal, as `tracker.journal`. Thread-safe; when a call returns, its data is on disk."""

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

        `sections` maps prompts to answers (or is a list of `Section`): those that the plan asks that day, by prompt or
        id, are answered according to their type (a number on a scale, True or False …), any others with text. `mood` is
        0–10; `at` is the time it is about (default: now; it must be aware). `shared`: True to share it with the care
        team, False to keep it private, None for the default chosen at pairing. Private entries go to this client's
        other devices, encrypted, if there is a vault. Raises `InvalidField`, `StoreFull`; then nothing is written.
        """
        now = self._replica.now()
        about = now if at is None else written("at", at)
        content = dict[str, Any](
            written_at=about,
            entered_at=now,
            zone=zone_of(about),
            text=checks.text("text", text),
            sections=() if sections is None else checks.sections(sections, self._asked(about)),
            mood=mood,
            tags=checks.tags(tags),
        )
        if not (text.strip() or content["sections"] or content["tags"] or mood is not None):
            raise InvalidField("This entry is empty. Give it a text, sections, a mood or tags.")
        with self._replica.writing() as writing:
            made = writing.create(
                Kind.JOURNAL_ENTRY,
                lambda document: [journal.create(document, **content)],
                self._replica.destination(shared),
            )
            return self._entry(made.document.id)

    def edit(
        self,
        id: UUID,
        *,
        text: str | UnsetType = UNSET,
        sections: Sections | UnsetType = UNSET,
        mood: int | UnsetType | None = UNSET,
        tags: Iterable[str] | UnsetType = UNSET,
        at: datetime | UnsetType = UNSET,
        based_on: Entry | str | None = None,
    ) -> Entry:
        """Change the given fields of an entry; edits made offline on other devices are merged, prose character by
        character.

        `based_on` is the entry that the new texts were made from, or its `version`. Give it whenever you read first and
        write later, as a form does: live or in a sync, an edit of another device may have come in between. With it,
        that edit is merged as if both had been made offline: prose character by character, and where both set the
        mood, one of the two stands on every device. Without it, the entry becomes what is given, as it is on this
        device now: **what came in between is deleted again**, as you did not have it in your text. Go on from the entry
        that is returned: of two edits based on the same one, the second adds to the first.

        `sections` must have the entry's prompts, in order, with answers as in `write`. `at` corrects the time it is
        about: the care team sees the correction and the earlier time. Raises `NotFound`; `InvalidField`, with the code
        `unknown_heads` where this device does not have that version (any more): read the entry again; `StoreFull`. Then
        nothing is changed.
        """
        new_text = text if text is UNSET else checks.text("text", text)
        new_tags = tags if tags is UNSET else checks.tags(tags)
        seen = heads_of(based_on)
        with self._replica.writing() as writing:
            document = self._held(id)

            def write(entry: Document) -> list[bytes]:
                new_sections: Sequence[Section] | UnsetType = UNSET
                time: tuple[UUID, Time] | UnsetType = UNSET
                if sections is not UNSET or at is not UNSET:
                    before = journal.read(entry)
                    about = before.written_at or self._entry(document.id).written_at
                    time = self._corrected(about, at)
                    if sections is not UNSET:
                        new_sections = _answered_anew(before.sections, sections, self._asked(about))
                        self._check_kept(before, new_sections, about)
                return edit_entry(entry, text=new_text, sections=new_sections, mood=mood, tags=new_tags, time=time)

            writing.edit(document.position, write, based_on=seen)
            return self._entry(document.id)

    def _check_kept(self, before: JournalEntry, after: Sequence[Section], about: datetime) -> None:
        """What must be answered may not be emptied again."""
        asked = self._asked(about)
        answered = {id_: asked[id_] for id_ in (one.key for one in before.sections if one.is_answered) if id_ in asked}
        check_required(answered, after)

    def _corrected(self, before: datetime, at: datetime | UnsetType) -> tuple[UUID, Time] | UnsetType:
        if at is UNSET or written("at", at) == before:
            return UNSET
        return uuid4(), Time(at, self._replica.now(), zone_of(at))

    def get(self, id: UUID) -> Entry:
        """The entry with that id; a shared entry is also found under its old id. Raises `NotFound`."""
        with self._replica.reading() as store:
            return self._entry(stored.current_id(store, checks.uuid("id", id)))

    def entries(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
        after: UUID | None = None,
    ) -> list[Entry]:
        """Entries, newest first by what they are about: from `since` up to but not including `until`.

        All of them, or a page of `limit` at most; for the next page, pass the `id` of the last entry you have as
        `after`. It begins where that page ended, so that nothing is skipped or repeated, whatever is written meanwhile,
        and also if that entry was withdrawn or its time was corrected. Where a page ended is known until the store is
        closed, for the latest 1,000 pages; after that it is where that entry is now. Raises `NotFound` if it is gone by
        then, `InvalidField`.
        """
        window = checks.window(since, until, limit, after=after)
        with self._replica.reading() as store:
            return journal_rows.entries(store, window)

    def search(
        self,
        query: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> Found:
        """Find entries that contain every word of `query`, newest first, each with a matching passage.

        Searches text, section answers and tags of both shared and private entries (see `shared`). The beginning of a
        word is enough, and case and accents are ignored; in scripts without spaces, words match anywhere. Any text is
        allowed: there are no operators, and a query without words finds nothing. `since` and `until`
        are as in `entries`. A page has at most `limit` entries; `after` is the `next` of the page before. Pages stay as
        they are while entries are written. Raises `InvalidField`.
        """
        words, window = checks.query(query), checks.page(since, until, limit)
        with self._replica.reading() as store:
            return journal_rows.find(store, words, window, checks.cursor(after))

    def share(self, id: UUID) -> Entry:
        """Share an entry; returns the copy of its present text that the care team can read, under a new id.

        The private one is deleted with its history, also from the vault; on this device its id still finds the copy.
        An already shared entry is returned as it is. Raises `NotFound`, `StoreFull`.
        """
        with self._replica.writing() as writing:
            document = self._held(id)
            if stored.is_shared(writing.store, document):
                return self._entry(document.id)
            return self._entry(share_entry(writing, document, self._replica.destination(shared=True)))

    def withdraw(self, id: UUID) -> Withdrawal:
        """Withdraw a shared entry, for everybody and permanently: the care team can no longer see it.

        It is deleted from this device when the call returns, without a network; the server is told at the next sync,
        and the other devices at theirs. What has been read cannot be unread: once the server has answered, `read_at`
        says when it may have been read. For an entry already withdrawn here, returns that withdrawal. Raises
        `InvalidField` for a private entry, `NotFound`, `StoreFull`.
        """
        wanted = checks.uuid("id", id)
        with self._replica.reading() as store:
            before = erasures.withdrawal(store, stored.current_id(store, wanted))
        if before is not None:
            return before
        with self._replica.writing() as writing:
            current = stored.current_id(writing.store, wanted)
            if erasures.withdrawal(writing.store, current) is None:  # else another thread has done it meanwhile
                document = self._held(current)
                if not stored.is_shared(writing.store, document):
                    raise InvalidField("This entry is already private: nobody else has it.")
                writing.withdraw(document)
            return self._withdrawal(current)

    def delete(self, id: UUID) -> None:
        """Delete a private entry: here immediately, and on this client's other devices if it is in the vault.

        Needs no network. Raises `InvalidField` for a shared entry (use `withdraw`), `NotFound`,
        `StoreFull`.
        """
        with self._replica.writing() as writing:
            document = self._held(id)
            if stored.is_shared(writing.store, document):
                raise InvalidField(
                    "This entry is shared. Withdraw it instead, so that your care team's copy is deleted too."
                )
            writing.withdraw(document)

    def withdrawal(self, id: UUID) -> Withdrawal:
        """The state of the withdrawal of the entry with that id. Raises `NotFound` if it was not withdrawn here."""
        with self._replica.reading() as store:
            return self._withdrawal(stored.current_id(store, checks.uuid("id", id)))

    def withdrawals(self, *, limit: int | None = None, after: UUID | None = None) -> list[Withdrawal]:
        """All entries that were withdrawn on this device, newest first; `limit` and `after` as in `Journal.entries`."""
        window = checks.listed(limit, after)
        with self._replica.reading() as store:
            return erasures.withdrawals(store, window)

    def _withdrawal(self, id: UUID) -> Withdrawal:
        found = erasures.withdrawal(self._replica.store, id)
        if found is None:
            raise NotFound("No entry with that id was withdrawn on this device.")
        return found

    def _asked(self, at: datetime) -> Mapping[str, Field]:
        """The questions that the plan asks on the local day of a moment."""
        plan = Scope(self._replica).agreed()
        return sections_on(plan, plan.day_of(at))

    def _held(self, id: UUID) -> StoredDocument:
        store = self._replica.store
        document = stored.find(store, stored.current_id(store, checks.uuid("id", id)))
        if document is None or document.erased or document.kind != Kind.JOURNAL_ENTRY:
            raise _no_entry()
        return document

    def _entry(self, id: UUID) -> Entry:
        entry = journal_rows.entry(self._replica.store, id)
        if entry is None:
            raise _no_entry()
        return entry


def _answered_anew(before: Sequence[Section], given: Sections, asked: Mapping[str, Field]) -> tuple[Section, ...]:
    """An entry's sections with other answers, each of the type and under the wording that it has."""
    if not isinstance(given, Mapping):
        return checks.sections(given, {})
    known = {section.prompt: section for section in before}
    found = []
    for prompt, answer in given.items():
        section = known.get(prompt)
        if section is None or section.type == "prose":
            (made,) = checks.sections({prompt: answer}, {})
            found.append(made)
        else:
            found.append(answered_again(section, asked.get(section.key), answer))
    return tuple(found)


def _no_entry() -> NotFound:
    return NotFound("There is no entry with that id in this store.")
