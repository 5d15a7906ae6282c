"""Importing a file into the store: every row ends up imported, known, skipped, in conflict or listed as bad.

A row's key is made of the instant that it is about, whose it is, and its place among the rows of that instant: the
same row in another file, spelled otherwise or on another device, is the same log. Rows are kept some hundred at a
time, one transaction each.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, tzinfo
from functools import lru_cache
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Struct

from intersession.documents.symptom_logs import buckets
from intersession.documents.tables import symptom_rows, symptom_views
from intersession.errors import InvalidField
from intersession.importing.choices import Choices
from intersession.importing.models import Conflict, ImportPlan, ImportReport, Unclear
from intersession.importing.reading import Answers, RowReader, key_of
from intersession.importing.understanding import Understood, understand
from intersession.inputs.clock import zone_of
from intersession.replica.replica import Replica
from intersession.store.store import Store
from intersession.store.store_file import said_by_the_system
from intersession_schemas.documents.diary.symptoms import Log, Number, check_log
from intersession_schemas.documents.names import MAX_NAMES, name_key

ROWS_AT_ONCE = 250
"""Logs per transaction."""
MAX_MIB = 32
"""What a file may hold. A year of answers to twenty questions, five times a day, takes less than one."""

Progress = Callable[[int, int], object]


class _Counts(Struct):
    imported: int = 0
    unchanged: int = 0


class Imports:
    """Plans and carries out imports into one store; see `Symptoms.import_csv`."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica

    def plan(self, path: str | os.PathLike[str], given: Choices) -> ImportPlan:
        """What is understood of a file; nothing is written."""
        return self._understand(path, given).plan

    def run(self, path: str | os.PathLike[str], given: Choices, progress: Progress | None) -> ImportReport:
        """Read the file and keep what is new in it."""
        understood = self._understand(path, given)
        plan = understood.plan
        if not plan.rows:
            raise InvalidField("There is nothing in the file to import: it has a header but no rows.")
        if plan.ambiguous:
            raise InvalidField("The file is ambiguous. " + " ".join(map(_asked, plan.ambiguous)))
        if not plan.columns:
            why = "".join(f" {one.column[:60]}: {one.reason}." for one in plan.left_out[:10])
            raise InvalidField(f"Nothing in the file can be imported: no column contains a symptom.{why}")
        report = _Import(self._replica, understood, progress).run()
        if not report.imported and not report.unchanged and not report.conflicts:
            raise InvalidField(_nothing(report, plan))
        self._remember(understood.shape, chosen_in(plan, given))
        return report

    def _understand(self, path: str | os.PathLike[str], given: Choices) -> Understood:
        data = content_of(Path(path))
        if len(data) > MAX_MIB * 2**20:
            raise InvalidField(f"The file is larger than {MAX_MIB} MiB. Import it in parts.")
        with self._replica.reading() as store:
            return understand(data, given, lambda shape: _remembered(store, shape), zone_called)

    def _remember(self, shape: str, choices: Choices) -> None:
        with self._replica.writing():
            store = self._replica.store
            text = msgspec.json.encode(choices).decode()
            store.run("REPLACE INTO import_plans (shape, choices) VALUES (?, ?)", shape, text)


