"""What a hostile peer may try on a document, run in a process of its own: it may crash, hang or take all memory.

`apart` runs one of the functions here in a child and says how it ended and what it cost at most. The functions
raise when something else than a `DocumentError` comes of it.
"""

from __future__ import annotations

import gc
import os
import random
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.schemas import forging
from tests.schemas.forging import Op

from intersession_schemas.changes import read_change
from intersession_schemas.crdt import ROOT, Document
from intersession_schemas.crdt import document as module
from intersession_schemas.errors import DocumentError, RefusalCode
from intersession_schemas.prose import splices

MOST_MEMORY = 4 * 2**30
_CHILD = """
import resource, sys
sys.path[:] = {path!r}
from tests.schemas import hostile
resource.setrlimit(resource.RLIMIT_AS, ({most}, {most}))
hostile.note("started", hostile.peak())
hostile.{name}(*{arguments!r})
hostile.note("ended", hostile.peak())
"""


class Ended(NamedTuple):
    """How a child ended: its exit code, megabytes of memory it took beyond those at its start, what it said."""

    code: int
    megabytes: int
    said: dict[str, int]
    errors: str


def apart(work: Callable[..., None], *arguments: object, seconds: float = 60) -> Ended:
    """Run `work` in a child. Raises `subprocess.TimeoutExpired` when it hangs."""
    source = _CHILD.format(path=sys.path, most=MOST_MEMORY, name=work.__name__, arguments=arguments)
    # A backtrace of each panic would take longer than all else.
    environment = os.environ | {"RUST_BACKTRACE": "0"}
    done = subprocess.run(
        [sys.executable, "-c", source], env=environment, capture_output=True, text=True, timeout=seconds, check=False
    )
    said = dict.fromkeys(("started", "ended"), 0)
    for line in done.stdout.splitlines():
        key, _, number = line.rpartition(" ")
        said[key] = int(number)
    return Ended(done.returncode, said["ended"] - said["started"], said, done.stderr[-2_000:])


def peak() -> int:
    """The most megabytes of memory that this process has taken."""
    status = Path("/proc/self/status")
    if status.exists():  # where the system has none, what the parent took before the child began is counted too
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) // 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 2**20


def note(key: str, number: int) -> None:
    """Say something to the parent."""
    print(key, number, flush=True)  # noqa: T201


# -- work --------------------------------------------------------------------------------------------------------------


def apply_dearest() -> None:
    """Apply to new documents the dearest that passes `read_change`, and use them."""
    sets = [forging.change(forging.sets(20_000), actor=bytes([number]) * 16) for number in range(1, 6)]
    nested = [Op(b"k", forging.MAKE_MAP, (0, number) if number else None) for number in range(20_000)]
    keys = forging.run(20_000, forging.text(b"k" * 52))
    writers = [
        forging.change(forging.sets(1), actor=number.to_bytes(16, "big")) for number in range(900)
    ]  # as many heads, each named by the next change
    for name, changes in {
        "sets": sets,
        "characters": [forging.text_of([forging.LETTER] * 19_999)],
        "nested maps": [forging.change(forging.operations(nested))],
        "long keys": [forging.big(number) for number in range(1, 5)],
        "repeated keys": [forging.change(forging.sets(20_000, key_string=keys))],
        "concurrent writers": writers,
    }.items():
        note(f"{name} {attempt(changes)}", 1)


def mutants(seed: int, count: int) -> None:
    """Damage honest changes and use what comes of it."""
    chance = random.Random(seed)
    honest = honest_changes()
    outcomes: dict[str, int] = {}
    for _ in range(count):
        victim = chance.randrange(len(honest))
        damaged = forging.mutated(honest[victim], chance)
        count_outcome(outcomes, attempt([damaged], honest[: chance.choice([victim, len(honest)])]))
    for key, number in outcomes.items():
        note(key, number)


def confused(seed: int, count: int) -> None:
    """Make changes as Automerge would encode them that say strange things, and use what comes of it."""
    chance = random.Random(seed)
    outcomes: dict[str, int] = {}
    for _ in range(count):
        count_outcome(outcomes, attempt(confused_changes(chance)))
    for key, number in outcomes.items():
        note(key, number)


def edit_until_panic(changes: Sequence[bytes], key: str) -> None:
    """Edit a document on which that panics inside a transaction; then free it, and end as usual."""
    document = Document.new(b"1" * 16)
    document.apply(changes)
    target = document.object(key, "text")
    assert target is not None
    edit = None
    try:
        with document.edit() as edit:
            edit.transaction.splice_text(target, 1, 0, "a")
    except BaseException as error:  # noqa: BLE001 (a panic is no Exception)
        note(f"raised {type(error).__name__}", 1)
    try:
        document.keys()
    except DocumentError:
        note("marked broken", 1)
    del document, edit
    gc.collect()
    other = Document.new(b"2" * 16)
    with other.edit() as edit:
        edit.put("goes", "on")
    note("freed", 1)


