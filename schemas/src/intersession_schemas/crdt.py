"""Automerge documents: the only module that imports automerge.

It offers what the binding lacks (raw changes applied in batches, conflicts, prose edits from before and
after) and turns every failure, panics of the Rust side included, into `DocumentError`. What does not apply
leaves a document as it was. One that failed otherwise must be dropped: every later call on it raises.

Every change passes `changes.read_change` before Automerge sees it. Actor ids are given by the caller: random
per opening of a store and never stored, so that a copied or restored device cannot use one (actor, seq)
twice with different content. Not thread-safe.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from automerge import _automerge as am

from intersession_schemas.changes import (
    MAX_DOCUMENT_BYTES,
    MAX_DOCUMENT_OPERATIONS,
    Change,
    inflated_size,
    read_change,
)
from intersession_schemas.errors import DocumentError, RefusalCode
from intersession_schemas.leb128 import leb128
from intersession_schemas.prose import splices

ObjectId = bytes
Scalar = str | int | float | bool | bytes | None

ROOT: ObjectId = am.ROOT
# The binding's enumerations compare, but do not hash.
_OBJECT_TYPES = {"map": am.ObjType.Map, "list": am.ObjType.List, "text": am.ObjType.Text}

# Freeing a document whose transaction is still open ends the process: the binding frees the transaction after the
# document that it then rolls back. After a panic in a transaction it stays open for ever, so such documents are kept;
# on the extension's type, as that alone outlives the interpreter's own end.
_NEVER_FREED: list[am.Document] = []
am.Document.never_freed = _NEVER_FREED  # type: ignore[attr-defined]


class Document:
    """One Automerge document."""

    def __init__(self, raw: am.Document, actor: bytes, size: int, operations: int) -> None:
        """Use `new` or `load`."""
        self._raw = raw
        self._actor = actor
        self._broken = False
        self._size = size
        self._operations = operations

    @classmethod
    def new(cls, actor: bytes) -> Document:
        """An empty document that writes as `actor`."""
        return cls(am.Document(actor), actor, 0, 0)

    @classmethod
    def load(cls, data: bytes, actor: bytes, operations: int = 0) -> Document:
        """A document from trusted bytes: what `save` gave, changes that `read_change` passed, or both, joined.

        Dependencies must come first. `operations` says how many there are, where that is known, for `weight`.
        Raises `DocumentError` when they are not such bytes.
        """
        if not data:
            return cls.new(actor)
        with _mending():
            raw = am.Document.load(data)
            raw.set_actor(actor)
        return cls(raw, actor, inflated_size(data), operations)

    def fork(self, actor: bytes) -> Document:
        """A copy that writes as `actor`, which must be another: what is written to one, the other may `apply`."""
        with self._guard():
            copy = self._raw.fork()
            copy.set_actor(actor)
        return Document(copy, actor, self._size, self._operations)

    @property
    def heads(self) -> tuple[bytes, ...]:
        """The hashes of the latest changes, sorted."""
        with self._guard():
            return tuple(sorted(self._raw.get_heads()))

    @property
    def weight(self) -> int:
        """About how many bytes of memory this document takes, for caches bounded in bytes."""
        return 8_192 + 4 * self._size + 4 * self._operations

    def apply(self, changes: Sequence[bytes | Change]) -> None:
        """Apply changes in one batch, as bytes or read already; order does not matter and duplicates are harmless.

        Raises `DocumentError`: `missing_dependency` when some wait inside the document for others; and, with the
        document left as it was, `does_not_apply` when Automerge fails or could not give a change back as it came,
        `too_large` and `too_many_operations` when together they exceed a document's limits, and all of
        `read_change`'s.
        """
        read = _read_batch(changes)
        if not read:
            return
        before = self.heads
        with self._guard():
            # Automerge copies on write, so this costs next to nothing, and a panic breaks the copy alone.
            copy = self._raw.fork()
            copy.set_actor(self._actor)
        with _mending():
            copy.receive_sync_message(am.SyncState(), am.Message.decode(_sync_message(read)))
            made = copy.get_changes(list(before))
            _check_reproduced(made, copy.get_heads())
        self._raw = copy
        self._size += sum(change.size for change in read)
        self._operations += sum(change.operations for change in read)
        waiting = {change.hash for change in read}.difference(change.hash for change in made)
        if not waiting:
            return
        # Either some were here before, or some wait for a dependency.
        with self._guard():
            waiting.difference_update(change.hash for change in self._raw.get_changes([]))
        if waiting:
            raise DocumentError(
                "Some changes depend on others that have not been received yet.", code=RefusalCode.MISSING_DEPENDENCY
            )

    def changes(self, since: Iterable[bytes] = ()) -> list[bytes]:
        """All changes that are not ancestors of (or at) the heads `since`, dependencies first."""
        with self._guard():
            return [change.bytes for change in self._raw.get_changes(list(since))]

    def save(self) -> bytes:
        """The whole document with its history, for `load`.

        Keep the changes as well: where one of them does not name all that it builds on, the saved document is not
        readable, and nothing but loading it tells.
        """
        with self._guard():
            return bytes(self._raw.save())

    @contextmanager
    def edit(self) -> Iterator[Edit]:
        """One change. On leaving, `edit.change` holds it, or None where nothing was done; an error undoes all."""
        with self._guard():
            edit = Edit(self._raw.transaction())
        try:
            yield edit
            with self._guard():
                before = self._raw.get_heads()
                edit.transaction.commit()
        except BaseException:
            self._roll_back(edit)
            raise
        with self._guard():
            made = self._raw.get_changes(before)
        edit.change = made[0].bytes if made else None
        self._size += len(edit.change or b"")

    def _roll_back(self, edit: Edit) -> None:
        """Close the transaction, also when this document is broken already."""
        try:
            with _mending():
                edit.transaction.rollback()
        except DocumentError:
            self._broken = True
            _NEVER_FREED.append(self._raw)

    def keys(self, obj: ObjectId = ROOT) -> list[str]:
        """The keys of a map, sorted."""
        with self._guard():
            return list(self._raw.keys(obj))

    def scalar(self, key: str, obj: ObjectId = ROOT) -> Scalar:
        """The value at `key`; None where there is none or an object."""
        with self._guard():
            return _scalar(self._raw.get(obj, key))

    def origin(self, key: str, obj: ObjectId = ROOT) -> tuple[bytes, int] | None:
        """Who wrote the scalar at `key`: the actor, and the number of its operation.

        The change that holds it is that actor's with `start_op <= number < start_op + operations`.
        """
        with self._guard():
            found = self._raw.get(obj, key)
        return _operation(found[1]) if found is not None and isinstance(found[0], tuple) else None

    def object(self, key: str, of: str, obj: ObjectId = ROOT) -> ObjectId | None:
        """The object at `key` if it is one of type `of` ("map", "list" or "text")."""
        with self._guard():
            found = self._raw.get(obj, key)
        return found[1] if found is not None and found[0] == _OBJECT_TYPES[of] else None

    def text(self, obj: ObjectId) -> str:
        """The text of a text object."""
        with self._guard():
            return str(self._raw.text(obj))

    def conflicts(self, key: str, obj: ObjectId = ROOT) -> list[Scalar]:
        """The values that the latest heads leave at `key`, the winner first; one or none if they agree.

        Once a later change has joined the heads, wherever it wrote, only the winner is left.
        """
        with self._guard():
            winner = self._raw.get(obj, key)
            if winner is None:
                return []
            found = {winner[1]: _scalar(winner)}
            heads = sorted(self._raw.get_heads())
            here = {head: self._raw.get(obj, key, [head]) for head in heads}
            won = [head for head, value in here.items() if value is not None and value[1] == winner[1]]
            for other in here.values():
                if other is not None and other[1] not in found and not (won and self._knew(won[0], other[1])):
                    found[other[1]] = _scalar(other)
        return list(found.values())

    def _knew(self, head: bytes, operation: bytes) -> bool:
        """Whether what `head` stands for was written by somebody who had seen the operation, and so replaced it."""
        actor, number = _operation(operation)
        unseen = self._raw.get_changes([head])
        return not any(one.actor_id == actor and one.start_op <= number <= one.max_op for one in unseen)

    @contextmanager
    def _guard(self) -> Iterator[None]:
        if self._broken:
            raise DocumentError(
                "This document failed earlier and must be loaded again.", code=RefusalCode.DOES_NOT_APPLY
            )
        try:
            with _mending():
                yield
        except DocumentError:
            self._broken = True
            raise


class Edit:
    """The writing half of a document, inside `Document.edit`."""

    def __init__(self, transaction: Any) -> None:
        # Any: the binding's stubs leave out commit, rollback and splice_text.
        self.transaction = transaction
        self.change: bytes | None = None

    def put(self, key: str, value: Scalar, obj: ObjectId = ROOT) -> None:
        """Set a scalar."""
        with _mending():
            self.transaction.put(obj, key, _scalar_type(value), value)

    def put_text(self, key: str, text: str, obj: ObjectId = ROOT) -> ObjectId:
        """A new text object holding `text`; concurrent edits of it merge character by character."""
        with _mending():
            made = self.transaction.put_object(obj, key, am.ObjType.Text)
            self.transaction.splice_text(made, 0, 0, text)
        return bytes(made)

    def put_map(self, key: str, obj: ObjectId = ROOT) -> ObjectId:
        """A new map. Two writers that make one at the same key hide one another's: use keys of one writer only."""
        with _mending():
            return bytes(self.transaction.put_object(obj, key, am.ObjType.Map))

    def delete(self, key: str, obj: ObjectId = ROOT) -> None:
        """Remove a key."""
        with _mending():
            self.transaction.delete(obj, key)

    def rewrite(self, obj: ObjectId, after: str) -> None:
        """Turn the text object `obj` into `after` by its differences, whole words kept together.

        Raises `DocumentError` where another app put something else than single characters into the text.
        """
        with _mending():
            before = self.transaction.text(obj)
            found = splices(before, after)
            # Automerge counts other elements as many characters or none, and may never come back from a splice at one.
            if found and not _is_character_by_character(self.transaction.values(obj), before):
                raise _not_editable()
            for splice in found:
                self.transaction.splice_text(obj, splice.at, splice.delete, splice.insert)
            if found and self.transaction.text(obj) != after:
                raise _not_editable()


