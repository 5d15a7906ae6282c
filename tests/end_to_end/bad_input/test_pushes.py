"""Pushes that are refused: by whom and where, and what is wrong with their changes."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.end_to_end.bad_input.conftest import THERAPIST
from tests.end_to_end.support.entries import edited, entry
from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.server_process import ServerProcess
from tests.end_to_end.support.wire import Peer, Token, connected, redeem, welcomed
from tests.schemas import forging

from intersession_schemas.errors import ErrorCode, RefusalCode
from intersession_schemas.messages import Accepted, Hello, Rejected, Rows, RowType, StreamCursor

PANICS_IN_A_SYNC_MESSAGE = bytes.fromhex(
    "42019979c1fca799fc05fd03b4f8fa2de911bfc95152507ee4d2f81673c28962e0cf00010005010007794200020102"
)
MANY = 2**28


def test_a_stream_that_is_not_ours_is_unknown(server: ServerProcess, practice: Practice, peer: Peer) -> None:
    """Whether it does not exist or belongs to somebody else cannot be told apart."""
    other = practice.add_client("Somebody else", THERAPIST)
    with welcomed(server.url, redeem(server.url, other.code).token) as others:
        stream = others.offer().stream
        answers = [peer.push(uuid4(), [entry()[1]], stream=which) for which in (stream, uuid4())]
        assert isinstance(others.push(uuid4(), [entry()[1]]), Accepted)
    said = {(answer.code, answer.message, answer.retry_after) for answer in answers if isinstance(answer, Rejected)}
    assert len(answers) == 2
    assert [code for code, _, _ in said] == [RefusalCode.UNKNOWN_STREAM]


def test_a_cursor_of_an_unknown_stream_is_told_and_the_rest_goes_on(server: ServerProcess, token: Token) -> None:
    with connected(server.url, token.token) as peer:
        peer.hello(StreamCursor(uuid4(), 7, b"12345678"))
        assert peer.error().code == ErrorCode.UNKNOWN_STREAM
        assert isinstance(peer.push(uuid4(), [entry()[1]]), Accepted)


def test_a_log_that_differs_is_named_with_its_stream(server: ServerProcess, token: Token, peer: Peer) -> None:
    accepted = peer.push(uuid4(), [entry()[1]])
    assert isinstance(accepted, Accepted)
    with connected(server.url, token.token) as other:
        other.say(Hello((1, 1), uuid4(), "", [StreamCursor(peer.offer().stream, accepted.seq, b"12345678")]))
        error = other.error()
        assert (error.code, error.stream) == (ErrorCode.LOG_DIVERGED, peer.offer().stream)


@pytest.mark.parametrize(
    ("kind", "code"),
    [("plan", RefusalCode.NOT_WRITER), ("note", RefusalCode.UNKNOWN_KIND), ("diary", RefusalCode.UNKNOWN_KIND)],
)
def test_a_kind_that_one_may_not_write(peer: Peer, kind: str, code: RefusalCode) -> None:
    assert refusal(peer.push(uuid4(), [entry()[1]], kind=kind)) == code


def test_a_document_keeps_its_kind(peer: Peer) -> None:
    id, (document, change) = uuid4(), entry()
    assert isinstance(peer.push(id, [change]), Accepted)
    assert refusal(peer.push(id, [edited(document, "Other.")], kind="symptom_log")) == RefusalCode.WRONG_DOCUMENT


def damaged_checksum() -> bytes:
    change = bytearray(entry()[1])
    change[5] ^= 1
    return bytes(change)


def counter() -> bytes:
    return forging.change(
        forging.sets(1, value_meta=forging.run(1, forging.unsigned(1 << 4 | forging.COUNTER)), value=b"\1")
    )


def nearly_a_gigabyte() -> bytes:
    """A megabyte of zeros, deflated, nine hundred times over."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = deflater.compress(bytes(2**20)) + deflater.flush(zlib.Z_FULL_FLUSH)
    return block * 900 + deflater.flush()


BAD_CHANGES: dict[str, tuple[Callable[[], bytes], RefusalCode]] = {
    "nothing": (lambda: b"", RefusalCode.BAD_CHANGE),
    "no change": (lambda: b"no change at all", RefusalCode.BAD_CHANGE),
    "a wrong checksum": (damaged_checksum, RefusalCode.BAD_CHECKSUM),
    "cut short": (lambda: entry()[1][:-5], RefusalCode.BAD_CHANGE),
    "a sync message that makes Automerge panic": (lambda: PANICS_IN_A_SYNC_MESSAGE, RefusalCode.BAD_CHANGE),
    "a counter": (counter, RefusalCode.BAD_CHANGE),
    "104 bytes that cost 170 MB": (lambda: forging.change(forging.sets(MANY)), RefusalCode.TOO_MANY_OPERATIONS),
    "a kilobyte of keys that is a gigabyte": (
        lambda: forging.change(forging.sets(MANY, key_string=forging.run(MANY, forging.text(b"k" * 1000)))),
        RefusalCode.TOO_MANY_OPERATIONS,
    ),
    "a megabyte that inflates to a gigabyte": (
        lambda: forging.sealed(b"", deflate=True)[:9] + forging.text(nearly_a_gigabyte()),
        RefusalCode.TOO_LARGE,
    ),
    "more than a change may be": (lambda: entry()[1] + bytes(2**20), RefusalCode.TOO_LARGE),
}


