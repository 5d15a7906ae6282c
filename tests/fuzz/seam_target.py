"""Changes against the seam to Automerge, and what is read from the documents that they make.

A change that is refused leaves its document as it was. One that is taken can be given back, saved, loaded, read and
projected, whatever it says.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from random import Random
from typing import Any

from tests.fuzz.cases import Broken, Case
from tests.fuzz.inputs import corpus
from tests.fuzz.inputs.mutated_changes import mutant, relinked
from tests.schemas import hostile

from intersession_schemas.changes import MAX_CHANGE_BYTES, MAX_CHANGE_OPERATIONS, Change, read_change
from intersession_schemas.crdt import Document, ObjectId
from intersession_schemas.errors import DocumentError, RefusalCode
from intersession_schemas.operations import operations_of
from intersession_schemas.records import kinds
from intersession_schemas.records.filing import parts_of
from intersession_schemas.records.guard import Guard
from intersession_schemas.records.kinds import MODELS
from intersession_schemas.records.provenance import Provenance
from intersession_schemas.streams import Kind

CHANGES_A_CASE = 12
_READER, _EDITOR = b"\1" * 16, b"\2" * 16
_LEFT_AS_IT_WAS = {RefusalCode.DOES_NOT_APPLY, RefusalCode.TOO_LARGE, RefusalCode.TOO_MANY_OPERATIONS}


class SeamTarget:
    """`read_change`, `operations_of`, `Document`, `Guard`, and the reading of every kind."""

    def make(self, chance: Random) -> Case:
        """Mutants of one change beside one another, or of a whole document one after the other."""
        some = corpus.stories_of(chance.choice(_KINDS))
        # Small ones more often: as much can be wrong with them, and they take less time.
        story = min(chance.choice(some), chance.choice(some), key=lambda one: sum(map(len, one.changes)))
        kind = story.kind if chance.random() < 0.97 else chance.choice(_KINDS)
        way = chance.random()
        seed = chance.randrange(1 << 30)
        if way < 0.6:
            at = chance.randrange(len(story.changes))
            before = story.changes[: chance.choice((at, len(story.changes)))]
            mutants = [mutant(story.changes[at], chance) for _ in range(CHANGES_A_CASE)]
            return Case(tuple(("alone", one) for one in mutants), before, kind, seed)
        if way < 0.95:
            before, chain = relinked(story.changes, chance)
            return Case(tuple(("chain", one) for one in chain), before, kind, seed)
        return Case(tuple(("chain", one) for one in hostile.confused_changes(chance)), (), kind, seed)

    def run(self, case: Case) -> str:
        """Read them, apply them to the document, and use what comes of it."""
        chance = Random(case.seed)
        base, guard, known = _base(case.kind, case.before)
        changes = [(way, change) for way, change in ((way, _read(data)) for way, data in case.inputs) if change]
        for _, change in changes:
            _look(guard, change, chance)
        alone = [[change] for way, change in changes if way == "alone"]
        chain = [change for way, change in changes if way != "alone"]
        outcome = "read" if changes else "refused"
        for batch in [*alone, chain] if chain else alone:
            if _applied(case.kind, base, known, batch, chance):
                outcome = "applied"
        return outcome


_KINDS = sorted({story.kind for story in corpus.stories()})


@lru_cache(maxsize=600)
def _base(kind: str, before: tuple[bytes, ...]) -> tuple[Document, Guard, dict[bytes, Change]]:
    """The document before, what must stay in it, and its changes."""
    document = Document.new(_READER)
    document.apply(before)
    read = [read_change(one) for one in before]
    guard = Guard(kind, ordered=True)
    guard.learn(read)
    return document, guard, {one.hash: one for one in read}


def _read(data: bytes) -> Change | None:
    try:
        change = read_change(data)
    except DocumentError:
        return None
    if change.size > MAX_CHANGE_BYTES or change.operations > MAX_CHANGE_OPERATIONS or change.data != data:
        raise Broken("a change beyond its bounds was read")
    return change


def _look(guard: Guard, change: Change, chance: Random) -> None:
    """Whatever was read can be gone through, and a guard says of it what it says the next time, too."""
    try:
        looked = guard.look(change)
        if chance.random() > 0.2:
            return
        again = guard.look(change)
        runs = list(operations_of(change))
        for one in runs:
            one.are_characters  # noqa: B018 - what it raises is what is looked for
            one.text  # noqa: B018
    except (DocumentError, UnicodeDecodeError):
        return
    if (looked.fits, looked.objects, looked.places) != (again.fits, again.objects, again.places):
        raise Broken("a guard says one thing and then another")
    if sum(one.count for one in runs) != change.operations:
        raise Broken("its operations are not as many as it has")


def _applied(kind: str, base: Document, known: dict[bytes, Change], batch: Sequence[Change], chance: Random) -> bool:
    document = base.fork(_EDITOR)
    heads = document.heads
    saved = document.save() if chance.random() < 0.1 else None
    try:
        document.apply(batch if chance.random() < 0.5 else [one.data for one in batch])
    except DocumentError as error:
        if error.code in _LEFT_AS_IT_WAS and (document.heads != heads or (saved and document.save() != saved)):
            raise Broken("what did not apply left something behind") from error
        if error.code not in {*_LEFT_AS_IT_WAS, RefusalCode.MISSING_DEPENDENCY}:
            raise Broken(f"applying is refused with {error.code}") from error
        document.heads  # noqa: B018 - it goes on
        return False
    _use(kind, document, chance)
    if chance.random() < 0.3:
        _save(document, takes(batch, known))
    if chance.random() < 0.05:
        with suppress(DocumentError):
            hostile.use(document)
    return True


def takes(changes: Sequence[Change], known: dict[bytes, Change]) -> bool:
    """Whether the server's checks would take changes after those known: numbers follow, and name who has written."""
    before = dict(known)
    for change in changes:
        if change.hash in before:
            continue
        if any(dep not in before for dep in change.deps):
            return False
        if change.start_op != 1 + max((before[dep].last_op for dep in change.deps), default=0):
            return False
        of_actor = [one for one in before.values() if one.actor == change.actor]
        last = max(of_actor, key=lambda one: one.seq, default=None)
        if change.seq != 1 + (last.seq if last else 0) or (last is not None and last.hash not in change.deps):
            return False
        if not {one.actor for one in before.values()}.issuperset(change.others):
            return False
        before[change.hash] = change
    return True


