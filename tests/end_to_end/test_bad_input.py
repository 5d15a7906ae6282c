"""What a broken or hostile peer may send, on a real socket with a real token. Each gets its documented answer; the
server goes on serving others, in bounded memory, and nothing that it has accepted is lost.

One server takes it all, and a witness's connection stays open throughout. `test_full_disks` has a server of its own.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest
from tests.end_to_end.conftest import Note
from tests.end_to_end.practice import Practice
from tests.end_to_end.server_process import ServerProcess, serving, wait_for
from tests.end_to_end.wire import Peer, Token, connected, redeem, welcomed
from tests.schemas import forging
from websockets.exceptions import ConnectionClosed, InvalidStatus

from intersession import Caseload, Tracker
from intersession.errors import AccessEnded, PairingRefused, Unreachable
from intersession_schemas import codec
from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.documents import journal
from intersession_schemas.errors import CloseCode, ErrorCode, Refusal
from intersession_schemas.messages import (
    PROTOCOL,
    Accepted,
    Error,
    Have,
    Hello,
    Purged,
    Push,
    Rejected,
    Rows,
    RowType,
    StreamCursor,
)

THERAPIST = "anna"
MEMORY_TO_SPARE = 96 * 2**20
PANICS_IN_A_SYNC_MESSAGE = bytes.fromhex(
    "42019979c1fca799fc05fd03b4f8fa2de911bfc95152507ee4d2f81673c28962e0cf00010005010007794200020102"
)
MANY = 2**28


def entry(text: str = "A word.", actor: bytes | None = None) -> tuple[Document, bytes]:
    """A new journal entry and the change that it is."""
    now = datetime.now(UTC)
    document = Document.new(actor or random.randbytes(16))
    return document, journal.create(document, written_at=now, entered_at=now, text=text)


def edited(document: Document, text: str) -> bytes:
    change = journal.edit(document, text=text)
    assert change is not None
    return change


class Witness:
    """Somebody who has nothing to do with all this, and must not notice it."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.accepted: list[bytes] = []

    def write(self) -> None:
        """One more entry, accepted as always."""
        _, change = entry(f"Entry {len(self.accepted)} of the witness.")
        assert isinstance(self.peer.push(uuid4(), [change]), Accepted)
        self.accepted.append(read_change(change).hash)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with serving(tmp_path_factory.mktemp("bad-input") / "server") as running:
        yield running


@pytest.fixture(scope="module")
def practice(server: ServerProcess) -> Iterator[Practice]:
    with Practice.on(server) as made:
        made.add_therapist(THERAPIST)
        yield made


@pytest.fixture(scope="module")
def witness(server: ServerProcess, practice: Practice) -> Iterator[Witness]:
    client = practice.add_client("Witness", THERAPIST)
    with welcomed(server.url, redeem(server.url, client.code).token) as peer:
        witness = Witness(peer)
        yield witness
        witness.write()
    with welcomed(server.url, redeem(server.url, practice.invite_client(client.person)).token) as peer:
        found = [read_change(change).hash for changes in peer.everything().values() for change in changes]
    assert sorted(found) == sorted(witness.accepted)


@pytest.fixture(autouse=True)
def _others_go_on(server: ServerProcess, witness: Witness) -> Iterator[None]:
    """After each test the same process serves the witness, and has not grown by what was sent to it."""
    witness.write()
    pid, memory = server.pid, server.memory()
    yield
    witness.write()
    assert (server.pid, server.is_running()) == (pid, True)
    assert server.memory() - memory < MEMORY_TO_SPARE


@pytest.fixture
def client(practice: Practice, request: pytest.FixtureRequest) -> UUID:
    """A client in the care of `THERAPIST`."""
    return practice.add_client(request.node.name, THERAPIST).person


@pytest.fixture
def token(server: ServerProcess, practice: Practice, client: UUID) -> Token:
    """The token of a device of theirs."""
    return redeem(server.url, practice.invite_client(client))


@pytest.fixture
def peer(server: ServerProcess, token: Token) -> Iterator[Peer]:
    """That device, connected and welcomed."""
    with welcomed(server.url, token.token) as made:
        yield made


