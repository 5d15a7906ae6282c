"""The writing half of a document: one transaction of Automerge's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from automerge import _automerge as am

from intersession_schemas.crdt.object_ids import ObjectId, object_of
from intersession_schemas.errors import DocumentError, RefusalCode
from intersession_schemas.operations import OperationId, Scalar
from intersession_schemas.prose import splices

ROOT: ObjectId = am.ROOT
# The binding's enumerations compare, but do not hash.
OBJECT_TYPES = {"map": am.ObjType.Map, "list": am.ObjType.List, "text": am.ObjType.Text}


@contextmanager
def mending() -> Iterator[None]:
    """Turn what the binding raises into DocumentError. A Rust panic is a BaseException, hence the wide net."""
    try:
        yield
    except (DocumentError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as failure:  # noqa: BLE001 - a panic is no Exception
        # The binding's own text may quote content, so it is left out on purpose.
        raise DocumentError(
            f"Automerge could not do that ({type(failure).__name__}).", code=RefusalCode.DOES_NOT_APPLY
        ) from None


class Edit:
    """The writing half of a document, inside `Document.edit`."""

    def __init__(self, transaction: Any, plain: set[ObjectId], known_text: Callable[[ObjectId], str | None]) -> None:
        """`plain`: texts that are known to hold characters and nothing else; grows. `known_text`: what a text object
        held before the edit, where that is known."""
        self._plain = plain
        self._known_text = known_text
        self.written: set[ObjectId] = set()
        """The objects that were written to, whatever was."""
        self.rewritten: dict[ObjectId, str] = {}
        """The texts that were written last by `rewrite`, and what they hold now."""
        # Any: the binding's stubs leave out commit, rollback and splice_text.
        self.transaction = transaction
        self.change: bytes | None = None

    def put(self, key: str, value: Scalar, obj: ObjectId = ROOT) -> None:
        """Set a scalar."""
        with mending():
            self.written.add(obj)
            self.transaction.put(obj, key, _scalar_type(value), value)

    def put_text(self, key: str, text: str, obj: ObjectId = ROOT) -> ObjectId:
        """A new text object holding `text`; concurrent edits of it merge character by character."""
        with mending():
            self.written.add(obj)
            made = self.transaction.put_object(obj, key, am.ObjType.Text)
            self.transaction.splice_text(made, 0, 0, text)
        return bytes(made)

    def put_map(self, key: str, obj: ObjectId = ROOT) -> ObjectId:
        """A new map. Two writers that make one at the same key hide one another's: use keys of one writer only."""
        return bytes(self.put_object(key, "map", obj))

    def put_object(self, key: str, of: str, obj: ObjectId = ROOT) -> ObjectId:
        """A new object of a type of `OBJECT_TYPES`, empty."""
        with mending():
            self.written.add(obj)
            made: ObjectId = self.transaction.put_object(obj, key, OBJECT_TYPES[of])
        return made

    def delete(self, key: str, obj: ObjectId = ROOT) -> None:
        """Remove a key."""
        with mending():
            self.written.add(obj)
            self.transaction.delete(obj, key)

    def splice(self, obj: ObjectId, at: int, delete: int, insert: str) -> None:
        """Delete so many characters of a text at a place, then insert some. Each must be one character of its own."""
        with mending():
            self.written.add(obj)
            self.rewritten.pop(obj, None)
            self.transaction.splice_text(obj, at, delete, insert)

    def rewrite(self, obj: ObjectId, after: str) -> None:
        """Turn the text object `obj` into `after` by its differences, whole words kept together.

        Raises `DocumentError` where another app put something else than single characters into the text.
        """
        with mending():
            before = self._held(obj)
            found = splices(before, after)
            if not found:
                return
            # Automerge counts other elements as many characters or none, and may never come back from a splice at one.
            if obj not in self._plain:
                if not _is_character_by_character(self.transaction.values(obj), before):
                    raise _not_editable()
                self._plain.add(obj)
            self.written.add(obj)
            for splice in found:
                self.transaction.splice_text(obj, splice.at, splice.delete, splice.insert)
            if self.transaction.text(obj) != after:
                raise _not_editable()
            self.rewritten[obj] = after

    def _held(self, obj: ObjectId) -> str:
        """What a text object holds, with what this edit has written."""
        before = self.rewritten.get(obj)
        if before is None and obj not in self.written:
            before = self._known_text(obj)
        return str(self.transaction.text(obj)) if before is None else before


class ReplayEdit:
    """What `replay` writes with: an edit, of objects called by the operation that made them."""

    def __init__(self, edit: Edit) -> None:
        self._edit = edit

    def set_scalar(self, obj: OperationId | None, key: str, value: Scalar) -> None:
        self._edit.put(key, value, _object(obj))

    def remove(self, obj: OperationId | None, key: str) -> None:
        self._edit.delete(key, _object(obj))

    def make(self, obj: OperationId | None, key: str, of: str) -> None:
        self._edit.put_object(key, of, _object(obj))

    def splice(self, obj: OperationId, at: int, delete: int, insert: str) -> None:
        self._edit.splice(_object(obj), at, delete, insert)


def _scalar_type(value: Scalar) -> am.ScalarType:
    match value:
        case None:
            return am.ScalarType.Null
        case bool():
            return am.ScalarType.Boolean
        case int():
            return am.ScalarType.Int
        case float():
            return am.ScalarType.F64
        case str():
            return am.ScalarType.Str
        case bytes():
            return am.ScalarType.Bytes


def _not_editable() -> DocumentError:
    return DocumentError(
        "This text cannot be edited: another app wrote something other than characters into it.",
        code=RefusalCode.BAD_CHANGE,
    )


def _is_character_by_character(elements: Sequence[Any], text: str) -> bool:
    """Whether a text object's elements are just the characters of its text, each by itself."""
    if len(elements) != len(text):
        return False
    return all(
        isinstance(element, tuple) and element[1] == character
        for (element, _), character in zip(elements, text, strict=True)
    )


def are_characters(elements: Sequence[Any]) -> bool:
    """Whether a text object's elements, with their ids, are characters, each by itself."""
    return all(
        isinstance(element, tuple) and isinstance(element[1], str) and len(element[1]) == 1 for element, _ in elements
    )


def _object(made_by: OperationId | None) -> ObjectId:
    return ROOT if made_by is None else object_of(made_by)
