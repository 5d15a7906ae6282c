"""A document edited from outside: one value put, its copy, what an action is refused with."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from intersession_schemas import crdt
from intersession_schemas.crdt import Document, Edit
from intersession_schemas.errors import DocumentError


def actor(number: int) -> bytes:
    return bytes([number]) * 16


def edited(document: Document, write: Callable[[Edit], object]) -> bytes:
    with document.edit() as edit:
        write(edit)
    assert edit.change is not None
    return edit.change


def put(document: Document, key: str, value: crdt.Scalar) -> bytes:
    return edited(document, lambda edit: edit.put(key, value))


def copy_of(document: Document, number: int) -> Document:
    return Document.load(document.save(), actor(number))


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(DocumentError) as caught:
        action()
    return caught.value.code


def values(document: Document) -> dict[str, crdt.Scalar]:
    return {key: document.scalar(key) for key in document.keys()}  # noqa: SIM118 (it is no dict)


# -- applying ----------------------------------------------------------------------------------------------------------


def three_writers() -> Document:
    """Nine changes, partly concurrent, merged in between."""
    documents = [Document.new(actor(number)) for number in (1, 2, 3)]
    put(documents[0], "start", 0)
    for document in documents[1:]:
        document.apply(documents[0].changes())
    for number, document in enumerate(documents):
        put(document, "shared", number)
        put(document, f"own {number}", number)
    documents[1].apply(documents[0].changes())
    put(documents[1], "joined", 1)
    documents[0].apply(documents[1].changes())
    documents[0].apply(documents[2].changes())
    put(documents[0], "end", 1)
    return documents[0]


WHOLE = three_writers()
