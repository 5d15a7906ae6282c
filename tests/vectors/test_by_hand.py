"""Some answers of the test vectors, worked out by hand or with other libraries.

So a wrong answer of the code is noticed, and not just written down.
"""

from __future__ import annotations

import json
from base64 import b64decode
from functools import cache
from hashlib import sha256
from typing import Any

import pytest
from argon2.low_level import Type, hash_secret_raw
from automerge import _automerge as automerge
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tests.vectors.cases import Json
from tests.vectors.files import FOLDER


@cache
def by_sentence(subject: str) -> dict[str, dict[str, Any]]:
    return {one["shows"]: one for one in json.loads((FOLDER / f"{subject}.json").read_text(encoding="utf-8"))["cases"]}


def expected(subject: str, shows: str) -> Any:
    """What is expected of the case that begins so."""
    (found,) = [one for sentence, one in by_sentence(subject).items() if sentence.startswith(shows)]
    return found["expected"]


def given(subject: str, shows: str) -> Any:
    (found,) = [one for sentence, one in by_sentence(subject).items() if sentence.startswith(shows)]
    return found["given"]


# -- recurrence: read off a calendar -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shows", "days"),
    [
        ("FREQ=MONTHLY from the 31st", "01-31 03-31 05-31 07-31 08-31 10-31 12-31"),
        ("With SKIP=BACKWARD the 30th", "01-30 02-28 03-30 04-30 05-30 06-30 07-30 08-30 09-30 10-30 11-30 12-30"),
        ("With SKIP=BACKWARD, BYMONTHDAY=-31", "01-01 02-01 03-01 04-01"),
        ("-1FR is the last Friday", "01-30 02-27 03-27 04-24"),
        ("5MO is due only", "03-30 06-29 08-31 11-30"),
        ("BYDAY and BYMONTHDAY together", "02-13 03-13 11-13"),
        ("Every second week is counted in weeks that begin on Monday", "03-08 03-16 03-22 03-30"),
        ("With WKST=SU", "03-15 03-16 03-29 03-30"),
    ],
)
def test_days_of_2026(shows: str, days: str) -> None:
    assert expected("recurrence", shows)["occurrences"] == [f"2026-{day}" for day in days.split()]


def test_leap_days() -> None:
    assert expected("recurrence", "FREQ=YEARLY from 29 February")["occurrences"] == [
        "2024-02-29",
        "2028-02-29",
        "2032-02-29",
    ]
    assert expected("recurrence", "The word yearly from 29 February")["occurrences"] == [
        "2024-02-29",
        "2025-02-28",
        "2026-02-28",
        "2027-02-28",
        "2028-02-29",
    ]


# -- agenda ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shows", "moments"),
    [
        ("A time that clocks skip in spring", ["2026-03-29T03:30:00+02:00"]),
        ("Of a time that clocks show twice in autumn", ["2026-10-25T02:30:00+02:00"]),
        ("Clocks in New York", ["2026-03-08T03:30:00-04:00"]),
        ("On Lord Howe Island", ["2025-10-05T02:45:00+11:00"]),
        ("A log answers for the slot it falls into", ["2026-05-04T12:00:00+02:00", "2026-05-04T15:00:00+02:00"]),
        ("After a flight to Tokyo, an entry at 23:50", ["2026-05-05T00:00:00+09:00"]),
        ("After a flight to Honolulu, a day may come twice", []),
        ("Where days begin at 4, a slot at one o'clock", ["2026-05-04T22:00:00+02:00", "2026-05-05T01:00:00+02:00"]),
        ("Homework is overdue for 14 days", ["2026-05-04T00:00:00+02:00"]),
        ("On the 15th day after it", []),
        ("Daily slots keep their hour when clocks go back", [
            "2026-10-24T20:00:00+02:00", "2026-10-25T20:00:00+01:00", "2026-10-26T20:00:00+01:00",
        ]),
        ("A reminder to come", ["2026-05-07T00:00:00+02:00"]),
    ],
)  # fmt: skip
def test_what_is_due(shows: str, moments: list[str]) -> None:
    assert [one["at"] for one in expected("agenda", shows)] == moments


def test_before_a_session_it_closes_with_it() -> None:
    (due,) = expected("agenda", "Before a session, an assessment is open")
    assert (due["day"], due["closes_on"]) == ("2026-05-04", "2026-05-06")
    assert due["occurrence"] == "session/00000008-0000-4000-9000-000000000000"


