"""`assessment`: one administration of an instrument. Answers are a draft until they are completed, then never change.

Shape of the document (root map): `kind`, `instrument`, `scheme`, `started_at`, and where they are known `zone`,
`administered_by`, `schedule`, `occurrence`, `amends`; two maps, both made by the first change:

- `draft`: "item/answer id" → one JSON text of an answer. Answering adds a key whose answer names those that it replaces
  (`over`). They stay: nobody hides what another device has shown by answering again. Two answers of an item that
  neither names the other were given on two devices at once: a conflict, shown until somebody answers again, or
  completes and says which one holds.
- `completions`: id → one JSON text with all answers. No edit touches one; completions made at once are all kept.

An amendment is a new document that `amends` this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from intersession_schemas.crdt import ROOT, Document, ObjectId
from intersession_schemas.documents.assessments.answers import (
    MAX_ITEM,
    MAX_ITEMS,
    AnswerValue,
    Completion,
    DraftState,
    ItemAnswer,
    Moment,
    StoredAnswer,
    StoredCompletion,
    WordingTaken,
    answer_key,
    by_time,
    check_item,
    check_value,
    identity,
    is_conflict,
    read_completions,
    read_draft,
    read_id,
    stored_text,
)
from intersession_schemas.documents.moments import (
    as_kept,
    check_written,
    check_zone,
    is_zone,
    moment_text,
    read_moment,
)
from intersession_schemas.documents.texts import check_text, is_printable
from intersession_schemas.errors import InvalidField
from intersession_schemas.streams import Kind

State = Literal["draft", "completed"]
MAX_NAME = 200


class Start(Struct, frozen=True, kw_only=True):
    """What is known when an assessment begins. `scheme` is how the instrument is scored.

    `administered_by` is who of the care team took the answers down (an interview, a paper form). `schedule` and
    `occurrence` name what in the plan it answers; `amends` is the assessment that it corrects.
    """

    instrument: str
    scheme: str
    started_at: datetime
    zone: str | None = None
    administered_by: UUID | None = None
    schedule: str = ""
    occurrence: str = ""
    amends: UUID | None = None


class Assessment(Struct, frozen=True, kw_only=True):
    """An assessment as its document says now.

    `draft` holds by item the answers that stand, oldest first: more than one where two devices answered at once.
    `overridden` holds those that were answered over later. `completions` are by time; more than one where
    two devices completed it at once. `problems` lists what could not be read.
    """

    instrument: str = ""
    scheme: str = ""
    started_at: Moment | None = None
    zone: str | None = None
    administered_by: UUID | None = None
    schedule: str = ""
    occurrence: str = ""
    amends: UUID | None = None
    draft: dict[str, tuple[ItemAnswer, ...]] = {}
    overridden: dict[str, tuple[ItemAnswer, ...]] = {}
    completions: tuple[Completion, ...] = ()
    state: State = "draft"
    conflicts: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def answers(self) -> dict[str, AnswerValue]:
        """The draft's answers that are no conflict, by item."""
        return {item: given[-1].value for item, given in self.draft.items() if item not in self.conflicts}


# -- writing -----------------------------------------------------------------------------------------------------------


def create(document: Document, start: Start) -> bytes:
    """Begin an assessment in an empty document; returns the change. Raises `InvalidField`."""
    _check_start(start)
    with document.edit() as edit:
        edit.put("kind", Kind.ASSESSMENT.value)
        edit.put("instrument", start.instrument)
        edit.put("scheme", start.scheme)
        edit.put("started_at", moment_text(start.started_at))
        for name in ("zone", "administered_by", "schedule", "occurrence", "amends"):
            if given := getattr(start, name):
                edit.put(name, str(given))
        edit.put_map("draft")
        edit.put_map("completions")
    assert edit.change is not None
    return edit.change


def answer(document: Document, item: str, value: AnswerValue, *, answer_id: UUID, at: datetime) -> bytes | None:
    """Answer one item of a draft; returns the change, or None if it already has that answer.

    `None` withdraws the answer. Whether the instrument has the item, and it the answer, is for the caller to check.
    Raises `InvalidField` for what is no small value, and once the assessment is completed.
    """
    check_item(item)
    check_value(item, value)
    check_written("at", at)
    container = _open(document)
    draft = read_draft(document, container, [])
    there = draft.standing(item)
    if not there and value is None:
        return None
    if there and {identity(one.value) for one in there.values()} == {identity(value)}:
        return None
    if item not in draft.by_item and len(draft.by_item) >= MAX_ITEMS:
        raise InvalidField(f"An assessment has at most {MAX_ITEMS} items.")
    stored = StoredAnswer(value, at, tuple(sorted(there)))
    with document.edit() as edit:
        edit.put(answer_key(item, answer_id), stored_text(stored), container)
    return edit.change


def complete(
    document: Document,
    *,
    completion_id: UUID,
    at: datetime,
    zone: str | None = None,
    wording: WordingTaken,
    resolved: Mapping[str, AnswerValue] | None = None,
) -> bytes:
    """Complete a draft with its answers as they stand; returns the change. They never change again.

    Where items were answered differently on two devices at once, `resolved` says which of the answers holds. Raises
    `InvalidField`, naming the items, where it does not; and when it is completed already or nothing is answered.
    """
    check_written("at", at)
    check_zone(zone)
    _check_line("The wording's hash", wording.hash, MAX_ITEM)
    _open(document)
    completions = document.object("completions", "map")
    if completions is None:
        raise InvalidField("This assessment cannot be completed: another app created it incompletely.")
    assessment = read(document)
    answers = _answers_to_keep(assessment, resolved or {})
    if not answers:
        raise InvalidField("Nothing has been answered yet, so there is nothing to complete.")
    made = StoredCompletion(answers, at, zone, assessment.scheme, wording)
    with document.edit() as edit:
        edit.put(str(completion_id), stored_text(made), completions)
    assert edit.change is not None
    return edit.change


