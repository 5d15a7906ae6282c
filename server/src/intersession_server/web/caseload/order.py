"""Which clients a caseload shows, and in which order: by what presses, and as it was while one looks at it. Pure.

A page that is open keeps the order that it began with. It carries that order with it (`KeptOrder`), with how far each
client's record was then: so it can be said of whom something has come that would have moved them.
"""

from __future__ import annotations

import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Literal
from uuid import UUID

from msgspec import Struct

from intersession_schemas.errors import InvalidField
from intersession_schemas.records.instants import to_micros
from intersession_server.projections.overviews.overview import OpenSignal
from intersession_server.web.record.caseload.client_item import ClientItem
from intersession_server.web.record.paging import SortKey
from intersession_server.web.signals.kinds import severity

Show = Literal["all", "signals", "new", "quiet", "today", "week"]
"""Which clients: all; with open signals; of whom something is new; without a sync for a week; with a session today;
with one this week."""
Sort = Literal["pressing", "name", "new", "sync", "session"]
"""By what: what presses most; name; how much is new; whose last sync is longest ago; whose next session is soonest."""

QUIET = timedelta(days=7)
_FAR = 2**62


def matches(item: ClientItem, show: Show, now: datetime) -> bool:
    """Whether a client is among those that were asked for."""
    match show:
        case "all":
            return True
        case "signals":
            return bool(item.signals)
        case "new":
            return item.new.total > 0
        case "quiet":
            return item.last_heard_at is None or now - item.last_heard_at >= QUIET
        case "today":
            return any(at.date() == _today(at, now) for at in item.sessions)
        case "week":
            return any(_monday(at.date()) == _monday(_today(at, now)) for at in item.sessions)


def is_named(item: ClientItem, query: str) -> bool:
    """Whether every word of the query is in the name, whatever its case and accents."""
    name = _folded(item.name)
    return all(word in name for word in _folded(query).split())


def sort_key(sort: Sort) -> Callable[[ClientItem], SortKey]:
    """What clients are sorted by; of no two the same."""

    def key(item: ClientItem) -> SortKey:
        named = item.name.casefold(), str(item.id)
        match sort:
            case "pressing":
                return pressing(item), *named
            case "name":
                return named
            case "new":
                return -item.new.total, *named
            case "sync":
                return -_FAR if item.last_heard_at is None else to_micros(item.last_heard_at), *named
            case "session":
                return _FAR if item.next_session_at is None else to_micros(item.next_session_at), *named

    return key


def pressing(item: ClientItem) -> int:
    """How much a client presses, the least the most: open risk, other signals, something new, nothing."""
    severities = {severity(one.kind) for one in item.signals}
    for rank, one in enumerate(("risk", "attention", "note")):
        if one in severities:
            return rank
    return 3 if item.new.total else 4


def _today(at: datetime, now: datetime) -> date:
    return now.astimezone(at.tzinfo).date()


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


# --- the order that is kept -------------------------------------------------------------------------------------------


class KeptOrder(Struct, frozen=True):
    """An order as it was shown: of each client, by a part of the id, up to which row of their record, and a digest of
    what they were sorted by; and the open risk signals that there were, of those who were shown and of others, each by
    a digest of its id."""

    rows: dict[bytes, int]
    ranks: dict[bytes, int]
    risks: frozenset[bytes]

    def places(self) -> dict[bytes, int]:
        """The places of all who were shown."""
        return {one: number for number, one in enumerate(self.rows)}


_ID, _ROW, _RANK, _DIGEST = 5, 4, 1, 5
"""Bytes of each: an address has a few thousand characters, and 200 clients are to fit into it."""


def short(client: UUID) -> bytes:
    """The part of an id by which an order names a client."""
    return client.bytes[:_ID]


def kept_text(
    shown: Sequence[ClientItem], everybody: Iterable[ClientItem], rows: Mapping[UUID, int], sort: Sort = "pressing"
) -> str:
    """An order as text, for the address of what a page fetches."""
    key = sort_key(sort)
    parts = [len(shown).to_bytes(_ROW, "big")]
    for one in shown:
        row = min(rows.get(one.id, 0), 256**_ROW - 1)
        parts.append(short(one.id) + row.to_bytes(_ROW, "big") + _rank(key(one)).to_bytes(_RANK, "big"))
    parts += [_digest(risk) for one in everybody for risk in _risks(one)]
    return urlsafe_b64encode(b"".join(parts)).rstrip(b"=").decode()


