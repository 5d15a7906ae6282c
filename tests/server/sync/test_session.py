"""The server's session, held in the hand: no socket, no store, no clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from unittest.mock import Mock
from uuid import UUID, uuid4

import pytest

from intersession_schemas import crdt
from intersession_schemas.changes import read_change
from intersession_schemas.documents.diary import symptoms
from intersession_schemas.errors import CloseCode, ErrorCode, RefusalCode, WireError
from intersession_schemas.messages import (
    Accepted,
    Down,
    Error,
    Have,
    Hello,
    Purged,
    Push,
    Rejected,
    Revoked,
    Row,
    Rows,
    Snapshot,
    StreamCursor,
    StreamOffer,
    Up,
    Want,
    Welcome,
)
from intersession_schemas.streams import Audience, Role
from intersession_server.sync.events import (
    AccessDenied,
    BackfillRead,
    Close,
    CompareHeads,
    Drained,
    Effect,
    Event,
    GrantsChanged,
    HeadsCompared,
    Malformed,
    NotePurged,
    NoteStopped,
    NoteUnasked,
    PageRead,
    Persist,
    Persisted,
    PersistFailed,
    ReadBackfill,
    ReadPage,
    ReadStreams,
    Received,
    Send,
    StorageLow,
    StreamsRead,
    Tick,
    Watch,
    Woken,
)
from intersession_server.sync.limits import HELLO_WITHIN, PURGE_WITHIN, Identity, SessionLimits
from intersession_server.sync.session import ServerSession
from intersession_server.work.budget import Budget

STREAM, OTHER, GRANT, NEW_GRANT, DOCUMENT = uuid4(), uuid4(), uuid4(), uuid4(), uuid4()
CHAIN = b"12345678"
LIMITS = SessionLimits(frame_bytes=1000, pushes=2, messages_per_second=10.0, burst=20.0)


def offer(
    stream: UUID = STREAM, grant: UUID = GRANT, head: int = 0, audience: Audience = Audience.RECORD
) -> StreamOffer:
    return StreamOffer(stream, audience, Role.CLIENT, grant, client=uuid4(), head=head)


def a_change() -> bytes:
    return symptoms.create(crdt.Document.new(b"actor" * 3), "2020-03")


def push(id_: int = 1, stream: UUID = STREAM, *changes: bytes) -> Push:
    return Push(id_, stream, DOCUMENT, "symptom_log", list(changes) or [a_change()])


def rows(through: int, head: int | None = None, stream: UUID = STREAM, grant: UUID = GRANT) -> PageRead:
    row = Row(through, DOCUMENT, "symptom_log", bytes(32), uuid4(), uuid4(), datetime.now(UTC), change=b"x")
    return PageRead(stream, grant, [row], through, CHAIN, through if head is None else head)


@dataclass
class Talk:
    """One session with its clock in the hand."""

    limits: SessionLimits = LIMITS
    now: float = 100.0
    budget: Budget | None = None
    session: ServerSession = field(init=False)

    def __post_init__(self) -> None:
        self.session = ServerSession(Identity(uuid4(), uuid4()), self.limits, "test", self.now, self.budget)

    def feed(self, event: Event) -> list[Effect]:
        return self.session.handle(event, self.now)

    def get(self, frame: Up) -> list[Effect]:
        return self.feed(Received(frame))

    def open(self, *offers: StreamOffer, cursors: list[StreamCursor] | None = None) -> list[Effect]:
        """Hello and welcome; the effects after the welcome's `StreamsRead`."""
        hello = Hello(protocol=(1, 1), replica=uuid4(), streams=cursors or [])
        assert self.get(hello) == [ReadStreams(tuple(cursors or []))]
        chains: dict[UUID, bytes | None] = {cursor.stream: cursor.chain for cursor in cursors or []}
        return self.feed(StreamsRead(list(offers), [], chains, False))


def sent(effects: list[Effect]) -> list[Down]:
    return [effect.frame for effect in effects if isinstance(effect, Send)]


def closes(effects: list[Effect]) -> list[int]:
    return [effect.code for effect in effects if isinstance(effect, Close)]


# --- opening ---


def test_hello_is_answered_with_a_welcome_and_the_first_read() -> None:
    talk = Talk()
    effects = talk.open(offer(head=0))
    (welcome,) = sent(effects)
    assert isinstance(welcome, Welcome)
    assert [stream.stream for stream in welcome.streams] == [STREAM]
    assert welcome.limits.pushes == 2
    assert Watch(frozenset({STREAM})) in effects
    # The first read happens whatever the offer's head said: it may have moved before the watch was on.
    assert effects[-1] == ReadPage(STREAM, GRANT, 0)


