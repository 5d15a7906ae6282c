"""What comes faster than it may is held and taken later, over all connections of a person; nothing is refused."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace
from tests.schemas import forging
from tests.server.sync.talk import CHAIN, DOCUMENT, GRANT, OTHER, STREAM, Talk, closes, offer, push, rows, sent

from intersession_schemas import codec
from intersession_schemas.changes import MAX_DOCUMENT_BYTES
from intersession_schemas.errors import CloseCode, ErrorCode, RefusalCode, WireError
from intersession_schemas.messages import Accepted, Erase, Error, Have, Hello, Purged, Push, Rejected, StreamCursor
from intersession_server.sync.events import (
    AwaitTurn,
    CompareHeads,
    Drained,
    Effect,
    Event,
    HeadsCompared,
    Malformed,
    NoteDefence,
    NotePurged,
    PageRead,
    Persist,
    Persisted,
    PersistErasure,
    PersistFailed,
    ReadPage,
    ReadStreams,
    Received,
    Send,
    Tick,
    Turn,
    Woken,
)
from intersession_server.sync.limits import ERASURES, HELLO_WITHIN, PAUSED_WITHIN, SessionLimits
from intersession_server.work.budget import OTHERS_WITHIN, Budgets

LIMITS = SessionLimits(
    frame_bytes=1000,
    pushes=2,
    messages_per_second=10.0,
    burst=20.0,
    work_per_second=100.0,
    work_burst=200.0,
    frames_held=50,
    bytes_held=10_000,
)
SOMEBODY, NOW = UUID(int=7), 100.0


class Crowd:
    """A server on which somebody else always wants something as well, unless told otherwise."""

    def __init__(self, *, alone: bool = False) -> None:
        self.budgets = Budgets(LIMITS.rates)
        self.alone = alone

    def talk(self, account: UUID = SOMEBODY, now: float = NOW) -> Talk:
        talk = Talk(limits=LIMITS, now=now, budget=self.budgets.of(account, now))
        self.others_ask(now)
        talk.open(offer())
        return talk

    def others_ask(self, now: float) -> None:
        if not self.alone:
            self.budgets.of(UUID(int=1), now).spend(0.1, now)

    def later(self, talk: Talk, seconds: float) -> list[Effect]:
        """Pass the time in ticks, as a driver does."""
        effects, end = [], talk.now + seconds
        while talk.now < end:
            talk.now = min(end, talk.session.deadline or end)
            self.others_ask(talk.now)
            effects += talk.feed(Tick())
        return effects


def have(n: int) -> Have:
    return Have(STREAM, UUID(int=n), [])


def compared(talk: Talk, effects: list[Effect]) -> list[int]:
    """The documents of what was taken; each is answered at once, and what is taken then counts too."""
    taken: list[int] = []
    waiting = [effect for effect in effects if isinstance(effect, CompareHeads)]
    while waiting:
        effect = waiting.pop(0)
        taken.append(effect.document.int)
        more = talk.feed(HeadsCompared(effect.stream, effect.document, []))
        waiting += [one for one in more if isinstance(one, CompareHeads)]
    return taken


def test_what_is_beyond_the_pace_is_held_and_taken_in_its_order() -> None:
    crowd = Crowd()
    talk = crowd.talk()
    taken = [n for number in range(45) for n in compared(talk, talk.get(have(number)))]
    assert taken == list(range(19))  # the hello was one of twenty
    for _ in range(40):
        taken += compared(talk, crowd.later(talk, 0.1))
    assert taken == list(range(45))


def test_alone_on_the_server_nobody_waits() -> None:
    talk = Crowd(alone=True).talk()
    assert [n for number in range(300) for n in compared(talk, talk.get(have(number)))] == list(range(300))


def test_what_is_held_goes_on_once_nobody_else_asks() -> None:
    crowd = Crowd()
    talk = crowd.talk()
    for number in range(60):
        compared(talk, talk.get(have(number)))
    crowd.alone = True
    assert compared(talk, crowd.later(talk, OTHERS_WITHIN + 0.5))[-1] == 59


def test_a_budget_outlives_the_connection_and_is_one_for_all_of_them() -> None:
    crowd = Crowd()
    first = crowd.talk()
    for number in range(19):
        compared(first, first.get(have(number)))
    crowd.others_ask(NOW)
    second = Talk(limits=LIMITS, now=NOW, budget=crowd.budgets.of(SOMEBODY, NOW))
    assert second.get(Hello((1, 1), uuid4())) == [NoteDefence("held")], "its hello waits"
    first.session.end()
    third = Talk(limits=LIMITS, now=NOW, budget=crowd.budgets.of(SOMEBODY, NOW))
    assert third.get(Hello((1, 1), uuid4())) == []
    assert crowd.talk(UUID(int=99)).get(have(1))[0] == CompareHeads(STREAM, UUID(int=1), []), "others go on"


def test_a_hello_that_waits_is_not_late() -> None:
    crowd = Crowd()
    crowd.others_ask(NOW)
    crowd.budgets.of(SOMEBODY, NOW).spend(LIMITS.work_burst + 15 * LIMITS.work_per_second, NOW)
    talk = Talk(limits=LIMITS, now=NOW, budget=crowd.budgets.of(SOMEBODY, NOW))
    talk.get(Hello((1, 1), uuid4()))
    effects = crowd.later(talk, HELLO_WITHIN + 1)
    assert not closes(effects)
    assert ReadStreams(()) in crowd.later(talk, 10)


def test_one_note_however_much_is_held() -> None:
    crowd = Crowd()
    talks = [crowd.talk() for _ in range(3)]
    effects = [effect for talk in talks for _ in range(40) for effect in talk.get(Purged(OTHER, OTHER))]
    assert [effect for effect in effects if isinstance(effect, NoteDefence)] == [NoteDefence("held")]


@pytest.mark.parametrize("what", ["unknown frames", "text", "purged", "have"])
def test_every_frame_counts(what: str) -> None:
    crowd = Crowd()
    talk = crowd.talk()
    unknown = WireError("?", code=ErrorCode.UNKNOWN_FRAME)
    events: dict[str, Event] = {
        "unknown frames": Malformed(unknown, 10),
        "text": Malformed(unknown, 10),
        "purged": Received(Purged(OTHER, OTHER), 10),
        "have": Received(Have(OTHER, OTHER, []), 10),
    }
    for _ in range(30):
        talk.feed(events[what])
    assert len(talk.session._inbox) == 30 - 19


@pytest.mark.parametrize(
    ("frame", "work"),
    [
        (Hello((1, 1), uuid4(), "", [StreamCursor(UUID(int=n)) for n in range(10_000)]), 1_000),
        (Have(STREAM, DOCUMENT, [n.to_bytes(32, "big") for n in range(1_000)]), 100),
        (Push(9, STREAM, DOCUMENT, "symptom_log", [forging.change(forging.sets(20_000))]), 20),
        (Push(9, STREAM, DOCUMENT, "symptom_log", [forging.big(1)]), 17),
        (Push(9, STREAM, DOCUMENT, "symptom_log", [b"bad"]), 20),
    ],
    ids=["hello", "have", "operations", "inflated bytes", "a bad change"],
)
def test_what_a_frame_turns_into_is_what_counts(frame: Hello | Have | Push, work: float) -> None:
    crowd = Crowd()
    talk = Talk(limits=LIMITS, now=NOW, budget=crowd.budgets.of(SOMEBODY, NOW))
    crowd.others_ask(NOW)
    if not isinstance(frame, Hello):
        talk.open(offer())
    before = talk.session._budget._work
    talk.get(frame)
    assert work <= before - talk.session._budget._work < 1.5 * work + 3


def test_heads_are_asked_for_once_and_a_few_at_a_time() -> None:
    talk = Crowd().talk()
    (first,) = talk.get(Have(STREAM, DOCUMENT, [b"a" * 32, b"a" * 32]))
    assert first == CompareHeads(STREAM, DOCUMENT, [b"a" * 32])
    assert [*talk.get(have(1)), *talk.get(have(2))] == [CompareHeads(STREAM, UUID(int=1), [])]
    assert talk.feed(HeadsCompared(STREAM, DOCUMENT, [])) == [CompareHeads(STREAM, UUID(int=2), [])]


def test_a_purge_that_nobody_asked_for_is_not_written_down() -> None:
    assert not any(isinstance(effect, NotePurged) for effect in Crowd().talk().get(Purged(STREAM, OTHER)))


def test_a_large_push_is_read_in_slices_and_what_follows_waits_for_it() -> None:
    talk = Crowd().talk()
    changes = [forging.change(forging.sets(8_000), actor=bytes([n]) * 16) for n in range(7)]
    assert talk.get(Push(1, STREAM, DOCUMENT, "symptom_log", changes)) == [AwaitTurn()]
    assert talk.get(push(2)) == []
    assert talk.feed(Turn()) == [AwaitTurn()]
    first, *_ = talk.feed(Turn())
    assert isinstance(first, Persist)
    assert [change.data for change in first.changes] == changes
    assert talk.feed(Turn()) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (forging.big, RefusalCode.TOO_LARGE),
        (lambda n: forging.change(forging.sets(20_000)), RefusalCode.TOO_MANY_OPERATIONS),
    ],
)
def test_reading_stops_where_no_document_could_hold_it(change: Callable[[int], bytes], code: RefusalCode) -> None:
    """Two megabytes on the wire may inflate to two gigabytes: what is beyond a document's bound is not read."""
    talk = Crowd(alone=True).talk()
    effects = talk.get(Push(1, STREAM, DOCUMENT, "symptom_log", [change(1)] * 2_000))
    turns = 0
    while effects == [AwaitTurn()]:
        turns += 1
        effects = talk.feed(Turn())
    (rejected,) = sent(effects)
    assert isinstance(rejected, Rejected)
    assert rejected.code == code
    assert turns <= MAX_DOCUMENT_BYTES // (256 * 1024)