def _open(document: Document) -> ObjectId:
    """The draft's map. Raises `InvalidField` when the assessment is completed."""
    completions = document.object("completions", "map")
    if completions is not None and document.keys(completions):
        raise InvalidField("This assessment is completed and cannot be changed. Correct it with an amendment.")
    container = document.object("draft", "map")
    if container is None:
        raise InvalidField("This assessment cannot be answered: another app created it incompletely.")
    return container


def _answers_to_keep(assessment: Assessment, resolved: Mapping[str, AnswerValue]) -> dict[str, AnswerValue]:
    chosen: dict[str, AnswerValue] = {}
    for item, value in resolved.items():
        given = [one.value for one in assessment.draft.get(item, ())]
        if identity(value) not in map(identity, given):
            check_item(item)
            raise InvalidField(f"{item} must be resolved to one of its answers.")
        chosen[item] = value
    if unresolved := [item for item in assessment.conflicts if item not in chosen]:
        raise InvalidField(
            f"Answered differently on two devices at once: {', '.join(unresolved)}. Say which answers are right "
            "(resolved), or answer them again."
        )
    return {item: value for item, value in sorted((assessment.answers | chosen).items()) if value is not None}


# -- reading -----------------------------------------------------------------------------------------------------------


def read(document: Document) -> Assessment:
    """What the document says; odd content is listed in `problems` and never raised."""
    problems: list[str] = []
    container = document.object("draft", "map")
    if container is None:
        problems.append("draft: missing or not a map")
    draft = DraftState({}, frozenset()) if container is None else read_draft(document, container, problems)
    standing = {item: by_time(draft.standing(item)) for item in sorted(draft.by_item)}
    overridden = {
        item: by_time({id_: one for id_, one in given.items() if id_ in draft.over})
        for item, given in sorted(draft.by_item.items())
    }
    completions = read_completions(document, problems)
    return Assessment(
        instrument=_read_line(document, "instrument", problems, needed=True),
        scheme=_read_line(document, "scheme", problems, needed=True),
        started_at=_read_started(document, problems),
        zone=_read_zone(document, problems),
        administered_by=_read_id(document, "administered_by", problems),
        schedule=_read_line(document, "schedule", problems),
        occurrence=_read_line(document, "occurrence", problems),
        amends=_read_id(document, "amends", problems),
        draft={item: given for item, given in standing.items() if given},
        overridden={item: given for item, given in overridden.items() if given},
        completions=completions,
        state="completed" if completions else "draft",
        conflicts=tuple(item for item in standing if is_conflict(draft.standing(item).values())),
        problems=tuple(problems),
    )


def _read_line(document: Document, name: str, problems: list[str], *, needed: bool = False) -> str:
    raw = document.scalar(name)
    if isinstance(raw, str) and len(raw) <= MAX_NAME:
        return raw
    if needed or name in document.keys(ROOT):
        problems.append(f"{name}: invalid")
    return ""


def _read_id(document: Document, name: str, problems: list[str]) -> UUID | None:
    id_ = read_id(document.scalar(name))
    if id_ is None and name in document.keys(ROOT):
        problems.append(f"{name}: invalid")
    return id_


def _read_started(document: Document, problems: list[str]) -> datetime | None:
    found = read_moment(document.scalar("started_at"))
    if found is None:
        problems.append("started_at: invalid")
    return None if found is None else as_kept(found)


def _read_zone(document: Document, problems: list[str]) -> str | None:
    zone = document.scalar("zone")
    if zone is None or is_zone(zone):
        return zone if isinstance(zone, str) else None
    problems.append("zone: invalid")
    return None


def _check_line(name: str, text: str, most: int) -> None:
    if not is_printable(check_text(name, text, most)):
        raise InvalidField(f"{name} must be printable characters.")


def _check_start(start: Start) -> None:
    for name in ("instrument", "scheme", "schedule", "occurrence"):
        _check_line(name, getattr(start, name), MAX_NAME)
    if not start.instrument or not start.scheme:
        raise InvalidField("An assessment needs an instrument and a scoring scheme (scheme).")
    check_written("started_at", start.started_at)
    check_zone(start.zone)


class AssessmentRecord:
    """What a `Shape` is to other kinds, for reading: so that projections treat assessments as any other record."""

    kind = Kind.ASSESSMENT
    model = Assessment
    subject = "amends"
    moments = ("started_at",)

    def read(self, document: Document) -> Assessment:
        """What the document says; see `read`."""
        return read(document)

    def text(self, value: Assessment) -> str:
        """The answers that stand, one a line; for showing an edit that could not be kept."""
        lines = [
            f"{item}: {one.value}" for item, given in value.draft.items() for one in given if one.value is not None
        ]
        for completion in value.completions:
            lines += [f"{item}: {answered}" for item, answered in completion.answers.items()]
        return "\n".join(lines)

    def check(self, value: Assessment) -> None:
        """Raise `InvalidField` unless a document may hold `value`."""
        if not value.instrument or not value.scheme or value.started_at is None:
            raise InvalidField("An assessment needs an instrument, a scoring scheme and a start time.")
        for item, given in value.draft.items():
            check_item(item)
            for one in given:
                check_value(item, one.value)


ASSESSMENT = AssessmentRecord()
