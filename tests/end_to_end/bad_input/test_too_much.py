"""More than is taken: connections, frames, pushes under way; and a storm of frames and changes that are mutated."""

from __future__ import annotations

import random
from contextlib import ExitStack
from uuid import UUID, uuid4

from tests.end_to_end.conftest import Note
from tests.end_to_end.support.entries import edited, entry
from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.server_process import ServerProcess
from tests.end_to_end.support.wire import Peer, Token, code_of, connected, redeem, welcomed
from tests.schemas import forging
from websockets.exceptions import ConnectionClosed

from intersession_schemas import codec
from intersession_schemas.changes import read_change
from intersession_schemas.errors import CloseCode, ErrorCode, RefusalCode
from intersession_schemas.messages import Accepted, Error, Have, Push, Rejected, Want


def test_too_many_connections_of_a_device(server: ServerProcess, token: Token) -> None:
    with ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(welcomed(server.url, token.token))
        with connected(server.url, token.token) as sixth:
            assert sixth.close_code() == CloseCode.TOO_MANY
    with welcomed(server.url, token.token):
        pass


def test_frames_beyond_the_pace_are_taken_later_and_none_is_refused(peer: Peer) -> None:
    """Sent in one piece, faster than the disk takes them and more than may be under way; each is answered once.

    They are taken in their order. Answers to one commit may come in any.
    """
    pushes, (_, change) = set(), entry()
    for number in range(600):
        if number % 2:
            pushes.add(peer.send_push(uuid4(), [entry()[1]]))
        else:
            peer.say(Have(peer.offer().stream, uuid4(), [read_change(change).hash]))
    answered: dict[int, int] = {}
    wanted = 0
    while len(answered) < len(pushes) or wanted < 300:
        frame = peer.hear()
        assert not isinstance(frame, Rejected | Error)
        wanted += isinstance(frame, Want)
        if isinstance(frame, Accepted):
            assert frame.id not in answered
            answered[frame.id] = frame.seq
    assert answered.keys() == pushes
    seqs = [answered[id_] for id_ in sorted(pushes)]
    assert seqs == sorted(seqs)


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
    assert set(said) <= {*RefusalCode, *ErrorCode}
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
