"""Cases of sealing: a vault's blobs and its wrapped key, codes as people type them, the chain of a log."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from tests.vectors.cases import Case, Json, Subject

from intersession.sealing import recovery_code, sealing
from intersession.sealing.sealing import Content, Drawn, Unopened, VaultKey, Work
from intersession_schemas.records.instants import to_micros
from intersession_schemas.typed import typed_code
from intersession_server.accounts.codes import normalised
from intersession_server.log.chain import GENESIS, extend, on_wire
from intersession_server.log.store import erasure_hash


def seal(given: dict[str, Json]) -> Json:
    """A blob, and what it is made of: the plaintext, and what is authenticated with it."""
    key, stream, document = _key(given), UUID(given["stream"]), UUID(given["document"])
    content = Content(*([bytes.fromhex(one) for one in given["content"][name]] for name in ("changes", "replaces")))
    return {
        "plaintext": msgspec.msgpack.encode(content),
        "authenticated": sealing._place(key.id, stream, document),
        "blob": sealing.seal(key, stream, document, content, bytes.fromhex(given["nonce"])),
    }


def open_blob(given: dict[str, Json]) -> Json:
    """What is in a blob; null where it cannot be opened with this key in this place."""
    try:
        return sealing.open_blob(
            _key(given), UUID(given["stream"]), UUID(given["document"]), bytes.fromhex(given["blob"])
        )
    except Unopened:
        return None


def passphrase(given: dict[str, Json]) -> Json:
    """A passphrase as the bytes that are worked on."""
    return sealing.normal(given["passphrase"])


def wrap(given: dict[str, Json]) -> Json:
    """A wrapped key, and what Argon2id made of both secrets."""
    work = Work(**given["work"])
    drawn = {name: Drawn(*(bytes.fromhex(given[name][part]) for part in ("salt", "nonce"))) for name in _SECRETS}
    secret, code = sealing.normal(given["passphrase"]["secret"]), bytes.fromhex(given["recovery"]["secret"])
    both = (drawn["passphrase"], drawn["recovery"])
    return {
        "derived": {
            "passphrase": sealing._derived(secret, both[0].salt, work),
            "recovery": sealing._derived(code, both[1].salt, work),
        },
        "blob": sealing.wrap(_key(given), secret, code, work=work, drawn=both),
    }


_SECRETS = ("passphrase", "recovery")


def unwrap(given: dict[str, Json]) -> Json:
    """The key that a secret opens, be it the passphrase or the recovery code; null where it opens none."""
    wrapped = sealing.read_wrapped(bytes.fromhex(given["blob"]))
    found = None if wrapped is None else sealing.unwrap(wrapped, given["secret"])
    return None if found is None else {"key_id": found.id, "key": found.key}


def _key(given: dict[str, Json]) -> VaultKey:
    return VaultKey(bytes.fromhex(given["key_id"]), bytes.fromhex(given["key"]))


def write_code(given: dict[str, Json]) -> Json:
    """A recovery code as it is shown."""
    return recovery_code.written(bytes.fromhex(given["code"]))


def read_code(given: dict[str, Json]) -> Json:
    """The recovery code that somebody typed; null where it is none."""
    return recovery_code.read(given["typed"])


def pairing_code(given: dict[str, Json]) -> Json:
    """The pairing code that somebody typed, in its one form; null where it is none."""
    return normalised(given["typed"])


def typed(given: dict[str, Json]) -> Json:
    """What is left of a code as it was typed, whether or not it is one."""
    return typed_code(given["typed"])


def chain(given: dict[str, Json]) -> Json:
    """The chain of a stream at each of its rows, and what of it goes on the wire."""
    previous, found = GENESIS, []
    for row in given["rows"]:
        previous = extend(
            previous,
            UUID(given["stream"]),
            row["seq"],
            UUID(row["document"]),
            row["type"],
            row["kind"],
            bytes.fromhex(row["hash"]),
            UUID(row["author"]),
            UUID(row["device"]),
            to_micros(datetime.fromisoformat(row["received_at"])),
        )
        found.append({"chain": previous, "on_wire": on_wire(previous)})
    return found


def erasure(given: dict[str, Json]) -> Json:
    """The hash of the row that erases a document."""
    return erasure_hash(UUID(given["document"]))


STREAM, DOCUMENT, OTHER, AUTHOR, DEVICE = (str(UUID(int=int(digit * 32, 16))) for digit in "12345")
KEY = {"key_id": "a0" * 16, "key": "0f" * 32}
NONCE = "0b" * 12
PLACE = {**KEY, "stream": STREAM, "document": DOCUMENT}
CONTENT: dict[str, Json] = {"changes": ["856f4a83", "00ff"], "replaces": []}
SEALED = {**PLACE, "nonce": NONCE, "content": CONTENT}
BLOB = seal(SEALED)["blob"].hex()

LIGHT = {"memory": 64, "passes": 1, "lanes": 1}
CODE = "00112233445566778899aabbccddeeff01234567"
WRAPPED = {
    **KEY,
    "passphrase": {"secret": "correct horse", "salt": "01" * 16, "nonce": "02" * 12},
    "recovery": {"secret": CODE, "salt": "03" * 16, "nonce": "04" * 12},
    "work": LIGHT,
}
WRAPPED_BLOB = wrap(WRAPPED)["blob"].hex()
WRITTEN = recovery_code.written(bytes.fromhex(CODE))


def _rewritten(**fields: object) -> str:
    """The wrapped key with other fields."""
    wrapped = sealing.read_wrapped(bytes.fromhex(WRAPPED_BLOB))
    assert wrapped is not None
    return msgspec.msgpack.encode(msgspec.structs.replace(wrapped, **fields)).hex()


def _heavy(work: Work) -> str:
    wrapped = sealing.read_wrapped(bytes.fromhex(WRAPPED_BLOB))
    assert wrapped is not None
    return _rewritten(passphrase=msgspec.structs.replace(wrapped.passphrase, work=work))


def _opened(shows: str, **other: str) -> Case:
    return Case(shows, "open", {**PLACE, "blob": BLOB, **other})


def _unwrapped(shows: str, secret: str, blob: str = WRAPPED_BLOB) -> Case:
    return Case(shows, "unwrap", {"blob": blob, "secret": secret})


def _read(shows: str, typed: str) -> Case:
    return Case(shows, "read_code", {"typed": typed})


def _pairing(shows: str, typed: str) -> Case:
    return Case(shows, "pairing_code", {"typed": typed})


BLOBS = (
    Case(
        "A blob is version 1, the key's id, the nonce, and what AES-256-GCM makes of the content in its place.",
        "seal",
        SEALED,
    ),
    Case(
        "Content may name the blobs that it takes the place of.",
        "seal",
        {**SEALED, "content": {**CONTENT, "replaces": ["cc" * 32]}},
    ),
    Case("Another nonce is another blob.", "seal", {**SEALED, "nonce": "0c" * 12}),
    _opened("A blob opens with its key, in its place."),
    _opened("It does not open with another key under the same name.", key="0e" * 32),
    _opened("It does not open under another key's name.", key_id="a1" * 16),
    _opened("It does not open in another stream.", stream=OTHER),
    _opened("It does not open in another document.", document=OTHER),
    _opened("It does not open with a byte changed.", blob=BLOB[:-2] + "00"),
    _opened("It does not open as another version.", blob="02" + BLOB[2:]),
    _opened("What is too short is no blob.", blob="01" + "a0" * 16),
)

KEYS = (
    Case("A passphrase is its bytes in UTF-8.", "passphrase", {"passphrase": "correct horse"}),
    Case(
        "A passphrase is put into NFKC, so that every keyboard gives the same: an accent in two code points is one.",
        "passphrase",
        {"passphrase": "cafe\u0301 noir"},
    ),
    Case("Full width is made plain, and so is a ligature.", "passphrase", {"passphrase": "ｏｆﬁce １２３"}),
    Case("Spaces and case of a passphrase stay.", "passphrase", {"passphrase": " Correct  Horse "}),
    Case("A passphrase of less than 8 characters is refused.", "passphrase", {"passphrase": "1234567"}),
    Case(
        "A key is wrapped with Argon2id and AES-256-GCM, once for the passphrase and once for the recovery code.",
        "wrap",
        WRAPPED,
    ),
    Case(
        "The same with the work that new keys are wrapped with.",
        "wrap",
        {**WRAPPED, "work": {"memory": 65_536, "passes": 3, "lanes": 4}},
    ),
    _unwrapped("The passphrase opens it.", "correct horse"),
    _unwrapped("The recovery code opens it, however it is typed.", WRITTEN.lower().replace("-", " ")),
    _unwrapped("Another passphrase does not.", "correct horses"),
    _unwrapped("Another recovery code does not.", recovery_code.written(bytes(20))),
    _unwrapped(
        "A wrapped key that replaces others opens as well.", "correct horse", _rewritten(replaces=[b"\xcc" * 32])
    ),
    _unwrapped("Another version is not read.", "correct horse", _rewritten(version=2)),
    _unwrapped(
        "One that asks for more work than a device should do is not read.",
        "correct horse",
        _heavy(Work(memory=1024 * 1024, passes=3, lanes=4)),
    ),
    _unwrapped(
        "One that asks for less memory than its lanes need is not read.",
        "correct horse",
        _heavy(Work(memory=7, passes=1, lanes=1)),
    ),
    _unwrapped("What is no wrapped key is not read.", "correct horse", "9301"),
)

CODES = (
    Case(
        "A recovery code is 32 characters in groups of four, and a check character at the end.",
        "write_code",
        {"code": CODE},
    ),
    Case("A code of nothing but zeros has the check character 0.", "write_code", {"code": "00" * 20}),
    _read("It is read as it was shown.", WRITTEN),
    _read("Case and what stands between the groups make no difference.", WRITTEN.lower().replace("-", " ")),
    _read("O is read as 0, I and L as 1.", WRITTEN.replace("0", "O").replace("1", "l")),
    _read("Full width makes no difference.", "".join(chr(ord(one) + 0xFEE0) for one in WRITTEN)),
    _read("Dashes of any length, and what cannot be seen, make no difference.", WRITTEN.replace("-", "\u2014\u200b")),
    _read("One wrong character shows.", ("1" if WRITTEN[0] == "0" else "0") + WRITTEN[1:]),
    _read("Two neighbours that changed places show.", WRITTEN[:5] + WRITTEN[6] + WRITTEN[5] + WRITTEN[7:]),
    _read("A code that is too short is none.", WRITTEN[:-1]),
    _read("U is no character of codes.", "U" + WRITTEN[1:]),
    _pairing("A pairing code is eight characters.", "14WA-CCWD"),
    _pairing("Case, spaces and dashes make no difference to it.", " 14wa ccwd "),
    _pairing("An en dash makes no difference to it.", "14WA\u2013CCWD"),
    _pairing("Full width makes no difference to it.", "１４ＷＡ－ＣＣＷＤ"),
    _pairing("O is read as 0, I and L as 1, in it too.", "I4WA-CCWO"),
    _pairing(
        "Characters of other alphabets that look like one are read as it: these are Cyrillic and Greek.",
        "14W\u0410-\u0421\u0421W\u039f",
    ),
    _pairing("Digits of other scripts are digits.", "\u0661\u0664WA-CCWD"),
    _pairing("Seven characters are no pairing code.", "14WA-CCW"),
    _pairing("U is in no pairing code.", "14WA-CCWU"),
    Case("What is no character of codes is left for the caller to refuse.", "typed", {"typed": "14wa-üccw\u200b"}),
    Case("A dotless small i is read as 1.", "typed", {"typed": "\u0131\u0130"}),
)

ROW = {
    "document": DOCUMENT,
    "type": "change",
    "kind": "journal_entry",
    "hash": "aa" * 32,
    "author": AUTHOR,
    "device": DEVICE,
}
ROWS = [
    {**ROW, "seq": 1, "received_at": "2026-05-04T10:00:00+00:00"},
    {**ROW, "seq": 2, "received_at": "2026-05-04T10:00:00.123456+00:00", "hash": "bb" * 32},
    {
        **ROW,
        "seq": 3,
        "received_at": "2026-05-04T10:00:01+00:00",
        "type": "erasure",
        "hash": erasure_hash(UUID(DOCUMENT)).hex(),
    },
]

LOG = (
    Case(
        "The chain at the first row: SHA-256 over 32 zero bytes and the row's fields.",
        "chain",
        {"stream": STREAM, "rows": ROWS[:1]},
    ),
    Case(
        "Each row's chain is over the one before it; moments count in microseconds.",
        "chain",
        {"stream": STREAM, "rows": ROWS},
    ),
    Case("The same row in another stream has another chain.", "chain", {"stream": OTHER, "rows": ROWS[:1]}),
    Case(
        "The hash of an erasure is that of a fixed text and the document's 16 bytes.", "erasure", {"document": DOCUMENT}
    ),
)

SUBJECT = Subject(
    "The blobs of a vault, its wrapped key, recovery and pairing codes as people type them, and the chain of a log. "
    "Keys, nonces and salts are fixed here; never use one twice.",
    {
        "seal": seal,
        "open": open_blob,
        "passphrase": passphrase,
        "wrap": wrap,
        "unwrap": unwrap,
        "write_code": write_code,
        "read_code": read_code,
        "pairing_code": pairing_code,
        "typed": typed,
        "chain": chain,
        "erasure": erasure,
    },
    (*BLOBS, *KEYS, *CODES, *LOG),
)
