"""Records of fields as rows: what pages bring, what is refused, what goes, what an older store held."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import uuid4

from tests.client_sdk.care_practice import Care, CarePractice
from tests.client_sdk.practice import NOON, SettableClock, replica_of

from intersession import Tracker
from intersession_schemas.crdt import Document
from intersession_schemas.documents.care.comments import Acknowledgement, Comment
from intersession_schemas.documents.care.homework import HomeworkProgress, HomeworkReview
from intersession_schemas.records.kinds import SHAPES
from intersession_schemas.streams import Kind


def rows(tracker: Tracker) -> int:
    with replica_of(tracker).reading() as store:
        return store.number("SELECT count(*) FROM records")


def test_a_refused_edit_is_told_as_text(care: Care) -> None:
    goal = care.tracker.goals.add("Ride the bus", "To see her", ["Look"])
    (item,) = care.sides[0].outgoing(frozenset(), 10, 2**19)
    care.sides[0].refuse(item.document, item.hashes, "not_writer", "No.")
    assert care.tracker.goals.list() == []
    (refusal,) = care.tracker.status().refusals
    assert (refusal.document, refusal.kind) == (goal.id, "goal")
    assert refusal.text == "Ride the bus\n\nTo see her\n\nLook"


def test_what_is_purged_leaves_no_row(care: Care) -> None:
    care.tracker.goals.add("Ride the bus")
    assert rows(care.tracker) == 2
    care.sides[0].purge(care.practice.stream, care.practice.grant)
    assert rows(care.tracker) == 0
    assert care.tracker.goals.list() == []


def test_an_older_store_gets_its_rows_when_it_is_opened(tmp_path: Path, open_tracker: Callable[[str], Tracker]) -> None:
    tracker = open_tracker("old")
    CarePractice().enter(tracker)
    goal = tracker.goals.add("Ride the bus")
    tracker.journal.write("x")
    tracker.close()
    with sqlite3.connect(tmp_path / "old.db") as db:
        db.execute("DROP TABLE records")
        db.executescript("DROP INDEX drafts_by_kept; DROP INDEX erasures_by_withdrawn")
        db.executescript("DROP INDEX symptoms_standing_by_scope; DROP INDEX symptoms_standing_by_log")
        db.execute("ALTER TABLE entries DROP COLUMN version")
        names = "('0003_records.sql', '0006_pages.sql', '0010_versions.sql', '0011_due.sql')"
        db.execute(f"DELETE FROM _sqlite_migrations WHERE name IN {names}")
        db.execute("PRAGMA user_version = 2")
    db.close()
    again = open_tracker("old")
    assert again.goals.list() == [goal]
    assert len(again.journal.entries()) == 1
    assert rows(again) == 2


def test_what_is_due_in_an_older_store_is_what_was(
    tmp_path: Path, care: Care, open_tracker: Callable[[str], Tracker], clock: SettableClock
) -> None:
    daily = care.client.homework.assign("Breathe.", rule="daily")
    care.client.homework.assign("Call.")
    with care.client.plan.edit() as plan:
        plan.add_assessment("check-in", "daily")
    care.sync()
    clock.forward(days=3)
    tracker = care.tracker
    tracker.homework.record(daily.id, clock.now.date())
    tracker.assessments.start(tracker.due()[-1]).answer("q1", 3)
    before = tracker.due(), tracker.assessments.available()
    assert any(one.draft for one in before[1])
    tracker.close()
    with closing(sqlite3.connect(tmp_path / "tracker.db")) as db:
        db.executescript("""
            DROP INDEX records_by_occurrence; DROP INDEX records_by_open_until;
            ALTER TABLE records DROP COLUMN occurrence; ALTER TABLE records DROP COLUMN open_until;
            DELETE FROM _sqlite_migrations WHERE name = '0011_due.sql';
            PRAGMA user_version = 10;
        """)
    again = open_tracker("tracker")
    assert (again.due(), again.assessments.available()) == before


def test_assessments_of_an_older_store_get_their_rows(tmp_path: Path, open_tracker: Callable[[str], Tracker]) -> None:
    tracker = open_tracker("old")
    CarePractice().enter(tracker)
    tracker.assessments.start("check-in").answer("q1", 3)
    (draft,) = tracker.assessments.list()
    tracker.close()
    with sqlite3.connect(tmp_path / "old.db") as db:
        db.execute("DELETE FROM records WHERE kind = 'assessment'")
        db.execute("DROP TABLE not_accepted")
        db.execute("DELETE FROM _sqlite_migrations WHERE name = '0004_measures.sql'")
        db.execute("PRAGMA user_version = 3")
    db.close()
    assert open_tracker("old").assessments.list() == [draft]


def test_documents_that_name_nothing_stop_nobody(care: Care) -> None:
    """Another app may write what this one would not."""
    given = care.client.homework.assign("Walk", rule="daily")
    care.sync()
    for kind, value in (
        (Kind.HOMEWORK_PROGRESS, HomeworkProgress(done_at=NOON, entered_at=NOON, homework=uuid4())),
        (Kind.HOMEWORK_PROGRESS, HomeworkProgress(done_at=NOON, entered_at=NOON, homework=given.id)),
        (Kind.HOMEWORK_REVIEW, HomeworkReview(reviewed_at=NOON, homework=given.id)),
        (Kind.COMMENT, Comment(on=given.id, text="x", made_at=NOON)),
        (Kind.ACKNOWLEDGEMENT, Acknowledgement(signal="x", made_at=NOON)),
    ):
        document, id = Document.new(uuid4().bytes), uuid4()
        change = SHAPES[kind].create(document, value)
        care.practice.append(id, kind, change)
        for field in ("homework", "on", "occurrence", "done_at", "entered_at", "made_at", "reviewed_at"):
            with document.edit() as edit:
                edit.put(field, 5)
            assert edit.change is not None
            care.practice.append(id, kind, edit.change)
    care.sync()
    for homework in (care.tracker.homework, care.client.homework):
        assert homework.get(given.id).progress == ()
        assert len(homework.list()) == 1
    assert care.tracker.comments(given.id) == []
    assert care.tracker.due() != []
    assert care.tracker.progress().homework[0].id == given.id


def test_an_unknown_kind_is_kept_without_a_row(care: Care) -> None:
    document = Document.new(uuid4().bytes)
    with document.edit() as edit:
        edit.put("kind", "moon_phase")
    assert edit.change is not None
    care.practice.append(uuid4(), "moon_phase", edit.change)
    before = rows(care.tracker)
    care.sync()
    assert rows(care.tracker) == before
