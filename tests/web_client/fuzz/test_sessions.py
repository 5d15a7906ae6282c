"""Random connections: the core's session does what the Python code's does, event by event."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.vectors.frames import CHAIN, GRANT, LIMITS, OFFER, STREAM
from tests.vectors.sessions import sessions
from tests.vectors.sessions.events import (
    OTHER_STREAM,
    SECOND,
    THIRD,
    VAULT,
    VAULT_OFFER,
    arrived,
    begun,
    changed,
    cursor,
    erasure,
    got,
    item,
    opened,
    outbox,
    tick,
    welcomed,
)
from tests.vectors.sessions.pace_cases import WHOLE_CHANGE
from tests.web_client.fuzz.asking import ask_both, cases

from intersession_schemas.errors import ErrorCode, RefusalCode

Given = dict[str, Any]
_STREAMS = (STREAM, VAULT, OTHER_STREAM)
_DOCUMENTS = (SECOND, THIRD, GRANT)
_CODES = (*RefusalCode, RefusalCode.MISSING_DEPENDENCY, RefusalCode.ERASED, RefusalCode.BUSY, "from_the_future")
_ERRORS = (*ErrorCode, ErrorCode.LOG_DIVERGED, ErrorCode.RATE_LIMITED, "from_the_future")


class _Driver:
    """What a driver would tell, as a server and a person at the device have it."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.given: Given = {"events": []}
        if random.random() < 0.2:
            self.given["most_bytes"] = random.choice((300, 600, 4096))
        self.talk = sessions.Talk(self.given.get("most_bytes"))
        self.now = 100.0

    def tell(self, event: dict[str, Any]) -> None:
        """Tell the event, and answer what it asks for."""
        self.given["events"].append(event)
        step = self.talk.tell(event)
        if any(effect["effect"] == "read_outbox" for effect in step.get("effects", ())):
            self.tell(outbox(*self._outbox(), at=self.now))
        if step.get("deadline") is not None and self.random.random() < 0.5:
            self.now = max(self.now, step["deadline"])

    def trace(self) -> Given:
        """A connection or two."""
        random = self.random
        self.tell(self._opened())
        for _ in range(random.randint(2, 14)):
            self.now += random.choice((0.0, 0.01, 0.1, 1.0, 7.5))
            if random.random() < 0.06:
                self.tell(begun(**({"most_bytes": random.choice((250, 700))} if random.random() < 0.5 else {})))
                self.tell(self._opened())
            else:
                self.tell(self._event())
        return self.given

    def _opened(self) -> dict[str, Any]:
        random = self.random
        held = random.sample(_STREAMS, random.randint(0, 3))
        cursors = [cursor(one, random.randrange(9), backfill=random.choice((None, 0, 4))) for one in held]
        known = [{**OFFER, "stream": one} for one in random.sample(_STREAMS, random.randint(0, 3))]
        return opened(self.now, cursors, known=known, stopped=random.random() < 0.2)

    def _event(self) -> dict[str, Any]:
        random = self.random
        match random.randrange(13):
            case 0 | 1 | 2:
                return self._welcome()
            case 3:
                return changed(self.now)
            case 4 | 5:
                return tick(self.now)
            case 6 | 7 | 8:
                return self._answer()
            case 9:
                return self._page()
            case 10:
                retry = random.choice(({}, {"retry_after": random.choice((0.0, 0.5, 4.5))}))
                about = random.choice(({}, {"stream": random.choice(_STREAMS)}))
                return got("error", self.now, code=random.choice(_ERRORS), message="?", **retry, **about)
            case 11:
                name = random.choice(("revoked", "want"))
                more = {"grant": GRANT} if name == "revoked" else {"document": SECOND, "heads": []}
                return got(name, self.now, stream=random.choice(_STREAMS), **more)
            case _:
                return arrived(random.randbytes(random.randrange(20)), self.now)

    def _welcome(self) -> dict[str, Any]:
        random = self.random
        offers: list[Given] = [{**OFFER, "stream": one} for one in random.sample(_STREAMS, random.randint(0, 3))]
        offers = [VAULT_OFFER if offer["stream"] == VAULT else offer for offer in offers]
        offers = [offer | {"head": random.randrange(9)} for offer in offers]
        offers = [offer | ({"fork": 2} if random.random() < 0.1 else {}) for offer in offers]
        limits = {
            "frame_bytes": random.choice((150, 300, 600, LIMITS["frame_bytes"])),
            "pushes": random.choice((0, 1, 2, 5, 40)),
            "messages_per_second": random.choice((0.0, 0.5, 2.0, 200.0)),
            "burst": random.choice((0.0, 1.0, 6.0)),
            "work_per_second": random.choice((0.0, 0.5, 3.0, 600.0)),
            "work_burst": random.choice((0.0, 1.5, 8.0)),
            "reconnect_within_ms": random.choice((0, 2500)),
        }
        return welcomed(self.now, offers, limits, known=random.random() < 0.3)

    def _answer(self) -> dict[str, Any]:
        random = self.random
        some = [self._outcome() for _ in range(random.choice((1, 1, 3)))]
        (first, *others) = some
        if others:
            items = [one for one in some if one["frame"] != "erased"]
            return got("outcomes", self.now, items=items or [{"frame": "accepted", "id": 1, "seq": 1}])
        return got(first.pop("frame"), self.now, **first)

    def _outcome(self) -> dict[str, Any]:
        random = self.random
        id_, seq = random.randint(0, 6), random.randrange(12)
        match random.randrange(5):
            case 0:
                return {"frame": "erased", "id": id_, "seq": seq}
            case 1 | 2:
                return {"frame": "accepted", "id": id_, "seq": seq}
            case _:
                retry = random.choice(({}, {"retry_after": random.choice((0.0, 0.5, 4.5, 60.0))}))
                code = str(random.choice(_CODES))
                return {"frame": "rejected", "id": id_, "code": code, "message": "No.", "document": SECOND, **retry}

    def _page(self) -> dict[str, Any]:
        random = self.random
        stream, to = random.choice(_STREAMS), random.randrange(12)
        if random.random() < 0.5:
            return got("rows", self.now, stream=stream, items=[], through=to, chain=CHAIN)
        more = {"head": to, "chain": CHAIN, "backfill": random.choice((0, 3))}
        return got("snapshot", self.now, stream=stream, items=[], **more)

    def _outbox(self) -> list[Any]:
        random = self.random
        return [self._item(one) for one in random.sample(_DOCUMENTS, random.choice((0, 0, 1, 2, 3)))]

    def _item(self, document: str) -> Any:
        random = self.random
        if random.random() < 0.2:
            return erasure(document)
        changes = [
            random.choice((WHOLE_CHANGE, "00", "ab" * random.randrange(400))) for _ in range(random.randint(1, 4))
        ]
        replaces = {"replaces": ["cc" * 32]} if random.random() < 0.2 else {}
        return item(document, *changes, stream=random.choice(_STREAMS), **replaces)


def _trace(random: Random) -> Given:
    return _Driver(random).trace()


@pytest.mark.page
def test_sessions_do_alike(core: Page, request: pytest.FixtureRequest) -> None:
    number = 2_500 if request.config.getoption("--long") else 250
    found = ask_both(core, "sessions", "session", cases(_trace, 3, number), sessions.session)
    effects = {effect["effect"] for one in found for step in one["steps"] for effect in step.get("effects", ())}
    assert len(effects) == 11


@pytest.mark.page
def test_a_difference_is_noticed(core: Page) -> None:
    given = {"events": [opened(), welcomed()]}
    with pytest.raises(AssertionError):
        ask_both(core, "sessions", "session", [given], lambda given: sessions.session(given) | {"spread": 7})