def test_nothing_more_is_received_when_much_waits_and_then_again() -> None:
    crowd = Crowd()
    talk = crowd.talk()
    for number in range(19 + LIMITS.frames_held):
        assert not talk.session.is_paused
        compared(talk, talk.get(have(number)))
    assert talk.session.is_paused
    compared(talk, crowd.later(talk, 1.0))
    assert not talk.session.is_paused


def test_bytes_that_wait_are_bounded_over_all_connections_of_a_person() -> None:
    crowd = Crowd()
    talks = [crowd.talk() for _ in range(4)]
    for number in itertools.count():
        talk = talks[number % 4]
        if talk.session.is_paused:
            break
        talk.feed(Received(have(number), 2_000))
    budget = crowd.budgets.of(SOMEBODY, NOW)
    assert budget.queued_bytes <= LIMITS.bytes_held + 4 * 2 * 2_000  # each connection may hold one, and notice by one
    for talk in talks:
        talk.session.end()
    assert budget.queued_bytes == budget.connections == 0


def test_who_never_gets_below_the_bound_is_closed_and_told_when_to_come_back() -> None:
    crowd = Crowd()
    talk = crowd.talk()
    talk.get(push(1))
    talk.get(push(2))  # neither is ever answered: the disk hangs
    for number in range(60):
        talk.get(push(3 + number))
    effects = crowd.later(talk, PAUSED_WITHIN + 1)
    error = next(frame for frame in sent(effects) if isinstance(frame, Error))
    assert (error.code, bool(error.retry_after)) == (ErrorCode.RATE_LIMITED, True)
    assert closes(effects) == [CloseCode.TOO_MANY]
    assert NoteDefence("closed_for_its_pace") in effects