# --- codes and tokens -------------------------------------------------------------------------------------------------


def test_pairing_codes_that_are_refused(
    server: ServerProcess, practice: Practice, client: UUID, tmp_path: Path
) -> None:
    def refused(code: str) -> str:
        with Tracker.open(tmp_path / "store.db") as tracker, pytest.raises(PairingRefused) as refusal:
            tracker.pair(server.url, code, share_by_default=True)
        return refusal.value.code

    old = practice.invite_client(client)
    used = practice.invite_client(client)  # it takes the place of the first
    assert refused(old) == "old_code"
    redeem(server.url, used)
    assert refused(used) == "used_code"
    assert refused("0000-0000") == "wrong_code"
    assert refused("no code at all") == "wrong_code"
    good = practice.invite_client(client)
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
    assert [refused(wrong) for _ in range(5)] == ["wrong_code"] * 5
    assert refused(good) == "too_many_tries"
    redeem(server.url, practice.invite_client(client))


def test_a_code_of_the_other_role_is_refused(
    server: ServerProcess, practice: Practice, client: UUID, tmp_path: Path
) -> None:
    with Tracker.open(tmp_path / "tracker.db") as tracker, pytest.raises(PairingRefused) as refusal:
        tracker.pair(server.url, practice.invite_therapist(THERAPIST), share_by_default=True)
    assert refusal.value.code == "wrong_role"
    with Caseload.open(tmp_path / "caseload.db") as caseload, pytest.raises(PairingRefused) as refusal:
        caseload.pair(server.url, practice.invite_client(client))
    assert refusal.value.code == "wrong_role"


@pytest.mark.parametrize("shown", [None, "", "x", "x" * 43, "x" * 4000], ids=["none", "empty", "short", "long", "huge"])
def test_a_wrong_token_is_closed_with_4401(server: ServerProcess, shown: str | None) -> None:
    with connected(server.url, shown) as peer:
        assert peer.close_code() == CloseCode.UNAUTHENTICATED


def test_the_sdk_says_that_its_token_is_not_known(
    server: ServerProcess, practice: Practice, client: UUID, tmp_path: Path
) -> None:
    with practice.tracker(tmp_path / "store.db", client) as tracker:
        tracker.journal.write("Kept here.")
        replica = tracker._replica
        with replica.writing():
            replica.store.set_meta("token", "x" * 43)
        with pytest.raises(AccessEnded) as ended:
            tracker.sync()
        assert ended.value.code == "wrong_token"
        assert [one.text for one in tracker.journal.entries()] == ["Kept here."]
        assert tracker.status().pending == 1


def test_a_foreign_origin_is_refused_before_anything_is_accepted(server: ServerProcess, token: Token) -> None:
    with (
        pytest.raises(InvalidStatus) as refused,
        connected(server.url, token.token, headers={"Origin": "https://elsewhere.example"}),
    ):
        pass
    assert refused.value.response.status_code == 403
    with connected(server.url, token.token, headers={"Origin": server.url}) as peer:
        peer.hello()


# --- frames -----------------------------------------------------------------------------------------------------------

HELLO = codec.encode(Hello((PROTOCOL, PROTOCOL), UUID(int=1)))
NOT_FRAMES: dict[str, bytes | str] = {
    "text": "hello",
    "empty text": "",
    "empty": b"",
    "not msgpack": b"\xc1\xff\x00",
    "json": b'{"frame": "hello"}',
    "no map": msgspec.msgpack.encode([1, 2]),
    "no name": msgspec.msgpack.encode({"protocol": [1, 1]}),
    "a field is missing": msgspec.msgpack.encode({"frame": "hello"}),
    "a field is of another type": msgspec.msgpack.encode({"frame": "hello", "protocol": "one", "replica": bytes(16)}),
    "cut short": HELLO[:-3],
    "nested deeply": b"\x81\xa5frame" + b"\x91" * 100_000,
    "a list longer than its bytes": b"\xdd\xff\xff\xff\xff",
}


