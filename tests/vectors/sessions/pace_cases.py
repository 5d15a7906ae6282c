"""How fast a replica sends: in frames, in what they cost the server, over several connections."""

from __future__ import annotations

from tests.vectors.documents import decoded, made
from tests.vectors.frames import DOCUMENT, OFFER
from tests.vectors.sessions.events import (
    SECOND,
    THIRD,
    VAULT,
    VAULT_OFFER,
    begun,
    changed,
    erasure,
    got,
    item,
    opened,
    outbox,
    rejected,
    tick,
    trace,
    welcomed,
)

WHOLE_CHANGE = decoded(made("goal", {"what": "Sleep through", "why": "To be less tired. " * 20}))[0].hex()
_FRAMES = {"messages_per_second": 10.0, "burst": 8.0}
_WORK = {"work_per_second": 2.0, "work_burst": 8.0}

PACE = (
    trace(
        "Half of a burst is used; then four frames are waited for.",
        opened(),
        welcomed(limits={**_FRAMES, "pushes": 8}),
        outbox(erasure(), erasure(SECOND), erasure(THIRD)),
        changed(102.01),
        tick(102.5),
        outbox(at=102.5),
    ),
    trace(
        "Where a rate is told and no burst, a fifth of the rate goes at once.",
        opened(),
        welcomed(limits={"messages_per_second": 10.0}),
        outbox(erasure(), erasure(SECOND)),
        got("erased", 102.1, id=1, seq=1),
        tick(102.4),
        tick(103.5),
    ),
    trace(
        "Frames before the first welcome count.",
        opened(),
        got("revoked", 100.5, stream=THIRD, grant=SECOND),
        got("revoked", 100.5, stream=SECOND, grant=SECOND),
        welcomed(100.6, limits={"messages_per_second": 2.0, "burst": 4.0}),
        tick(103.0),
    ),
    trace(
        "What a push costs is counted over what it turns into; what cannot be afforded is read again later.",
        opened(),
        welcomed(limits=_WORK),
        outbox(item(DOCUMENT, WHOLE_CHANGE), item(SECOND, WHOLE_CHANGE), item(THIRD, WHOLE_CHANGE)),
        tick(103.0),
        outbox(item(THIRD, WHOLE_CHANGE), at=103.0),
    ),
    trace(
        "What costs more than is ever allowed goes when all is free.",
        opened(),
        welcomed(limits={"work_per_second": 1.0, "work_burst": 1.0}),
        outbox(item(DOCUMENT, WHOLE_CHANGE), item(SECOND, WHOLE_CHANGE)),
        tick(104.0),
    ),
    trace(
        "A vault's blobs are not looked into, and a change that is none counts by its bytes.",
        opened(),
        welcomed(streams=[OFFER, VAULT_OFFER], limits={**_WORK, "work_burst": 5.0, "pushes": 4}),
        outbox(item(DOCUMENT, WHOLE_CHANGE, stream=VAULT), item(SECOND, "00" * 300), item(THIRD, WHOLE_CHANGE)),
        tick(104.0),
    ),
    trace(
        "After the server has counted more, nothing is left.",
        opened(),
        welcomed(limits=_FRAMES),
        outbox(item()),
        got("error", 102.1, code="rate_limited", message="Wait.", retry_after=0.1),
        changed(102.15),
        tick(102.2),
        tick(102.6),
    ),
    trace(
        "The same after a push that was refused for its pace.",
        opened(),
        welcomed(limits={**_FRAMES, **_WORK}),
        outbox(item()),
        rejected("rate_limited", at=102.1, retry_after=0.1),
        tick(102.2),
        tick(102.7),
        outbox(item(), at=102.7),
    ),
    trace(
        "A new connection does not fill what the one before has used.",
        opened(),
        welcomed(limits=_FRAMES),
        outbox(erasure(), erasure(SECOND)),
        begun(),
        opened(102.1),
        welcomed(102.2, limits=_FRAMES),
        outbox(erasure(), erasure(SECOND), at=102.3),
        got("erased", 102.4, id=1, seq=1),
        tick(102.8),
    ),
    trace(
        "A welcome may raise or lift the limits.",
        opened(),
        welcomed(limits=_FRAMES),
        welcomed(101.5, limits={**_FRAMES, "burst": 80.0}),
        outbox(erasure(), erasure(SECOND)),
        welcomed(103.0),
        got("erased", 104.0, id=1, seq=1),
    ),
    trace(
        "A clock that goes back gives nothing.",
        opened(),
        welcomed(limits={"messages_per_second": 1.0, "burst": 2.0}),
        outbox(erasure()),
        got("erased", 90.0, id=1, seq=1),
        tick(102.5),
    ),
)
