"""What a document that is edited here keeps of what was read is what it says, whatever is written meanwhile."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from intersession_schemas.crdt import Document
from intersession_schemas.crdt.document import KEPT_VALUES

ACTOR, OTHER, READER = b"a" * 16, b"b" * 16, b"r" * 16
KEYS = ("one", "two", "three")
TEXTS = ("", "calm", "calm and rain", "rain ☔ again", "work")
STEPS = ("put", "delete", "map", "text", "into", "rewrite", "twice", "splice", "apply", "fail")


def read(document: Document) -> dict[str, Any]:
    """All that a document says, by every way of reading."""
    found: dict[str, Any] = {"keys": document.keys()}
    for key in KEYS:
        text, inner = document.object(key, "text"), document.object(key, "map")
        found[key] = (
            document.scalar(key),
            document.origin(key),
            None if text is None else document.text(text),
            None if inner is None else (document.keys(inner), [document.scalar(one, inner) for one in KEYS]),
        )
    return found


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(STEPS), st.sampled_from(KEYS), st.sampled_from(TEXTS), st.booleans()), max_size=20
    )
)
def test_reading_again_gives_what_reading_a_new_copy_gives(steps: list[tuple[str, str, str, bool]]) -> None:
    document = Document.new(ACTOR)
    with document.edit() as edit:
        edit.put("kind", "any")
        edit.put_text("one", "calm")
        edit.put_map("two")
    for step, key, said, reads in steps:
        if reads:
            read(document)
        if step == "apply":
            other = Document.load(document.save(), OTHER)
            with other.edit() as edit:
                edit.put(key, said)
            if edit.change is not None:
                document.apply([edit.change])
        elif step == "fail":
            with suppress(ZeroDivisionError), document.edit() as edit:
                write(document, "put", key, said)(edit)
                raise ZeroDivisionError
        else:
            writes = write(document, step, key, said)
            with document.edit() as edit:
                writes(edit)
        assert read(document) == read(document) == read(Document.load(document.save(), READER))


def write(document: Document, step: str, key: str, said: str) -> Any:
    text, inner = document.object(key, "text"), document.object(key, "map")

    def writes(edit: Any) -> None:
        match step:
            case "put":
                edit.put(key, said)
            case "delete" if key in set(document.keys()):
                edit.delete(key)
            case "map":
                edit.put(said, 1, edit.put_map(key))
            case "text":
                edit.put_text(key, said)
            case "into" if inner is not None:
                edit.put("one", said, inner)
            case "rewrite" if text is not None:
                edit.rewrite(text, said)
            case "twice" if text is not None:
                edit.splice(text, 0, 0, "x")
                edit.rewrite(text, said + "y")
                edit.rewrite(text, said)
            case "splice" if text is not None:
                edit.rewrite(text, said)
                edit.splice(text, 0, 0, "x")

    return writes


def test_few_values_are_kept() -> None:
    document = Document.new(ACTOR)
    with document.edit() as edit:
        for number in range(3 * KEPT_VALUES):
            edit.put(str(number), number)
    before = document.weight
    for _ in range(2):
        assert [document.scalar(str(number)) for number in range(3 * KEPT_VALUES)] == list(range(3 * KEPT_VALUES))
    assert sum(map(len, (document._values or {}).values())) <= KEPT_VALUES
    assert document.weight == before
