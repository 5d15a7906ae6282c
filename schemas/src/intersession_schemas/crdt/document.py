"""One Automerge document: made, loaded, read, and moved on by changes.

What does not apply leaves a document as it was. One that failed otherwise must be dropped: every later call on it
raises.

Every change passes `changes.read_change` before Automerge sees it. Actor ids are given by the caller: random
per opening of a store and never stored, so that a copied or restored device cannot use one (actor, seq)
twice with different content. Not thread-safe.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from automerge import _automerge as am

from intersession_schemas.changes import Change, inflated_size
from intersession_schemas.crdt.batches import are_chained, check_reproduced, read_batch, sync_message
from intersession_schemas.crdt.edits import OBJECT_TYPES, ROOT, Edit, ReplayEdit, are_characters, mending
from intersession_schemas.crdt.history import up_to
from intersession_schemas.crdt.object_ids import ObjectId, called, object_of, operation_of
from intersession_schemas.crdt.replay import MOST_OPERATIONS, CannotReplay, Characters, characters_of, replay
from intersession_schemas.errors import DocumentError, RefusalCode
from intersession_schemas.operations import OperationId, Scalar

KEPT_VALUES = 64
"""So many values at most are kept as they were read, of a document that is edited here,"""
_OF_A_VALUE = 300
"""and take about so many bytes each."""
SINGLE_CHANGES = 4
"""From so many changes on that came one by one, the characters of a text that they touch are counted: where this takes
asking Automerge for each of them."""
MOST_FIRST = 16
FIRST_OPERATIONS = 20_000
"""So many changes that a document began with are remembered, until it is known where their characters are."""
MOST_AGAIN = 8
"""A batch of more changes is applied in one piece."""

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
        self._received_singly = 0
        self._texts: dict[OperationId, Characters] = {}
        """Of texts that single changes come for: where the characters are that these name."""
        self._first: list[Change] | None = None
        """All changes of the document, each building on the one before, where that is so and they are few."""
        self._plain: set[ObjectId] = set()
        """Texts that hold characters and nothing else, as far as it was looked at."""
        self._values: dict[ObjectId, dict[tuple[str, str], Any]] | None = None
        """Of a document that is edited here, what was read of objects that nothing has written to since: whoever types
        reads it all with each edit, and each value costs a call of the binding."""
        self._kept = 0
        self._editing = False

    @classmethod
    def new(cls, actor: bytes) -> Document:
        """An empty document that writes as `actor`."""
        document = cls(am.Document(actor), actor, 0, 0)
        document._first = []
        return document

    @classmethod
    def load(cls, data: bytes, actor: bytes, operations: int = 0) -> Document:
        """A document from trusted bytes: what `save` gave, changes that `read_change` passed, or both, joined.

        Dependencies must come first. `operations` says how many there are, where that is known, for `weight`.
        Raises `DocumentError` when they are not such bytes.
        """
        if not data:
            return cls.new(actor)
        with mending():
            raw = am.Document.load(data)
            raw.set_actor(actor)
        return cls(raw, actor, inflated_size(data), operations)

    def fork(self, actor: bytes, heads: Sequence[bytes] | None = None) -> Document:
        """A copy that writes as `actor`, which must be another: what is written to one, the other may `apply`.

        With `heads`, of the document as it was then. Raises `DocumentError` where one of them is not here.
        """
        if heads is None:
            with self._guard():
                copy = self._raw.fork()
                copy.set_actor(actor)
            return Document(copy, actor, self._size, self._operations)
        # Made anew of what it was then, as Automerge's own `fork_at` panics at the heads of some merged histories.
        then = Document.new(actor)
        then.apply(up_to(self.changes(), heads))
        return then

    @property
    def heads(self) -> tuple[bytes, ...]:
        """The hashes of the latest changes, sorted."""
        with self._guard():
            return tuple(sorted(self._raw.get_heads()))

    @property
    def weight(self) -> int:
        """About how many bytes of memory this document takes, for caches bounded in bytes."""
        values = 0 if self._values is None else _OF_A_VALUE * KEPT_VALUES
        return 8_192 + 4 * self._size + 4 * self._operations + values

    def apply(self, changes: Sequence[bytes | Change]) -> None:
        """Apply changes in one batch, as bytes or read already; order does not matter and duplicates are harmless.

        Raises `DocumentError`: `missing_dependency` when some wait inside the document for others; and, with the
        document left as it was, `does_not_apply` when Automerge fails or could not give a change back as it came,
        `too_large` and `too_many_operations` when together they exceed a document's limits, and all of
        `read_change`'s.
        """
        read = read_batch(changes)
        if not read or (len(read) == 1 and self._do_again(read[0])) or self._do_all_again(read):
            return
        self._texts.clear()
        self._plain.clear()
        self._let_values_go()
        before = self.heads
        first, self._first = self._first, None
        with self._guard():
            # Automerge copies on write, so this costs next to nothing, and a panic breaks the copy alone.
            copy = self._raw.fork()
            copy.set_actor(self._actor)
        with mending():
            copy.receive_sync_message(am.SyncState(), am.Message.decode(sync_message(read)))
            made = copy.get_changes(list(before))
            check_reproduced(made, copy.get_heads())
        self._raw = copy
        self._size += sum(change.size for change in read)
        self._operations += sum(change.operations for change in read)
        waiting = {change.hash for change in read}.difference(change.hash for change in made)
        if not waiting:
            if first is not None and are_chained(before, read):
                self._remember(first, read)
            return
        # Either some were here before, or some wait for a dependency.
        with self._guard():
            waiting.difference_update(change.hash for change in self._raw.get_changes([]))
        if waiting:
            raise DocumentError(
                "Some changes depend on others that have not been received yet.", code=RefusalCode.MISSING_DEPENDENCY
            )

    def _do_all_again(self, changes: Sequence[Change]) -> bool:
        """`_do_again` for a few changes that build on one another; False, and nothing done, where one does not work."""
        if not 1 < len(changes) <= MOST_AGAIN or sum(change.operations for change in changes) > MOST_OPERATIONS:
            return False
        if not are_chained(self.heads, changes):
            return False
        with self._guard():
            raw = self._raw.fork()
        size, operations, singly = self._size, self._operations, self._received_singly
        first = None if self._first is None else list(self._first)
        if all(self._do_again(change) for change in changes):
            return True
        if not self._broken:
            raw.set_actor(self._actor)
            self._raw, self._first = raw, first
            self._size, self._operations, self._received_singly = size, operations, singly
            self._texts.clear()
            self._let_values_go()
        return False

    def _remember(self, first: list[Change], changes: Sequence[Change]) -> None:
        """These changes build on those that the document began with."""
        first.extend(changes)
        few = len(first) <= MOST_FIRST and sum(change.operations for change in first) <= FIRST_OPERATIONS
        self._first = first if few else None

    def _do_again(self, change: Change) -> bool:
        """Make a change that builds on just what is here once more (`replay`); False where that makes another one."""
        with self._guard():
            before = self._raw.get_heads()
            if not before or set(before) != set(change.deps):
                return False
            kept = self._raw.fork()
        self._received_singly += 1
        try:
            with self._guard():
                self._raw.set_actor(change.actor)
            with self._transaction() as edit, mending():
                texts = replay(change, ReplayEdit(edit), partial(self._characters, edit))
            with self._guard():
                if [made.hash for made in self._raw.get_changes(before)] != [change.hash]:
                    self._raw = kept
                    self._texts.clear()
                    self._let_values_go()
                    return False
        except (CannotReplay, DocumentError):
            return False
        finally:
            if not self._broken:
                self._raw.set_actor(self._actor)
        self._texts |= texts
        if self._first is not None:
            self._remember(self._first, [change])
        self._size += change.size
        self._operations += change.operations
        return True

    def _characters(self, edit: Edit, text: OperationId) -> Characters:
        """The characters of a text, which are counted once it is worth it."""
        if self._first is not None and text not in self._texts:
            first, self._first = self._first, None
            with suppress(CannotReplay):
                self._texts = characters_of(first) | self._texts
        found = self._texts.get(text)
        if found is None:
            if self._received_singly < SINGLE_CHANGES:
                raise CannotReplay
            elements = edit.transaction.values(object_of(text))
            if not are_characters(elements):
                raise CannotReplay
            found = Characters(operation_of(id_) for _, id_ in elements)
        return found

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
            before = self._raw.get_heads()
        self._texts.clear()
        self._first = None
        if self._values is None:
            self._values = {}
        with self._transaction() as edit:
            yield edit
        with self._guard():
            made = self._raw.get_changes(before)
        edit.change = made[0].bytes if made else None
        self._size += len(edit.change or b"")

    @contextmanager
    def _transaction(self) -> Iterator[Edit]:
        """An edit that is committed at the end; an error undoes all."""
        with self._guard():
            edit = Edit(self._raw.transaction(), self._plain, self._known_text)
        self._editing = True
        try:
            yield edit
            with self._guard():
                edit.transaction.commit()
        except BaseException:
            self._texts.clear()
            self._let_values_go()
            self._roll_back(edit)
            raise
        finally:
            self._editing = False
        self._keep_what_stands(edit)

    def _roll_back(self, edit: Edit) -> None:
        """Close the transaction, also when this document is broken already."""
        try:
            with mending():
                edit.transaction.rollback()
        except DocumentError:
            self._broken = True
            _NEVER_FREED.append(self._raw)

    def keys(self, obj: ObjectId = ROOT) -> list[str]:
        """The keys of a map, sorted."""
        return list(self._once("keys", obj, "", lambda: list(self._raw.keys(obj))))

    def scalar(self, key: str, obj: ObjectId = ROOT) -> Scalar:
        """The value at `key`; None where there is none or an object."""
        return _scalar(self._get(key, obj))

    def origin(self, key: str, obj: ObjectId = ROOT) -> tuple[bytes, int] | None:
        """Who wrote the scalar at `key`: the actor, and the number of its operation.

        The change that holds it is that actor's with `start_op <= number < start_op + operations`.
        """
        found = self._get(key, obj)
        return operation_of(found[1]) if found is not None and isinstance(found[0], tuple) else None

    def object(self, key: str, of: str, obj: ObjectId = ROOT) -> ObjectId | None:
        """The object at `key` if it is one of type `of` ("map", "list" or "text")."""
        found = self._get(key, obj)
        return found[1] if found is not None and found[0] == OBJECT_TYPES[of] else None

    def text(self, obj: ObjectId) -> str:
        """The text of a text object."""
        return str(self._once("text", obj, "", lambda: str(self._raw.text(obj))))

    def _get(self, key: str, obj: ObjectId) -> Any:
        return self._once("get", obj, key, lambda: self._raw.get(obj, key))

    def _once(self, what: str, obj: ObjectId, key: str, read: Callable[[], Any]) -> Any:
        """What `read` gives; of a document that is edited here, kept until something is written to the object."""
        if self._values is None or self._editing or self._broken:
            with self._guard():
                return read()
        kept = self._values.get(obj)
        if kept is not None and (what, key) in kept:
            return kept[what, key]
        with self._guard():
            found = read()
        if self._kept >= KEPT_VALUES:
            self._let_values_go()
        self._values.setdefault(obj, {})[what, key] = found
        self._kept += 1
        return found

    def _known_text(self, obj: ObjectId) -> str | None:
        return (self._values or {}).get(obj, {}).get(("text", ""))

    def _let_values_go(self) -> None:
        if self._values:
            self._values.clear()
        self._kept = 0

    def _keep_what_stands(self, edit: Edit) -> None:
        """Let go of what was read of the objects that an edit wrote to; of a text that it rewrote it knows the end."""
        if self._values is None:
            return
        written = {called(obj) for obj in edit.written}
        for obj in [obj for obj in self._values if called(obj) in written]:
            self._kept -= len(self._values.pop(obj))
        for obj, text in edit.rewritten.items():
            self._values[obj] = {("text", ""): text}
            self._kept += 1

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
        actor, number = operation_of(operation)
        unseen = self._raw.get_changes([head])
        return not any(one.actor_id == actor and one.start_op <= number <= one.max_op for one in unseen)

    @contextmanager
    def _guard(self) -> Iterator[None]:
        if self._broken:
            raise DocumentError(
                "This document failed earlier and must be loaded again.", code=RefusalCode.DOES_NOT_APPLY
            )
        try:
            with mending():
                yield
        except DocumentError:
            self._broken = True
            raise


def _scalar(found: object) -> Scalar:
    if not isinstance(found, tuple) or not isinstance(found[0], tuple):
        return None
    value = found[0][1]
    return value if isinstance(value, str | int | float | bool | bytes) else None