@pytest.mark.parametrize("said", NOT_FRAMES.values(), ids=NOT_FRAMES)
@pytest.mark.parametrize("after_hello", [False, True], ids=["first", "later"])
def test_what_is_no_frame_is_a_protocol_error(
    server: ServerProcess, token: Token, said: bytes | str, after_hello: bool
) -> None:
    with connected(server.url, token.token) as peer:
        if after_hello:
            peer.hello()
        peer.say_raw(said)
        assert peer.error().code == ErrorCode.PROTOCOL_ERROR
        assert peer.close_code() == CloseCode.PROTOCOL_ERROR


def test_an_unknown_frame_is_named_and_the_connection_goes_on(peer: Peer) -> None:
    peer.say_raw(msgspec.msgpack.encode({"frame": "shout"}))
    error = peer.error()
    assert error.code == ErrorCode.UNKNOWN_FRAME
    assert "shout" in error.message
    assert isinstance(peer.push(uuid4(), [entry()[1]]), Accepted)


@pytest.mark.parametrize(
    "frames",
    [
        [Push(1, UUID(int=1), UUID(int=2), "journal_entry", [b"x"])],
        [Purged(UUID(int=1), UUID(int=2))],
        [Hello((1, 1), UUID(int=1)), Hello((1, 1), UUID(int=1))],
    ],
    ids=["push first", "purged first", "hello twice"],
)
def test_a_frame_out_of_its_turn_is_a_protocol_error(
    server: ServerProcess, token: Token, frames: list[Hello | Push | Purged]
) -> None:
    with connected(server.url, token.token) as peer:
        for frame in frames:
            peer.say(frame)
        assert peer.error().code == ErrorCode.PROTOCOL_ERROR
        assert peer.close_code() == CloseCode.PROTOCOL_ERROR


@pytest.mark.parametrize("protocol", [(2, 9), (0, 0), (9, 2)])
def test_a_protocol_version_that_is_not_spoken(server: ServerProcess, token: Token, protocol: tuple[int, int]) -> None:
    with connected(server.url, token.token) as peer:
        peer.say(Hello(protocol, uuid4()))
        assert peer.error().code == ErrorCode.UPGRADE_REQUIRED
        assert peer.close_code() == CloseCode.UPGRADE_REQUIRED


