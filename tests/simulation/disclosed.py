"""Whether what is nobody else's can be read by anybody else: in their stores, in the server's log, in what was sent.

The disclosure checker (`tests/disclosure`) looks for two sentences of each client: one that was only ever private, in a
draft, or deleted before sharing; and one that was shared and withdrawn.
"""

from __future__ import annotations

from uuid import UUID

from tests.disclosure.checker import Files, Frames, Place, Seen, search
from tests.simulation.people.clients import Kept
from tests.simulation.people.practice import Client, Practice

PRIVATE, ERASED = "what was private", "what was withdrawn"


def disclosed(practice: Practice, kept: Kept, *, restored: bool, seen: Seen | None = None) -> list[str]:
    """Where something was found, and of what; nothing is quoted."""
    found = []
    for client in practice.clients:
        found += _search(client.name, PRIVATE, client, _places(practice, client, 0.0, own=True, log=True), seen)
        since = None if restored else _erased_since(practice, kept, client)
        if since is not None:
            places = _places(practice, client, since, own=False, log=not practice.server.keeps)
            found += _search(client.name, ERASED, client, places, seen)
    return found


def _search(name: str, what: str, client: Client, places: list[Place], seen: Seen | None) -> list[str]:
    sentence = client.private if what == PRIVATE else client.erased
    return [f"{what} to {name} is in {one.where}: {one.how}" for one in search([sentence], places, seen)]


def _places(practice: Practice, client: Client, since: float, *, own: bool, log: bool) -> list[Place]:
    """What others hold and were sent; what the client's `own` devices sent, and the server's `log`."""
    others = [node for person in practice.people if person is not client for node in person.nodes]
    places: list[Place] = [Files(node.name, node.path) for node in others]
    if log:
        places.append(Files("the log", practice.server.log.disk.path))
    frames: dict[str, dict[bytes, None]] = {"up": {}, "down": {}}
    for account, way, at, data in practice.server.frames or ():
        if (account != client.account and at >= since) or (own and way == "up"):
            frames[way][data] = None  # each of them once
    return [*places, Frames("frames", list(frames["up"]) if own else [], list(frames["down"]))]


def _erased_since(practice: Practice, kept: Kept, client: Client) -> float | None:
    """From when on the server had nothing of what was withdrawn; None where it was never told to erase all of it."""
    since = 0.0
    logged: set[UUID] = set()
    rows = practice.server.do(practice.server.store.stream_rows(client.record, 0, 1_000_000))
    logged.update(row.document for row in rows)
    for whose, document in kept.to_withdraw:
        if whose is client and document in logged:
            if document not in practice.server.erased_at:
                return None
            since = max(since, practice.server.erased_at[document])
    return since