class _Import:
    """One import."""

    def __init__(self, replica: Replica, understood: Understood, progress: Progress | None) -> None:
        self._replica = replica
        self._id = uuid4()
        self._plan, self._scale = understood.plan, understood.recipe.scale
        self._reader = RowReader(understood.table, understood.recipe, zone_called)
        self._progress = progress
        self._counts = _Counts()
        self._conflicts: list[Conflict] = []

    def run(self) -> ImportReport:
        """Read every row and keep what is new."""
        rows, done = self._plan.rows, 0
        self._report(0, rows)
        found = self._reader.by_moment()
        for portion in _portions(found):
            self._keep(portion)
            done = min(rows, done + sum(len(set(one.lines)) for _, there in portion for one in there))
            self._report(done, rows)
        self._report(rows, rows)
        return ImportReport(
            id=self._id,
            rows=self._reader.rows,
            imported=self._counts.imported,
            skipped_empty=self._reader.empty,
            unchanged=self._counts.unchanged + self._reader.repeated,
            other=self._reader.other,
            conflicts=tuple(self._conflicts),
            bad=tuple(self._reader.bad),
            columns=self._plan.columns,
            bad_cells=tuple(self._reader.cells),
            left_out=self._plan.left_out,
        )

    def _report(self, done: int, rows: int) -> None:
        if self._progress is not None:
            self._progress(done, rows)

    def _keep(self, portion: Sequence[tuple[datetime, Sequence[Answers]]]) -> None:
        """Keep what is new, in one transaction, and count the rest."""
        counts, conflicts, fresh = _Counts(), list[Conflict](), list[Log]()
        with self._replica.writing() as writing:
            store = writing.store
            for instant, there in portion:
                known = list(self._known(store, instant))
                for answers in _in_turn(there, known):
                    place = len(known) + 1
                    rest = _match(answers, known, counts, conflicts)
                    if rest is not None:
                        log = self._log(rest, self._key(instant, place))
                        fresh.append(log)
                        known.append(_Known(log.key or "", log.values, log.note, (), used=True))
            if not symptom_rows.has_room_for(store, {name for log in fresh for name in log.values}):
                raise InvalidField(f"A record may have at most {MAX_NAMES} different symptoms. Import fewer columns.")
            if fresh:
                buckets.add(writing, fresh, self._replica.destination(None))
        self._counts.imported += counts.imported
        self._counts.unchanged += counts.unchanged
        self._conflicts += conflicts

    def _key(self, instant: datetime, place: int) -> str:
        return key_of(instant, place, self._plan.only[1] if self._plan.only is not None else None)

    def _known(self, store: Store, instant: datetime) -> Iterator[_Known]:
        """The logs of earlier imports about an instant, in the order of their keys."""
        place = 1
        while (log := symptom_views.with_key(store, key := self._key(instant, place))) is not None:
            said = tuple((one.values, one.note) for one in log.earlier)
            yield _Known(key, log.values, log.note, said)
            place += 1

    def _log(self, answers: Answers, key: str) -> Log:
        return check_log(
            Log(
                id=uuid4(),
                at=answers.at,
                entered_at=self._replica.now(),
                values=dict(zip(answers.names, answers.values, strict=True)),
                zone=zone_of(answers.at),
                scale=self._scale,
                note=answers.note,
                key=key,
                batch=self._id,
            )
        )


class _Known(Struct):
    """A log that is there, what it said before it was corrected, and whether a row has been found to be it."""

    key: str
    values: dict[str, Number]
    note: str
    earlier: tuple[tuple[dict[str, Number], str], ...]
    used: bool = False


def _in_turn(there: Sequence[Answers], known: Sequence[_Known]) -> list[Answers]:
    """First those that are there exactly so: they are not to be compared with another log of that instant."""
    return sorted(there, key=lambda one: not any(_equal(one, log) for log in known))


def _equal(answers: Answers, log: _Known) -> bool:
    """Whether a log says what a row says, or said so before it was corrected."""
    values = _keyed(dict(zip(answers.names, answers.values, strict=True)))
    return values == _keyed(log.values) or any(values == _keyed(earlier) for earlier, _ in log.earlier)