@pytest.mark.parametrize("frame", [push(), Have(STREAM, DOCUMENT, []), Purged(STREAM, GRANT)])
def test_anything_before_hello_is_a_protocol_error(frame: Up) -> None:
    effects = Talk().get(frame)
    assert [frame.code for frame in sent(effects) if isinstance(frame, Error)] == [ErrorCode.PROTOCOL_ERROR]
    assert closes(effects) == [CloseCode.PROTOCOL_ERROR]


def test_a_second_hello_is_a_protocol_error() -> None:
    talk = Talk()
    talk.open()
    assert closes(talk.get(Hello(protocol=(1, 1), replica=uuid4()))) == [CloseCode.PROTOCOL_ERROR]


@pytest.mark.parametrize(("versions", "taken"), [((1, 1), True), ((1, 9), True), ((0, 1), True), ((2, 3), False)])
def test_protocol_versions(versions: tuple[int, int], taken: bool) -> None:
    effects = Talk().get(Hello(protocol=versions, replica=uuid4()))
    if taken:
        assert effects == [ReadStreams(())]
    else:
        (error,) = sent(effects)
        assert isinstance(error, Error)
        assert error.code == ErrorCode.UPGRADE_REQUIRED
        assert closes(effects) == [CloseCode.UPGRADE_REQUIRED]


def test_a_connection_that_says_nothing_is_closed() -> None:
    talk = Talk()
    assert talk.session.deadline == talk.now + HELLO_WITHIN
    talk.now += HELLO_WITHIN
    assert closes(talk.feed(Tick())) == [CloseCode.TOO_SLOW]


def test_nothing_follows_a_close() -> None:
    talk = Talk()
    talk.open(offer())
    assert closes(talk.feed(Malformed(WireError("no frame")))) == [CloseCode.PROTOCOL_ERROR]
    assert talk.feed(Woken(STREAM, 5)) == []
    assert talk.get(push()) == []
    assert talk.session.deadline is None


def test_a_log_that_was_put_back_is_noticed() -> None:
    talk = Talk()
    cursor = StreamCursor(STREAM, cursor=7, chain=CHAIN)
    talk.get(Hello(protocol=(1, 1), replica=uuid4(), streams=[cursor]))
    effects = talk.feed(StreamsRead([offer(head=3), offer(OTHER)], [], {STREAM: None}, False))
    welcome, error = sent(effects)
    assert isinstance(error, Error)
    assert (error.code, error.stream) == (ErrorCode.LOG_DIVERGED, STREAM)
    assert isinstance(welcome, Welcome)
    assert [offer.fork for offer in welcome.streams] == [0, None]
    assert NoteStopped(STREAM, ErrorCode.LOG_DIVERGED) in effects
    assert [effect.stream for effect in effects if isinstance(effect, ReadPage | ReadBackfill)] == [OTHER]


def test_a_stream_that_stopped_is_neither_read_nor_written() -> None:
    talk = Talk()
    cursor = StreamCursor(STREAM, cursor=7, chain=CHAIN)
    talk.get(Hello(protocol=(1, 1), replica=uuid4(), streams=[cursor]))
    talk.feed(StreamsRead([offer(head=3)], [], {STREAM: None}, False))
    assert talk.feed(Woken(STREAM, 9)) == []
    (rejected,) = sent(talk.get(push()))
    assert isinstance(rejected, Rejected)
    assert rejected.code == RefusalCode.LOG_DIVERGED
    assert rejected.retry_after is not None  # not final: it waits on the device
    assert talk.get(Have(STREAM, uuid4(), [])) == []


def test_purged_counts_only_where_it_was_asked_for() -> None:
    talk = Talk()
    talk.open(offer())
    stream, grant = STREAM, uuid4()
    assert talk.get(Purged(stream, grant)) == [NoteUnasked(stream, grant)]


def test_a_stream_that_nobody_knows_is_named_as_such_and_not_purged() -> None:
    effects = Talk().open(offer(), cursors=[StreamCursor(OTHER, cursor=3, chain=CHAIN)])
    errors = [frame for frame in sent(effects) if isinstance(frame, Error)]
    assert [error.code for error in errors] == [ErrorCode.UNKNOWN_STREAM]
    assert not any(isinstance(frame, Revoked) for frame in sent(effects))


# --- pages ---


