"""What a document of a record is found by: its texts, and the row of the index that they make. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.care.comments import Acknowledgement, Comment
from intersession_schemas.documents.care.episodes import Episode
from intersession_schemas.documents.care.goals import Goal
from intersession_schemas.documents.care.homework import Homework, HomeworkProgress, HomeworkReview
from intersession_schemas.documents.care.resources import Resource
from intersession_schemas.documents.care.topics import Topic
from intersession_schemas.documents.forms import Answer
from intersession_schemas.streams import Kind


class ShownText(Struct, frozen=True):
    """The words of something that is shown of a client, as `search_words.indexed` cuts them, and its `moment`.

    `id` is that of a document, of a symptom log that of its row.
    """

    id: UUID
    client: UUID
    kind: Kind
    moment: int
    words: str


def record_parts(model: Any) -> list[str]:
    """The texts of a document; none where it is not found by words."""
    return [text for text in _texts(model) if text.strip()]


def _texts(model: Any) -> Iterable[str]:
    match model:
        case Homework():
            return model.what, model.why
        case HomeworkProgress():
            return *_answered(model.answers), model.learned, model.barrier_note
        case HomeworkReview() | Episode():
            return (model.reason,)
        case Goal():
            return model.what, model.why, *(step.text for step in model.steps.values())
        case Topic() | Comment():
            return (model.text,)
        case Acknowledgement():
            return (model.note,)
        case Resource():
            return model.title, model.text, *(step.text for step in model.steps.values()), *model.tags
        case _:
            return ()


def _answered(answers: Iterable[Answer]) -> Iterator[str]:
    for one in answers:
        if isinstance(one.value, str):
            yield one.value
        elif isinstance(one.value, tuple):
            yield from one.value
