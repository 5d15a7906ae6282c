"""More than is taken: connections, frames, pushes under way; and a storm of frames and changes that are mutated."""

from __future__ import annotations

import random
from contextlib import ExitStack, suppress
from uuid import UUID, uuid4

from tests.end_to_end.conftest import Note
from tests.end_to_end.entries import edited, entry
from tests.end_to_end.practice import Practice
from tests.end_to_end.server_process import ServerProcess
from tests.end_to_end.wire import Peer, Token, code_of, connected, redeem, welcomed
from tests.schemas import forging
from websockets.exceptions import ConnectionClosed

from intersession_schemas import codec
from intersession_schemas.errors import CloseCode, ErrorCode, Refusal
from intersession_schemas.messages import Accepted, Error, Have, Push, Rejected


def test_too_many_connections_of_a_device(server: ServerProcess, token: Token) -> None:
    with ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(welcomed(server.url, token.token))
        with connected(server.url, token.token) as sixth:
            assert sixth.close_code() == CloseCode.TOO_MANY
    with welcomed(server.url, token.token):
        pass


def test_too_many_frames_are_told_off_and_then_closed(server: ServerProcess, peer: Peer) -> None:
    document, (_, change) = uuid4(), entry()
    with suppress(ConnectionClosed):
        for number in range(1_000):
            if number % 2:
                peer.send_push(document, [change])
            else:
                peer.say(Have(peer.offer().stream, document, []))
    assert peer.close_code() == CloseCode.TOO_MANY
    refusals = [frame for frame in peer.seen if isinstance(frame, Error | Rejected)]
    assert all(frame.retry_after is not None for frame in refusals)
    said = {frame.code for frame in refusals}
    assert ErrorCode.RATE_LIMITED in said
    assert said <= {ErrorCode.RATE_LIMITED, Refusal.RATE_LIMITED, Refusal.BUSY}


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
    document, change = entry("Some words that are changed here and there.")
    changes = [change, edited(document, "Some words that were changed here and there.")]
    said: list[str] = []
    closed = 0
    for round in range(12):
        token = redeem(server.url, practice.invite_client(client))
        with welcomed(server.url, token.token) as peer:
            stream = peer.offer().stream
            pushes = [forging.mutated(chance.choice(changes), chance) for _ in range(60)]
            frames = [codec.encode(Push(n, stream, uuid4(), "journal_entry", [one])) for n, one in enumerate(pushes)]
            if round % 2:
                frames = [mutated_frame(frame, chance) for frame in frames]
            closed += not take_all(peer, frames)
            said += [one.code for one in peer.seen if isinstance(one, Rejected | Error)]
    assert set(said) <= {*Refusal, *ErrorCode}
    with welcomed(server.url, redeem(server.url, practice.invite_client(client)).token) as peer:
        peer.everything()
    note(f"mutated frames and changes: {len(said)} refused with documented codes, {closed} connections closed")


def take_all(peer: Peer, frames: list[bytes]) -> bool:
    """Send all frames, which are pushes, and await all answers; False when the connection was closed over one."""
    try:
        for frame in frames:
            peer.say_raw(frame)
        while sum(isinstance(one, Accepted | Rejected) for one in peer.seen) < len(frames):
            peer.hear()
    except ConnectionClosed as closed:
        code = code_of(closed)
    else:
        return True
    assert code == CloseCode.PROTOCOL_ERROR
    return False


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