def test_one_page_at_a_time_and_the_next_only_when_it_has_left() -> None:
    talk = Talk()
    talk.open(offer(head=10), cursors=[StreamCursor(STREAM, cursor=4, chain=CHAIN)])
    effects = talk.feed(rows(through=6, head=10))
    assert [type(frame) for frame in sent(effects)] == [Rows]
    assert not any(isinstance(effect, ReadPage) for effect in effects)
    assert talk.feed(Woken(STREAM, 11)) == []
    assert talk.feed(Drained()) == [ReadPage(STREAM, GRANT, 6)]


def test_a_read_that_brings_nothing_new_sends_nothing() -> None:
    talk = Talk()
    talk.open(offer(head=4), cursors=[StreamCursor(STREAM, cursor=4, chain=CHAIN)])
    assert talk.feed(PageRead(STREAM, GRANT, [], 4, CHAIN, 4)) == []


def test_a_wake_up_while_a_page_is_read_is_not_lost() -> None:
    talk = Talk()
    talk.open(offer(head=4), cursors=[StreamCursor(STREAM, cursor=3, chain=CHAIN)])
    assert talk.feed(Woken(STREAM, 5)) == []
    talk.feed(rows(through=4))
    assert talk.feed(Drained()) == [ReadPage(STREAM, GRANT, 4)]


def test_streams_take_turns() -> None:
    talk = Talk()
    cursors = [StreamCursor(STREAM, 1, CHAIN), StreamCursor(OTHER, 1, CHAIN)]
    effects = talk.open(offer(head=99), offer(OTHER, NEW_GRANT, head=99), cursors=cursors)
    first = effects[-1]
    assert isinstance(first, ReadPage)
    talk.feed(rows(2, 99, first.stream, first.grant))
    (second,) = talk.feed(Drained())
    assert isinstance(second, ReadPage)
    assert {first.stream, second.stream} == {STREAM, OTHER}


def test_a_new_device_is_filled_by_documents_then_by_rows() -> None:
    talk = Talk()
    effects = talk.open(offer(head=10))
    assert effects[-1] == ReadBackfill(STREAM, GRANT, 10, None)
    effects = talk.feed(BackfillRead(STREAM, GRANT, [], 10, CHAIN, backfill=5))
    assert [type(frame) for frame in sent(effects)] == [Snapshot]
    assert talk.feed(Drained()) == [ReadBackfill(STREAM, GRANT, 10, 5)]
    talk.feed(BackfillRead(STREAM, GRANT, [], 10, CHAIN, backfill=0))
    assert talk.feed(Drained()) == [ReadPage(STREAM, GRANT, 10)]


def test_a_backfill_that_was_cut_goes_on_where_it_was() -> None:
    talk = Talk()
    effects = talk.open(offer(head=20), cursors=[StreamCursor(STREAM, 10, CHAIN, backfill=5)])
    assert effects[-1] == ReadBackfill(STREAM, GRANT, 10, 5)


# --- pushes ---


def test_accepted_is_sent_on_persisted_and_not_before() -> None:
    talk = Talk()
    talk.open(offer())
    effects = talk.get(push(7))
    assert [type(effect) for effect in effects] == [Persist]
    assert talk.feed(Persisted(7, 42)) == [Send(Accepted(7, 42))]


@pytest.mark.parametrize("refusal", list(RefusalCode))
def test_a_failed_push_is_rejected_with_its_code(refusal: RefusalCode) -> None:
    talk = Talk()
    talk.open(offer())
    talk.get(push(7))
    (rejected,) = sent(talk.feed(PersistFailed(7, refusal)))
    assert isinstance(rejected, Rejected)
    assert (rejected.id, rejected.code, rejected.document) == (7, refusal, DOCUMENT)
    final = refusal not in {
        "missing_dependency",
        "busy",
        "rate_limited",
        "storage_failed",
        "storage_full",
        "log_diverged",
    }
    assert (rejected.retry_after is None) == final


def test_little_room_is_said_once_a_connection_and_stream() -> None:
    talk = Talk()
    talk.open(offer())
    (told,) = sent(talk.feed(StorageLow(STREAM)))
    assert isinstance(told, Error)
    assert (told.code, told.stream) == ("storage_low", STREAM)
    assert talk.feed(StorageLow(STREAM)) == []
    assert talk.feed(StorageLow(OTHER)) == []