def test_every_push_of_a_peer_that_does_not_pace_itself_is_taken_once() -> None:
    crowd = Crowd()
    talk = crowd.talk()
    accepted: list[int] = []
    effects = [effect for number in range(45) for effect in talk.get(push(number))]
    for _ in range(2_000):
        accepted += [
            effect.frame.id for effect in effects if isinstance(effect, Send) and isinstance(effect.frame, Accepted)
        ]
        assert not any(isinstance(frame, Rejected | Error) for frame in sent(effects))
        persists = [effect for effect in effects if isinstance(effect, Persist)]
        effects = [one for effect in persists for one in talk.feed(Persisted(effect.id, effect.id + 1))]
        effects += crowd.later(talk, 0.05)
        if len(accepted) == 45:
            break
    assert accepted == list(range(45))


def test_the_welcome_says_what_is_counted() -> None:
    talk = Talk(limits=LIMITS)
    (welcome, *_) = sent(talk.open(offer()))
    assert codec.decode_down(codec.encode(welcome)) == welcome
    limits = welcome.limits  # type: ignore[union-attr]
    assert (limits.burst, limits.work_per_second, limits.work_burst) == (20.0, 100.0, 200.0)


def test_of_many_unknown_streams_a_few_are_named_and_the_others_counted() -> None:
    cursors = [StreamCursor(UUID(int=number), 1) for number in range(5_000)]
    errors = [frame for frame in sent(Talk().open(offer(), cursors=cursors)) if isinstance(frame, Error)]
    assert [error.stream for error in errors[:-1]] == [cursor.stream for cursor in cursors[: len(errors) - 1]]
    assert len(errors) == 11
    assert str(5_000 - 10) in errors[-1].message


def persisting(effects: list[Effect]) -> list[int]:
    return [effect.id for effect in effects if isinstance(effect, Persist)]