# -- adherence ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shows", "counts"),
    [
        ("Past days without an answer", {"counted": 3, "unanswered": 3}),
        ("The four answers", {"counted": 3, "done": 1, "partly": 1, "not_done": 1, "could_not": 1}),
        ("A paused day counts beside", {"counted": 1, "unanswered": 1, "paused": 2}),
        ("What was entered more than 24 hours", {"counted": 3, "done": 2, "unanswered": 1, "late": 1}),
        ("Nothing was entered after it arrived", {"counted": 3, "done": 1, "unanswered": 2}),
        ("Of two answers entered in the same moment", {"counted": 3, "partly": 1, "unanswered": 2}),
        ("Where days begin at 4", {"counted": 2, "unanswered": 2}),
    ],
)
def test_counts(shows: str, counts: dict[str, int]) -> None:
    told = expected("adherence", shows)["counts"]
    assert {name: count for name, count in told.items() if count} == counts


# -- scores: from the published rules ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shows", "raw", "score", "band", "cut_offs"),
    [
        ("A cut-off is reached at its score: 10", 10, 10, "moderate", ["caseness"]),
        ("WHO-5: the raw sum is multiplied by 4", 12, 48, None, ["low"]),
        ("K10 (Australia) counts from 1", 16, 16, "moderate", None),
        ("PSS-10: items 4, 5, 7 and 8 are turned round", 6 * 1 + 4 * 3, 18, None, None),
        ("WSAS: without work", 8, 8, None, None),
        ("An item without an answer", None, None, None, None),
    ],
)
def test_a_score(shows: str, raw: int | None, score: int | None, band: str | None, cut_offs: list[str] | None) -> None:
    (scale,) = expected("scores", shows)["scales"]
    told = [scale.get(name) for name in ("raw", "score", "band", "cut_offs")]
    assert told == [raw, score, band, cut_offs]


@pytest.mark.parametrize(
    ("shows", "difference", "threshold", "verdict"),
    [
        ("A difference that reaches the threshold", -6, 6, "reliable improvement"),
        ("One point less than the threshold, for the worse", 5, 6, "within measurement error"),
        ("WHO-5: less is worse", -12, 10, "deterioration by the published difference"),
        ("ISI: a threshold need not", -9, 8.4, "improvement by the published difference"),
        # 1.96 × 6.2 × √2 × √0.15 = 12.152 × 1.41421 × 0.387298
        ("A practice's own parameters", -8, 6.6559, "reliable improvement"),
    ],
)
def test_a_change(shows: str, difference: int, threshold: float, verdict: str) -> None:
    told = expected("scores", shows)
    assert (told["difference"], told["verdict"]) == (difference, verdict)
    assert told["threshold"] == pytest.approx(threshold, abs=1e-4)


def test_counting_rules_and_levels() -> None:
    assert [expected("scores", shows)["rules"][0].get("met") for shows in (
        "The counting rule takes item 9", "The counting rule needs item 1 or 2", "The counting rule is undecided",
        "PCL-5: the counting rule is met", "PCL-5: with only one E",
    )] == [True, False, None, True, False]  # fmt: skip
    assert [expected("scores", f"C-SSRS: {shows}").get("level") for shows in (
        "questions 3 to 5", "after a yes", "the highest level", "an attempt",
    )] == [None, "low", "moderate", "high"]  # fmt: skip


# -- signals -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shows", "ids"),
    [
        ("A positive risk item in a completed", ["risk/00000001-0000-4000-9000-000000000000/q9/1"]),
        ("A risk item answered with 0", []),
        ("Two scores in a row that are reliably worse", ["deterioration/00000053-0000-4000-9000-000000000000/total"]),
        ("One alone waits", []),
        ("One point less is within", []),
        ("Seven possible occurrences", ["missed_run/00000020-0000-4000-9000-000000000000/2026-05-13"]),
        ("Six are not", []),
        ("Who writes daily", ["silence/2026-05-16"]),
        ("Three days are no silence", []),
        ("Who writes every third day", ["silence/2026-05-28"]),
        ("Eight days are no silence then", []),
        ("Something that was sent", ["not_accepted/00000001-0000-4000-9000-000000000000/7"]),
    ],
)
def test_signals(shows: str, ids: list[str]) -> None:
    assert [one["id"] for one in expected("signals", shows)] == ids


def test_the_words_of_a_late_answer() -> None:
    (told,) = expected("signals", "It says so where it arrived")
    assert told["text"].endswith("answered “1” 5 days ago. Received 2 days later, on 2026-05-17.")
    assert (told["late"], told["age_hours"]) == (True, 5 * 24)


# -- layout ------------------------------------------------------------------------------------------------------------


def raw(changes: list[str]) -> automerge.Document:
    """The document as Automerge alone reads it."""
    return automerge.Document.load(b"".join(map(b64decode, changes)))


