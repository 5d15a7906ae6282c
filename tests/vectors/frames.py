"""Cases of frames: their fields, their bytes on the wire, and which bytes are refused with which code."""

from __future__ import annotations

import zlib
from uuid import UUID

import msgspec
from tests.vectors.cases import Case, Json, Subject
from tests.vectors.frame_values import frame_of, told, typed

from intersession_schemas.codec import (
    MAX_FRAME_DOWN,
    MAX_FRAME_UP,
    decode_down,
    decode_up,
    encode,
)
from intersession_schemas.messages import Frame, StreamOffer, offers_digest


def write(given: dict[str, Json]) -> Json:
    """The bytes of a frame."""
    return encode(frame_of(given["frame"]))


def read(given: dict[str, Json]) -> Json:
    """The frame that bytes hold, all its fields included. `limit` is the size that is taken at most."""
    data = bytes.fromhex(given["bytes"])
    if given["direction"] == "up":
        found: Frame = decode_up(data, given.get("limit", MAX_FRAME_UP))
    else:
        found = decode_down(data, given.get("limit", MAX_FRAME_DOWN))
    return told(found)


STREAM, DOCUMENT, REPLICA, ACCOUNT, DEVICE, GRANT, CLIENT = (
    str(UUID(int=int(digit * 32, 16))) for digit in ("1", "2", "3", "4", "5", "6", "7")
)
HASH, OTHER, CHAIN = "aa" * 32, "bb" * 32, "0123456789abcdef"
AT, LATER = "2026-05-04T10:00:00+00:00", "2026-05-04T10:00:00.123456+00:00"
ROW = {"seq": 7, "document": DOCUMENT, "kind": "journal_entry", "hash": HASH, "author": ACCOUNT, "device": DEVICE}
CHANGE = {**ROW, "received_at": LATER, "change": "856f4a83"}
LIMITS = {"frame_bytes": 2_097_152, "pushes": 32, "messages_per_second": 200.0}
OFFER = {"stream": STREAM, "audience": "record", "role": "client", "grant": GRANT, "client": CLIENT}
WELCOME = {"protocol": 1, "server": "1.0", "account": ACCOUNT, "device": DEVICE, "streams": [OFFER], "limits": LIMITS}


def _write(shows: str, name: str, **fields: Json) -> Case:
    return Case(shows, "write", {"frame": {"frame": name, **fields}})


def _read(shows: str, value: object, direction: str = "up", **more: Json) -> Case:
    """Bytes that a peer may send: a value in msgpack, or bytes as they are."""
    data = value if isinstance(value, bytes) else msgspec.msgpack.encode(value)
    return Case(shows, "read", {"direction": direction, "bytes": data.hex(), **more})


def _raw(name: str, **fields: object) -> dict[str, object]:
    return {"frame": name, **fields}