def test_so_many_pushes_are_under_way_over_all_connections_of_a_person_and_each_may_have_one() -> None:
    crowd = Crowd(alone=True)
    first, second = crowd.talk(), crowd.talk()
    assert [id_ for number in (1, 2, 3) for id_ in persisting(first.get(push(number)))] == [1, 2]
    assert [id_ for number in (4, 5) for id_ in persisting(second.get(push(number)))] == [4]
    assert persisting(second.feed(Persisted(4, 9))) == [5]
    first.session.end()
    third = crowd.talk()
    assert persisting(third.get(push(6)) + third.get(push(7))) == [6], "those of a connection that has ended count"
    first.feed(Persisted(1, 10))
    second.feed(PersistFailed(5, RefusalCode.STORAGE_FAILED))
    assert persisting(third.feed(Persisted(6, 11))) == [7]
    first.feed(Persisted(2, 12))
    third.feed(Persisted(7, 13))
    assert crowd.budgets.of(SOMEBODY, NOW).under_way == 0


def test_reading_pages_draws_on_the_budget_and_waits_for_it() -> None:
    crowd = Crowd()
    talk = crowd.talk()
    many = [rows(through=n).items[0] for n in range(1, 10_001)]
    before = talk.session._budget._work
    talk.feed(PageRead(STREAM, GRANT, many, 10_000, CHAIN, 20_000))
    assert before - talk.session._budget._work > 1_000
    assert talk.feed(Drained()) == [], "the next page waits"
    assert ReadPage(STREAM, GRANT, 10_000) in crowd.later(talk, 10.0)
    alone = Crowd(alone=True).talk()
    alone.feed(PageRead(STREAM, GRANT, many, 10_000, CHAIN, 20_000))
    assert alone.feed(Drained()) == [ReadPage(STREAM, GRANT, 10_000)]


def test_few_erasures_of_a_person_are_under_way_and_each_connection_may_have_one() -> None:
    crowd = Crowd(alone=True)
    wide = replace(LIMITS, pushes=32)
    talks = [Talk(limits=wide, now=NOW, budget=crowd.budgets.of(SOMEBODY, NOW)) for _ in range(2)]
    for talk in talks:
        talk.open(offer())
    first, second = talks
    asked = [Erase(number, STREAM, uuid4(), "journal_entry") for number in range(10)]
    begun = [effect for erase in asked[:6] for effect in first.get(erase)]
    assert [effect.id for effect in begun if isinstance(effect, PersistErasure)] == [0, 1, 2, 3][:ERASURES]
    assert [type(effect) for erase in asked[6:8] for effect in second.get(erase)] == [PersistErasure]
    (answer, next_) = (
        first.feed(PersistFailed(0, RefusalCode.STORAGE_FAILED)),
        first.feed(PersistFailed(1, RefusalCode.ERASED)),
    )
    assert [effect.id for effect in (*answer, *next_) if isinstance(effect, PersistErasure)] == [4]
    assert persisting(second.get(push(99))) == [], "what was asked before comes first"


@pytest.mark.parametrize("how", ["ended", "closed"])
def test_nothing_is_waited_for_on_a_connection_that_is_over(how: str) -> None:
    crowd = Crowd()
    talk = crowd.talk()
    persisting(talk.get(push(1)))
    talk.feed(PageRead(STREAM, GRANT, [rows(through=n).items[0] for n in range(1, 10_001)], 10_000, CHAIN, 20_000))
    talk.feed(Drained())
    assert talk.session.deadline is not None, "its next page waits"
    if how == "ended":
        talk.session.end()
    else:
        assert closes(talk.feed(Malformed(WireError("?", code=ErrorCode.PROTOCOL_ERROR), 10))) == []
        assert closes(crowd.later(talk, 10.0)) == [CloseCode.PROTOCOL_ERROR]
    talk.feed(Persisted(1, 9))
    assert talk.session.deadline is None


def test_of_a_person_one_connection_reads_a_page_at_a_time() -> None:
    crowd = Crowd(alone=True)
    first = Talk(limits=LIMITS, now=NOW, budget=crowd.budgets.of(SOMEBODY, NOW))
    second = Talk(limits=LIMITS, now=NOW, budget=crowd.budgets.of(SOMEBODY, NOW))
    held = [StreamCursor(STREAM, cursor=1, chain=CHAIN)]
    assert ReadPage(STREAM, GRANT, 1) in first.open(offer(head=2), cursors=held)
    assert ReadPage(STREAM, GRANT, 1) not in second.open(offer(head=2), cursors=held)
    assert crowd.later(second, 1.0) == []
    first.feed(PageRead(STREAM, GRANT, [], 1, CHAIN, 1))
    assert crowd.later(second, 1.0) == [ReadPage(STREAM, GRANT, 1)]
    second.session.end()
    assert first.feed(Woken(STREAM, 3)) == [ReadPage(STREAM, GRANT, 1)], "one that has ended reads no more"
