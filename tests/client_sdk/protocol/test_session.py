"""The replica's session, held in the hand: no socket, no store, no clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from msgspec.structs import replace

from intersession.protocol.outgoing import Outgoing
from intersession.protocol.session import (
    STEADY_RETRY,
    Effect,
    Event,
    Join,
    Opened,
    OutboxChanged,
    OutboxRead,
    Purge,
    ReadOutbox,
    Received,
    Refuse,
    ReplicaSession,
    Report,
    Resend,
    Send,
    Settle,
    SettleErasure,
    Stop,
    StorePage,
    Tick,
)
from intersession_schemas.errors import ErrorCode
from intersession_schemas.messages import (
    Accepted,
    Down,
    Erase,
    Erased,
    Error,
    Hello,
    Limits,
    Purged,
    Push,
    Pushes,
    Rejected,
    Revoked,
    Rows,
    Snapshot,
    StreamCursor,
    StreamOffer,
    Want,
    Welcome,
    offers_digest,
)
from intersession_schemas.streams import Audience, Role

STREAM, GRANT = uuid4(), uuid4()
CHAIN = b"12345678"


def outgoing(stream: UUID = STREAM) -> Outgoing:
    return Outgoing(stream, uuid4(), "journal_entry", (bytes(32),), (b"change",))


def welcome(head: int = 0, pushes: int = 2) -> Welcome:
    offer = StreamOffer(STREAM, Audience.RECORD, Role.CLIENT, GRANT, client=uuid4(), head=head)
    return Welcome(1, "test", uuid4(), uuid4(), [offer], Limits(2**20, pushes, 1000.0))


@dataclass
class Talk:
    """One session with its clock in the hand."""

    now: float = 100.0
    session: ReplicaSession = field(default_factory=ReplicaSession)

    def feed(self, event: Event) -> list[Effect]:
        return self.session.handle(event, self.now)

    def get(self, frame: Down) -> list[Effect]:
        return self.feed(Received(frame))

    def open(self, head: int = 0, cursor: int = 0, outbox: tuple[Outgoing, ...] = ()) -> list[Effect]:
        """Hello, welcome and the first look into the outbox; the effects of that look."""
        self.feed(Opened(uuid4(), "test", [StreamCursor(STREAM, cursor, CHAIN)]))
        effects = self.get(welcome(head))
        assert isinstance(effects[0], Join)
        assert effects[1:] == [ReadOutbox(frozenset(), 2)]
        found = self.feed(OutboxRead(outbox))
        if any(isinstance(effect, ReadOutbox) for effect in found):
            self.feed(OutboxRead(()))
        return found


def pushes(effects: list[Effect]) -> list[Push]:
    """The pushes among these, in whichever frames they go."""
    sent = [effect.frame for effect in effects if isinstance(effect, Send)]
    frames = [frame.items if isinstance(frame, Pushes) else [frame] for frame in sent]
    return [push for frame in frames for push in frame if isinstance(push, Push)]


def test_it_opens_with_what_the_store_holds() -> None:
    talk = Talk()
    cursors = [StreamCursor(STREAM, 3, CHAIN)]
    replica = uuid4()
    (send,) = talk.feed(Opened(replica, "app 1", cursors))
    assert send == Send(Hello(protocol=(1, 1), replica=replica, agent="app 1", streams=cursors))
    assert not talk.session.caught_up


def test_what_a_welcome_leaves_out_is_as_it_was_offered_last() -> None:
    talk, other = Talk(), uuid4()
    held = [StreamCursor(STREAM, 3, CHAIN), StreamCursor(other, 7, CHAIN)]
    first = replace(welcome(), streams=[offered(STREAM), offered(other)])
    (send,) = talk.feed(Opened(uuid4(), "app 1", held, known=first.streams))
    assert isinstance(send, Send)
    assert isinstance(send.frame, Hello)
    assert send.frame.known == offers_digest(first.streams)
    more = replace(first.streams[1], head=9)
    join, _ = talk.get(replace(first, streams=[more], known=True))
    assert join == Join(replace(first, streams=[more, replace(first.streams[0], head=3)]))
    talk.feed(OutboxRead(()))
    assert not talk.session.caught_up
    talk.get(Rows(other, [], 9, CHAIN))
    assert talk.session.caught_up


def offered(stream: UUID) -> StreamOffer:
    return StreamOffer(stream, Audience.RECORD, Role.CLIENT, uuid4(), client=uuid4())


def test_nothing_is_pushed_before_the_welcome() -> None:
    talk = Talk()
    talk.feed(Opened(uuid4(), "", []))
    assert talk.feed(OutboxChanged()) == []


def test_caught_up_when_nothing_waits_and_every_known_row_is_stored() -> None:
    talk = Talk()
    talk.open(head=2)
    assert not talk.session.caught_up
    page = Rows(STREAM, [], 2, CHAIN)
    assert talk.get(page) == [StorePage(page)]
    assert talk.session.caught_up


def test_not_caught_up_while_documents_are_to_come() -> None:
    talk = Talk()
    talk.open(head=2)
    talk.get(Snapshot(STREAM, [], 2, CHAIN, backfill=1))
    assert not talk.session.caught_up
    talk.get(Snapshot(STREAM, [], 2, CHAIN, backfill=0))
    assert talk.session.caught_up


def test_a_push_leaves_the_outbox_when_accepted_and_its_row_is_awaited() -> None:
    talk, item = Talk(), outgoing()
    (push,) = pushes(talk.open(outbox=(item,)))
    effects = talk.get(Accepted(push.id, 5))
    assert effects[0] == Settle(item.document, item.hashes, len(b"change"))
    assert isinstance(effects[1], ReadOutbox)
    talk.feed(OutboxRead(()))
    assert not talk.session.caught_up
    talk.get(Rows(STREAM, [], 5, CHAIN))
    assert talk.session.caught_up


def test_no_more_pushes_under_way_than_agreed_and_one_a_document() -> None:
    talk, items = Talk(), (outgoing(), outgoing())
    first, _ = pushes(talk.open(outbox=items))
    assert talk.feed(OutboxChanged()) == []
    effects = talk.get(Accepted(first.id, 1))
    assert effects[-1] == ReadOutbox(frozenset({items[1].document}), 1)


def test_a_final_refusal_is_kept_as_such() -> None:
    talk, item = Talk(), outgoing()
    (push,) = pushes(talk.open(outbox=(item,)))
    effects = talk.get(Rejected(push.id, "not_writer", "why", item.document))
    assert effects[0] == Refuse(item.document, item.hashes, "not_writer", "why")


def test_a_passing_refusal_is_tried_again_when_its_time_has_come() -> None:
    talk, item = Talk(), outgoing()
    (push,) = pushes(talk.open(outbox=(item,)))
    effects = talk.get(Rejected(push.id, "busy", "why", item.document, retry_after=2.0))
    assert effects == [Report("busy", "why", passing=True)]  # nothing is read meanwhile
    assert not talk.session.caught_up
    assert talk.session.deadline == talk.now + 2.0
    talk.now += 2.0
    assert talk.feed(Tick()) == [ReadOutbox(frozenset(), 2)]
    assert [again.document for again in pushes(talk.feed(OutboxRead((item,))))] == [item.document]


def test_what_the_server_lacks_is_sent_whole_once_and_then_only_now_and_again() -> None:
    talk, item = Talk(), outgoing()
    (push,) = pushes(talk.open(outbox=(item,)))
    rejected = Rejected(push.id, "missing_dependency", "why", item.document, retry_after=1.0)
    assert Resend(item.document) in talk.get(rejected)
    talk.feed(OutboxRead(()))
    talk.now += 1.0
    talk.feed(Tick())
    (push,) = pushes(talk.feed(OutboxRead((item,))))
    talk.feed(OutboxRead(()))
    effects = talk.get(Rejected(push.id, "missing_dependency", "why", item.document, retry_after=1.0))
    assert not any(isinstance(effect, Resend) for effect in effects)
    assert talk.session.deadline == talk.now + STEADY_RETRY


def test_a_wanted_document_is_sent_again() -> None:
    talk, document = Talk(), uuid4()
    talk.open()
    assert talk.get(Want(STREAM, document, [])) == [Resend(document), ReadOutbox(frozenset(), 2)]


def test_purged_is_said_after_the_purge() -> None:
    talk, item = Talk(), outgoing()
    talk.open(head=9, outbox=(item,))
    effects = talk.get(Revoked(STREAM, GRANT))
    assert effects[:2] == [Purge(STREAM, GRANT), Send(Purged(STREAM, GRANT))]


def test_before_a_welcome_a_stream_is_purged_whatever_grant_it_is_held_under() -> None:
    """It may have been granted anew, and that have ended too, since this device was here last."""
    talk, latest = Talk(), uuid4()
    talk.feed(Opened(uuid4(), "", (StreamCursor(STREAM, 5),)))
    assert talk.get(Revoked(STREAM, latest)) == [Purge(STREAM, None), Send(Purged(STREAM, latest))]


def test_after_a_purge_nothing_of_that_stream_is_awaited() -> None:
    talk = Talk()
    talk.open(head=9, outbox=(outgoing(),))
    talk.get(Revoked(STREAM, GRANT))
    talk.feed(OutboxChanged())
    talk.feed(OutboxRead(()))
    assert talk.session.caught_up


def test_an_answer_to_a_push_of_another_connection_is_ignored() -> None:
    talk = Talk()
    talk.open()
    assert talk.get(Accepted(77, 1)) == []
    assert talk.get(Rejected(77, "busy", "", uuid4())) == []


def test_what_the_server_says_is_wrong_is_reported() -> None:
    talk = Talk()
    talk.open()
    assert talk.get(Error("rate_limited", "slowly")) == [Report("rate_limited", "slowly", passing=True)]


# -- erasures and blobs ------------------------------------------------------------------------------------------------


def erasure() -> Outgoing:
    return Outgoing(STREAM, uuid4(), "journal_entry", (), (), erase=True)


def erases(effects: list[Effect]) -> list[Erase]:
    return [effect.frame for effect in effects if isinstance(effect, Send) and isinstance(effect.frame, Erase)]


def test_an_erasure_is_sent_and_its_answer_kept() -> None:
    talk, item = Talk(), erasure()
    effects = talk.open(outbox=(item, outgoing()))
    (sent,) = erases(effects)
    assert (sent.stream, sent.document, sent.kind) == (STREAM, item.document, "journal_entry")
    assert len({sent.id, *(push.id for push in pushes(effects))}) == 2
    assert not talk.session.caught_up
    at = datetime(2026, 5, 4, tzinfo=UTC)
    effects = talk.get(Erased(sent.id, 7, True, [at]))
    assert effects[0] == SettleErasure(item.document, 7, True, (at,))
    assert isinstance(effects[1], ReadOutbox)
    assert item.document not in effects[1].exclude


def test_the_row_of_an_erasure_is_awaited() -> None:
    talk, item = Talk(), erasure()
    (sent,) = erases(talk.open(outbox=(item,)))
    talk.get(Erased(sent.id, 7))
    talk.feed(OutboxRead(()))
    assert not talk.session.caught_up
    talk.get(Rows(STREAM, [], 7, CHAIN))
    assert talk.session.caught_up


def test_one_at_a_time_for_a_document() -> None:
    talk, item = Talk(), outgoing()
    talk.open(outbox=(item,))
    (read,) = talk.feed(OutboxChanged())
    assert read == ReadOutbox(frozenset({item.document}), 1)


def test_what_was_erased_before_is_settled() -> None:
    talk, item = Talk(), erasure()
    (sent,) = erases(talk.open(outbox=(item,)))
    assert talk.get(Rejected(sent.id, "erased", "why", item.document))[0] == SettleErasure(item.document, 0, False, ())


def test_an_erasure_refused_for_good() -> None:
    talk, item = Talk(), erasure()
    (sent,) = erases(talk.open(outbox=(item,)))
    effects = talk.get(Rejected(sent.id, "not_writer", "why", item.document))
    assert effects[0] == Refuse(item.document, (), "not_writer", "why")


def test_an_erasure_refused_for_now_is_tried_again() -> None:
    talk, item = Talk(), erasure()
    (sent,) = erases(talk.open(outbox=(item,)))
    for code in ("busy", "missing_dependency"):
        effects = talk.get(Rejected(sent.id, code, "why", item.document, retry_after=2.0))
        assert not any(isinstance(effect, Resend | Refuse | SettleErasure) for effect in effects)
        talk.feed(OutboxRead(()))
        assert not talk.session.caught_up
        talk.now += 2.0
        talk.feed(Tick())
        (sent,) = erases(talk.feed(OutboxRead((item,))))
        talk.feed(OutboxRead(()))


def test_an_answer_to_an_erasure_of_another_connection_is_ignored() -> None:
    talk = Talk()
    talk.open()
    assert talk.get(Erased(77, 1)) == []


def test_blobs_name_what_they_replace() -> None:
    talk, item = Talk(), Outgoing(STREAM, uuid4(), "journal_entry", (b"h",), (b"blob",), replaces=(bytes(32),))
    (push,) = pushes(talk.open(outbox=(item,)))
    assert push.replaces == [bytes(32)]
    (push,) = pushes(Talk().open(outbox=(outgoing(),)))
    assert push.replaces == []


def test_a_stream_that_cannot_go_on_is_remembered_and_nothing_of_it_awaited() -> None:
    session, stopped, other = ReplicaSession(), uuid4(), uuid4()
    cursors = [StreamCursor(stopped, cursor=9, chain=b"12345678"), StreamCursor(other, cursor=2, chain=b"12345678")]
    session.handle(Opened(uuid4(), "", cursors), 0.0)
    session.handle(Received(Error(ErrorCode.LOG_DIVERGED, "Put back.", stream=stopped)), 0.0)
    offers = [
        StreamOffer(stream, Audience.RECORD, Role.PRIMARY, uuid4(), client=uuid4(), head=head)
        for stream, head in ((stopped, 40), (other, 2))
    ]
    welcome = Welcome(1, "", uuid4(), uuid4(), offers, Limits(1_000_000, 4, 50.0))
    assert Stop({stopped: ("log_diverged", "Put back.")}) in session.handle(Received(welcome), 0.0)
    session.handle(OutboxRead(()), 0.0)
    assert session.caught_up
    assert not session.nothing_goes_on


def test_a_stream_that_goes_on_again_is_no_longer_remembered_as_stopped() -> None:
    session = ReplicaSession()
    session.handle(Opened(uuid4(), "", [], stopped=True), 0.0)
    welcome = Welcome(1, "", uuid4(), uuid4(), [], Limits(1_000_000, 4, 50.0))
    assert Stop({}) in session.handle(Received(welcome), 0.0)


def test_over_how_long_devices_come_back_is_what_the_last_welcome_said() -> None:
    session = ReplicaSession()
    session.handle(Opened(uuid4(), "", []), 0.0)
    assert session.spread is None
    for said in (5_000, 0):
        limits = Limits(1_000_000, 4, 50.0, reconnect_within_ms=said)
        session.handle(Received(Welcome(1, "", uuid4(), uuid4(), [], limits)), 0.0)
        assert session.spread == said / 1_000
