"""Which changes of a document would alter what must stay as it is (`protection`). Pure.

Two ways of deciding, for those who see changes in one order and for those who do not:

- in the order of the log, what was there first stays, whatever a later change had seen of it;
- where no order is common to all, as in a vault, a change is judged by itself and its ancestors alone. So every device
  comes to the same, in whatever order changes reach it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from intersession_schemas.changes import DELETE, MAKE_MAP, MAKE_TEXT, SET, Change
from intersession_schemas.operations import OperationId, Operations, operations_of
from intersession_schemas.records.protection import ANYTHING, PROTECTED, Slot

Place = tuple[OperationId | None, str]
"""An object (None: the root) and a key in it."""
_MAKES = {MAKE_MAP: "map", MAKE_TEXT: "text"}
_WEIGHT = 256


class Touched(Struct, frozen=True):
    """What a change adds to what must stay; `fits`: it alters nothing of what is there."""

    change: Change
    fits: bool
    objects: Mapping[OperationId, Slot] = {}
    places: Collection[Place] = ()


class Guard:
    """What must stay as it is in one document, learnt change by change, dependencies first."""

    def __init__(self, kind: str, *, ordered: bool) -> None:
        """`ordered`: changes are judged in the order of the log. Documents of unknown kinds have nothing to guard."""
        self._protection = PROTECTED.get(kind)
        self._ordered = ordered
        self._objects: dict[OperationId, Slot] = {}
        self._taken: dict[Place, list[bytes]] = {}
        self._deps: dict[bytes, tuple[bytes, ...]] = {}

    @property
    def weight(self) -> int:
        """About how many bytes of memory this takes."""
        return _WEIGHT * (len(self._objects) + len(self._taken) + len(self._deps))

    def look(self, change: Change) -> Touched:
        """What `change` would add, and whether it may be part of the document. One that is part of it already may."""
        if self._protection is None or change.hash in self._deps:
            return Touched(change, True)
        first = not change.deps and not (self._ordered and self._deps)
        looked = _Looked(first)
        try:
            for one in operations_of(change):
                slot = self._slot(one.object, looked)
                if slot.holds == "text":
                    looked.fits &= _types(one)
                elif slot.holds == "map":
                    looked.fits &= self._fits(change, one, slot, looked)
        except UnicodeDecodeError:
            looked.fits = False
        fits = looked.fits and (first or not self._protection.whole)
        return Touched(change, fits, looked.objects, looked.places)

    def take(self, touched: Touched) -> None:
        """The change is part of the document."""
        if touched.change.hash in self._deps:
            return
        self._deps[touched.change.hash] = touched.change.deps
        self._objects |= touched.objects
        for place in touched.places:
            self._taken.setdefault(place, []).append(touched.change.hash)

    def learn(self, changes: Iterable[Change]) -> None:
        """These are part of the document, whatever is said of them."""
        for change in changes:
            self.take(self.look(change))

    def admit(self, changes: Iterable[Change]) -> list[Change]:
        """Take changes, and give those that may not be part of the document, with all that build on them."""
        refused: dict[bytes, Change] = {}
        for change in changes:
            touched = self.look(change)
            if touched.fits and refused.keys().isdisjoint(change.deps):
                self.take(touched)
            else:
                refused[change.hash] = change
        return list(refused.values())

    def _slot(self, object_: OperationId | None, looked: _Looked) -> Slot:
        assert self._protection is not None
        if object_ is None:
            return self._protection.root
        return looked.objects.get(object_) or self._objects.get(object_) or ANYTHING

    def _fits(self, change: Change, one: Operations, holder: Slot, looked: _Looked) -> bool:
        """Whether operations on a key of a map leave what must stay; notes what they make."""
        if one.key is None or one.insert:
            return False
        slot = holder.at(one.key)
        if slot.holds == "anything":
            return True
        if one.action == DELETE:
            return slot.kept == "free"
        if slot.holds != ("value" if one.action == SET else _MAKES.get(one.action)):
            return False
        if slot.kept == "free":
            return True
        place = (one.object, one.key)
        fits = one.count == 1 and place not in looked.places and not self._is_taken(place, change)
        looked.places.add(place)
        if slot.holds != "value":
            looked.objects[change.actor, one.number] = slot
        return fits and (slot.kept == "once" or looked.first)

    def _is_taken(self, place: Place, change: Change) -> bool:
        """Whether something is there already: at all, or as far as the change could have seen."""
        takers = self._taken.get(place)
        if takers is None or self._ordered:
            return takers is not None
        wanted, seen = list(change.deps), set(change.deps)
        while wanted:
            hash_ = wanted.pop()
            if hash_ in takers:
                return True
            fresh = [dep for dep in self._deps.get(hash_, ()) if dep not in seen]
            seen.update(fresh)
            wanted += fresh
        return False


class _Looked:
    """What is known of a change so far; `first`: nothing is there before it."""

    def __init__(self, first: bool) -> None:
        self.first = first
        self.fits = True
        self.objects: dict[OperationId, Slot] = {}
        self.places: set[Place] = set()


def _types(one: Operations) -> bool:
    """Whether operations in a text write characters or take some out, as people do."""
    if one.key is not None:
        return False
    if one.insert:
        return one.action == SET and one.are_characters
    return one.action == DELETE
