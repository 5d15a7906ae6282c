"""A store made before rows said their version says the same as one that was made after."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from importlib import resources
from pathlib import Path

from tests.client_sdk.practice import Practice, SettableClock, exchange, replica_of

from intersession import Tracker

_VERSIONS = "SELECT document, version FROM entries UNION ALL SELECT document, version FROM records ORDER BY document"
_HEX = 64


def as_before(path: Path) -> None:
    """Forget the versions, and find them as the migration does."""
    script = (resources.files("intersession.store") / "migrations" / "0010_versions.sql").read_text("utf-8")
    with closing(sqlite3.connect(path)) as db:
        for table in ("entries", "records"):
            db.execute(f"ALTER TABLE {table} DROP COLUMN version")
        db.executescript(script)


def test_versions_are_found_among_the_changes(tmp_path: Path, practice: Practice, clock: SettableClock) -> None:
    path = tmp_path / "one.db"
    with Tracker.open(path, clock=clock) as one, Tracker.open(tmp_path / "two.db", clock=clock) as two:
        sides = practice.join(one), practice.join(two)
        long = one.journal.write("0", shared=True)
        for number in range(100):
            one.journal.edit(long.id, text=f"{number}")
        both = one.journal.write("one", shared=True)
        goal = one.goals.add("Sleep", steps=["walk"])
        one.journal.write("private", shared=False)
        one.symptoms.log({"worry": 3}, shared=True)
        practice.sync(*sides)
        for device, text in ((one, "one two"), (two, "zero one")):
            device.journal.edit(both.id, text=text)
            device.goals.edit(goal.id, what=text)
        practice.sync(*sides)
        two.goals.edit(goal.id, why="so")  # two heads become one
        practice.sync(*sides)
    with Tracker.open(path, clock=clock) as one:
        practice.sync(exchange(one))
        with replica_of(one).reading() as store:
            before = store.all(_VERSIONS)
            assert store.number("SELECT count(*) FROM changes WHERE data IS NULL") > 64
    as_before(path)
    with Tracker.open(path, clock=clock) as one:
        with replica_of(one).reading() as store:
            assert store.all(_VERSIONS) == before
        assert len(one.journal.get(both.id).version) == 2 * _HEX
        goal = one.goals.get(goal.id)
        assert len(goal.version) == _HEX
        assert one.goals.edit(goal.id, why="so it is", based_on=goal).why == "so it is"
        entry = one.journal.get(long.id)
        one.journal.edit(long.id, text="100")
        assert one.journal.edit(long.id, text=f"{entry.text} or so", based_on=entry).text == "100 or so"