@contextmanager
def _mending() -> Iterator[None]:
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


def _read_batch(changes: Iterable[bytes | Change]) -> list[Change]:
    """Changes read and bounded, one by one and together."""
    read = [change if isinstance(change, Change) else read_change(change) for change in changes]
    if sum(change.size for change in read) > MAX_DOCUMENT_BYTES:
        raise DocumentError(
            f"The changes of one document exceed {MAX_DOCUMENT_BYTES} bytes in total.", code=RefusalCode.TOO_LARGE
        )
    if sum(change.operations for change in read) > MAX_DOCUMENT_OPERATIONS:
        raise DocumentError(
            f"The changes of one document exceed {MAX_DOCUMENT_OPERATIONS} operations in total.",
            code=RefusalCode.TOO_MANY_OPERATIONS,
        )
    # Dependencies first, as a change starts after all that it builds on: Automerge takes the square of the number
    # of changes that come before theirs.
    return sorted(read, key=lambda change: change.start_op)


def _check_reproduced(made: Sequence[Any], heads: Iterable[bytes]) -> None:
    """Raise unless Automerge gives back the changes `made` just now with the hashes that they came with.

    It keeps operations, not bytes, and rewrites changes when asked for them. One that another writer encoded
    in an unusual way gets another hash so; a document saved with it could never be loaded.
    """
    named = set(heads).union(*(change.deps for change in made))
    if not named.issuperset(change.hash for change in made):
        raise DocumentError("A change is not in canonical encoding.", code=RefusalCode.DOES_NOT_APPLY)


def _sync_message(changes: Sequence[Change]) -> bytes:
    """Raw changes wrapped as a sync message: the binding has no other way to apply a batch."""
    message = bytearray(b"\x42\x00\x00\x00")
    message += leb128(len(changes))
    for change in changes:
        message += leb128(len(change.data)) + change.data
    return bytes(message)


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


def _scalar(found: object) -> Scalar:
    if not isinstance(found, tuple) or not isinstance(found[0], tuple):
        return None
    value = found[0][1]
    return value if isinstance(value, str | int | float | bool | bytes) else None


def _operation(object_id: bytes) -> tuple[bytes, int]:
    """Actor and counter in the binding's id of an operation: 0x10, the actor (length first), its index, the counter."""
    at = 1

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = object_id[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    length = number()
    actor = object_id[at : at + length]
    at += length
    number()
    return actor, number()