def misuse_while_editing() -> None:
    """Use a document inside an edit in ways that fail; then free it, and end as usual."""

    def in_an_edit(document: Document, misuse: Callable[[], object]) -> None:
        with document.edit() as edit:
            edit.put("k", 1)
            misuse()

    for number in range(4):
        document = Document.new(b"1" * 16)
        misuses: list[Callable[[], object]] = [
            lambda document=document: document.edit().__enter__(),  # type: ignore[misc]
            lambda document=document: document.save(),  # type: ignore[misc]
            lambda document=document: document.apply([forging.change(forging.sets(1))]),  # type: ignore[misc]
            lambda document=document: document.scalar("k", b"no object"),  # type: ignore[misc]
        ]
        try:
            in_an_edit(document, misuses[number])
        except DocumentError:
            note(f"refused {number}", 1)
        del document, misuses
        gc.collect()
    if module._NEVER_FREED:
        raise AssertionError("what was undone could have been freed")


def crash() -> None:
    """End as a violation of memory does."""
    os.kill(os.getpid(), signal.SIGSEGV)


def hang() -> None:
    """Never come back."""
    while True:
        signal.pause()


def swell(megabytes: int) -> None:
    """Take that much memory."""
    note("took", len(b"x" * (megabytes * 2**20)))


def rewrite_in_vain(changes: Sequence[bytes], key: str) -> None:
    """Rewrite a text that cannot be edited in all its places; it stays as it was, and so does its document."""
    document = Document.new(b"1" * 16)
    document.apply(changes)
    target = document.object(key, "text")
    assert target is not None
    before, heads = document.text(target), document.heads
    for at in range(len(before)):
        for after in (before[:at] + before[at + 1 :], before[:at] + "zz" + before[at + 3 :]):
            try:
                with document.edit() as edit:
                    edit.rewrite(target, after)
            except DocumentError as error:
                note("refused", 1)
                if error.code != RefusalCode.BAD_CHANGE or (document.text(target), document.heads) != (before, heads):
                    raise AssertionError("it is not as it was") from error
            else:
                raise AssertionError("it was edited")


def rewrite_everything() -> None:
    """Compare texts of 100,000 characters that are nearly all words of their own."""
    splices("." * 100_000, ".!" * 50_000)
    splices("a b " * 25_000, "c d " * 25_000)


def attempt(changes: Sequence[bytes], before: Sequence[bytes] = ()) -> str:
    """What comes of reading, applying and using changes, on a document that holds others."""
    document = Document.new(b"4" * 16)
    document.apply(before)
    saved, stage = document.save(), "read"
    try:
        for data in changes:
            read_change(data)
        stage = "apply"
        document.apply(changes)
        stage = "use"
        use(document)
    except DocumentError as error:
        if stage == "apply" and error.code == RefusalCode.DOES_NOT_APPLY:
            if document.save() != saved:
                raise AssertionError("what did not apply left something behind") from error
            use(document)
        return f"{stage} {error.code}"
    return "used"


def use(document: Document) -> None:
    """Do with a document all that the schemas do."""
    for key in document.keys():  # noqa: SIM118 (it is no dict)
        document.scalar(key)
        document.conflicts(key)
        document.object(key, "list")
        inner = document.object(key, "map")
        for inner_key in document.keys(inner) if inner else ():
            document.scalar(inner_key, inner or ROOT)
            document.object(inner_key, "text", inner or ROOT)
        prose = document.object(key, "text")
        if prose and len(before := document.text(prose)) < 5_000:
            after = before[:2] + "zz" + before[5:]
            with document.edit() as edit:
                edit.rewrite(prose, after)
            if document.text(prose) != after:
                raise AssertionError("an edit did not do what it was asked for")
    with document.edit() as edit:
        edit.put("zz", 1)
    again = Document.new(b"5" * 16)
    again.apply(document.changes())
    if again.heads != document.heads:
        raise AssertionError("changes given back do not make the same document")
    document.save()


def count_outcome(outcomes: dict[str, int], outcome: str) -> None:
    outcomes[outcome] = outcomes.get(outcome, 0) + 1


# -- material ----------------------------------------------------------------------------------------------------------


def honest_changes() -> list[bytes]:
    """A text, a map and values by two writers, edited and partly deleted."""
    document = Document.new(b"a" * 16)
    with document.edit() as edit:
        prose = edit.put_text("t", "hello wörld 😀 and so on")
        inner = edit.put_map("m")
        edit.put("a", -5, inner)
        edit.put("f", 1.5)
        edit.put("b", b"xyz")
    with document.edit() as edit:
        edit.rewrite(prose, "hello world 😀😀 and on")
        edit.delete("a", inner)
    other = Document.load(document.save(), b"b" * 16)
    with other.edit() as edit:
        edit.rewrite(prose, "world 😀😀 and on and on")
        edit.put("f", True)
        edit.put_text("n", "more", inner)
    return other.changes()


