"""What the server's session reads for its device and sends: one page at a time, of what access it has now."""

from __future__ import annotations

from uuid import uuid4

from tests.server.sync.talk import CHAIN, GRANT, NEW_GRANT, OTHER, STREAM, Talk, closes, offer, rows, sent

from intersession_schemas.errors import CloseCode
from intersession_schemas.messages import Hello, Purged, Revoked, Rows, Snapshot, StreamCursor, Welcome
from intersession_server.sync.events import (
    AccessDenied,
    BackfillRead,
    Drained,
    GrantsChanged,
    NotePurged,
    PageRead,
    ReadBackfill,
    ReadPage,
    ReadStreams,
    StreamsRead,
    Tick,
    Watch,
    Woken,
)
from intersession_server.sync.limits import PURGE_WITHIN

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