def read_kept(text: str | None) -> KeptOrder | None:
    """The order of such a text. Raises `InvalidField`."""
    if text is None:
        return None
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        data = b""
    split = _ROW + int.from_bytes(data[:_ROW], "big") * (_ID + _ROW + _RANK)
    if len(data) < split or (len(data) - split) % _DIGEST:
        raise InvalidField("kept must be an order that a caseload was shown in.")
    parts = _cut(data[_ROW:split], _ID + _ROW + _RANK)
    rows = {one[:_ID]: int.from_bytes(one[_ID : _ID + _ROW], "big") for one in parts}
    ranks = {one[:_ID]: int.from_bytes(one[_ID + _ROW :], "big") for one in parts}
    risks = frozenset(_cut(data[split:], _DIGEST))
    return KeptOrder(rows, ranks, risks)


def _cut(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def _rank(key: SortKey) -> int:
    return blake2b(repr(key[0]).encode(), digest_size=_RANK).digest()[0]


def _digest(one: OpenSignal) -> bytes:
    return blake2b(one.id.encode(), digest_size=_DIGEST).digest()


class Arranged(Struct, frozen=True):
    """Clients as they are shown, and who of them would stand elsewhere if they were sorted now."""

    items: list[ClientItem]
    moved: frozenset[UUID]


def arranged(
    found: Sequence[ClientItem], everybody: Sequence[ClientItem], kept: KeptOrder, came: Collection[UUID] = ()
) -> Arranged:
    """`found` (sorted) as the page has them: who was shown stays where they were, whether they still match or not, and
    others come after them. Of whom something `came` is said to have moved rather than others."""
    places = kept.places()
    before = sorted((one for one in everybody if short(one.id) in places), key=lambda one: places[short(one.id)])
    after = [one for one in found if short(one.id) not in places]
    ranks = {one.id: number for number, one in enumerate(found)}
    staying = [one for one in before if one.id in ranks]
    many = len(staying) + 1
    weights = [1 if one.id in came else many for one in staying]
    fixed = _heaviest_run([ranks[one.id] for one in staying], weights, len(found))
    moved = {one.id for one in before} - {staying[number].id for number in fixed}
    return Arranged([*before, *after], frozenset(moved))


def moved_alone(some: Iterable[ClientItem], kept: KeptOrder, sort: Sort, show: Show, now: datetime) -> frozenset[UUID]:
    """Of some clients of a kept order those who are sorted by something else now, or are not asked for any more.

    `arranged` knows it of everybody exactly; this looks at nobody else, so it may name one who would stay all the same.
    """
    key = sort_key(sort)
    same = {one.id for one in some if _rank(key(one)) == kept.ranks.get(short(one.id)) and matches(one, show, now)}
    return frozenset(one.id for one in some) - same


def new_risks(everybody: Iterable[ClientItem], kept: KeptOrder) -> list[tuple[ClientItem, OpenSignal]]:
    """The open risk signals that there were not when an order was shown, the newest first."""
    found = [(item, one) for item in everybody for one in _risks(item) if _digest(one) not in kept.risks]
    return sorted(found, key=lambda pair: to_micros(pair[1].arrived_at or pair[1].at), reverse=True)


def _risks(item: ClientItem) -> list[OpenSignal]:
    return [one for one in item.signals if one.kind == "risk"]


def _heaviest_run(numbers: Sequence[int], weights: Sequence[int], most: int) -> list[int]:
    """The places of the heaviest part that is in order already: all others would have to move. Numbers are below `most`
    and of no two places the same."""
    best: list[tuple[int, int]] = [(0, -1)] * (most + 1)  # a Fenwick tree: the heaviest run that ends below a number
    before: list[int] = []
    for place, (number, weight) in enumerate(zip(numbers, weights, strict=True)):
        heaviest, at = (0, -1), number
        while at > 0:
            heaviest = max(heaviest, best[at])
            at -= at & -at
        before.append(heaviest[1])
        at = number + 1
        while at <= most:
            best[at] = max(best[at], (heaviest[0] + weight, place))
            at += at & -at
    _, place = max(((0, -1), *best))
    found: list[int] = []
    while place >= 0:
        found.append(place)
        place = before[place]
    return found[::-1]
