"""`symptom_log`: the logs of one replica and one month, each log one value that is never edited in place.

Shape of the document (root map): `kind`, `month` ("2020-03", local), and per record its id (a UUID in canonical form) →
one JSON text holding the whole record: a `Log`, or a `Withdrawn`. One value per log means that no merge can mix two
logs. A correction is a log of its own that names the one it corrects; `symptom_history` says what stands.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from intersession_schemas import crdt
from intersession_schemas.changes import Change
from intersession_schemas.crdt import Document
from intersession_schemas.documents.moments import check_written, check_zone
from intersession_schemas.documents.names import MAX_NAMES, Names, is_name, name_key
from intersession_schemas.documents.texts import check_text
from intersession_schemas.errors import InvalidField
from intersession_schemas.nesting import check_json
from intersession_schemas.operations import operations_of
from intersession_schemas.streams import Kind

MAX_NAME = 64
MAX_VALUES = 200
MAX_NOTE = 2_000
MAX_KEY = 200
MAX_PROBLEMS = 20
"""Problems that are listed one by one; how many more there are is said."""
MOST_WITHDRAWN = 1_000
"""Logs and keys that one record says to be withdrawn; more take more records."""
MAX_VALUE = 10**15
"""No value is further from 0; every reader can hold it exactly."""

Number = int | float


class Log(Struct, frozen=True, omit_defaults=True):
    """One symptom log: `values` by symptom name, on `scale` (lowest, highest) if it has one.

    `at` is what it is about, `entered_at` when it was entered; `key` is the caller's own, for importing twice, and
    `batch` the import that it came with. `corrects`: it stands in the place of the log with that id, which never is a
    correction itself. `arrived_at`: it is a copy of a log that arrived then, in a bucket that was rewritten.
    """

    id: UUID
    at: datetime
    entered_at: datetime
    values: dict[str, Number]
    zone: str | None = None
    scale: tuple[Number, Number] | None = None
    note: str = ""
    key: str | None = None
    batch: UUID | None = None
    corrects: UUID | None = None
    arrived_at: datetime | None = None


class Withdrawn(Struct, frozen=True):
    """That logs were withdrawn: by id, and by key all that were entered up to then, wherever they are.

    `logs` and `keys` hold no content: of a key there is its `key_mark`.
    """

    id: UUID
    entered_at: datetime
    logs: tuple[UUID, ...]
    keys: tuple[str, ...]


class Bucket(Struct, frozen=True):
    """A `symptom_log` document: its month, its logs by `at`, and what was withdrawn.

    `problems` names what could not be read, by log id.
    """

    month: str
    logs: tuple[Log, ...]
    problems: tuple[str, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()


def _plain(value: object) -> object:
    """A number of a subclass, as numpy's, as the number it is."""
    if isinstance(value, int | float):
        return float(value) if isinstance(value, float) else int(value)
    raise TypeError(f"A log cannot contain a {type(value).__name__}.")


_encoder = msgspec.json.Encoder(enc_hook=_plain)
_decoder = msgspec.json.Decoder(Log)
_withdrawn_decoder = msgspec.json.Decoder(Withdrawn)


