"""The server's session is opened, answers what is pushed and offered, and names what is no frame."""

from __future__ import annotations

from hashlib import sha256
from unittest.mock import Mock
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace
from tests.server.sync.talk import (
    CHAIN,
    DOCUMENT,
    GRANT,
    OTHER,
    STREAM,
    Talk,
    a_change,
    closes,
    offer,
    push,
    rows,
    sent,
)

from intersession_schemas.changes import read_change
from intersession_schemas.errors import CloseCode, ErrorCode, RefusalCode, WireError
from intersession_schemas.messages import (
    Accepted,
    Error,
    Have,
    Hello,
    Purged,
    Push,
    Rejected,
    Revoked,
    StreamCursor,
    StreamOffer,
    Up,
    Want,
    Welcome,
    offers_digest,
)
from intersession_schemas.streams import Audience, Role
from intersession_server.sync.events import (
    CompareHeads,
    Drained,
    HeadsCompared,
    Malformed,
    NoteStopped,
    NoteUnasked,
    Persist,
    Persisted,
    PersistFailed,
    ReadBackfill,
    ReadPage,
    ReadStreams,
    Send,
    StorageLow,
    StreamsRead,
    Tick,
    Watch,
    Woken,
)
from intersession_server.sync.limits import HELLO_WITHIN

# --- opening ---


def test_hello_is_answered_with_a_welcome_and_the_first_read() -> None:
    talk = Talk()
    effects = talk.open(offer(head=9), offer(OTHER), cursors=[StreamCursor(STREAM, cursor=4, chain=CHAIN)])
    (welcome,) = sent(effects)
    assert isinstance(welcome, Welcome)
    assert [stream.stream for stream in welcome.streams] == [STREAM, OTHER]
    assert welcome.limits.pushes == 2
    assert Watch(frozenset({STREAM, OTHER})) in effects
    assert effects[-1] == ReadPage(STREAM, GRANT, 4)
    assert talk.feed(Woken(STREAM, 4)) == []
    talk.feed(rows(9))
    assert talk.feed(Drained()) == [], "of a stream that has nothing, nothing is read"
    assert talk.feed(Woken(OTHER, 1)) == [ReadPage(OTHER, GRANT, 0)]


def known_offers() -> list[StreamOffer]:
    return [offer(head=9), offer(OTHER, uuid4(), head=4), offer(THIRD, uuid4())]


def welcomed(offers: list[StreamOffer], known: bytes, *cursors: StreamCursor) -> Welcome:
    """What a replica is told that says this in its `hello`."""
    talk = Talk()
    talk.get(Hello(protocol=(1, 1), replica=uuid4(), streams=list(cursors), known=known))
    chains: dict[UUID, bytes | None] = {cursor.stream: cursor.chain for cursor in cursors}
    welcome = sent(talk.feed(StreamsRead(offers, [], chains, False)))[0]
    assert isinstance(welcome, Welcome)
    return welcome


THIRD = uuid4()
HELD = (StreamCursor(STREAM, 9, CHAIN), StreamCursor(OTHER, 3, CHAIN), StreamCursor(THIRD))


def test_a_replica_that_knows_its_streams_is_told_only_where_there_is_more() -> None:
    offers = known_offers()
    welcome = welcomed(offers, offers_digest(replace(offer, head=0) for offer in reversed(offers)), *HELD)
    assert welcome.known
    assert welcome.streams == [offers[1]]


def test_where_a_backfill_goes_on_the_stream_is_named() -> None:
    offers = known_offers()
    held = (StreamCursor(STREAM, 9, CHAIN, 5), *HELD[1:])
    welcome = welcomed(offers, offers_digest(offers), *held)
    assert (welcome.known, welcome.streams) == (True, offers[:2])


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"grant": uuid4()}, id="another grant"),
        pytest.param({"role": Role.COVERING}, id="another role"),
        pytest.param({"label": "Mara"}, id="another name"),
        pytest.param({"client": uuid4()}, id="another client"),
        pytest.param({"audience": Audience.CHART}, id="another audience"),
        pytest.param({"stream": uuid4()}, id="another stream"),
    ],
)
def test_a_replica_that_knows_something_else_is_told_everything(change: dict[str, object]) -> None:
    offers = known_offers()
    welcome = welcomed(offers, offers_digest([replace(offers[0], **change), *offers[1:]]), *HELD)
    assert (welcome.known, welcome.streams) == (False, offers)


def test_a_replica_whose_cursors_are_of_other_streams_is_told_everything() -> None:
    offers = known_offers()
    for held in (HELD[:2], (*HELD, StreamCursor(uuid4()))):
        welcome = welcomed(offers, offers_digest(offers), *held)
        assert (welcome.known, welcome.streams) == (False, offers)


def test_a_welcome_that_is_sent_again_names_every_stream() -> None:
    offers, talk = known_offers(), Talk()
    talk.get(Hello(protocol=(1, 1), replica=uuid4(), streams=list(HELD), known=offers_digest(offers)))
    chains: dict[UUID, bytes | None] = {cursor.stream: cursor.chain for cursor in HELD}
    talk.feed(StreamsRead(offers, [], chains, False))
    more = [*offers, offer(uuid4(), uuid4())]
    (again,) = sent(talk.feed(StreamsRead(more, [], {}, False)))
    assert isinstance(again, Welcome)
    assert (again.known, again.streams) == (False, more)


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
    effects = talk.feed(StreamsRead([offer(head=3), offer(OTHER, head=1)], [], {STREAM: None}, False))
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