def _match(answers: Answers, known: Sequence[_Known], counts: _Counts, conflicts: list[Conflict]) -> Answers | None:
    """Compare with what is there of that instant; what is new, as answers of their own, or None.

    What differs is a conflict and is not kept; answers beside it that are not there at all are new. Each line is
    counted once.
    """
    exact = next((log for log in known if not log.used and _equal(answers, log)), None)
    if exact is not None and (answers.note in ("", exact.note) or exact.earlier):
        exact.used = True
        counts.unchanged += len(set(answers.lines))
        return None
    left = {_name_key(name): place for place, name in enumerate(answers.names)}
    differing: dict[int, tuple[str, list[str]]] = {}
    for log in [exact] if exact is not None else known:
        values = _keyed(log.values)
        shared = left.keys() & values.keys()
        if log.used or not shared:
            continue
        log.used = True
        for name in sorted(shared):
            place = left.pop(name)
            if answers.values[place] != values[name]:
                differing.setdefault(answers.lines[place], (log.key, []))[1].append(answers.names[place])
        if answers.note and answers.note != log.note and not differing:
            differing[answers.lines[0]] = (log.key, ["note"])
    conflicts += [Conflict(line, key, tuple(names)) for line, (key, names) in differing.items()]
    new = {answers.lines[place] for place in left.values()} - differing.keys()
    counts.imported += len(new)
    counts.unchanged += len(set(answers.lines) - differing.keys() - new)
    if len(left) == len(answers.names):
        return answers
    kept = sorted(left.values())
    return _only_at(answers, kept) if kept else None


def _only_at(answers: Answers, places: Sequence[int]) -> Answers:
    """Some of the answers; the note stays with the log that has the others."""
    return Answers(
        at=answers.at,
        names=tuple(answers.names[place] for place in places),
        values=tuple(answers.values[place] for place in places),
        lines=tuple(answers.lines[place] for place in places),
    )


def _keyed(values: dict[str, Number]) -> dict[str, Number]:
    return {_name_key(name): value for name, value in values.items()}


_name_key = lru_cache(maxsize=2_000)(name_key)


def _portions(found: dict[datetime, list[Answers]]) -> Iterator[list[tuple[datetime, list[Answers]]]]:
    portion: list[tuple[datetime, list[Answers]]] = []
    logs = 0
    for instant, there in found.items():
        portion.append((instant, there))
        logs += len(there)
        if logs >= ROWS_AT_ONCE:
            yield portion
            portion, logs = [], 0
    if portion:
        yield portion


def content_of(path: Path) -> bytes:
    """What is in a file, up to more than may be. Raises `InvalidField` with the system's reason."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_MIB * 2**20 + 1)
    except (OSError, ValueError) as failure:
        raise InvalidField(f"The file {path} cannot be read: {said_by_the_system(failure)}.") from failure


def zone_called(name: str) -> tzinfo | None:
    """The IANA time zone of that name; None where this device knows none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def chosen_in(plan: ImportPlan, given: Choices | None = None) -> Choices:
    """What a plan says, to read a file by. With `given`, what is worth keeping for the next file of the kind: its
    columns, encoding and delimiter are detected again unless they were given."""
    chosen = Choices(
        **{
            name: value
            for name in Choices.__struct_fields__
            if (value := getattr(plan, name)) is not None and value not in ({}, "")
        }
    )
    if given is None:
        return chosen
    return msgspec.structs.replace(
        chosen,
        columns=given.columns,
        encoding=given.encoding,
        delimiter=given.delimiter,
        note=given.note,
    )


def _remembered(store: Store, shape: str) -> Choices | None:
    row = store.one("SELECT choices FROM import_plans WHERE shape = ?", shape)
    if row is None:
        return None
    try:
        return msgspec.json.decode(row[0], type=Choices)
    except msgspec.MsgspecError:
        return None


def _asked(one: Unclear) -> str:
    shown = ", ".join(choice[:60] for choice in one.choices[:20])
    return f"{one.question} Say {one.option}" + (f", one of: {shown}." if shown else ".")


def _nothing(report: ImportReport, plan: ImportPlan) -> str:
    if report.bad:
        first = report.bad[0]
        return f"None of its {report.rows:,} rows could be read: line {first.line}: {first.reason}."
    if report.other:
        column = plan.only[0] if plan.only is not None else ""
        return f"None of its {report.rows:,} rows has an answer for the person that `only` selects in {column}."
    return f"There is nothing in the file to import: {report.rows:,} rows, none with an answer."
