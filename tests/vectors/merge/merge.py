"""Cases of merging: what is read after two devices' changes have met, in whatever order they came."""

from __future__ import annotations

import msgspec
from msgspec import Struct
from tests.vectors.cases import Json, Subject, plain
from tests.vectors.documents import decoded, edited_as, read_from, with_changes, written
from tests.vectors.merge import merge_cases, standing_cases

from intersession_schemas.changes import read_change
from intersession_schemas.documents.diary.symptom_history import Gone, LogRecord, standing
from intersession_schemas.documents.diary.symptoms import Withdrawn, key_mark
from intersession_schemas.documents.names import name_key, tidy_name
from intersession_schemas.records.guard import Guard


class Records(Struct, frozen=True):
    """What a record's buckets hold: logs with when they arrived, and what was withdrawn."""

    records: tuple[LogRecord, ...]
    withdrawn: tuple[Withdrawn, ...] = ()


def _merge(given: dict[str, Json]) -> Json:
    """What is read once the changes of both are there, and those that came after: the same in every order."""
    base, one, other, then = (given.get(name, []) for name in ("base", "one", "other", "then"))
    first = with_changes([*base, *one, *other, *then], "00" * 16)
    second = with_changes([*base, *other, *one, *then], "00" * 16)
    second_by_one = with_changes(base, "00" * 16)
    for part in (other, one, then):
        second_by_one.apply(decoded(part))
    read = read_from(given["kind"], [*base, *one, *other, *then])
    assert read == read_from(given["kind"], [*base, *other, *one, *then])
    assert first.heads == second.heads == second_by_one.heads
    return {"heads": plain(first.heads), "read": read}


def _standing(given: dict[str, Json]) -> Json:
    """The symptom logs that stand, whatever the order in which they are given."""
    asked = msgspec.convert(given, Records)
    found = standing(asked.records, Gone(asked.withdrawn))
    assert found == standing(asked.records[::-1], Gone(asked.withdrawn[::-1]))
    return found


def _admit(given: dict[str, Json]) -> Json:
    """Of a vault's document: which changes may not be part of it, and what is read from the others."""
    changes = [read_change(one) for one in decoded(given["changes"])]
    refused = [one.hash.hex() for one in Guard(given["kind"], ordered=False).admit(changes)]
    kept = [written(one.data) for one in changes if one.hash.hex() not in refused]
    return {"refused": refused, "read": read_from(given["kind"], kept)}


def _name(given: dict[str, Json]) -> Json:
    """How a name is kept, and what all spellings of it have in common."""
    return {"kept": tidy_name(given["name"]), "key": name_key(given["name"])}


def _key_mark(given: dict[str, Json]) -> Json:
    """What stands for the key of a log in a withdrawal."""
    return key_mark(given["key"])


SUBJECT = Subject(
    "What is read after two devices' changes have met, the same in every order; which symptom logs stand, and which "
    "spellings of a name are one.",
    {"merge": _merge, "edit": edited_as, "standing": _standing, "admit": _admit, "name": _name, "key_mark": _key_mark},
    (*merge_cases.CASES, *standing_cases.CASES, *merge_cases.ADMITTED, *merge_cases.NAMES),
)
