"""Frames against the server's session: the real session, log, checks and applier, as the simulation runs them.

A hostile device is connected beside honest ones. Whatever it sends, nothing raises, nothing is accepted before it is
on disk, nothing is sent of a stream that its account may not read, and the honest get and give all that is theirs.
"""

from __future__ import annotations

from functools import lru_cache
from random import Random
from uuid import UUID

from msgspec.structs import replace
from tests.fuzz.cases import Case
from tests.fuzz.inputs import corpus
from tests.fuzz.inputs.mutated_changes import mutant, relinked
from tests.fuzz.inputs.mutated_frames import mutated_frame
from tests.fuzz.inputs.people import CLIENT, DEVICE, RECORDS, STREAMS, THERAPIST, id_of
from tests.fuzz.scenes.hostile_scene import HostileScene

from intersession_schemas import codec
from intersession_schemas.messages import Erase, Have, Hello, Purged, Push, StreamCursor, Up
from intersession_schemas.streams import ERASERS, RULES, Audience, Kind

FRAMES_A_CASE = 100
HELLO = codec.encode(Hello((1, 1), DEVICE, "hostile"))


class ServerTarget:
    """`ServerSession` with its inbox, and what its effects do."""

    def make(self, chance: Random) -> Case:
        """What a hostile device sends, and what else happens meanwhile."""
        kind = chance.choice((CLIENT, THERAPIST))
        inputs: list[tuple[str, bytes]] = []
        if chance.random() < 0.95:
            inputs.append(("frame", HELLO if chance.random() < 0.8 else mutated_frame(HELLO, chance)))
        while len(inputs) < FRAMES_A_CASE:
            way = chance.random()
            if way < 0.03:
                inputs.append((chance.choice(("reconnect", "end grant", "grant", "revoke", "restart")), b""))
                if inputs[-1][0] == "reconnect":
                    inputs.append(("frame", HELLO))
            elif way < 0.15:
                inputs += _document(kind, chance)
            elif way < 0.6:
                inputs.append(("frame", codec.encode(_push(kind, chance, len(inputs)))))
            else:
                frame = chance.choice(_frames(kind))
                inputs.append(("frame", mutated_frame(frame, chance) if chance.random() < 0.6 else frame))
        return Case(tuple(inputs), (), kind, chance.randrange(1 << 30))

    def run(self, case: Case) -> str:
        """Let it all happen; then the honest must have what is theirs."""
        scene = HostileScene(case.seed, case.kind)
        for way, data in case.inputs:
            scene.do(way, data)
        scene.settle()
        scene.check()
        return f"{min(scene.server.accepted, 9)} accepted"


def _where(kind: str, chance: Random) -> tuple[Audience, UUID, str]:
    """A stream, and a kind of document that may be in it; seldom another."""
    places = [(audience, one) for audience, one in RULES if STREAMS[audience] in RECORDS[kind]]
    audience, of = chance.choice(places)
    stream = STREAMS[audience]
    if chance.random() < 0.05:
        stream = chance.choice(list(STREAMS.values()))
    return audience, stream, of.value


def _story(kind: str, chance: Random) -> corpus.Story:
    some = corpus.stories_of(kind) or corpus.stories()
    return min(chance.choice(some), chance.choice(some), key=lambda one: sum(map(len, one.changes)))


def _push(kind: str, chance: Random, number: int) -> Push:
    """A push of one change or a few, mutated or not, of a document that may be there already."""
    audience, stream, of = _where(kind, chance)
    story = _story(of, chance)
    at = chance.randrange(len(story.changes))
    changes = list(story.changes[: at + 1])
    if chance.random() < 0.7:
        changes[at] = mutant(changes[at], chance)
    if chance.random() < 0.3:
        changes = changes[at:]
    document = _id(audience, of, chance.randrange(6))
    return Push(number if chance.random() < 0.97 else 1, stream, document, of, changes)


def _id(audience: Audience, of: str, number: int) -> UUID:
    """One of the few documents of a kind in a stream that pushes are about."""
    return id_of(1_000 + 10 * list(RULES).index((audience, Kind(of))) + number)


def _document(kind: str, chance: Random) -> list[tuple[str, bytes]]:
    """A whole document, from some change on mutated, each change in a frame of its own."""
    _, stream, of = _where(kind, chance)
    before, chain = relinked(_story(of, chance).changes, chance)
    document, first = id_of(chance.randrange(1 << 30)), chance.randrange(1 << 20)
    changes = [*before, *chain][:12]
    pushes = [Push(first + number, stream, document, of, [one]) for number, one in enumerate(changes)]
    return [("frame", codec.encode(one)) for one in pushes]


@lru_cache(maxsize=2)
def _frames(kind: str) -> tuple[bytes, ...]:
    """Frames that are about what is there."""
    chance = Random(0)
    made: list[Up] = []
    for number, stream in enumerate(STREAMS.values()):
        document = id_of(1_000)
        for backfill, cursor in ((None, 0), (None, 2), (3, 5), (0, 1)):
            made.append(Hello((1, 1), DEVICE, "x", [StreamCursor(stream, cursor, bytes(8), backfill)]))
        made.append(Have(stream, document, [chance.randbytes(32), bytes(32)]))
        made.append(Purged(stream, id_of(50 + number)))
    for at, (audience, one) in enumerate(ERASERS):
        made += [Erase(500 + 10 * at + each, STREAMS[audience], _id(audience, one, each), one.value) for each in (0, 1)]
        made.append(Have(STREAMS[audience], _id(audience, one, 0), [corpus.hash_of(corpus.stories()[at].changes[0])]))
    pushes = [_push(kind, chance, 700 + number) for number in range(60)]
    made += pushes
    made += [replace(push, replaces=[bytes(32), chance.randbytes(32)]) for push in pushes[:10]]
    return tuple(map(codec.encode, made))
