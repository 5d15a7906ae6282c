"""The simulation can fail: with one safeguard taken out on purpose, some of its runs do, and say what is wrong.

A check that nothing makes fail would be no check; so each of them has a safeguard here whose absence it notices.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.simulation import faults, fleet, world
from tests.simulation.faults import Faults
from tests.simulation.fleet import Outcome, play
from tests.simulation.nodes import log, replica_node, server_node
from tests.simulation.people.clients import ClientHand
from tests.simulation.test_convergence import SEEDS

from intersession.assessments import assessments
from intersession.assessments.assessments import Draft
from intersession.diary import journal
from intersession.documents import projections, rescued_logs, sealed, stored
from intersession.documents.documents import Documents
from intersession.documents.rows import Destination, StoredDocument
from intersession.documents.symptom_logs import buckets, sharing, withdrawals
from intersession.documents.tables import symptom_rows
from intersession.documents.writing import Writing
from intersession.errors import InvalidField
from intersession.models.symptoms import SymptomLog
from intersession.protocol.session import ReplicaSession
from intersession.store import store_file
from intersession.sync import inbox, unsent
from intersession_schemas import codec
from intersession_schemas.crdt import Document
from intersession_schemas.messages import Accepted, Erased, Push
from intersession_schemas.records.guard import Guard
from intersession_schemas.streams import Kind
from intersession_server.log import accept, checks, sqlite, sqlite_accept
from intersession_server.log.writer import Writer
from intersession_server.projections import projector, writing
from intersession_server.sync import session
from intersession_server.sync.delivery import Delivery
from intersession_server.sync.events import Effect, Persist, Send
from intersession_server.sync.inbox import PushReading
from intersession_server.sync.session import ServerSession

pytestmark = pytest.mark.timeout(600)
Sabotage = Callable[[pytest.MonkeyPatch], None]


def only(patch: pytest.MonkeyPatch, of: type[ClientHand | Faults], *names: str) -> None:
    """Nothing else is done by clients, or goes wrong: so it is soon that something does which matters here."""
    what = "acts" if of is ClientHand else "happenings"
    patch.setattr(of, what, lambda self: [(1, getattr(self, name)) for name in names])


def first_failure(words: tuple[str, ...]) -> Outcome | None:
    """The first run, of as many as a test run has, that goes wrong in one of these words."""
    for seed in range(SEEDS):
        outcome = play(seed)
        if any(word in violation for violation in outcome.violations for word in words):
            return outcome
    return None


# --- accepted is never lost, and nothing is doubled -------------------------------------------------------------------


def deduplication(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(checks, "already_known", lambda change, facts: None)
    patch.setattr(replica_node, "TWICE", 1.0)
    connect = sqlite.connect

    def without_unique_hashes(path: Path) -> sqlite3.Connection:
        connection = connect(path)
        for index in ("rows_by_hash", "rows_by_actor"):  # the file itself would not hold one twice either
            connection.execute(f"DROP INDEX IF EXISTS {index}")
        connection.execute("CREATE INDEX IF NOT EXISTS rows_by_hash ON rows (document, hash)")
        return connection

    patch.setattr(log, "connect", without_unique_hashes)


def persist_before_send(patch: pytest.MonkeyPatch) -> None:
    push, persisted = ServerSession._push, ServerSession._persisted

    def accept_at_once(self: ServerSession, frame: Push, now: float) -> list[Effect]:
        effects = push(self, frame, now)
        accepted = [Send(Accepted(effect.id, 0)) for effect in effects if isinstance(effect, Persist)]
        return [*effects, *accepted]

    def say_nothing(self: ServerSession, id_: int, answer: Accepted | Erased) -> list[Effect]:
        effects = persisted(self, id_, answer)
        return effects if isinstance(answer, Erased) else []

    patch.setattr(ServerSession, "_push", accept_at_once)
    patch.setattr(ServerSession, "_persisted", say_nothing)
    patch.setattr(server_node, "DISK_FAILS", 0.5)
    patch.setattr(fleet, "LENGTHS", {25: 1})


def commit_before_answer(patch: pytest.MonkeyPatch) -> None:
    def roll_back(self: Writer, staged: list[Any]) -> None:
        if self._connection is not None and self._connection.in_transaction:
            fails = len(staged) > 1  # a group; what the operator does alone is kept
            self._connection.execute("ROLLBACK" if fails else "COMMIT")

    patch.setattr(Writer, "_commit", roll_back)


def cursor_with_its_page(patch: pytest.MonkeyPatch) -> None:
    """The cursor is on disk first; where power is lost before the page is, that is never asked for again."""
    real = inbox.store_page

    def cursor_first(store: Any, page: Any) -> int:
        if hasattr(page, "through"):
            with store.transaction():
                inbox._move(store, page.stream, page.through, page.chain)
        return real(store, page)

    patch.setattr(inbox, "store_page", cursor_first)
    patch.setattr(replica_node, "POWER_LOST", 0.05)


def rescue_of_logs(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rescued_logs, "rescue", lambda store, document, changes: None)
    patch.setattr(fleet, "SPANS", {1_000.0: 1})
    patch.setattr(fleet, "LENGTHS", {40: 1})
    only(patch, ClientHand, "log", "withdraw_log")
    only(patch, Faults, "leave")


# --- equality and liveness --------------------------------------------------------------------------------------------


def projecting_what_arrives(patch: pytest.MonkeyPatch) -> None:
    real = projections.project

    def of_some(store: Any, held: StoredDocument, document: Document) -> None:
        if len(document.changes()) % 3:
            real(store, held, document)

    patch.setattr(projections, "project", of_some)


def waking(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Delivery, "woken", lambda self, stream, head: None)


def looking_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ReplicaSession, "_set_deadline", lambda self, now: None)
    patch.setattr(server_node, "DISK_FAILS", 1.0)
    patch.setattr(fleet, "SPANS", {60.0: 1})
    only(patch, ClientHand, "write")


def a_fresh_actor(patch: pytest.MonkeyPatch) -> None:
    def always_the_same(self: Documents) -> bytes:
        replica = self._store.meta("pairing", dict)
        self._actor = sha256(repr(replica).encode()).digest()[:16]
        return self._actor

    patch.setattr(Documents, "_current_actor", always_the_same)
    patch.setattr(fleet, "LENGTHS", {25: 1})
    patch.setattr(fleet, "SPANS", {60.0: 1})
    only(patch, Faults, "copy_device")
    only(patch, ClientHand, "log")


def refusal_after_an_erasure(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(checks, "fits_document", lambda submission, facts: None)
    patch.setattr(fleet, "LENGTHS", {25: 1})
    only(patch, ClientHand, "write", "edit", "withdraw")


def noticing_a_restored_log(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(session, "diverged", lambda cursor, read: False)
    patch.setattr(faults, "RARE", 1.0)
    only(patch, Faults, "restore")


# --- who may read -----------------------------------------------------------------------------------------------------


def access_on_reading(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(checks, "may_read_page", lambda *_, **__: True)
    patch.setattr(fleet, "LENGTHS", {25: 1})
    only(patch, Faults, "change_access")


def access_on_writing(patch: pytest.MonkeyPatch) -> None:
    """The session refuses unread what the append would refuse as well: both have to be gone."""

    def read_whatever_comes(self: ServerSession, push: Push, now: float) -> list[Effect]:
        self._reading_push = PushReading(push, sealed=False)
        return self._read_on(now)

    patch.setattr(ServerSession, "_push", read_whatever_comes)
    patch.setattr(checks, "may_append", lambda submission, facts: None)


def deleting_what_ended(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(unsent, "purge", lambda store, stream, grant: 0)
    only(patch, Faults, "change_access", "revoke")


def a_copy_to_share(patch: pytest.MonkeyPatch) -> None:
    """The document itself goes into the record, with its history."""

    def move(writing: Writing, document: StoredDocument, destination: Destination) -> UUID:
        stored.move(writing.store, document.position, destination)
        sql = "INSERT INTO outbox (change, document) SELECT position, document FROM changes WHERE document = ?"
        writing.store.run(sql, document.position)
        return document.id

    patch.setattr(journal, "share_entry", move)
    patch.setattr(fleet, "SEARCHED_EVERY", 1)
    only(patch, ClientHand, "delete_then_share")


def a_log_as_it_stands(patch: pytest.MonkeyPatch) -> None:
    """What a log was corrected from goes into the record, too."""

    def with_its_past(writing: Writing, log: SymptomLog, destination: Destination) -> None:
        records = symptom_rows.own_records(writing.store, [log.id])
        positions = symptom_rows.documents_of(writing.store, records.keys())
        withdrawals.write_anew_without(writing, positions, records.keys())
        buckets.add(writing, list(records.values()), destination)

    patch.setattr(sharing, "share", with_its_past)
    patch.setattr(fleet, "SEARCHED_EVERY", 1)
    only(patch, ClientHand, "correct_then_share_log")


def dropping_what_was_erased(patch: pytest.MonkeyPatch) -> None:
    real = accept.accept_erasure
    patch.setattr(
        sqlite_accept,
        "accept_erasure",
        lambda request, found, limits, at, *, keep: real(request, found, limits, at, keep=True),
    )
    patch.setattr(fleet, "SEARCHED_EVERY", 1)
    only(patch, ClientHand, "write_what_is_withdrawn")


# --- what is read again, and what never changes -----------------------------------------------------------------------


def taking_rows_out(patch: pytest.MonkeyPatch) -> None:
    real = writing.write

    def add_alone(engine: Any, tables: Any, documents: Any) -> None:
        kept = [one for one in documents if one.entry or one.record or one.symptom_records or one.problem]
        real(engine, tables, kept)

    patch.setattr(projector, "write", add_alone)
    patch.setattr(fleet, "PROJECTED_EVERY", 1)
    only(patch, ClientHand, "write", "withdraw")


def rewrite_in_place(patch: pytest.MonkeyPatch) -> None:
    """An app that corrects a completed assessment where it is."""

    def amend(self: assessments.Assessments, id: UUID) -> Draft:
        with self._scope.replica.writing() as writing:
            row = self._scope.row(Kind.ASSESSMENT, id)

            def write(document: Document) -> list[bytes]:
                completions = document.object("completions", "map")
                assert completions is not None
                key = document.keys(completions)[0]
                said = json.loads(str(document.scalar(key, completions)))
                said["answers"] = dict.fromkeys(said["answers"], 9)
                with document.edit() as edit:
                    edit.put(key, json.dumps(said), completions)
                return [edit.change] if edit.change else []

            self._scope.edit(writing, row, write)
        raise InvalidField("It is written, and there is no draft.")

    patch.setattr(assessments.Assessments, "amend", amend)
    only(patch, ClientHand, "assessment")


def completed_answers_stay(patch: pytest.MonkeyPatch) -> None:
    rewrite_in_place(patch)
    patch.setattr(Guard, "admit", lambda self, changes: [])
    look = Guard.look
    patch.setattr(Guard, "look", lambda self, change: type(look(self, change))(change, True))


def telling_of_damage(patch: pytest.MonkeyPatch) -> None:
    real = sealed.receive

    def pass_over(store: Any, document: Any, hash: bytes, blob: bytes, arrival: Any) -> bool:
        return sha256(blob).digest() == hash and real(store, document, hash, blob, arrival)

    patch.setattr(sealed, "receive", pass_over)
    patch.setattr(faults, "RARE", 1.0)
    only(patch, Faults, "damage_blob", "leave")
    only(patch, ClientHand, "vault", "write_private")


def refusing_damaged_frames_in_order(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(codec, "_UNDECODABLE", (RecursionError,))
    patch.setattr(world, "DAMAGES", (0.2,))


def telling_of_a_full_disk(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(store_file, "translated", lambda failure, driver, file: failure)
    only(patch, Faults, "fill_device")


SABOTAGES: list[tuple[Sabotage, tuple[str, ...]]] = [
    (deduplication, ("is in the log 2 times",)),
    (persist_before_send, ("were accepted and are not in the log",)),
    (commit_before_answer, ("were accepted and are not in the log",)),
    (cursor_with_its_page, ("holds other changes than the log", "differ in what they read")),
    (rescue_of_logs, ("a symptom log is lost",)),
    (projecting_what_arrives, ("differ in what they read", "is lost on")),
    (waking, ("is not caught up", "holds other changes than the log")),
    (looking_again, ("is not caught up",)),
    (a_fresh_actor, ("was refused as actor_", "OperationalError", "DocumentError")),
    (refusal_after_an_erasure, ("of what was withdrawn are in the log",)),
    (noticing_a_restored_log, ("holds other changes than the log", "accepted and are not in the log", "not caught up")),
    (access_on_reading, ("were read for", "without a grant")),
    (access_on_writing, ("without a grant was accepted",)),
    (deleting_what_ended, ("may not read any more", "is revoked and holds something")),
    (a_copy_to_share, ("what was private to",)),
    (a_log_as_it_stands, ("what was private to",)),
    (dropping_what_was_erased, ("what was withdrawn to",)),
    (taking_rows_out, ("is another when it is rebuilt",)),
    (completed_answers_stay, ("a completed assessment is another",)),
    (telling_of_damage, ("says nothing of a damaged blob",)),
    (refusing_damaged_frames_in_order, ("was raised",)),
    (telling_of_a_full_disk, ("was raised",)),
]


@pytest.mark.parametrize(("sabotage", "words"), SABOTAGES, ids=[one.__name__ for one, _ in SABOTAGES])
def test_without(sabotage: Sabotage, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    sabotage(monkeypatch)
    assert first_failure(words) is not None, f"none of {SEEDS} runs noticed that this is not there"


def test_an_app_that_rewrites_what_is_completed_changes_nothing_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seed that fails without the guard passes with it: the server sets the change aside."""
    with monkeypatch.context() as patch:
        completed_answers_stay(patch)
        failed = first_failure(("a completed assessment is another",))
    assert failed is not None
    rewrite_in_place(monkeypatch)
    assert not [one for one in play(failed.seed).violations if "a completed assessment" in one]