def confused_changes(chance: random.Random) -> list[bytes]:
    """A few changes by a few actors; in some, keys are used in texts, elements in maps, or what never was is named."""
    wild = chance.choice([0, 0.02, 0.1, 0.3])
    story = _Story(chance, wild)
    return [story.next_change() for _ in range(chance.randint(1, 4))]


_ACTORS = [b"a" * 16, b"b" * 16, b"c" * 16]
_VALUES = [
    (forging.STRING, b"x"),
    (forging.STRING, "é".encode()),
    (forging.STRING, "😀".encode()),
    (forging.STRING, b"several characters"),
    (forging.STRING, b""),
    (forging.SIGNED, b"\1"),
    (forging.FLOAT, bytes(8)),
    (forging.NULL, b""),
    (forging.TRUE, b""),
    (forging.BYTES, b"zz"),
]
_Id = tuple[bytes, int]


class _Story:
    """What has been written so far, in ids of (actor, counter)."""

    def __init__(self, chance: random.Random, wild: float) -> None:
        self.chance = chance
        self.wild = wild
        self.objects: list[tuple[_Id | None, bool]] = [(None, False)]  # with: is it a sequence
        self.elements: dict[_Id | None, list[_Id]] = {}
        self.written: list[tuple[_Id, _Id | None, object]] = []  # id, object, key
        self.heads: list[bytes] = []
        self.last = 0
        self.seqs: dict[bytes, int] = {}

    def next_change(self) -> bytes:
        actor = self.chance.choice(_ACTORS)
        count = self.chance.choice([1, 2, 5, 10, 30])
        table = [actor]
        rows = [self._row((actor, self.last + 1 + number), table) for number in range(count)]
        others = sorted(table[1:])
        order = {table.index(name): 1 + others.index(name) for name in others} | {0: 0}
        rows = [self._renumbered(row, order) for row in rows]
        self.seqs[actor] = self.seqs.get(actor, 0) + 1
        data = forging.change(
            forging.operations(rows),
            deps=sorted(self.heads),
            actor=actor,
            seq=self.seqs[actor],
            start_op=self.last + 1,
            others=others,
        )
        self.heads = [forging.hash_of(data)]
        self.last += count
        return data

    def _is_wild(self) -> bool:
        return self.chance.random() < self.wild

    def _row(self, me: _Id, table: list[bytes]) -> Op:
        chance = self.chance
        place, sequence = chance.choice(self.objects)
        sequence ^= self._is_wild()
        action = chance.choice([forging.SET] * 5 + [forging.MAKE_MAP, forging.MAKE_LIST, forging.MAKE_TEXT, 3])
        insert, key, preds = self._where(place, sequence)
        if self._is_wild():
            key = chance.choice([b"a", None, *(id_ for id_, _, _ in self.written[-5:])])
        if self._is_wild() and self.written:
            place = chance.choice(self.written)[0]
        if action == forging.DELETE and (insert or not preds):
            action = forging.SET
        kind, value = chance.choice(_VALUES[:1] * 9 + _VALUES) if action == forging.SET else (forging.NULL, b"")
        if insert:
            self.elements.setdefault(place, []).append(me)
        if action in (forging.MAKE_MAP, forging.MAKE_LIST, forging.MAKE_TEXT):
            self.objects.append((me, action != forging.MAKE_MAP))
        self.written.append((me, place, key))
        return Op(
            key if isinstance(key, bytes) else _named(key, table),
            action,
            _named(place, table),
            insert ^ self._is_wild(),
            kind,
            value,
            tuple(_named(pred, table) or (0, 1) for pred in preds),
        )

    def _where(self, place: _Id | None, sequence: bool) -> tuple[bool, bytes | _Id | None, list[_Id]]:
        """Whether it inserts, at which key or element, and what it replaces."""
        chance = self.chance
        if sequence:
            held = self.elements.get(place, [])
            if not held or chance.random() < 0.7:
                return True, chance.choice(held) if held and chance.random() < 0.8 else None, []
            element = chance.choice(held)
            return False, element, [element]
        key = chance.choice([b"a", b"b", b"t", "ké".encode()])
        before = [id_ for id_, where, what in self.written if (where, what) == (place, key)]
        return False, key, before[-1:] if chance.random() < 0.7 else []

    @staticmethod
    def _renumbered(row: Op, order: dict[int, int]) -> Op:
        def moved(id_: tuple[int, int]) -> tuple[int, int]:
            return order[id_[0]], id_[1]

        return row._replace(
            key=moved(row.key) if isinstance(row.key, tuple) else row.key,
            object=moved(row.object) if row.object else None,
            preds=tuple(map(moved, row.preds)),
        )


def _named(id_: _Id | None, table: list[bytes]) -> tuple[int, int] | None:
    """An id by the index of its actor, which is added to the table."""
    if id_ is None:
        return None
    if id_[0] not in table:
        table.append(id_[0])
    return table.index(id_[0]), id_[1]
