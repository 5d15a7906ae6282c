"""Cases of sessions: what a replica does about what comes of its connection, event by event."""

from __future__ import annotations

import re
from uuid import UUID

from tests.vectors.cases import Json, Subject
from tests.vectors.frame_values import frame_of, told, typed
from tests.vectors.sessions.answer_cases import ANSWERS
from tests.vectors.sessions.illegal_cases import ILLEGAL
from tests.vectors.sessions.pace_cases import PACE
from tests.vectors.sessions.session_cases import COMING_BACK, SESSIONS
from tests.vectors.sessions.transfer_cases import TRANSFERS

from intersession.models.devices import Amount
from intersession.protocol.outgoing import Outgoing, after_too_large
from intersession.protocol.pace import Pace
from intersession.protocol.problems import of_close
from intersession.protocol.reconnect import attempts_after, wait_before
from intersession.protocol.session import (
    Effect,
    Event,
    Join,
    Opened,
    OutboxChanged,
    OutboxRead,
    ReadOutbox,
    Received,
    ReplicaSession,
    StorePage,
    Tick,
)
from intersession.protocol.transfers import Meter
from intersession_schemas.codec import decode_down
from intersession_schemas.errors import WireError
from intersession_schemas.messages import Rows, StreamCursor, StreamOffer


def session(given: dict[str, Json]) -> Json:
    """What comes of each event, and how the last connection stands after all of them."""
    talk = Talk(given.get("most_bytes"))
    steps = [talk.tell(event) for event in given["events"]]
    return {
        "steps": steps,
        "retry_after": talk.state.retry_after,
        "spread": talk.state.spread,
        "nothing_goes_on": talk.state.nothing_goes_on,
        "under_way": [out.document for out in talk.state.under_way],
    }


class Talk:
    """The connections of a process, one after the other."""

    def __init__(self, most_bytes: int | None) -> None:
        self._pace = Pace()
        self.state = ReplicaSession(self._pace, most_bytes)

    def tell(self, given: dict[str, Json]) -> Json:
        """What comes of an event; `begun` is the next connection."""
        if given["event"] == "begun":
            self.state = ReplicaSession(self._pace, given.get("most_bytes"))
            return self._step([])
        try:
            event = _event(given)
        except WireError as refusal:
            return {"refused": {"code": str(refusal.code), "words": str(refusal)}}
        return self._step(self.state.handle(event, given["at"]))

    def _step(self, effects: list[Effect]) -> Json:
        return {
            "effects": [{"effect": _snake(type(effect).__name__), **_fields(effect)} for effect in effects],
            "deadline": self.state.deadline,
            "is": [name for name in ("progressed", "caught_up") if getattr(self.state, name)],
        }


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _fields(effect: Effect) -> dict[str, Json]:
    """What an effect says. Of a frame that came and is passed on, only what tells which."""
    match effect:
        case Join(welcome):
            return {"heads": {str(offer.stream): offer.head for offer in welcome.streams}}
        case StorePage(page):
            return {"stream": str(page.stream), "to": page.through if isinstance(page, Rows) else page.head}
        case ReadOutbox(exclude, limit, size):
            return {"exclude": sorted(map(str, exclude)), "limit": limit, "size": size}
    return {name: told(getattr(effect, name), sparse=True) for name in effect.__struct_fields__}


def _event(given: dict[str, Json]) -> Event:
    match given["event"]:
        case "opened":
            return Opened(
                UUID(given["replica"]),
                given["agent"],
                [typed(one, StreamCursor) for one in given.get("cursors", ())],
                [typed(one, StreamOffer) for one in given.get("known", ())],
                given.get("stopped", False),
            )
        case "received":
            return Received(frame_of(given["frame"]))
        case "arrived":
            return Received(decode_down(bytes.fromhex(given["bytes"])))
        case "outbox_changed":
            return OutboxChanged()
        case "outbox_read":
            return OutboxRead([typed(one, Outgoing) for one in given.get("items", ())])
        case "tick":
            return Tick()
    raise ValueError(given["event"])


def wait(given: dict[str, Json]) -> Json:
    """Seconds to wait before an attempt."""
    return wait_before(given["attempt"], given["chance"], given.get("told"), given.get("spread", 0.0))


def attempt(given: dict[str, Json]) -> Json:
    """The number of the next attempt."""
    return attempts_after(given["attempt"], progressed=given["progressed"], stood=given["stood"])


def closed(given: dict[str, Json]) -> Json:
    """What the end of a connection means."""
    return of_close(given.get("code"))


def too_large(given: dict[str, Json]) -> Json:
    """What is learnt from a frame that was too large. Of what was under way, all that counts are sizes."""
    under_way = [
        Outgoing(UUID(int=0), UUID(document), "goal", (), tuple(map(bytes, sizes)))
        for document, sizes in given.get("under_way", {}).items()
    ]
    learnt = after_too_large(under_way, given.get("most_bytes"))
    return {
        "most_bytes": learnt.most_bytes,
        "given_up": None if learnt.refused is None else learnt.refused.document,
    }


def transfer(given: dict[str, Json]) -> Json:
    """How far the exchange has come after each step."""
    meter, found = Meter(), []
    for step in given["steps"]:
        match step["step"]:
            case "waits":
                meter.waits(Amount(step["documents"], step["bytes"]))
            case "sent":
                meter.sent(UUID(step["document"]), step["size"])
            case "offered":
                offers = [typed(one, StreamOffer) for one in step["streams"]]
                meter.offered(offers, [typed(one, StreamCursor) for one in step["cursors"]])
            case "received":
                meter.received(frame_of(step["frame"]))
            case "finished":
                meter.finished()
        found.append(meter.transfer)
    return found


SUBJECT = Subject(
    "A replica's half of a connection as a machine: what it does about each event, how it paces itself, and when it "
    "comes back. ../protocol.md says what the frames mean.",
    {
        "session": session,
        "wait": wait,
        "attempt": attempt,
        "closed": closed,
        "too_large": too_large,
        "transfer": transfer,
    },
    (*SESSIONS, *ANSWERS, *PACE, *ILLEGAL, *COMING_BACK, *TRANSFERS),
)
