"""What is shown of a signal: what it is, how old, and who has acknowledged it with what note. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from uuid import UUID

from msgspec import Struct

from intersession_schemas.measures.signals.signal import Signal, SignalKind
from intersession_server.web.page import phrases
from intersession_server.web.page.prose import FoldedText, prose
from intersession_server.web.signals.kinds import Severity, heading, severity

MOST_SHOWN = 20
"""Open signals, and acknowledged ones, that are shown; they are all on a page of their own."""


class SeenBy(Struct, frozen=True):
    """Who acknowledged a signal, when, and what they noted."""

    author: str
    at: datetime | None
    when: str
    note: FoldedText


class SignalShown(Struct, frozen=True):
    """A signal. `field` is its id where an element of the page is named after it."""

    id: str
    field: str
    kind: SignalKind
    severity: Severity
    heading: str
    text: str
    at: datetime
    arrived_at: datetime | None
    late: bool
    seen: list[SeenBy] = []


class SignalsShown(Struct, frozen=True):
    """The signals of a page: open ones, and those that were acknowledged; of each how many more there are."""

    open: list[SignalShown] = []
    open_left_out: int = 0
    acknowledged: list[SignalShown] = []
    acknowledged_left_out: int = 0


def signals_shown(signals: Sequence[Signal], names: Mapping[UUID, str], zone: tzinfo = UTC) -> SignalsShown:
    """Signals, which are in the order in which they are made. `names` are those of who acknowledged them."""
    still_open = [one for one in signals if not one.acknowledged]
    # Those about a risk are never among the ones left out for being old.
    still_open.sort(key=lambda one: one.kind != "risk")
    done = sorted(
        (one for one in signals if one.acknowledged), key=lambda one: _last_seen(one).timestamp(), reverse=True
    )
    return SignalsShown(
        open=[signal_shown(one, names, zone) for one in still_open[:MOST_SHOWN]],
        open_left_out=max(len(still_open) - MOST_SHOWN, 0),
        acknowledged=[signal_shown(one, names, zone) for one in done[:MOST_SHOWN]],
        acknowledged_left_out=max(len(done) - MOST_SHOWN, 0),
    )


def signal_shown(signal: Signal, names: Mapping[UUID, str] = {}, zone: tzinfo = UTC) -> SignalShown:
    """A signal, prepared; moments of the care team are said as the client's clock shows them."""
    return SignalShown(
        id=signal.id,
        field=signal.id.replace("/", "-").replace(":", "-"),
        kind=signal.kind,
        severity=severity(signal.kind),
        heading=heading(signal.kind),
        text=signal.text,
        at=signal.at,
        arrived_at=signal.arrived_at,
        late=signal.late,
        seen=[
            SeenBy(
                author="" if one.by is None else names.get(one.by, ""),
                at=one.at,
                when="" if one.at is None else phrases.moment(one.at.astimezone(zone)),
                note=prose(one.note),
            )
            for one in signal.acknowledged
        ],
    )


def seen_by(signals: Sequence[Signal]) -> list[UUID]:
    """The people who acknowledged these."""
    return list({one.by for signal in signals for one in signal.acknowledged if one.by is not None})


def _last_seen(signal: Signal) -> datetime:
    return max((one.at for one in signal.acknowledged if one.at is not None), default=signal.at)