def test_a_goal_as_automerge_alone_reads_it() -> None:
    told = expected("layout", "A goal with steps")
    document = raw(told["changes"])
    assert sorted(document.keys(automerge.ROOT)) == ["kind", "made_at", "steps", "what", "why"]
    kind, what = (document.get(automerge.ROOT, key) for key in ("kind", "what"))
    assert kind is not None
    assert what is not None
    assert kind[0] == (automerge.ScalarType.Str, "goal")
    assert (what[0], document.text(what[1])) == (automerge.ObjType.Text, "Walk again")
    assert [told["holds"][key] for key in ("kind", "what")] == [["str", "goal"], ["text", "Walk again"]]
    assert [head.hex() for head in document.get_heads()] == told["heads"]


JSON_TEXTS = {
    "A resource: a list of texts": ("tags", '["rest","body"]'),
    "A bucket of symptom logs": (
        "00000001-0000-4000-9000-000000000000",
        (
            '{"id":"00000001-0000-4000-9000-000000000000","at":"2026-05-04T21:50:00+02:00",'
            '"entered_at":"2026-05-04T21:55:00+02:00","values":{"worry":3}}'
        ),
    ),
}


@pytest.mark.parametrize("shows", JSON_TEXTS)
def test_what_lies_in_a_document_as_json(shows: str) -> None:
    key, text = JSON_TEXTS[shows]
    assert expected("layout", shows)["holds"][key] == ["str", text]


def test_edits() -> None:
    step = ["map", {"order": ["f64", 1.0], "removed": ["boolean", True], "text": ["text", "Out"]}]
    assert expected("layout", "An element that is left out")["holds"]["steps"][1]["s2"] == step
    assert expected("layout", "An element that is left out")["read"]["steps"] == {"s1": {"order": 0.0, "text": "Shoes"}}
    assert expected("layout", "A removed element is put back")["holds"]["steps"][1]["s2"][1]["removed"][1] is False
    assert "change" not in expected("layout", "Nothing that differs")
    assert expected("layout", "A mood is taken away")["holds"]["mood"] == ["null", None]
    assert expected("layout", "A tag is a key")["holds"]["tags"] == ["map", {"lake": ["boolean", True]}]


@pytest.mark.parametrize(
    ("shows", "problem"),
    [
        ("A value where prose belongs", "why: missing or not a text"),
        ("A day that does not exist", "began_on: invalid"),
        ("An element that is no map", "steps s2: not an element"),
        ("A mood beyond 10 is a problem", "mood: not an integer from 0 to 10"),
        ("A log with a value off its scale", "log 00000001-0000-4000-9000-000000000000: not a readable log"),
    ],
)
def test_problems(shows: str, problem: str) -> None:
    assert expected("layout", shows)["read"]["problems"] == [problem]


AT_ONCE = "set on two devices at once; one of the values is shown"

# -- merge -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shows", "field", "value"),
    [
        ("Words that two devices put into one text", "why", "I really miss the lake and Jo."),
        ("An entry's text keeps", "text", "I slept very badly. Then I walked."),
        ("A tag taken away", "tags", ["lake"]),
        ("One item answered differently", "conflicts", ["q1"]),
        ("The same answer on two devices", "conflicts", None),
        ("Once somebody has set it again", "problems", None),
        ("One field set at once to two", "problems", [f"state: {AT_ONCE}"]),
        ("Its time corrected on two devices", "written_at", "2026-05-03T22:00:00+02:00"),
    ],
)  # fmt: skip
def test_what_is_read_after_merging(shows: str, field: str, value: Json) -> None:
    assert expected("merge", shows)["read"].get(field) == value


def test_what_both_devices_wrote_is_there() -> None:
    words = expected("merge", "Words put in at the same place")["read"]["why"]
    assert words in {"I miss the cold blue lake.", "I miss the blue cold lake."}
    completions = expected("merge", "Completed on two devices at once")["read"]["completions"]
    assert [one["answers"] for one in completions] == [{"q1": 2}, {"q1": 1}]


@pytest.mark.parametrize(
    ("shows", "worry"),
    [
        ("A log stands as it is", [3]),
        ("Of two corrections the one entered last", [5]),
        ("No correction was entered after it arrived", [6]),
        ("Logs with one key are one", [4]),
        ("A log that was withdrawn", [3]),
        ("Its corrections go with it", []),
        ("A correction of a log that is not here", []),
    ],
)
def test_which_logs_stand(shows: str, worry: list[int]) -> None:
    assert [one["log"]["values"]["worry"] for one in expected("merge", shows)] == worry


# -- sealing: with other libraries -------------------------------------------------------------------------------------


def test_a_blob_by_hand() -> None:
    asked, told = given("sealing", "A blob is version 1"), expected("sealing", "A blob is version 1")
    key, key_id, nonce = (bytes.fromhex(asked[name]) for name in ("key", "key_id", "nonce"))
    place = b"intersession vault content 1" + key_id + b"\x11" * 16 + b"\x22" * 16
    plain = b"\x92\x92\xc4\x04\x85\x6f\x4a\x83\xc4\x02\x00\xff\x90"  # [[bin 4, bin 2], []]
    assert (told["plaintext"], told["authenticated"]) == (plain.hex(), place.hex())
    assert bytes.fromhex(told["blob"]) == b"\x01" + key_id + nonce + AESGCM(key).encrypt(nonce, plain, place)


