"""Whether anything that was confirmed is lost when the server, or a device, is killed at random moments under load."""

from __future__ import annotations

import random
import time
from collections.abc import Collection, Mapping

from tests.bench.ground import Ground, ground
from tests.bench.result import Options, Result
from tests.end_to_end.support.practice import Invitation
from tests.end_to_end.support.pushers import Pusher, Trap, kill_under_load
from tests.end_to_end.support.wire import redeem, welcomed
from tests.end_to_end.support.writing_device import Written, writing_device

from intersession import Tracker
from intersession_schemas.changes import read_change

PUSHERS = 3
WRITES_FOR = 0.3
"""Seconds that a device writes at most before it is killed."""


def run(options: Options) -> Result:
    """`kills` SIGKILLs of a server that three clients push to, `device_kills` of a device that writes."""
    began = time.perf_counter()
    with ground(forked=True) as here:
        pushed, under_way, missing = _kill_server(here, options["kills"], options["seed"])
        returned, texts = (
            _kill_device(here, options["device_kills"], options["seed"]) if options["device_kills"] else (0, 0)
        )
    return Result(
        n=pushed + returned,
        wall_s=time.perf_counter() - began,
        kills=options["kills"] + options["device_kills"],
        acknowledged=pushed + returned,
        lost=missing + texts,
        figures={
            "server_kills": options["kills"],
            "pushes_accepted": pushed,
            "pushes_accepted_and_lost": missing,
            "pushes_under_way_when_killed": under_way,
            "device_kills": options["device_kills"],
            "writes_returned": returned,
            "writes_returned_and_lost": texts,
        },
    )


def _kill_server(here: Ground, kills: int, seed: int) -> tuple[int, int, int]:
    """How many pushes were accepted, how many were under way at a kill, how many a new device does not get."""
    clients = [here.add_client(f"client {number}") for number in range(PUSHERS)]
    tokens = [redeem(here.server.url, here.practice.invite_client(client.person)) for client in clients]
    trap = Trap()
    chances = [random.Random(f"{seed}/{number}") for number in range(PUSHERS)]
    pushers = [Pusher(here.server.url, *given) for given in zip(tokens, [trap] * PUSHERS, chances, strict=True)]
    under_way = kill_under_load(here.server, pushers, trap, kills, random.Random(seed))
    here.wait_projected()
    lost = sum(
        missing(pusher.accepted, received(here, client)) for client, pusher in zip(clients, pushers, strict=True)
    )
    return sum(len(pusher.accepted) for pusher in pushers), under_way, lost


def received(here: Ground, client: Invitation) -> set[bytes]:
    """The hashes of all changes that a new device of a client is sent."""
    with welcomed(here.server.url, here.token(client)) as peer:
        return {read_change(change).hash for changes in peer.everything().values() for change in changes}


def missing(accepted: Collection[bytes], found: Collection[bytes]) -> int:
    """How many of the accepted changes were not found."""
    return len(set(accepted) - set(found))


def _kill_device(here: Ground, kills: int, seed: int) -> tuple[int, int]:
    """How many writes returned, and how many entries are not as the last write left them: there, or elsewhere."""
    client, store, chance = here.add_client("Mara"), here.folder / "killed.db", random.Random(seed)
    with here.practice.tracker(store, client.person):
        pass
    written, lost = Written(), 0
    with writing_device(store, seed) as device:
        for _ in range(kills):
            written.under_way = None
            device.write_and_kill(written, chance.uniform(0.0, WRITES_FOR))
            with Tracker.open(store) as tracker:
                lost += lost_texts(written, _texts(tracker))
    with Tracker.open(store) as tracker:
        assert tracker.sync().complete
    with here.practice.tracker(here.folder / "second.db", client.person) as second:
        assert second.sync().complete
        return written.returned, lost + lost_texts(written, _texts(second))


def _texts(tracker: Tracker) -> dict[str, str]:
    return {str(entry.id): entry.text for entry in tracker.journal.entries()}


def lost_texts(written: Written, found: Mapping[str, str]) -> int:
    """How many entries are not as they were left. What was under way may be there or not: if it is, it has to stay."""
    if written.under_way is not None:
        id, text = written.under_way
        new = [one for one in found if one not in written.texts] if id is None else [id]
        written.texts |= {one: text for one in new if found.get(one) == text}
        written.under_way = None
    return sum(found.get(id) != text for id, text in written.texts.items())