WRITTEN = (
    _write(
        "`hello` of a replica that holds nothing: UUIDs are 16 bytes, lists with nothing in them are left out.",
        "hello",
        protocol=[1, 1],
        replica=REPLICA,
    ),
    _write(
        "`hello` with an agent and cursors.",
        "hello",
        protocol=[1, 1],
        replica=REPLICA,
        agent="an app 1.0",
        streams=[{"stream": STREAM}, {"stream": DOCUMENT, "cursor": 300, "chain": CHAIN, "backfill": 12}],
    ),
    _write(
        "`hello` that says what it was offered last.",
        "hello",
        protocol=[1, 1],
        replica=REPLICA,
        streams=[{"stream": STREAM, "cursor": 9, "chain": CHAIN}],
        known=offers_digest([typed(OFFER, StreamOffer)]).hex(),
    ),
    _write(
        "A cursor is a list of all four; a backfill of 0 is not null, which is the default.",
        "hello",
        protocol=[1, 1],
        replica=REPLICA,
        streams=[{"stream": STREAM, "cursor": 9, "chain": CHAIN, "backfill": 0}],
    ),
    _write(
        "`push` of two changes.",
        "push",
        id=1,
        stream=STREAM,
        document=DOCUMENT,
        kind="journal_entry",
        changes=["856f4a83", "00ff"],
    ),
    _write(
        "`push` into a vault that replaces a blob.",
        "push",
        id=70_000,
        stream=STREAM,
        document=DOCUMENT,
        kind="symptom_log",
        changes=["01"],
        replaces=[HASH],
    ),
    _write(
        "`pushes` of two documents.",
        "pushes",
        items=[
            {
                "frame": "push",
                "id": id_,
                "stream": STREAM,
                "document": document,
                "kind": "goal",
                "changes": ["856f4a83"],
            }
            for id_, document in ((3, DOCUMENT), (4, REPLICA))
        ],
    ),
    _write("`erase`.", "erase", id=2, stream=STREAM, document=DOCUMENT, kind="journal_entry"),
    _write("`have` of a document with two heads.", "have", stream=STREAM, document=DOCUMENT, heads=[HASH, OTHER]),
    _write("`purged`.", "purged", stream=STREAM, grant=GRANT),
    _write("`welcome` with one stream that is empty.", "welcome", **WELCOME),
    _write(
        "`welcome` with all there may be in it.",
        "welcome",
        **{
            **WELCOME,
            "streams": [
                {**OFFER, "audience": "vault", "label": "Mara K.", "head": 12, "documents": 3, "bytes": 4096, "fork": 5}
            ],
            "limits": {
                **LIMITS,
                "burst": 400.0,
                "work_per_second": 600.0,
                "work_burst": 250.0,
                "reconnect_within_ms": 5000,
            },
            "at": LATER,
            "country": "DE",
        },
    ),
    _write(
        "`welcome` to a replica that knows its streams and has all there is.",
        "welcome",
        known=True,
        **{**WELCOME, "streams": []},
    ),
    _write("`welcome` without any stream.", "welcome", **{**WELCOME, "streams": []}),
    _write("`accepted`.", "accepted", id=1, seq=300),
    _write(
        "`outcomes` of two pushes.",
        "outcomes",
        items=[
            {"frame": "accepted", "id": 3, "seq": 301},
            {"frame": "rejected", "id": 4, "code": "not_writer", "message": "No.", "document": REPLICA},
        ],
    ),
    _write(
        "`rejected`, for good.",
        "rejected",
        id=1,
        code="not_writer",
        message="Your role does not allow it.",
        document=DOCUMENT,
    ),
    _write(
        "`rejected`, to be sent again in one and a half seconds.",
        "rejected",
        id=1,
        code="busy",
        message="Busy.",
        document=DOCUMENT,
        retry_after=1.5,
    ),
    _write("`erased`.", "erased", id=2, seq=8),
    _write(
        "`erased`, kept, and read before: a time of whole seconds takes 4 bytes, with parts of one 8.",
        "erased",
        id=2,
        seq=8,
        kept=True,
        read_at=[AT, LATER],
    ),
    _write("`rows` with nothing in them but a new cursor.", "rows", stream=STREAM, items=[], through=9, chain=CHAIN),
    _write(
        "`rows` with a change, a quarantine and an erasure.",
        "rows",
        stream=STREAM,
        through=9,
        chain=CHAIN,
        items=[
            CHANGE,
            {**ROW, "seq": 8, "received_at": AT, "type": "quarantine"},
            {**ROW, "seq": 9, "received_at": AT, "type": "erasure"},
        ],
    ),
    _write(
        "`snapshot` of one document, with more to come.",
        "snapshot",
        stream=STREAM,
        head=9,
        chain=CHAIN,
        backfill=4,
        items=[{"document": DOCUMENT, "kind": "journal_entry", "rows": [CHANGE]}],
    ),
    _write(
        "`snapshot` of a document that was saved: the rows of what is in it are arrays.",
        "snapshot",
        stream=STREAM,
        head=9,
        chain=CHAIN,
        backfill=0,
        items=[
            {
                "document": DOCUMENT,
                "kind": "journal_entry",
                "rows": [CHANGE],
                "saved": "856f4a83",
                "inside": [
                    {
                        "seq": 3,
                        "hash": OTHER,
                        "author": ACCOUNT,
                        "device": DEVICE,
                        "received_at": AT,
                        "deps": [HASH],
                        "actor": "0102",
                        "start_op": 4,
                        "operations": 2,
                        "length": 90,
                    }
                ],
            }
        ],
    ),
    _write("`packed` page: zlib's bytes of the frame.", "packed", data="789c030000000001"),
    _write("`snapshot` that says all has come.", "snapshot", stream=STREAM, items=[], head=9, chain=CHAIN, backfill=0),
    _write("`want` of a document from its beginning.", "want", stream=STREAM, document=DOCUMENT, heads=[]),
    _write("`want` of what lies beyond a head.", "want", stream=STREAM, document=DOCUMENT, heads=[HASH]),
    _write("`revoked`.", "revoked", stream=STREAM, grant=GRANT),
    _write("`error` about the connection.", "error", code="protocol_error", message="Not a frame."),
    _write(
        "`error` with all that may be left out: about one stream, and when to come back.",
        "error",
        code="storage_low",
        message="Nearly full.",
        retry_after=5.0,
        stream=STREAM,
    ),
)