def key_mark(key: str) -> str:
    """What stands for a key where it may not be read itself: 32 hexadecimal digits."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def month_of(at: datetime) -> str:
    """The local month of `at`, as "2020-03"."""
    return f"{at.year:04}-{at.month:02}"


def check_log(log: Log) -> Log:
    """`log` if every field is one a log may hold; raises `InvalidField` naming the one that is not."""
    if not isinstance(log.id, UUID):
        raise InvalidField("id must be a UUID.")
    check_written("at", log.at)
    check_written("entered_at", log.entered_at)
    check_zone(log.zone)
    check_values(log.values, log.scale)
    check_text("note", log.note, MAX_NOTE)
    if log.key is not None and not check_text("key", log.key, MAX_KEY):
        raise InvalidField(f"key must be text of 1 to {MAX_KEY} characters.")
    for name, id_ in (("batch", log.batch), ("corrects", log.corrects)):
        if id_ is not None and not isinstance(id_, UUID):
            raise InvalidField(f"{name} must be a UUID.")
    if log.corrects == log.id:
        raise InvalidField("A log cannot correct itself.")
    if log.arrived_at is not None:
        check_written("arrived_at", log.arrived_at)
    return log


def check_values(values: Mapping[str, Number], scale: tuple[Number, Number] | None = None) -> None:
    """Raise `InvalidField` unless there are values, under names of 1–64 characters, finite and on the scale."""
    if scale is not None and not _is_scale(scale):
        raise InvalidField("scale must be two numbers, the lower one first.")
    if not isinstance(values, Mapping) or not 0 < len(values) <= MAX_VALUES:
        raise InvalidField(f"A log must have 1 to {MAX_VALUES} values.")
    for name, value in values.items():
        if not isinstance(name, str) or not 0 < len(name) <= MAX_NAME or not is_name(name):
            raise InvalidField(f"A symptom's name must have 1 to {MAX_NAME} printable characters.")
        if not _is_number(value):
            raise InvalidField(f"The value of {name!r} must be a finite number.")
        if scale is not None and not scale[0] <= value <= scale[1]:
            raise InvalidField(f"The value of {name!r} is outside the scale {scale[0]}–{scale[1]}.")


def check_spellings(values: Mapping[str, Number]) -> None:
    """Raise `InvalidField` where two names of one log are spellings of the same one."""
    if len({name_key(name) for name in values}) < len(values):
        raise InvalidField("Two of the names are spellings of the same symptom: give each symptom one value.")


def create(document: Document, month: str) -> bytes:
    """Make an empty bucket for `month` in an empty document; returns the change."""
    with document.edit() as edit:
        edit.put("kind", Kind.SYMPTOM_LOG.value)
        edit.put("month", month)
    assert edit.change is not None
    return edit.change


def add(document: Document, logs: Sequence[Log], withdrawn: Sequence[Withdrawn] = ()) -> bytes:
    """Add records to a bucket as one change, which is returned. Raises `InvalidField`; then nothing is added."""
    records: list[Log | Withdrawn] = [*map(check_log, logs), *withdrawn]
    if not records:
        raise InvalidField("There is no log to add.")
    texts = {str(one.id): _encoder.encode(one).decode() for one in records}
    if len(texts) < len(records) or any(_is_taken(document, key) for key in texts):
        raise InvalidField("A log with that id already exists. Logs are never changed in place.")
    with document.edit() as edit:
        for key, text in texts.items():
            edit.put(key, text)
    assert edit.change is not None
    return edit.change


def _is_taken(document: Document, key: str) -> bool:
    objects = (document.object(key, of) for of in ("map", "list", "text"))
    return document.origin(key) is not None or any(one is not None for one in objects)


def keys_in(change: Change) -> set[UUID]:
    """The records that a change writes, by id. Raises `UnicodeDecodeError` for a key that is no text."""
    keys = (one.key for one in operations_of(change) if one.object is None and one.key is not None)
    return {id_ for id_ in map(_log_id, keys) if id_ is not None}


def read(document: Document, only: Collection[UUID] | None = None) -> Bucket:
    """The bucket as the document says; a log that cannot be read is listed in `problems`, never raised.

    `only`: of its records those with these ids, as if there were no others.
    """
    logs, withdrawn, problems = [], [], []
    keys = document.keys(crdt.ROOT) if only is None else sorted(map(str, only))
    for key in keys:
        log_id = _log_id(key)
        if log_id is None:
            continue
        record = _read_record(document.scalar(key))
        if record is None or record.id != log_id:
            problems.append(f"log {log_id}: not a readable log")
        elif isinstance(record, Withdrawn):
            withdrawn.append(record)
        else:
            logs.append(record)
    logs.sort(key=lambda log: (log.at, log.id))
    logs, left_out = _of_few_names(logs)
    if left_out:
        problems.insert(0, f"symptoms: {left_out:,} more names than the {MAX_NAMES} that are kept apart; left out")
    month = document.scalar("month")
    if not isinstance(month, str):
        problems.insert(0, "month: missing")
    if len(problems) > MAX_PROBLEMS:
        problems[MAX_PROBLEMS:] = [f"{len(problems) - MAX_PROBLEMS:,} more problems"]
    withdrawn.sort(key=lambda one: (one.entered_at, one.id))
    return Bucket(month if isinstance(month, str) else "", tuple(logs), tuple(problems), tuple(withdrawn))


class SomeRecords(Struct, frozen=True):
    """What stands at some keys of a bucket, and the `name_key` of every name in it."""

    logs: tuple[Log, ...]
    withdrawn: tuple[Withdrawn, ...]
    names: frozenset[str]


def read_some(document: Document, keys: Iterable[str]) -> SomeRecords | None:
    """What stands at these keys of a bucket; None where one of them cannot be read."""
    logs, withdrawn = [], []
    for key in keys:
        log_id = _log_id(key)
        if log_id is None:
            continue
        record = _read_record(document.scalar(key))
        if record is None or record.id != log_id:
            return None
        if isinstance(record, Withdrawn):
            withdrawn.append(record)
        else:
            logs.append(record)
    return SomeRecords(tuple(logs), tuple(withdrawn), frozenset(names_in(logs)))


def names_in(logs: Iterable[Log]) -> set[str]:
    """The `name_key` of every name in logs."""
    return {name_key(name) for log in logs for name in log.values}


def _of_few_names(logs: Sequence[Log]) -> tuple[list[Log], int]:
    """The logs without values of names beyond the first so many, and how many names those are."""
    names = Names()
    kept = []
    for log in logs:
        values = {name: value for name, value in log.values.items() if names.meet(name) is not None}
        if len(values) == len(log.values):
            kept.append(log)
        elif values:
            kept.append(msgspec.structs.replace(log, values=values))
    return kept, names.left_out


def _log_id(key: str) -> UUID | None:
    """The id that `key` is, if it is one in canonical form."""
    try:
        id_ = UUID(key)
    except ValueError:
        return None
    return id_ if str(id_) == key else None


def _read_record(text: object) -> Log | Withdrawn | None:
    if not isinstance(text, str):
        return None
    try:
        check_json(text)
        return check_log(_decoder.decode(text))
    except msgspec.MsgspecError:
        return _read_withdrawn(text)
    except InvalidField:
        return None


def _read_withdrawn(text: str) -> Withdrawn | None:
    try:
        check_json(text)
        found = _withdrawn_decoder.decode(text)
        check_written("entered_at", found.entered_at)
        if len(found.logs) > MOST_WITHDRAWN or len(found.keys) > MOST_WITHDRAWN or not all(map(_is_mark, found.keys)):
            return None
    except (msgspec.MsgspecError, InvalidField):
        return None
    return found


def _is_mark(mark: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{32}", mark) is not None


def _is_scale(scale: tuple[Number, Number]) -> bool:
    return (
        isinstance(scale, tuple | list)
        and len(scale) == 2
        and all(_is_number(bound) for bound in scale)
        and scale[0] < scale[1]
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= MAX_VALUE
