"""From the first connection to the last: opening, pages, ends of grants, logs that diverged; and coming back."""

from __future__ import annotations

from tests.vectors.cases import Case
from tests.vectors.frames import CHAIN, CHANGE, DOCUMENT, GRANT, OFFER, STREAM
from tests.vectors.sessions.events import (
    GRANTED,
    IDLE,
    OTHER_STREAM,
    SECOND,
    UNDER_WAY,
    VAULT,
    VAULT_OFFER,
    begun,
    changed,
    cursor,
    got,
    item,
    opened,
    outbox,
    tick,
    trace,
    welcomed,
)

_OTHER_OFFER = {**OFFER, "stream": OTHER_STREAM, "head": 9}


def _page(through: int, stream: str = STREAM, at: float = 103.0, items: int = 0) -> dict[str, object]:
    rows = [{**CHANGE, "seq": through}] * items
    return got("rows", at, stream=stream, items=rows, through=through, chain=CHAIN)


SESSIONS = (
    trace("After pairing, `hello` names nothing; the streams that are offered are joined, the outbox is read.", *IDLE),
    trace("Nothing is read from the outbox before the welcome.", opened(), changed(), tick(110.0)),
    trace("`hello` says how far each stream is held.", opened(cursors=[cursor(), cursor(VAULT, 7, backfill=4)])),
    trace(
        "All is exchanged once the rows that the welcome knows of are stored.",
        opened(cursors=[cursor()]),
        welcomed(streams=[{**OFFER, "head": 5}]),
        outbox(),
        _page(4, items=1),
        _page(5),
    ),
    trace(
        "A new device is filled by snapshots: not all is exchanged while its backfill goes on.",
        opened(),
        welcomed(streams=[{**OFFER, "head": 9, "documents": 2, "bytes": 900}]),
        outbox(),
        got("snapshot", 103.0, stream=STREAM, items=[], head=9, chain=CHAIN, backfill=4),
        got(
            "snapshot",
            104.0,
            stream=STREAM,
            items=[{"document": DOCUMENT, "kind": "goal", "rows": [CHANGE]}],
            head=9,
            chain=CHAIN,
            backfill=0,
        ),
    ),
    trace(
        "What a welcome leaves out is offered as it was last, and ends at the cursor.",
        opened(cursors=[cursor(), cursor(OTHER_STREAM, 7)], known=[OFFER, _OTHER_OFFER]),
        welcomed(streams=[_OTHER_OFFER], known=True),
        outbox(),
        _page(9, OTHER_STREAM),
    ),
    trace(
        "A second welcome is joined as well; nothing that it leaves out counts as gone.",
        *(opened(cursors=[cursor()]), welcomed(), outbox()),
        welcomed(104.0, [{**OFFER, "head": 4}, VAULT_OFFER]),
        outbox(at=105.0),
        welcomed(106.0, []),
    ),
    trace(
        "What is wanted is put into the outbox again.",
        *IDLE,
        got("want", 103.0, stream=STREAM, document=DOCUMENT, heads=[]),
        outbox(item(), at=104.0),
    ),
    trace("`purged` is sent after the purge.", *IDLE, got("revoked", 103.0, **GRANTED)),
    trace(
        "Before a welcome, what is held under any grant is purged.",
        opened(cursors=[cursor()]),
        got("revoked", 101.0, **GRANTED),
        welcomed(102.0, []),
        outbox(),
    ),
    trace(
        "After a purge, nothing of that stream is under way or awaited.",
        opened(),
        welcomed(streams=[{**OFFER, "head": 5}, VAULT_OFFER]),
        outbox(item(), item(OTHER_STREAM, stream=VAULT)),
        got("revoked", 103.0, **GRANTED),
        got("accepted", 104.0, id=1, seq=6),
        got("accepted", 104.0, id=2, seq=1),
        _page(1, VAULT),
        outbox(at=105.0),
    ),
    trace(
        "A stream that is held and not offered cannot go on; the others do.",
        opened(cursors=[cursor(), cursor(OTHER_STREAM, 7, backfill=2)]),
        welcomed(streams=[{**OFFER, "head": 3}]),
        outbox(),
    ),
    trace(
        "Where all that is held is not offered, nothing goes on.",
        opened(cursors=[cursor()]),
        welcomed(streams=[]),
        outbox(),
    ),
    trace(
        "A log that forked cannot go on, from the welcome on.",
        opened(cursors=[cursor()]),
        welcomed(streams=[{**OFFER, "head": 9, "fork": 2}]),
        outbox(),
    ),
    trace(
        "An error about one stream before the welcome is told with it.",
        opened(cursors=[cursor()]),
        got("error", 101.0, code="log_diverged", message="Put back.", stream=STREAM),
        welcomed(102.0, [{**OFFER, "head": 9}]),
        outbox(),
    ),
    trace(
        "An error about one stream after the welcome is remembered at once.",
        opened(),
        welcomed(streams=[{**OFFER, "head": 9}]),
        outbox(),
        got("error", 103.0, code="stream_damaged", message="Damaged.", stream=STREAM),
    ),
    trace(
        "What was stopped before goes on again, and that is told.",
        opened(cursors=[cursor()], stopped=True),
        welcomed(streams=[{**OFFER, "head": 3}]),
        outbox(),
    ),
    trace(
        "An error about the connection is reported; one that another attempt would not change is final.",
        *IDLE,
        got("error", 103.0, code="storage_low", message="Nearly full."),
        got("error", 103.0, code="upgrade_required", message="Update."),
        got("error", 103.0, code="from_the_future", message="?", stream=STREAM),
    ),
    trace(
        "An error may say when to come back: until then nothing is pushed.",
        *IDLE,
        got("error", 103.0, code="going_away", message="Restarting.", retry_after=4.5),
        changed(104.0),
        tick(107.5),
    ),
    trace(
        "Pushes of a connection that broke are read again on the next one, and its ids begin anew.",
        *UNDER_WAY,
        begun(),
        opened(200.0),
        welcomed(201.0),
        outbox(item(), item(), at=202.0),
        got("accepted", 203.0, id=1, seq=1),
    ),
    trace(
        "Half-open: nothing comes, nothing is sent, and no time is asked for; whoever pings ends it.",
        *UNDER_WAY,
        tick(200.0),
        changed(300.0),
        begun(),
        opened(400.0),
    ),
    trace(
        "Over how long devices come back is what the last welcome said.",
        opened(),
        welcomed(limits={"reconnect_within_ms": 5000}),
        welcomed(limits={"reconnect_within_ms": 2500}),
    ),
    trace(
        "A welcome without a stream leaves nothing to await.",
        opened(),
        welcomed(streams=[]),
        outbox(),
        got("revoked", 103.0, stream=STREAM, grant=GRANT),
    ),
)