_STREAM, _DOCUMENT, _REPLICA = (UUID(one).bytes for one in (STREAM, DOCUMENT, REPLICA))
_PUSH = _raw("push", id=1, stream=_STREAM, document=_DOCUMENT, kind="goal", changes=[b"\x01"])

_PAGE = msgspec.msgpack.encode(_raw("rows", stream=_STREAM, items=[], through=9, chain=bytes(8)))
_ACCEPTED = msgspec.msgpack.encode(_raw("accepted", id=1, seq=2))

READ = (
    _read("What is left out has its default.", _raw("hello", protocol=[1, 1], replica=_REPLICA)),
    _read("The order of fields makes no difference.", {"replica": _REPLICA, "protocol": [1, 2], "frame": "hello"}),
    _read(
        "Unknown fields are ignored, in whatever they hold.",
        _raw("purged", stream=_STREAM, grant=_REPLICA, more={"a": [1, None]}),
    ),
    _read("What is known nowhere may stand in any frame.", _raw("accepted", id=1, seq=2, later=None), "down"),
    _read("A UUID may come as text as well.", _raw("purged", stream=STREAM, grant=_REPLICA)),
    _read(
        "An integer may be written longer than it need be.",
        bytes.fromhex("83a56672616d65a86163636570746564a26964ce00000001a3736571cd0002"),
        "down",
    ),
    _read(
        "A time may be a msgpack timestamp of 96 bits.",
        bytes.fromhex(
            "85a56672616d65a6657261736564a2696401a373657102a46b657074c2a7726561645f617491c70cff075bca000000000069f86ea0"
        ),
        "down",
    ),
    _read(
        "A moment may be a text with any offset, which is kept, and is read to the nearest microsecond.",
        _raw("erased", id=1, seq=2, read_at=["2026-05-04t10:00:00.1234565-0330"]),
        "down",
    ),
    _read(
        "A moment after the year 9999 is refused.",
        _raw("erased", id=1, seq=2, read_at=[msgspec.msgpack.Ext(-1, bytes(4) + (253_402_300_800).to_bytes(8))]),
        "down",
    ),
    _read(
        "A moment without an offset is refused.", _raw("erased", id=1, seq=2, read_at=["2026-05-04T10:00:00"]), "down"
    ),
    _read(
        "A default may be written out.",
        _raw("hello", protocol=[1, 1], replica=_REPLICA, agent="", streams=[]),
    ),
    _read(
        "A number without a fraction may come as an integer where fractions are taken.",
        _raw("error", code="busy", message="", retry_after=5),
        "down",
    ),
    _read("A fraction is refused where an integer belongs, even 1.0.", _raw("accepted", id=1.0, seq=2), "down"),
    _read(
        "An error code that is not known here is read all the same.",
        _raw("error", code="from_the_future", message="?"),
        "down",
    ),
    _read("Of a packed page, what is in it is read.", _raw("packed", data=zlib.compress(_PAGE, 0)), "down"),
    _read(
        "A packed frame that inflates to more than the limit is refused.",
        _raw("packed", data=zlib.compress(bytes(4_000), 0)),
        "down",
        limit=1_000,
    ),
    _read("Nothing but pages is packed.", _raw("packed", data=zlib.compress(_ACCEPTED, 0)), "down"),
    _read("A packed frame that does not inflate is refused.", _raw("packed", data=b"\x78\x9c\xff"), "down"),
    _read("Bytes that are no msgpack are refused.", b"\xc1"),
    _read("No bytes at all are refused.", b""),
    _read(
        "Each of several pushes is a frame by itself, named as such or not.",
        _raw("pushes", items=[{name: one for name, one in _PUSH.items() if name != "frame"}, _PUSH]),
    ),
    _read("Text that is not UTF-8 is refused.", msgspec.msgpack.encode(_PUSH).replace(b"goal", b"go\xffl")),
    _read("The name of a frame may come last.", {"grant": _REPLICA, "stream": _STREAM, "frame": "purged"}),
    _read("A value that is no map is refused.", [1, 2]),
    _read("A map without `frame` is refused.", {"id": 1}),
    _read("A frame that is not known is refused by name.", _raw("teleport")),
    _read("A frame of the other direction is not known in this one.", _raw("accepted", id=1, seq=2)),
    _read("A frame that ends too early is refused.", msgspec.msgpack.encode(_PUSH)[:-1]),
    _read("Bytes after a frame are refused.", msgspec.msgpack.encode(_PUSH) + b"\xc0"),
    _read("A field that is missing is refused.", _raw("push", id=1)),
    _read("A field of another type is refused.", _PUSH | {"kind": 7}),
    _read("A UUID of 15 bytes is refused.", _PUSH | {"stream": _STREAM[:15]}),
    _read("A push without any change is refused.", _PUSH | {"changes": []}),
    _read("A negative number is refused where it counts something.", _PUSH | {"id": -1}),
    _read("A hash of 31 bytes is refused.", _PUSH | {"replaces": [b"\xaa" * 31]}),
    _read(
        "A chain of 9 bytes is refused.",
        _raw("hello", protocol=[1, 1], replica=_REPLICA, streams=[[_STREAM, 9, b"\x00" * 9]]),
    ),
    _read(
        "An audience that is not known is refused.",
        _raw(
            "welcome",
            protocol=1,
            server="1",
            account=_STREAM,
            device=_STREAM,
            limits={"frame_bytes": 1, "pushes": 1, "messages_per_second": 1.0},
            streams=[{"stream": _STREAM, "audience": "diary", "role": "client", "grant": _STREAM, "client": _STREAM}],
        ),
        "down",
    ),
    _read(
        "Waiting for more than a day is refused.", _raw("error", code="busy", message="", retry_after=86_401.0), "down"
    ),
    _read("A frame larger than is taken is refused unread.", _PUSH, limit=20),
    _read(
        "An unknown field nested 100 deep is ignored.",
        b"\x84\xa5frame\xa6purged\xa6stream\xc4\x10"
        + _STREAM
        + b"\xa5grant\xc4\x10"
        + _STREAM
        + b"\xa4more"
        + b"\x91" * 98
        + b"\x90",
    ),
    _read(
        "An unknown field nested deeper than that is refused.",
        b"\x84\xa5frame\xa6purged\xa6stream\xc4\x10"
        + _STREAM
        + b"\xa5grant\xc4\x10"
        + _STREAM
        + b"\xa4more"
        + b"\x91" * 100
        + b"\x90",
    ),
)

SUBJECT = Subject(
    "The frames of the sync protocol: fields and bytes on the wire, with and without what may be left out, and what is "
    "refused. ../protocol.md says what they mean.",
    {"write": write, "read": read},
    (*WRITTEN, *READ),
)