@pytest.mark.parametrize(("make", "code"), BAD_CHANGES.values(), ids=BAD_CHANGES)
def test_a_change_that_is_refused(peer: Peer, make: Callable[[], bytes], code: RefusalCode) -> None:
    id, (document, change) = uuid4(), entry()
    assert isinstance(peer.push(id, [change]), Accepted)
    assert refusal(peer.push(id, [make()])) == code
    # All or nothing, and the document goes on.
    assert refusal(peer.push(id, [edited(document, "One."), make()])) == code
    assert refusal(peer.push(id, [edited(document, "Two.")]), final=False) == RefusalCode.MISSING_DEPENDENCY


@pytest.mark.parametrize("change", forging.PANICS.values(), ids=forging.PANICS)
def test_a_change_that_makes_automerge_panic_is_set_aside_and_what_builds_on_it_refused(
    server: ServerProcess, forger: Token, change: bytes
) -> None:
    id, (document, good) = uuid4(), entry()
    with welcomed(server.url, forger.token) as peer:
        check_set_aside(peer, id, good, change)
        last = edited(document, "It goes on.")
        accepted = peer.push(id, [last])
        assert isinstance(accepted, Accepted)
    with welcomed(server.url, forger.token) as other:
        assert other.everything(accepted.seq)[id] == [good, last]


def check_set_aside(peer: Peer, id: UUID, good: bytes, change: bytes) -> None:
    """That `change` is refused, or accepted and then set aside, and so is what builds on it."""
    accepted = peer.push(id, [good])
    assert isinstance(accepted, Accepted)
    peer.hear_a(Rows, lambda rows: rows.through >= accepted.seq)  # applied: some panic only then, and not in one batch
    forged = peer.push(id, [change])
    if isinstance(forged, Accepted):  # it may only show when it is applied
        page = peer.hear_a(Rows, lambda rows: rows.through >= forged.seq)
        (row,) = (row for row in page.items if row.seq == forged.seq)
        assert (row.type, row.change) == (RowType.QUARANTINE, b"")
        assert refusal(peer.push(id, [change])) == RefusalCode.DOES_NOT_APPLY
    else:
        assert forged.code in (RefusalCode.BAD_CHANGE, RefusalCode.TOO_MANY_OPERATIONS)
    builds_on_it = forging.change(forging.sets(1), deps=[forging.hash_of(change)], actor=b"\xbb" * 16, start_op=2)
    answer = peer.push(id, [builds_on_it])
    if isinstance(forged, Accepted):
        assert refusal(answer) == RefusalCode.DEPENDENCY_REFUSED
    else:
        assert refusal(answer, final=False) == RefusalCode.MISSING_DEPENDENCY


def test_what_builds_on_nothing_that_is_there_waits(peer: Peer) -> None:
    id, (document, first) = uuid4(), entry()
    second = edited(document, "A later word.")
    assert refusal(peer.push(id, [second]), final=False) == RefusalCode.MISSING_DEPENDENCY
    assert isinstance(peer.push(id, [first, second]), Accepted)


def test_an_actor_writes_for_one_account_and_one_change_per_number(
    server: ServerProcess, practice: Practice, peer: Peer
) -> None:
    actor, id = random.randbytes(16), uuid4()
    assert isinstance(peer.push(id, [entry("One.", actor)[1]]), Accepted)
    assert refusal(peer.push(id, [entry("Another.", actor)[1]])) == RefusalCode.ACTOR_REUSED
    other = practice.add_client("Another account", THERAPIST)
    with welcomed(server.url, redeem(server.url, other.code).token) as others:
        assert refusal(others.push(uuid4(), [entry("A third.", actor)[1]])) == RefusalCode.ACTOR_TAKEN


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
        assert (one.code, one.document) == (RefusalCode.NOT_WRITER, refused)
        assert [found.text for found in tracker.journal.entries()] == ["These arrive."]


def refusal(answer: Accepted | Rejected, *, final: bool = True) -> str:
    """The code of a rejection, which must be final or not."""
    assert isinstance(answer, Rejected)
    assert (answer.retry_after is None) == final
    return answer.code
