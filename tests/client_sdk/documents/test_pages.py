"""Lists that grow with a record, a page at a time: every call that returns one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Hashable, Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import pytest
from tests.client_sdk.care_practice import Care
from tests.client_sdk.practice import NOON, SettableClock, replica_of

from intersession import DraftAnswer, InvalidField, NotFound, TemplateContent, Tracker
from intersession.diary import drafts
from intersession.documents import erasures, journal_rows, records
from intersession.documents.symptom_logs import withdrawals
from intersession.documents.tables import pages, symptom_views
from intersession.documents.tables.pages import Listing
from intersession.inputs.windows import ReadWindow
from intersession_schemas.streams import Kind

Read = Callable[..., Sequence[Any]]


class Grows(NamedTuple):
    """A list, and what adds an item to it that is newer than all that are there."""

    add: Callable[[Care, int], object]
    read: Callable[[Care], Read]
    id: Callable[[Any], Hashable] = lambda one: one.id
    sync: bool = False


def _resource(care: Care, number: int) -> None:
    care.caseload.resources.add(f"Resource {number}", "Text", tags=["night"])
    care.client.resources.add(f"Resource {number}", "Text", tags=["night"])
    care.client.resources.add(f"Other {number}", "Text")


def _withdraw(care: Care, number: int) -> None:
    care.tracker.journal.withdraw(care.tracker.journal.write(f"Entry {number}").id)


def _homework(care: Care, number: int) -> None:
    care.client.homework.assign(f"Walk {number}")
    care.client.homework.end(care.client.homework.assign(f"Ended {number}").id)


def _note(care: Care, number: int) -> None:
    care.client.notes.add(f"Note {number}")


def _comment(care: Care, number: int) -> None:
    goal = _goal_commented(care)
    care.tracker.comment(goal, f"Comment {number}")
    care.tracker.comment(care.tracker.goals.add("Another").id, "Elsewhere")


def _goal_commented(care: Care) -> UUID:
    found = [one.id for one in care.tracker.goals.list() if one.what == "Commented"]
    if found:
        return found[0]
    made = care.tracker.goals.add("Commented").id
    care.sync()
    return made


def _begin(care: Care, number: int) -> None:
    care.client.episodes.end(care.client.episodes.begin(f"Episode {number}").id)


def _assessment(care: Care, number: int) -> None:
    care.tracker.assessments.start("check-in", new=True).answer("q1", number % 4)


LISTS = {
    "journal.entries": Grows(
        lambda care, n: care.tracker.journal.write(f"Entry {n}"), lambda care: care.tracker.journal.entries
    ),
    "journal.entries since": Grows(
        lambda care, n: care.tracker.journal.write(f"Entry {n}"),
        lambda care: partial(care.tracker.journal.entries, since=NOON, until=NOON + timedelta(days=90)),
    ),
    "client.entries": Grows(
        lambda care, n: care.tracker.journal.write(f"Entry {n}"), lambda care: care.client.entries, sync=True
    ),
    "symptoms.logs": Grows(
        lambda care, n: care.tracker.symptoms.log({"worry": n}), lambda care: care.tracker.symptoms.logs
    ),
    "client.logs": Grows(
        lambda care, n: care.tracker.symptoms.log({"worry": n}), lambda care: care.client.logs, sync=True
    ),
    "journal.withdrawals": Grows(_withdraw, lambda care: care.tracker.journal.withdrawals),
    "symptoms.withdrawals": Grows(
        lambda care, n: care.tracker.symptoms.withdraw(care.tracker.symptoms.log({"worry": n}).id),
        lambda care: care.tracker.symptoms.withdrawals,
    ),
    "goals.list": Grows(lambda care, n: care.tracker.goals.add(f"Goal {n}"), lambda care: care.tracker.goals.list),
    "client.goals.list": Grows(
        lambda care, n: care.tracker.goals.add(f"Goal {n}"), lambda care: care.client.goals.list, sync=True
    ),
    "client.homework.list": Grows(_homework, lambda care: care.client.homework.list),
    "homework.list": Grows(_homework, lambda care: partial(care.tracker.homework.list, ended=True), sync=True),
    "caseload.resources.list": Grows(_resource, lambda care: care.caseload.resources.list),
    "client.resources.list": Grows(_resource, lambda care: partial(care.client.resources.list, tag="night")),
    "resources.list": Grows(_resource, lambda care: care.tracker.resources.list, sync=True),
    "assessments.list": Grows(_assessment, lambda care: care.tracker.assessments.list),
    "client.assessments.list": Grows(_assessment, lambda care: care.client.assessments.list, sync=True),
    "sessions.list": Grows(
        lambda care, n: care.client.sessions.plan(NOON + timedelta(days=n)),
        lambda care: care.tracker.sessions.list,
        sync=True,
    ),
    "client.sessions.list": Grows(
        lambda care, n: care.client.sessions.plan(NOON + timedelta(days=n)), lambda care: care.client.sessions.list
    ),
    "episodes.list": Grows(_begin, lambda care: care.client.episodes.list),
    "comments": Grows(_comment, lambda care: partial(care.tracker.comments, _goal_commented(care))),
    "client.comments": Grows(_comment, lambda care: partial(care.client.comments, _goal_commented(care)), sync=True),
    "notes.list": Grows(_note, lambda care: care.client.notes.list),
    "drafts.list": Grows(
        lambda care, n: care.tracker.drafts.keep(f"draft {n}", "Title", [DraftAnswer("q", "Prompt", "text")]),
        lambda care: care.tracker.drafts.list,
        id=lambda one: one.name,
    ),
}


@pytest.fixture(params=LISTS)
def grows(request: pytest.FixtureRequest) -> Grows:
    return LISTS[request.param]


def add(care: Care, clock: SettableClock, grows: Grows, *numbers: int) -> None:
    for number in numbers:
        clock.now = NOON + timedelta(days=number)
        grows.add(care, number)
    if grows.sync:
        care.sync()


def pages_of(grows: Grows, read: Read, limit: int, after: Any = None) -> list[Sequence[Any]]:
    found = []
    while page := read(limit=limit, after=after):
        found.append(page)
        after = grows.id(page[-1])
    return found


def test_each_item_comes_once_newest_first(care: Care, clock: SettableClock, grows: Grows) -> None:
    add(care, clock, grows, *range(5))
    read = grows.read(care)
    whole = [grows.id(one) for one in read()]
    assert len(set(whole)) == len(whole) >= 5
    found = pages_of(grows, read, 2)
    assert [grows.id(one) for page in found for one in page] == whole
    assert [len(page) for page in found[:-1]] == [2] * (len(found) - 1)
    assert len(read(limit=1)) == 1
    assert read(limit=0) == []
    assert [grows.id(one) for one in read(after=whole[1])] == whole[2:]
    assert read(after=whole[-1]) == []


def test_what_comes_in_between_moves_nothing(care: Care, clock: SettableClock, grows: Grows) -> None:
    add(care, clock, grows, *range(5))
    read = grows.read(care)
    before = [grows.id(one) for one in read()]
    (first, *_) = pages_of(grows, read, 2)
    add(care, clock, grows, 6)
    assert grows.id(read()[0]) not in before
    rest = pages_of(grows, read, 2, grows.id(first[-1]))
    assert [grows.id(one) for page in [first, *rest] for one in page] == before


@pytest.mark.parametrize(
    "bad", [{"limit": -1}, {"limit": True}, {"limit": 1.5}, {"limit": 2**63}, {"limit": "2"}, {"after": 7}], ids=str
)
def test_what_is_no_page_is_refused(care: Care, clock: SettableClock, grows: Grows, bad: dict[str, Any]) -> None:
    add(care, clock, grows, 1)
    with pytest.raises(InvalidField, match=next(iter(bad))):
        grows.read(care)(**bad)


def test_after_an_item_that_is_not_in_the_list(care: Care, clock: SettableClock, grows: Grows) -> None:
    add(care, clock, grows, 1, 2)
    with pytest.raises(NotFound, match="first page"):
        grows.read(care)(after=str(uuid4()))


def test_templates_go_on_behind_an_id_or_a_key(care: Care) -> None:
    for title in ("b", "C", "a"):
        care.caseload.templates.add(TemplateContent(makes="goal", title=title, what="What"))
    whole = care.caseload.templates.list()
    assert [one.title for one in whole[:3]] == ["a", "b", "C"]
    read = care.caseload.templates.list
    one = Grows(lambda *_: None, lambda _: read, lambda template: template.id or template.key)
    assert [template for page in pages_of(one, read, 2) for template in page] == whole
    of_goals = care.caseload.templates.list("goal")
    assert [template for page in pages_of(one, partial(read, "goal"), 2) for template in page] == of_goals
    with pytest.raises(InvalidField, match="limit"):
        read(limit=-1)
    with pytest.raises(NotFound):
        read(after=uuid4())
    with pytest.raises(InvalidField, match="after"):
        read(after="no key")


def test_clients_go_on_behind_a_client(care: Care) -> None:
    store = replica_of(care.caseload).store
    with store.transaction():
        for number in range(4):
            store.run(
                "INSERT INTO streams (id, audience, role, grant_id, client, label)"
                " VALUES (?, 'record', 'primary', ?, ?, ?)",
                uuid4().bytes,
                uuid4().bytes,
                uuid4().bytes,
                f"Client {number}",
            )
    whole = care.caseload.clients()
    assert len(whole) == 5
    one = Grows(lambda *_: None, lambda _: care.caseload.clients)
    assert [client for page in pages_of(one, care.caseload.clients, 2) for client in page] == whole
    assert care.caseload.client(whole[2].id).summary() == whole[2]
    for bad in ({"limit": -1}, {"after": 7}):
        with pytest.raises(InvalidField):
            care.caseload.clients(**bad)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        care.caseload.clients(after=uuid4())


# -- what becomes of the last item -------------------------------------------------------------------------------------


def test_the_last_entry_of_a_page_may_be_withdrawn_deleted_shared_or_moved(care: Care, clock: SettableClock) -> None:
    journal = care.tracker.journal
    for number in range(12):
        clock.now = NOON + timedelta(days=number)
        journal.write(f"Entry {number}", shared=number % 3 == 0)
    before = [one.id for one in journal.entries()]
    changes: list[Callable[[UUID], object]] = [
        journal.delete,  # 10
        journal.share,  # 8
        journal.withdraw,  # 6
        lambda entry: journal.edit(entry, at=NOON - timedelta(days=4)),  # 4
    ]
    seen, after = list[UUID](), None
    for change in changes:
        page = journal.entries(limit=2, after=after)
        seen, after = [*seen, *(one.id for one in page)], page[-1].id
        change(after)
    clock.now += timedelta(days=1)
    journal.write("Meanwhile")
    rest = [one.id for one in journal.entries(after=after)]
    assert [*seen, *rest] == [*before, before[7]]  # the one that was moved, at its new place


def test_once_the_store_was_closed_an_item_that_is_gone_leads_nowhere(
    care: Care, clock: SettableClock, open_tracker: Callable[[str], Tracker]
) -> None:
    ids = []
    for number in range(4):
        clock.now = NOON + timedelta(days=number)
        ids.append(care.tracker.journal.write(f"Entry {number}", shared=False).id)
    assert [one.id for one in care.tracker.journal.entries(limit=2)] == [ids[3], ids[2]]
    care.tracker.journal.share(ids[2])
    care.tracker.journal.delete(ids[1])
    care.tracker.close()
    again = open_tracker("tracker")
    assert [one.id for one in again.journal.entries(after=ids[2])] == [ids[0]]  # its copy is at its place
    with pytest.raises(NotFound, match="first page"):
        again.journal.entries(after=ids[1])


def test_the_last_log_of_a_page_may_be_withdrawn_or_corrected(care: Care, clock: SettableClock) -> None:
    symptoms = care.tracker.symptoms
    ids = []
    for number in range(6):
        clock.now = NOON + timedelta(days=number)
        ids.append(symptoms.log({"worry": number}).id)
    (last,) = symptoms.logs(limit=1)
    symptoms.withdraw(last.id)
    page = symptoms.logs(limit=2, after=last.id)
    symptoms.correct(page[-1].id, at=NOON + timedelta(days=9))
    assert [one.id for one in symptoms.logs(after=page[-1].id)] == list(reversed(ids[:3]))


def test_where_a_page_ended_is_known_for_that_list_alone(care: Care) -> None:
    goals = [care.tracker.goals.add(f"Goal {number}").id for number in range(3)]
    care.tracker.goals.list(limit=2)
    for read in (care.tracker.resources.list, care.tracker.journal.entries, care.tracker.sessions.list):
        with pytest.raises(NotFound):
            read(after=goals[0])


# -- what a page costs -------------------------------------------------------------------------------------------------

QUERIES: dict[str, tuple[Listing, dict[str, object]]] = {
    "entries": (journal_rows.LIST, {}),
    "entries of a client": (journal_rows.LIST, {"e.stream": b"s"}),
    "logs": (symptom_views.LIST, {"t.scope": b"s"}),
    "records": (records.LIST, records.conditions(Kind.GOAL, None, None)),
    "records of a client": (records.LIST, records.conditions(Kind.GOAL, b"s", None)),
    "records about one": (records.LIST, records.conditions(Kind.COMMENT, None, UUID(int=1))),
    "records of a client about one": (records.LIST, records.conditions(Kind.COMMENT, b"s", UUID(int=1))),
    "records still open": (records.LIST, records.conditions(Kind.ASSESSMENT, None, None, open=True)),
    "drafts": (drafts.LIST, {}),
    "withdrawals": (erasures.LIST, {"withdrawn": 1}),
    "withdrawals of logs": (withdrawals.LIST, {}),
}


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize("bounded", [False, True], ids=["all", "since and until"])
def test_a_page_is_read_from_an_index_in_its_order(tracker: Tracker, name: str, bounded: bool) -> None:
    """With a step that sorts or scans a table, a page would cost what the record has."""
    listing, where = QUERIES[name]
    window = ReadWindow(since=NOON, until=NOON + timedelta(days=9)) if bounded else ReadWindow()
    with replica_of(tracker).reading() as store:
        for place in (None, (5, b"x")[: len(listing.order)], (2**62, b"x")[: len(listing.order)]):
            sql, *parameters = pages.query(listing, where, window, place, 3)
            steps = store.all(f"EXPLAIN QUERY PLAN {sql}", *parameters)
            plan = [step for _, parent, _, step in steps if parent == 0 and "SUBQUERY" not in step]
            outer = plan[0]
            assert "TEMP B-TREE" not in " ".join(plan), plan
            in_order = not where and ("INDEX" in outer or listing.order == ("position",))
            assert outer.startswith("SEARCH") or in_order, plan
            if place is not None:
                assert "<(?,?)" in outer.replace(" ", "") or "<?" in outer, plan


class Steps:
    """Counts what SQLite does, in its own instructions."""

    def __init__(self, store: Any) -> None:
        self._connection, self._count = store._conn, 0

    def of(self, call: Callable[[], object]) -> int:
        self._count = 0
        self._connection.set_progress_handler(self._step, 10)
        try:
            call()
        finally:
            self._connection.set_progress_handler(None, 10)
        return self._count

    def _step(self) -> int:
        self._count += 1
        return 0


LONG = [
    "journal.entries",
    "journal.entries since",
    "client.entries",
    "symptoms.logs",
    "client.logs",
    "client.goals.list",
    "client.homework.list",
    "client.resources.list",
    "assessments.list",
    "client.sessions.list",
    "comments",
    "notes.list",
    "drafts.list",
]


@pytest.mark.parametrize("name", LONG)
def test_a_page_of_a_long_list_costs_what_one_of_a_short_list_does(care: Care, clock: SettableClock, name: str) -> None:
    grows = LISTS[name]
    device = care.caseload if name.startswith("client.") else care.tracker
    steps = Steps(replica_of(device).store)
    cost = []
    for count in (6, 60):
        add(care, clock, grows, *range(count))
        read = grows.read(care)
        middle = [grows.id(one) for one in read()][count // 2]
        cost.append(steps.of(partial(read, limit=2, after=middle)))
    assert cost[1] <= cost[0] * 1.5 + 5, cost  # ten times as much, if it were read as a whole


def test_a_store_made_before_there_were_pages(
    care: Care, clock: SettableClock, tmp_path: Path, open_tracker: Callable[[str], Tracker]
) -> None:
    kept = "journal.entries symptoms.logs goals.list sessions.list drafts.list journal.withdrawals"
    for name in kept.split():
        add(care, clock, LISTS[name], 1, 2, 3)
    tracker = care.tracker
    read: dict[str, Callable[[Tracker], Sequence[Any]]] = {
        "entries": lambda one: one.journal.entries(),
        "logs": lambda one: one.symptoms.logs(),
        "goals": lambda one: one.goals.list(),
        "sessions": lambda one: one.sessions.list(),
        "drafts": lambda one: one.drafts.list(),
        "withdrawals": lambda one: one.journal.withdrawals(),
    }
    before = {name: list(call(tracker)) for name, call in read.items()}
    assert all(before.values())
    tracker.close()
    with closing(sqlite3.connect(tmp_path / "tracker.db")) as db:
        db.executescript("""
            DROP INDEX entries_by_written; CREATE INDEX entries_by_written ON entries (written);
            DROP INDEX entries_by_stream; CREATE INDEX entries_by_stream ON entries (stream, written);
            DROP INDEX symptoms_standing_by_about;
            DROP INDEX symptoms_standing_by_scope; DROP INDEX symptoms_standing_by_log;
            CREATE INDEX symptoms_standing_by_about ON symptoms_standing (about);
            DROP INDEX drafts_by_kept; DROP INDEX erasures_by_withdrawn;
            CREATE TABLE old (document INTEGER PRIMARY KEY, kind TEXT NOT NULL, ref BLOB, at INTEGER NOT NULL,
                model BLOB NOT NULL);
            INSERT INTO old SELECT document, kind, ref, at, model FROM records;
            DROP TABLE records; ALTER TABLE old RENAME TO records;
            CREATE INDEX records_by_kind ON records (kind, at);
            CREATE INDEX records_by_ref ON records (ref) WHERE ref IS NOT NULL;
            ALTER TABLE entries DROP COLUMN version;
            DELETE FROM _sqlite_migrations WHERE name IN ('0006_pages.sql', '0010_versions.sql', '0011_due.sql');
            PRAGMA user_version = 5;
        """)
    again = open_tracker("tracker")
    assert {name: list(call(again)) for name, call in read.items()} == before
    for name, call in (("goals", again.goals.list), ("sessions", again.sessions.list)):
        page = call(limit=1)
        assert [*page, *call(after=page[0].id)] == before[name]
