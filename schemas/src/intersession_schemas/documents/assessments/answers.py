"""The answers of an assessment as they lie in its document: those of its draft, and those that were completed."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Annotated, Literal, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from intersession_schemas.crdt import Document, ObjectId
from intersession_schemas.documents.moments import as_kept, is_zone
from intersession_schemas.documents.texts import check_text
from intersession_schemas.errors import InvalidField
from intersession_schemas.nesting import check_json

AnswerValue = bool | int | float | str | None
"""The number or the yes or no that was answered; None takes an answer back."""
WordingUsed = Literal["own", "verified", "imported", "paper"]
"""Whose words were answered: the project's own, checked ones, the practice's, or those on a paper form."""
Moment = Annotated[datetime, Meta(tz=True)]


MAX_ITEMS = 500
MAX_ITEM = 64
MAX_TEXT_VALUE = 200
MAX_NUMBER = 10**15
_T = TypeVar("_T")


class WordingTaken(Struct, frozen=True, kw_only=True):
    """The wording that was answered under: its `status`, and its `hash` where it has one."""

    status: WordingUsed = "paper"
    hash: Annotated[str, Meta(max_length=64)] = ""


class ItemAnswer(Struct, frozen=True, kw_only=True):
    """One answer in a draft and when it was given."""

    id: UUID
    value: AnswerValue
    at: Moment


class Completion(Struct, frozen=True, kw_only=True):
    """All answers as they were when the assessment was completed, by item; what was not answered is not in it."""

    id: UUID
    answers: dict[str, AnswerValue]
    completed_at: Moment
    zone: str | None = None
    scheme: str = ""
    wording: WordingTaken = WordingTaken()


class StoredAnswer(Struct, frozen=True, omit_defaults=True):
    """What lies under a key of `draft`."""

    value: AnswerValue
    at: Moment
    over: tuple[UUID, ...] = ()


class StoredCompletion(Struct, frozen=True, omit_defaults=True):
    """What lies under a key of `completions`."""

    answers: dict[str, AnswerValue]
    completed_at: Moment
    zone: str | None = None
    scheme: str = ""
    wording: WordingTaken = WordingTaken()


class DraftState(Struct, frozen=True):
    """A draft by item and answer, and the ids that answers name as answered over."""

    by_item: dict[str, dict[UUID, StoredAnswer]]
    over: frozenset[UUID]

    def standing(self, item: str) -> dict[UUID, StoredAnswer]:
        """The answers of an item that no other names."""
        return {id_: one for id_, one in self.by_item.get(item, {}).items() if id_ not in self.over}


def check_value(item: str, value: object) -> None:
    """Raise `InvalidField`, naming the item, unless `value` is small: a number, yes or no, a short text, or None."""
    match value:
        case None | bool():
            return
        case int() | float() if math.isfinite(value) and abs(value) <= MAX_NUMBER:
            return
        case str() if len(value) <= MAX_TEXT_VALUE:
            check_text(f"The answer to {item}", value, MAX_TEXT_VALUE)
        case _:
            raise InvalidField(
                f"The answer to {item} must be a number, yes or no, or a text of at most {MAX_TEXT_VALUE} characters."
            )


def check_item(item: str) -> None:
    if not isinstance(item, str) or not _is_item(item):
        raise InvalidField(f"An item's key is 1 to {MAX_ITEM} printable ASCII characters without a slash.")


def answer_key(item: str, id_: UUID) -> str:
    return f"{item}/{id_}"


def stored_text(value: Struct) -> str:
    return msgspec.json.encode(value).decode()


def read_draft(document: Document, container: ObjectId, problems: list[str]) -> DraftState:
    by_item: dict[str, dict[UUID, StoredAnswer]] = {}
    over: set[UUID] = set()
    for key in document.keys(container):
        item, mark, text = key.rpartition("/")
        id_ = read_id(text)
        if not mark or not _is_item(item) or id_ is None:
            problems.append("draft: an answer has an invalid key")
            continue
        one = _decoded(document.scalar(key, container), StoredAnswer)
        if one is None or not _is_value(one.value):
            problems.append(f"draft {item}: an unreadable answer")
            continue
        by_item.setdefault(item, {})[id_] = msgspec.structs.replace(one, at=as_kept(one.at))
        over.update(other for other in one.over if other != id_)
    # Answers that name one another in a circle come from no app that works; all of them stand then.
    return DraftState(by_item, frozenset(over - _circling(by_item)))


def _circling(by_item: Mapping[str, Mapping[UUID, StoredAnswer]]) -> set[UUID]:
    """The ids of items whose answers are all answered over by one another, so that none would stand."""
    found: set[UUID] = set()
    for given in by_item.values():
        named = {other for id_, one in given.items() for other in one.over if other != id_}
        if given.keys() <= named:
            found.update(given)
    return found


def read_completions(document: Document, problems: list[str]) -> tuple[Completion, ...]:
    container = document.object("completions", "map")
    if container is None:
        problems.append("completions: missing or not a map")
        return ()
    found = []
    for key in document.keys(container):
        id_, one = read_id(key), _decoded(document.scalar(key, container), StoredCompletion)
        if id_ is None or one is None or not _is_whole(one):
            problems.append("completions: an unreadable completion")
            continue
        answers = dict(sorted(one.answers.items()))
        found.append(
            Completion(
                id=id_,
                answers=answers,
                completed_at=as_kept(one.completed_at),
                zone=one.zone,
                scheme=one.scheme,
                wording=one.wording,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.completed_at, one.id)))


def _is_whole(one: StoredCompletion) -> bool:
    return (
        len(one.answers) <= MAX_ITEMS
        and all(_is_item(item) for item in one.answers)
        and all(map(_is_value, one.answers.values()))
        and (one.zone is None or is_zone(one.zone))
    )


def _decoded(raw: object, type_: type[_T]) -> _T | None:
    if not isinstance(raw, str):
        return None
    try:
        check_json(raw)
        return msgspec.json.decode(raw, type=type_)
    except (msgspec.MsgspecError, ValueError):
        return None


def by_time(given: Mapping[UUID, StoredAnswer]) -> tuple[ItemAnswer, ...]:
    found = [ItemAnswer(id=id_, value=one.value, at=one.at) for id_, one in given.items()]
    return tuple(sorted(found, key=lambda one: (one.at, one.id)))


def is_conflict(given: Collection[StoredAnswer]) -> bool:
    return len({identity(one.value) for one in given}) > 1


def identity(value: AnswerValue) -> tuple[str, AnswerValue]:
    """Yes is not 1 here, as it is to Python."""
    return type(value).__name__, value


def read_id(text: object) -> UUID | None:
    """The id that `text` is, if it is one in canonical form."""
    try:
        id_ = UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return id_ if str(id_) == text else None


def _is_item(item: str) -> bool:
    return 0 < len(item) <= MAX_ITEM and item.isascii() and item.isprintable() and "/" not in item


def _is_value(value: object) -> bool:
    try:
        check_value("an item", value)
    except InvalidField:
        return False
    return True
