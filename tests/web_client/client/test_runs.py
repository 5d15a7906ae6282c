"""When a connection is made, given up and made again: in a world in which time passes when it is told to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import pytest
from tests.web_client.peer import Peer

from intersession_schemas.messages import Limits, StreamOffer, Welcome
from intersession_schemas.streams import Audience, Role

STREAM = UUID("11111111-1111-4111-8111-111111111111")
ACCOUNT = UUID(int=7)
DOCUMENTS = [str(UUID(int=number)) for number in range(1, 4)]
LIMITS = Limits(frame_bytes=1_000_000, pushes=8, messages_per_second=0)
OFFER = StreamOffer(STREAM, Audience.RECORD, Role.CLIENT, ACCOUNT, ACCOUNT, "")
WELCOME = Welcome(1, "test", ACCOUNT, ACCOUNT, [OFFER], LIMITS)
LONGEST_WAIT = 8


class Run:
    """One connection in a world of its own."""

    def __init__(self, node: Peer, name: str) -> None:
        self._node, self._name = node, name

    def ask(self, call: str, **given: Any) -> Any:
        return self._node.ask(call, self._name, **given)

    @property
    def heard(self) -> Any:
        """What the replica was told, and what `sync` has answered."""
        return self.ask("heard")

    @property
    def sockets(self) -> list[Any]:
        """All connections that were begun."""
        found: list[Any] = self.ask("sockets")
        return found

    def after(self, seconds: float) -> int:
        """Let time pass; how many connections were begun by then."""
        self.ask("advance", seconds=seconds)
        return len(self.sockets)

    def welcome(self, socket: int) -> None:
        """A server answers the connection and welcomes it."""
        self.ask("open", socket=socket)
        self.say(socket, msgspec.to_builtins(WELCOME) | {"frame": "welcome"})

    def say(self, socket: int, frame: Any) -> None:
        self.ask("say", socket=socket, frame=frame)

    def frames(self, socket: int) -> list[str]:
        """What was sent there."""
        return [frame["frame"] for frame in self.sockets[socket]["sent"]]


@pytest.fixture
def run(node: Peer, request: pytest.FixtureRequest) -> Run:
    return Run(node, request.node.name)


def test_the_token_goes_beside_the_protocol_and_nowhere_else(run: Run) -> None:
    run.ask("live")
    [socket] = run.sockets
    assert socket["url"] == "wss://practice.example/sync"
    assert socket["protocols"] == ["intersession.1", "bearer.secret"]


def test_what_is_written_is_sent_once_and_leaves_the_outbox_when_it_is_accepted(run: Run) -> None:
    run.ask("live")
    run.welcome(0)
    assert run.heard["connected"]
    run.ask("wrote", document=DOCUMENTS[0])
    assert run.frames(0) == ["hello", "push"]
    run.ask("sync")
    run.say(0, {"frame": "accepted", "id": 1, "seq": 0})
    assert run.heard["settled"] == [DOCUMENTS[0]]
    [report] = run.heard["reports"]
    assert (report["complete"], report["pushed"]) == (True, 1)


def test_a_server_that_does_not_answer_is_tried_again_and_again_and_not_too_often(run: Run) -> None:
    run.ask("live")
    for _ in range(100):
        run.ask("end", socket=len(run.sockets) - 1)
        run.after(LONGEST_WAIT)
    # Half of at most eight seconds, as chance has it here, and the first ones sooner.
    assert 101 <= len(run.sockets) <= 206
    assert set(run.heard["troubles"]) == {"unreachable"}


def test_a_connection_that_does_not_open_is_given_up(run: Run) -> None:
    run.ask("live")
    assert run.after(9) == 1
    assert run.after(3) == 2
    assert run.sockets[0]["closed"]


def test_sync_gives_up_when_no_server_was_reached(run: Run) -> None:
    run.ask("sync", seconds=30)
    for _ in range(20):
        if run.heard["reports"]:
            break
        run.ask("end", socket=len(run.sockets) - 1)
        run.after(1)
    assert run.heard["reports"] == [{"refused": "unreachable"}]
    number = len(run.sockets)
    assert run.after(100) == number


def test_sync_says_what_is_left_when_its_time_is_over(run: Run) -> None:
    run.ask("wrote", document=DOCUMENTS[0])
    run.ask("sync", seconds=20)
    run.welcome(0)
    run.after(20)
    [report] = run.heard["reports"]
    assert (report["complete"], report["reason_code"]) == (False, "timeout")
    assert report["reason"].startswith("Still to do: 1 document to send.")
    assert run.sockets[0]["closed"]


def test_two_calls_of_sync_share_one_connection(run: Run) -> None:
    run.ask("sync")
    run.ask("sync")
    assert len(run.sockets) == 1
    run.welcome(0)
    assert [one["complete"] for one in run.heard["reports"]] == [True, True]


def test_a_server_that_owes_an_answer_and_is_silent_is_taken_for_lost(run: Run) -> None:
    run.ask("live")
    run.welcome(0)
    assert run.after(600) == 1  # nothing is owed
    run.ask("wrote", document=DOCUMENTS[0])
    assert run.after(59) == 1
    assert run.after(1 + LONGEST_WAIT) == 2
    assert run.sockets[0]["closed"]
    run.welcome(1)
    assert run.frames(1) == ["hello", "push"]


def test_without_a_network_it_is_not_connected_and_with_one_again_at_once(run: Run) -> None:
    run.ask("live")
    run.welcome(0)
    run.ask("noticed", what="offline")
    assert not run.heard["connected"]
    assert run.sockets[0]["closed"]
    for _ in range(20):
        run.ask("end", socket=len(run.sockets) - 1)
        run.after(LONGEST_WAIT)
    run.ask("end", socket=len(run.sockets) - 1)
    number = len(run.sockets)
    run.ask("noticed", what="online")
    assert len(run.sockets) == number + 1


def test_while_nobody_looks_it_does_not_connect_again(run: Run) -> None:
    run.ask("live")
    run.welcome(0)
    run.ask("noticed", what="hidden")
    assert run.heard["connected"]
    run.ask("end", socket=0, code=1001)
    assert run.after(1000) == 1
    run.ask("noticed", what="visible")
    assert run.after(0) == 2


def test_a_page_that_is_looked_at_again_doubts_a_connection_on_which_nothing_has_come_for_long(run: Run) -> None:
    run.ask("live")
    run.welcome(0)
    run.after(30)
    run.ask("noticed", what="visible")
    assert not run.sockets[0]["closed"]
    run.after(60)
    run.ask("noticed", what="visible")
    assert run.after(LONGEST_WAIT) == 2


def test_a_device_whose_access_has_ended_does_not_come_back(run: Run) -> None:
    run.ask("live")
    run.welcome(0)
    run.ask("sync")
    run.ask("end", socket=0, code=4403)
    assert run.heard["ended"] == [False, True]
    assert run.heard["troubles"][-1] == "access_ended"
    assert run.after(1000) == 1


def test_a_server_that_is_put_off_is_left_alone_for_as_long_as_it_says(run: Run) -> None:
    run.ask("live")
    run.welcome(0)
    run.say(0, {"frame": "error", "code": "going_away", "message": "", "retry_after": 40.0})
    run.ask("end", socket=0, code=1001)
    assert run.after(40) == 1
    assert run.after(10) == 2


def test_a_frame_that_was_too_large_is_sent_smaller_and_given_up_in_the_end(run: Run) -> None:
    run.ask("wrote", document=DOCUMENTS[0])
    run.ask("live")
    for socket in range(2):
        run.welcome(socket)
        assert run.frames(socket) == ["hello", "push"]
        run.ask("end", socket=socket, code=1009)
        run.after(LONGEST_WAIT)
    run.welcome(2)
    assert run.frames(2) == ["hello"]


def test_what_is_no_frame_ends_the_connection_and_not_the_run(run: Run) -> None:
    run.ask("live")
    run.welcome(0)
    run.say(0, {"frame": "accepted", "id": 1, "seq": 1})  # of no push; does no harm
    assert run.heard["connected"]
    run.ask("garble", socket=0)
    assert not run.heard["connected"]
    assert run.heard["troubles"][-1] == "protocol_error"
    assert run.after(LONGEST_WAIT) == 2


def test_what_is_not_wanted_any_more_ends_at_once(run: Run) -> None:
    run.ask("live")
    run.welcome(0)
    run.ask("live", on=False)
    assert not run.heard["connected"]
    assert run.sockets[0]["closed"]
    assert run.after(1000) == 1
