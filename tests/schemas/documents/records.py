"""Records of fields made, copied, changed and merged."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from intersession_schemas.crdt import Document
from intersession_schemas.documents.care.plan import PLAN, Plan, TemplateSection
from intersession_schemas.documents.shapes import Shape
from intersession_schemas.records.kinds import SHAPES

SECRET = "nobody may read this sentence"
AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
each_kind = pytest.mark.parametrize("kind", SHAPES, ids=lambda kind: kind.value)


def actor(number: int) -> bytes:
    return bytes([number]) * 16


def copy_of(document: Document, number: int) -> Document:
    return Document.load(document.save(), actor(number))


def written(shape: Shape[Any], value: Any, number: int = 1) -> Document:
    document = Document.new(actor(number))
    shape.create(document, value)
    return document


def merge(*documents: Document) -> None:
    for one in documents:
        for other in documents:
            if one is not other:
                one.apply(other.changes())
    assert len({document.heads for document in documents}) == 1


def change(shape: Shape[Any], document: Document, **fields: Any) -> bytes | None:
    before = shape.read(document)
    return shape.update(document, before, replace(before, **fields))


def element(shape: Shape[Any], document: Document, where: str, id_: str, **fields: Any) -> bytes | None:
    """Change fields of one element."""
    elements = getattr(shape.read(document), where)
    return change(shape, document, **{where: elements | {id_: replace(elements[id_], **fields)}})


def plan(**fields: Any) -> Document:
    sections = {
        "a": TemplateSection(prompt="How was your night?", order=1),
        "b": TemplateSection(prompt="What happened?", order=2),
    }
    return written(PLAN, Plan(**{"introduction": "Write in the evening.", "sections": sections} | fields))
