"""What documents have ever said: each of them read at every change that it was made of.

It asks Automerge itself, as the product's seam reads documents as they are now only. A change that Automerge chokes on
is left out here; `chunks` takes it apart by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from automerge import _automerge as am

from intersession_schemas.leb128 import leb128

_ACTOR = bytes(16)


class Broken(Exception):
    """Automerge could not do that; a panic of its Rust side is a BaseException, which this stands for."""


def changes_of(saved: bytes) -> list[bytes]:
    """The changes of a saved document. Raises `Broken`."""
    try:
        return [change.bytes for change in am.Document.load(saved).get_changes([])]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 - a panic is no Exception
        raise Broken from None


class History:
    """One document from changes in any order; those that do not apply are left out."""

    def __init__(self, changes: Sequence[bytes]) -> None:
        self._document = am.Document(_ACTOR)
        try:
            self._take(changes)
        except Broken:
            for change in changes:
                with suppress(Broken):
                    self._take([change])
        self.heads: list[bytes] = [change.hash for change in self._document.get_changes([])]
        """The hash of every change that applied."""

    def _take(self, changes: Sequence[bytes]) -> None:
        message = bytearray(b"\x42\x00\x00\x00") + leb128(len(changes))
        for change in changes:
            message += leb128(len(change)) + change
        try:
            document = self._document.fork()
            document.receive_sync_message(am.SyncState(), am.Message.decode(bytes(message)))
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # noqa: BLE001 - a panic is no Exception
            raise Broken from None
        self._document = document

    def said(self, head: bytes) -> Iterator[str | bytes]:
        """Every text, value and key as they were when the change `head` had just been made."""
        try:
            yield from self._within(am.ROOT, [head])
        except (KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException:  # noqa: BLE001 - a panic is no Exception
            return

    def _within(self, object_id: bytes, heads: list[bytes]) -> Iterator[str | bytes]:
        kind = self._document.object_type(object_id)
        if kind == am.ObjType.Text:
            yield self._document.text(object_id, heads)
        places: Iterable[Any] = ()
        if kind == am.ObjType.Map:
            places = self._document.keys(object_id, heads)
        elif kind == am.ObjType.List:
            places = range(self._document.length(object_id, heads))
        for place in places:
            if isinstance(place, str):
                yield place
            found = self._document.get(object_id, place, heads)
            if found is None:
                continue
            value, id = found
            if not isinstance(value, tuple):
                yield from self._within(id, heads)
            elif isinstance(value[1], str | bytes):
                yield value[1]


def components(changes: dict[bytes, tuple[bytes, ...]]) -> list[list[bytes]]:
    """Hashes of changes that hang together, each with what it builds on, as the changes of one document do.

    `changes` are dependencies by hash. A dependency that is not here holds together those that name it.
    """
    leader: dict[bytes, bytes] = {}

    def find(hash: bytes) -> bytes:
        leader.setdefault(hash, hash)
        while leader[hash] != hash:
            leader[hash] = leader[leader[hash]]
            hash = leader[hash]
        return hash

    for hash, deps in changes.items():
        find(hash)
        for dep in deps:
            leader[find(hash)] = find(dep)
    together: dict[bytes, list[bytes]] = {}
    for hash in changes:
        together.setdefault(find(hash), []).append(hash)
    return list(together.values())