_CLOSES = (1000, 1001, 1006, 1009, 1011, 4400, 4401, 4403, 4408, 4413, 4426, 4429, 4500)


def _wait(shows: str, attempt: int, chance: float, **more: float) -> Case:
    return Case(shows, "wait", {"attempt": attempt, "chance": chance, **more})


def _too_large(shows: str, under_way: dict[str, list[int]], most: int | None = None) -> Case:
    return Case(shows, "too_large", {"under_way": under_way, **({} if most is None else {"most_bytes": most})})


COMING_BACK = (
    _wait("Before the first retry, anything up to half a second.", 1, 0.5),
    _wait("The bound doubles with each attempt.", 3, 0.5),
    _wait("It never is more than eight seconds.", 40, 1.0),
    _wait("Where chance has it, the next attempt comes at once.", 9, 0.0),
    _wait("The bound is at least what the server spreads its devices over.", 1, 0.5, spread=5.0),
    _wait("A server is not waited for longer than a minute for that.", 1, 0.5, spread=600.0),
    _wait("Where the server says when to come back, at least so long.", 1, 0.0, told=30.0),
    _wait("And at most a quarter more.", 1, 1.0, told=12.0),
    _wait("But eight seconds more at most.", 1, 1.0, told=3600.0),
    Case(
        "A connection that brought something resets the count.",
        "attempt",
        {"attempt": 7, "progressed": True, "stood": 0},
    ),
    Case("So does one that stood for a minute.", "attempt", {"attempt": 7, "progressed": False, "stood": 60.0}),
    Case("Any other counts.", "attempt", {"attempt": 7, "progressed": False, "stood": 59.9}),
    Case("A frame that was too large, with nothing under way, teaches nothing.", "too_large", {}),
    _too_large("Frames become half as large as what was under way.", {DOCUMENT: [70], SECOND: [40_000]}),
    _too_large("They become smaller again where that was still too large.", {DOCUMENT: [20_000, 20_000]}, 50_000),
    _too_large("They never become so small that nothing goes.", {DOCUMENT: [200, 300]}, 16_384),
    _too_large("A change that went alone is given up.", {DOCUMENT: [20_000]}, 50_000),
    Case("A connection that ended without a close code was lost.", "closed", {}),
    *(Case(f"What a connection closed with {code} means.", "closed", {"code": code}) for code in _CLOSES),
)
