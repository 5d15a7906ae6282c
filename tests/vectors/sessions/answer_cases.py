"""What becomes of pushes and erasures: accepted, refused for good or for now, too large."""

from __future__ import annotations

from tests.vectors.cases import Json
from tests.vectors.frames import AT, DOCUMENT, OFFER, STREAM
from tests.vectors.sessions.events import (
    IDLE,
    SECOND,
    THIRD,
    UNDER_WAY,
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

_RETRY: dict[str, Json] = {"retry_after": 2.0}
_WITHDRAWN = (opened(), welcomed(), outbox(erasure()))

ANSWERS = (
    trace(
        "Two documents go in one frame; when both are accepted, the outbox is read again, and their rows are awaited.",
        *UNDER_WAY,
        got("accepted", 103.0, id=1, seq=1),
        outbox(at=103.5),
        got("accepted", 104.0, id=2, seq=3),
        got("rows", 105.0, stream=STREAM, items=[], through=3, chain="00" * 8),
        outbox(at=106.0),
    ),
    trace(
        "Answers that come together are taken one by one.",
        *UNDER_WAY,
        got(
            "outcomes",
            103.0,
            items=[
                {"frame": "accepted", "id": 1, "seq": 1},
                {"frame": "rejected", "id": 2, "code": "not_writer", "message": "No.", "document": SECOND},
            ],
        ),
    ),
    trace("An answer to a push that is not under way is ignored.", *UNDER_WAY, got("accepted", 103.0, id=3, seq=1)),
    trace(
        "A push that is refused for good is kept as text, and the next one goes.", *UNDER_WAY, rejected("not_writer")
    ),
    trace(
        "A push that is refused for now goes again when its time has come; others go meanwhile.",
        *UNDER_WAY,
        rejected("storage_full", **_RETRY),
        outbox(item(THIRD), at=103.5),
        tick(105.0),
        outbox(item(), at=105.5),
    ),
    trace(
        "What the server lacks is sent whole once, and then only now and again.",
        *(opened(), welcomed(), outbox(item())),
        rejected("missing_dependency", retry_after=1.0),
        outbox(at=103.5),
        tick(104.0),
        outbox(item(), at=104.5),
        rejected("missing_dependency", 2, 105.0, retry_after=1.0),
        outbox(at=105.5),
    ),
    *(
        trace(
            f"`{code}` is about all that is sent: nothing goes until its time has come.",
            *UNDER_WAY,
            rejected(code, **_RETRY),
            changed(104.0),
            tick(105.0),
            outbox(item(), at=105.5),
        )
        for code in ("busy", "rate_limited", "storage_failed")
    ),
    trace("An erasure goes in a frame of its own.", opened(), welcomed(), outbox(item(), erasure(SECOND))),
    trace(
        "An erasure that is done is settled, and its row awaited.",
        *_WITHDRAWN,
        got("erased", 103.0, id=1, seq=8, kept=True, read_at=[AT]),
    ),
    trace("What is erased already is as good.", *_WITHDRAWN, rejected("erased")),
    trace("An erasure that is refused for good.", *_WITHDRAWN, rejected("not_author")),
    trace(
        "An erasure that is refused for now goes again, and nothing is sent whole for it.",
        *_WITHDRAWN,
        rejected("missing_dependency", **_RETRY),
        tick(105.0),
    ),
    trace("A push whose document was erased meanwhile is refused as any other.", *UNDER_WAY, rejected("erased")),
    trace(
        "An answer of another kind settles what is under way all the same.",
        *UNDER_WAY,
        got("erased", 103.0, id=2, seq=4),
    ),
    trace(
        "A vault's blobs name what they take the place of.",
        opened(),
        welcomed(streams=[OFFER, VAULT_OFFER]),
        outbox(item(stream=VAULT, replaces=["cc" * 32])),
    ),
    trace(
        "What does not fit into a frame is cut; what then replaces others names none of them.",
        opened(),
        welcomed(limits={"frame_bytes": 400}),
        outbox(item(DOCUMENT, "aa" * 90, "bb" * 90, "cc" * 90, replaces=["dd" * 32])),
    ),
    trace(
        "Documents that do not fit into one frame together go in several.",
        opened(),
        welcomed(limits={"frame_bytes": 520, "pushes": 4}),
        outbox(item(DOCUMENT, "aa" * 40), item(SECOND, "bb" * 40), item(THIRD, "cc" * 40)),
    ),
    trace(
        "A change that is larger than any frame is refused here.",
        opened(),
        welcomed(limits={"frame_bytes": 300}),
        outbox(item(DOCUMENT, "aa" * 200, "bb" * 20), item(SECOND, "cc" * 20)),
    ),
    trace(
        "After a frame that was too large, frames are smaller, one push is under way, and a large change goes alone.",
        *IDLE,
        begun(most_bytes=300),
        opened(200.0),
        welcomed(201.0),
        outbox(item(DOCUMENT, "aa" * 150, "bb" * 20), at=202.0),
        got("accepted", 203.0, id=1, seq=1),
    ),
)