def _save(document: Document, must: bool) -> None:
    """Saved and loaded it is the same, if its changes are those that a server takes."""
    saved = document.save()
    try:
        again = Document.load(saved, _READER)
    except DocumentError as error:
        if must:
            raise Broken("what was saved cannot be loaded") from error
        return
    if again.heads != document.heads or sorted(again.changes()) != sorted(document.changes()):
        raise Broken("what was saved is another document")


def _use(kind: str, document: Document, chance: Random) -> None:
    """Read it in every way that read models are made."""
    if kind not in MODELS:
        return
    model = kinds.read(Kind(kind), document)
    if chance.random() < 0.2:
        read = [read_change(one) for one in document.changes()]
        Guard(kind, ordered=chance.random() < 0.5).admit(read)
        provenance = Provenance((one.actor, one.start_op, one.operations, one) for one in read)

        def arrived(key: str, container: ObjectId) -> datetime | None:
            provenance.of(document, key, container)
            return None

        parts_of(document, model, arrived)
    if kind in kinds.RECORDS:
        kinds.subject_of(Kind(kind), model)
        kinds.moment_of(Kind(kind), model)
    _kept(kind, model)


def _kept(kind: str, model: Any) -> None:
    """What tables keep of a read model is what was read."""
    try:
        data = kinds.model_json(model)
    except OverflowError:  # a number that no JSON holds, as it is said to
        return
    if kinds.read_model(Kind(kind), data) != model:
        raise Broken("a read model is another one once it is kept and read")