def test_an_app_of_a_later_protocol_keeps_what_it_has(
    practice: Practice, client: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with practice.tracker(tmp_path / "store.db", client) as tracker:
        tracker.journal.write("Kept here.")
        with monkeypatch.context() as patched:
            patched.setattr("intersession.replica.session.PROTOCOL", 99)
            with pytest.raises(Unreachable) as refused:
                tracker.sync()
        assert refused.value.code == "upgrade_required"
        assert tracker.status().pending == 1
        assert tracker.sync().complete
        assert tracker.status().pending == 0


@pytest.mark.parametrize("megabytes", [2, 3])
def test_a_frame_too_large_is_closed_with_4413(server: ServerProcess, peer: Peer, megabytes: int) -> None:
    peer.say_raw(bytes(megabytes * 2**20 + 1))
    assert peer.error().code == ErrorCode.FRAME_TOO_LARGE
    assert peer.close_code() == CloseCode.FRAME_TOO_LARGE


def test_a_frame_beyond_all_bounds_is_cut_off_before_it_has_come(peer: Peer) -> None:
    """Twice the limit and more is not even taken in: the websocket's own code says so."""
    with pytest.raises(ConnectionClosed) as closed:
        peer.say_raw(bytes(64 * 2**20))
        while True:
            peer.hear()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


# --- pushes -----------------------------------------------------------------------------------------------------------


def test_a_stream_that_is_not_ours_is_unknown(server: ServerProcess, practice: Practice, peer: Peer) -> None:
    """Whether it does not exist or belongs to somebody else cannot be told apart."""
    other = practice.add_client("Somebody else", THERAPIST)
    with welcomed(server.url, redeem(server.url, other.code).token) as others:
        stream = others.offer().stream
        answers = [peer.push(uuid4(), [entry()[1]], stream=which) for which in (stream, uuid4())]
        assert isinstance(others.push(uuid4(), [entry()[1]]), Accepted)
    said = {(answer.code, answer.message, answer.retry_after) for answer in answers if isinstance(answer, Rejected)}
    assert len(answers) == 2
    assert [code for code, _, _ in said] == [Refusal.UNKNOWN_STREAM]


def test_a_cursor_of_an_unknown_stream_is_told_and_the_rest_goes_on(server: ServerProcess, token: Token) -> None:
    with connected(server.url, token.token) as peer:
        peer.hello(StreamCursor(uuid4(), 7, b"12345678"))
        assert peer.error().code == ErrorCode.UNKNOWN_STREAM
        assert isinstance(peer.push(uuid4(), [entry()[1]]), Accepted)


def test_a_log_that_differs_is_named_and_the_connection_closed(server: ServerProcess, token: Token, peer: Peer) -> None:
    accepted = peer.push(uuid4(), [entry()[1]])
    assert isinstance(accepted, Accepted)
    with connected(server.url, token.token) as other:
        other.say(Hello((1, 1), uuid4(), "", [StreamCursor(peer.offer().stream, accepted.seq, b"12345678")]))
        assert other.error().code == ErrorCode.LOG_DIVERGED
        assert other.close_code() == CloseCode.CONFLICT


@pytest.mark.parametrize(
    ("kind", "code"),
    [("plan", Refusal.NOT_WRITER), ("note", Refusal.UNKNOWN_KIND), ("diary", Refusal.UNKNOWN_KIND)],
)
def test_a_kind_that_one_may_not_write(peer: Peer, kind: str, code: Refusal) -> None:
    assert refusal(peer.push(uuid4(), [entry()[1]], kind=kind)) == code


def test_a_document_keeps_its_kind(peer: Peer) -> None:
    id, (document, change) = uuid4(), entry()
    assert isinstance(peer.push(id, [change]), Accepted)
    assert refusal(peer.push(id, [edited(document, "Other.")], kind="symptom_log")) == Refusal.WRONG_DOCUMENT


def damaged_checksum() -> bytes:
    change = bytearray(entry()[1])
    change[5] ^= 1
    return bytes(change)


def counter() -> bytes:
    return forging.change(forging.sets(1, value_meta=forging.run(1, forging.unsigned(1 << 4 | forging.COUNTER)), value=b"\1"))


BAD_CHANGES: dict[str, tuple[Callable[[], bytes], Refusal]] = {
    "nothing": (lambda: b"", Refusal.BAD_CHANGE),
    "no change": (lambda: b"no change at all", Refusal.BAD_CHANGE),
    "a wrong checksum": (damaged_checksum, Refusal.BAD_CHECKSUM),
    "cut short": (lambda: entry()[1][:-5], Refusal.BAD_CHANGE),
    "a sync message that makes Automerge panic": (lambda: PANICS_IN_A_SYNC_MESSAGE, Refusal.BAD_CHANGE),
    "a counter": (counter, Refusal.BAD_CHANGE),
    "104 bytes that cost 170 MB": (lambda: forging.change(forging.sets(MANY)), Refusal.TOO_MANY_OPERATIONS),
    "a kilobyte of keys that is a gigabyte": (
        lambda: forging.change(forging.sets(MANY, key_string=forging.run(MANY, forging.text(b"k" * 1000)))),
        Refusal.TOO_MANY_OPERATIONS,
    ),
    "a megabyte that inflates to a gigabyte": (
        lambda: forging.sealed(b"", deflate=True)[:9] + forging.text(forging.deflated_zeros(2**30)),
        Refusal.TOO_LARGE,
    ),
    "more than a change may be": (lambda: entry()[1] + bytes(2**20), Refusal.TOO_LARGE),
}


@pytest.mark.parametrize(("make", "code"), BAD_CHANGES.values(), ids=BAD_CHANGES)
def test_a_change_that_is_refused(peer: Peer, make: Callable[[], bytes], code: Refusal) -> None:
    id, (document, change) = uuid4(), entry()
    assert isinstance(peer.push(id, [change]), Accepted)
    assert refusal(peer.push(id, [make()])) == code
    # All or nothing, and the document goes on.
    assert refusal(peer.push(id, [edited(document, "One."), make()])) == code
    assert refusal(peer.push(id, [edited(document, "Two.")]), final=False) == Refusal.MISSING_DEPENDENCY


@pytest.mark.parametrize("change", forging.PANICS.values(), ids=forging.PANICS)
def test_a_change_that_makes_automerge_panic_is_set_aside_and_what_builds_on_it_refused(
    server: ServerProcess, token: Token, peer: Peer, change: bytes
) -> None:
    id, (document, good) = uuid4(), entry()
    assert isinstance(peer.push(id, [good]), Accepted)
    forged = peer.push(id, [change])
    if isinstance(forged, Accepted):  # it may only show when it is applied
        page = peer.hear_a(Rows, lambda rows: rows.through >= forged.seq)
        (row,) = (row for row in page.items if row.seq == forged.seq)
        assert (row.type, row.change) == (RowType.QUARANTINE, b"")
        assert refusal(peer.push(id, [change])) == Refusal.DOES_NOT_APPLY
    else:
        assert forged.code in (Refusal.BAD_CHANGE, Refusal.TOO_MANY_OPERATIONS)
    builds_on_it = forging.change(forging.sets(1), deps=[forging.hash_of(change)], actor=b"\xbb" * 16, start_op=2)
    code = Refusal.DEPENDENCY_REFUSED if isinstance(forged, Accepted) else Refusal.MISSING_DEPENDENCY
    assert refusal(peer.push(id, [builds_on_it]), final=code is not Refusal.MISSING_DEPENDENCY) == code
    last = edited(document, "It goes on.")
    assert isinstance(peer.push(id, [last]), Accepted)
    with welcomed(server.url, token.token) as other:
        assert other.everything()[id] == [good, last]


def test_what_builds_on_nothing_that_is_there_waits(peer: Peer) -> None:
    id, (document, first) = uuid4(), entry()
    second = edited(document, "A later word.")
    assert refusal(peer.push(id, [second]), final=False) == Refusal.MISSING_DEPENDENCY
    assert isinstance(peer.push(id, [first, second]), Accepted)


def test_an_actor_writes_for_one_account_and_one_change_per_number(
    server: ServerProcess, practice: Practice, peer: Peer
) -> None:
    actor, id = random.randbytes(16), uuid4()
    assert isinstance(peer.push(id, [entry("One.", actor)[1]]), Accepted)
    assert refusal(peer.push(id, [entry("Another.", actor)[1]])) == Refusal.ACTOR_REUSED
    other = practice.add_client("Another account", THERAPIST)
    with welcomed(server.url, redeem(server.url, other.code).token) as others:
        assert refusal(others.push(uuid4(), [entry("A third.", actor)[1]])) == Refusal.ACTOR_TAKEN


def test_an_edit_that_the_server_refuses_is_kept_as_text(practice: Practice, client: UUID, tmp_path: Path) -> None:
    """A device with a defect writes a kind that it may not: the SDK keeps the words, and everything else goes on."""
    with practice.tracker(tmp_path / "store.db", client) as tracker:
        assert tracker.sync().complete
        refused = tracker.journal.write("These words must not get lost.").id
        tracker.journal.write("These arrive.")
        replica = tracker._replica
        with replica.writing():
            replica.store.run("UPDATE documents SET kind = 'plan' WHERE id = ?", refused.bytes)
        report = tracker.sync()
        assert (report.complete, report.refused) == (True, 1)
        (one,) = tracker.status().refusals
        assert (one.code, one.document) == (Refusal.NOT_WRITER, refused)
        assert [found.text for found in tracker.journal.entries()] == ["These arrive."]


# --- too much ---------------------------------------------------------------------------------------------------------


def test_too_many_connections_of_a_device(server: ServerProcess, token: Token) -> None:
    from contextlib import ExitStack

    with ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(welcomed(server.url, token.token))
        with connected(server.url, token.token) as sixth:
            assert sixth.close_code() == CloseCode.TOO_MANY
    with welcomed(server.url, token.token):
        pass


def test_too_many_frames_are_told_off_and_then_closed(server: ServerProcess, peer: Peer) -> None:
    document, (_, change) = uuid4(), entry()
    said: list[str] = []
    try:
        for number in range(1_000):
            if number % 2:
                peer.send_push(document, [change])
            else:
                peer.say(Have(peer.offer().stream, document, []))
    except ConnectionClosed:
        pass
    code = peer.close_code()
    for frame in peer.seen:
        if isinstance(frame, Error | Rejected):
            said.append(frame.code)
            assert frame.retry_after is not None
    assert set(said) <= {ErrorCode.RATE_LIMITED, Refusal.RATE_LIMITED, Refusal.BUSY}
    assert ErrorCode.RATE_LIMITED in said
    assert code == CloseCode.TOO_MANY


def test_more_pushes_under_way_than_are_taken_are_busy(peer: Peer) -> None:
    """Sent in one piece, so that they come faster than the disk takes them; each is answered, once."""
    pushes = {peer.send_push(uuid4(), [entry()[1]]) for _ in range(150)}
    answered: dict[int, Accepted | Rejected] = {}
    while len(answered) < len(pushes):
        frame = peer.hear()
        if isinstance(frame, Accepted | Rejected):
            assert frame.id not in answered
            answered[frame.id] = frame
    rejected = [answer for answer in answered.values() if isinstance(answer, Rejected)]
    assert {answer.code for answer in rejected} <= {Refusal.BUSY}
    assert all(answer.retry_after for answer in rejected)
    assert answered.keys() == pushes


def test_a_storm_of_mutated_frames_and_changes(
    server: ServerProcess, practice: Practice, client: UUID, note: Note
) -> None:
    """Only documented answers, whatever comes."""
    chance = random.Random(4)
    documented = {*Refusal, *ErrorCode}
    said: dict[str, int] = {}
    closed = 0
    document, change = entry("Some words that are changed here and there.")
    changes = [change, edited(document, "Some words that were changed here and there.")]
    for round in range(12):
        token = redeem(server.url, practice.invite_client(client)) if round % 4 == 0 else token  # noqa: F821
        with welcomed(server.url, token.token) as peer:
            stream = peer.offer().stream
            pushes = [forging.mutated(chance.choice(changes), chance) for _ in range(60)]
            frames = [codec.encode(Push(n, stream, uuid4(), "journal_entry", [one])) for n, one in enumerate(pushes)]
            if round % 2:
                frames = [mutated_frame(frame, chance) for frame in frames]
            try:
                for frame in frames:
                    peer.say_raw(frame)
                peer.say(Have(stream, uuid4(), []))
                while sum(isinstance(one, Accepted | Rejected) for one in peer.seen) < len(frames):
                    peer.hear()
            except ConnectionClosed as ended:
                assert ended.rcvd is not None
                assert ended.rcvd.code == CloseCode.PROTOCOL_ERROR
                closed += 1
            except TimeoutError:
                raise AssertionError("a push was not answered") from None
            for one in peer.seen:
                if isinstance(one, Rejected | Error):
                    assert one.code in documented
                    said[one.code] = said.get(one.code, 0) + 1
    with welcomed(server.url, redeem(server.url, practice.invite_client(client)).token) as peer:
        peer.everything()
    note(f"mutated frames and changes: {sum(said.values())} refused with documented codes, {closed} connections closed")


def mutated_frame(frame: bytes, chance: random.Random) -> bytes:
    """The frame with a few bytes changed, left out or put in."""
    changed = bytearray(frame)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(changed))
        match chance.randrange(3):
            case 0:
                changed[at] = chance.randrange(256)
            case 1:
                del changed[at]
            case _:
                changed.insert(at, chance.randrange(256))
    return bytes(changed)


def refusal(answer: Accepted | Rejected, *, final: bool = True) -> str:
    """The code of a rejection, which must be final or not."""
    assert isinstance(answer, Rejected)
    assert (answer.retry_after is None) == final
    return answer.code