@pytest.mark.parametrize("shows", ["A key is wrapped with Argon2id", "The same with the work"])
@pytest.mark.parametrize(("use", "secret"), [("passphrase", b"correct horse"), ("recovery", b"")])
def test_a_wrapped_key_with_another_argon2(shows: str, use: str, secret: bytes) -> None:
    asked, told = given("sealing", shows), expected("sealing", shows)
    secret = secret or bytes.fromhex(asked[use]["secret"])
    salt, nonce, key, key_id = (
        bytes.fromhex(one) for one in (asked[use]["salt"], asked[use]["nonce"], asked["key"], asked["key_id"])
    )
    work = asked["work"]
    derived = hash_secret_raw(secret, salt, work["passes"], work["memory"], work["lanes"], 32, Type.ID)
    assert told["derived"][use] == derived.hex()
    sealed = AESGCM(derived).encrypt(nonce, key, b"intersession vault key 1" + use.encode() + key_id)
    assert sealed.hex() in told["blob"]


def test_codes() -> None:
    # 00 11 22 … in groups of five bits: 00000 00000 01000 10010 is 0, 0, 8, J.
    assert expected("sealing", "A recovery code is 32 characters").startswith("008J-")
    assert expected("sealing", "One wrong character shows") is None
    assert expected("sealing", "Characters of other alphabets") == "14WACCW0"


def test_the_chain_by_hand() -> None:
    told = expected("sealing", "Each row's chain")
    rows = given("sealing", "Each row's chain")["rows"]
    received = [1_777_888_800_000_000, 1_777_888_800_123_456, 1_777_888_801_000_000]  # 2026-05-04T10:00:00Z
    chain = bytes(32)
    for number, (row, at) in enumerate(zip(rows, received, strict=True), 1):
        fields = (row["type"].encode(), row["kind"].encode(), bytes.fromhex(row["hash"]))
        content = b"intersession row 1\0" + chain + b"\x11" * 16 + number.to_bytes(8, "big") + b"\x22" * 16
        content += b"".join(len(field).to_bytes(2, "big") + field for field in fields)
        chain = sha256(content + b"\x44" * 16 + b"\x55" * 16 + at.to_bytes(8, "big")).digest()
        assert told[number - 1] == {"chain": chain.hex(), "on_wire": chain[:8].hex()}


# -- frames: as msgpack is written -------------------------------------------------------------------------------------

UUIDS = {digit: b"\xc4\x10" + bytes([0x11 * digit]) * 16 for digit in range(1, 8)}
# 2026-05-04T10:00:00Z is 0x69f86e20; 123,456,000 ns, in the upper 30 bits of 64, is 0x1d6f2800
TIMES = b"\xd6\xff\x69\xf8\x6e\x20", b"\xd7\xff\x1d\x6f\x28\x00\x69\xf8\x6e\x20"
FRAMES = {
    "`accepted`.": [b"\x83\xa5frame\xa8accepted", b"\xa2id\x01", b"\xa3seq\xcd\x01\x2c"],
    "`purged`.": [b"\x83\xa5frame\xa6purged", b"\xa6stream", UUIDS[1], b"\xa5grant", UUIDS[6]],
    "`erase`.": [
        *(b"\x85\xa5frame\xa5erase", b"\xa2id\x02", b"\xa6stream", UUIDS[1], b"\xa8document", UUIDS[2]),
        b"\xa4kind\xadjournal_entry",
    ],
    "`hello` of a replica": [b"\x83\xa5frame\xa5hello", b"\xa8protocol\x92\x01\x01", b"\xa7replica", UUIDS[3]],
    "`erased`, kept, and read before": [
        *(b"\x85\xa5frame\xa6erased", b"\xa2id\x02", b"\xa3seq\x08", b"\xa4kept\xc3", b"\xa7read_at\x92", *TIMES),
    ],
    "`rejected`, to be sent again": [
        *(b"\x86\xa5frame\xa8rejected", b"\xa2id\x01", b"\xa4code\xa4busy", b"\xa7message\xa5Busy."),
        *(b"\xa8document", UUIDS[2], b"\xabretry_after\xcb\x3f\xf8" + bytes(6)),
    ],
}


@pytest.mark.parametrize("shows", FRAMES)
def test_the_bytes_of_a_frame(shows: str) -> None:
    assert bytes.fromhex(expected("frames", shows)) == b"".join(FRAMES[shows])