@pytest.mark.parametrize(
    ("stream", "kind", "code"),
    [
        (OTHER, "symptom_log", RefusalCode.UNKNOWN_STREAM),
        (STREAM, "diary", RefusalCode.UNKNOWN_KIND),
        (STREAM, "note", RefusalCode.UNKNOWN_KIND),
        (STREAM, "homework", RefusalCode.NOT_WRITER),
    ],
)
def test_nothing_is_read_of_what_one_may_not_write(
    stream: UUID, kind: str, code: RefusalCode, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = Talk()
    talk.open(offer())
    monkeypatch.setattr("intersession_server.sync.inbox.read_change", read := Mock(side_effect=read_change))
    (rejected,) = sent(talk.get(Push(1, stream, DOCUMENT, kind, [b"bad"])))
    assert isinstance(rejected, Rejected)
    assert (rejected.code, rejected.retry_after, read.call_count) == (code, None, 0)
    assert [type(effect) for effect in talk.get(push(1))] == [Persist]
    assert read.call_count == 1


def test_a_bad_change_is_rejected_before_it_reaches_the_store() -> None:
    talk = Talk()
    talk.open(offer())
    damaged = bytearray(a_change())
    damaged[-1] ^= 1
    (rejected,) = sent(talk.get(push(1, STREAM, bytes(damaged))))
    assert isinstance(rejected, Rejected)
    assert rejected.code == RefusalCode.BAD_CHECKSUM
    # The id is free again.
    assert [type(effect) for effect in talk.get(push(1))] == [Persist]


def test_of_a_bad_change_that_may_hold_an_answer_the_log_is_told() -> None:
    talk = Talk()
    talk.open(offer())
    damaged = bytearray(a_change())
    damaged[-1] ^= 1
    good, bad = a_change(), bytes(damaged)
    (asked,) = talk.get(Push(1, STREAM, DOCUMENT, "assessment", [good, bad]))
    assert isinstance(asked, Persist)
    assert asked.refused == RefusalCode.BAD_CHECKSUM
    assert [(change.hash, change.data) for change in asked.changes] == [(sha256(bad).digest(), b"")]
    (rejected,) = sent(talk.feed(PersistFailed(1, RefusalCode.BAD_CHECKSUM)))
    assert isinstance(rejected, Rejected)
    assert (rejected.id, rejected.code) == (1, RefusalCode.BAD_CHECKSUM)


def test_vault_blobs_are_not_looked_into() -> None:
    talk = Talk()
    talk.open(offer(audience=Audience.VAULT))
    (persist,) = talk.get(push(1, STREAM, b"sealed"))
    assert isinstance(persist, Persist)
    assert persist.changes[0].data == b"sealed"


def test_more_pushes_than_agreed_wait_for_those_before_them() -> None:
    talk = Talk()
    talk.open(offer())
    talk.get(push(1))
    talk.get(push(2))
    assert talk.get(push(3)) == talk.get(push(4)) == []
    answer, persist = talk.feed(Persisted(2, 1))
    assert (answer, isinstance(persist, Persist) and persist.id) == (Send(Accepted(2, 1)), 3)


def test_one_id_for_two_pushes_under_way_is_a_protocol_error() -> None:
    talk = Talk()
    talk.open(offer())
    talk.get(push(1))
    assert closes(talk.get(push(1))) == [CloseCode.PROTOCOL_ERROR]


# --- limits ---


@pytest.mark.parametrize(
    ("code", "closed"),
    [
        (ErrorCode.UNKNOWN_FRAME, []),
        (ErrorCode.PROTOCOL_ERROR, [CloseCode.PROTOCOL_ERROR]),
        (ErrorCode.FRAME_TOO_LARGE, [CloseCode.FRAME_TOO_LARGE]),
    ],
)
def test_what_is_no_frame_is_named(code: ErrorCode, closed: list[int]) -> None:
    talk = Talk()
    talk.open(offer())
    effects = talk.feed(Malformed(WireError("why", code=code)))
    assert [frame.code for frame in sent(effects) if isinstance(frame, Error)] == [code]
    assert closes(effects) == closed


# --- access ---


def test_the_end_of_a_grant_is_said_at_once_and_its_pages_are_dropped() -> None:
    talk = Talk()
    talk.open(offer(head=10), offer(OTHER, NEW_GRANT), cursors=[StreamCursor(STREAM, 4, CHAIN)])
    assert ReadStreams(()) in talk.feed(GrantsChanged())
    effects = talk.feed(StreamsRead([offer(OTHER, NEW_GRANT)], [], {}, False))
    frames = sent(effects)
    assert frames[0] == Revoked(STREAM, GRANT)
    assert isinstance(frames[1], Welcome)
    assert Watch(frozenset({OTHER})) in effects
    # The page that was being read under the old grant comes too late.
    assert sent(talk.feed(rows(6, 10))) == []
    assert talk.get(Purged(STREAM, GRANT))[0] == NotePurged(STREAM, GRANT)


def test_a_grant_that_was_renewed_starts_over_under_the_new_one() -> None:
    talk = Talk()
    talk.open(offer(head=10), cursors=[StreamCursor(STREAM, 10, CHAIN)])
    talk.feed(PageRead(STREAM, GRANT, [], 10, CHAIN, 10))
    talk.feed(GrantsChanged())
    effects = talk.feed(StreamsRead([offer(grant=NEW_GRANT, head=10)], [], {}, False))
    assert sent(effects)[0] == Revoked(STREAM, GRANT)
    assert effects[-1] == ReadBackfill(STREAM, NEW_GRANT, 10, None)


def test_a_new_assignment_is_offered_to_a_live_session() -> None:
    talk = Talk()
    talk.open()
    assert talk.feed(GrantsChanged()) == [ReadStreams(())]
    (welcome,) = sent(talk.feed(StreamsRead([offer()], [], {}, False)))
    assert isinstance(welcome, Welcome)
    assert [stream.stream for stream in welcome.streams] == [STREAM]


def test_nothing_is_said_when_nothing_has_changed() -> None:
    talk = Talk()
    talk.open(offer())
    talk.feed(PageRead(STREAM, GRANT, [], 0, b"", 0))
    talk.feed(GrantsChanged())
    assert sent(talk.feed(StreamsRead([offer()], [], {}, False))) == []


def test_a_denied_read_asks_what_may_still_be_read() -> None:
    talk = Talk()
    talk.open(offer(head=3))
    assert talk.feed(AccessDenied(STREAM, GRANT)) == [ReadStreams(())]


def test_a_replica_that_comes_back_after_its_grant_ended_hears_it() -> None:
    talk = Talk()
    cursor = StreamCursor(STREAM, 4, CHAIN)
    talk.get(Hello(protocol=(1, 1), replica=uuid4(), streams=[cursor]))
    effects = talk.feed(StreamsRead([], [(STREAM, GRANT)], {STREAM: CHAIN}, False))
    assert sent(effects)[0] == Revoked(STREAM, GRANT)


def test_a_revoked_device_hears_only_that_and_is_closed_once_it_has_purged() -> None:
    talk = Talk()
    cursors = [StreamCursor(STREAM, 4, CHAIN), StreamCursor(OTHER, 4, CHAIN)]
    talk.get(Hello(protocol=(1, 1), replica=uuid4(), streams=cursors))
    ended = [(STREAM, GRANT), (OTHER, NEW_GRANT)]
    effects = talk.feed(StreamsRead([], ended, {STREAM: CHAIN, OTHER: CHAIN}, True))
    assert sent(effects) == [Revoked(STREAM, GRANT), Revoked(OTHER, NEW_GRANT)]
    assert closes(talk.get(Purged(STREAM, GRANT))) == []
    assert closes(talk.get(Purged(OTHER, NEW_GRANT))) == [CloseCode.ACCESS_ENDED]


def test_a_revoked_device_that_does_not_purge_is_closed_all_the_same() -> None:
    talk = Talk()
    talk.open(offer(), cursors=[StreamCursor(STREAM, 4, CHAIN)])
    talk.feed(GrantsChanged())
    effects = talk.feed(StreamsRead([], [], {}, True))
    assert sent(effects) == [Revoked(STREAM, GRANT)]
    talk.now += PURGE_WITHIN
    assert closes(talk.feed(Tick())) == [CloseCode.ACCESS_ENDED]


def test_a_revoked_device_that_holds_nothing_is_closed_at_once() -> None:
    talk = Talk()
    talk.get(Hello(protocol=(1, 1), replica=uuid4()))
    assert closes(talk.feed(StreamsRead([], [], {}, True))) == [CloseCode.ACCESS_ENDED]


# --- heads that are offered ---


def test_offered_heads_that_the_log_lacks_are_wanted() -> None:
    talk = Talk()
    talk.open(offer())
    heads = [bytes(32), bytes([1]) * 32]
    assert talk.get(Have(STREAM, DOCUMENT, heads)) == [CompareHeads(STREAM, DOCUMENT, heads)]
    assert talk.feed(HeadsCompared(STREAM, DOCUMENT, [heads[1]])) == [Send(Want(STREAM, DOCUMENT, [heads[1]]))]
    assert talk.feed(HeadsCompared(STREAM, DOCUMENT, [])) == []


def test_heads_of_a_stream_that_is_not_offered_are_not_compared() -> None:
    talk = Talk()
    talk.open(offer())
    assert talk.get(Have(OTHER, DOCUMENT, [bytes(32)])) == []
