"""Which symptom logs stand."""

from __future__ import annotations

from tests.vectors.cases import Case, Json

from intersession_schemas.documents.diary.symptoms import key_mark

A, B, C, D, BATCH, GONE = (f"0000000{number}-0000-4000-a000-000000000000" for number in range(1, 7))
AT, ENTERED = "2026-05-04T21:50:00+02:00", "2026-05-04T22:00:00+02:00"


def _log(id: str, worry: int = 3, entered: str = ENTERED, **more: Json) -> dict[str, Json]:
    return {"id": id, "at": AT, "entered_at": entered, "values": {"worry": worry}, **more}


def _day(day: int, hour: int = 12) -> str:
    return f"2026-05-{day:02}T{hour:02}:00:00+02:00"


def _standing(shows: str, *records: dict[str, Json] | tuple[dict[str, Json], str], gone: Json = None) -> Case:
    """Records are logs, or logs with when they arrived."""
    held = [
        {"log": one[0], "arrived_at": one[1]} if isinstance(one, tuple) else {"log": one, "arrived_at": None}
        for one in records
    ]
    return Case(shows, "standing", {"records": held} if gone is None else {"records": held, "withdrawn": [gone]})


def _gone(*logs: str, keys: tuple[str, ...] = (), at: str = _day(9)) -> Json:
    return {"id": GONE, "entered_at": at, "logs": list(logs), "keys": [key_mark(key) for key in keys]}


CASES = (
    _standing("A log stands as it is.", _log(A)),
    _standing("Logs come by what they are about, then by id.", _log(B), _log(A), {**_log(C), "at": _day(1)}),
    _standing(
        "A log that was corrected stands as corrected: its id, key, batch and entering stay, all else is new.",
        _log(A, key="row 1", batch=BATCH, note="Bad.", zone="Europe/Berlin"),
        _log(B, 5, _day(6), corrects=A, at=_day(3), scale=[0, 10]),
    ),
    _standing(
        "Of two corrections the one entered last stands; what was said before is told, the oldest first.",
        _log(A),
        _log(B, 5, _day(7), corrects=A),
        _log(C, 6, _day(6), corrects=A),
    ),
    _standing(
        "No correction was entered after it arrived: a clock that is ahead does not have the last word.",
        (_log(A), _day(4)),
        (_log(B, 5, _day(28), corrects=A), _day(6)),
        (_log(C, 6, _day(7), corrects=A), _day(7)),
    ),
    _standing(
        "Two corrections of one moment: the one with the higher id stands.",
        _log(A),
        _log(C, 5, _day(6), corrects=A),
        _log(B, 6, _day(6), corrects=A),
    ),
    _standing("A correction of a log that is not here is nothing yet.", _log(B, 5, _day(6), corrects=A)),
    _standing(
        "A correction of a correction is one of a log that never stands.",
        _log(A),
        _log(B, 5, _day(6), corrects=A),
        _log(C, 6, _day(7), corrects=B),
    ),
    _standing(
        "Logs with one key are one: the one that was entered first.",
        _log(A, 3, _day(6), key="row 1"),
        _log(B, 4, _day(5), key="row 1"),
    ),
    _standing(
        "It arrived when the first of them arrived.",
        (_log(A, 3, _day(6), key="row 1"), _day(6)),
        (_log(B, 4, _day(5), key="row 1"), _day(8)),
    ),
    _standing(
        "A correction of any of them counts.",
        _log(A, 3, _day(6), key="row 1"),
        _log(B, 4, _day(5), key="row 1"),
        _log(C, 5, _day(7), corrects=A),
    ),
    _standing(
        "Copies of one log are one: it arrived when the first did, and the copy says when that was.",
        (_log(A), _day(8)),
        (_log(A, arrived_at=_day(5)), _day(9)),
    ),
    _standing(
        "Of copies of one log that somebody made differ all take the first, by its JSON with its fields in order.",
        _log(A, 5),
        _log(A, 3, note="Bad."),
    ),
    _standing("A log that was withdrawn is gone.", _log(A), _log(B), gone=_gone(A)),
    _standing("Its corrections go with it.", _log(A), _log(B, 5, _day(6), corrects=A), gone=_gone(A)),
    _standing("A correction alone may be withdrawn.", _log(A), _log(B, 5, _day(6), corrects=A), gone=_gone(B)),
    _standing(
        "By its key a log is gone if it was entered by then.",
        _log(A, key="row 1"),
        gone=_gone(keys=("row 1",), at=_day(5)),
    ),
    _standing(
        "What was entered under the key later stands.",
        _log(A, 3, _day(6), key="row 1"),
        gone=_gone(keys=("row 1",), at=_day(5)),
    ),
)
