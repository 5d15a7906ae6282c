"""The lock of the client's app: what it opens with, and what it leaves on the disk."""

from __future__ import annotations

from typing import Any

import pytest
from tests.web_client.lock.device import Device, Refused

pytestmark = pytest.mark.page

TEXTS = [f"The nightingale sang in the cherry tree {number}, and I lay awake." for number in range(300)]
NEEDLES = ("nightingale sang", "cherry tree", "lay awake", "nighting")
PASSCODE = {"passcode": "apfel7 Kuchen"}
OTHER = {"passcode": "birne8 Kuchen"}
KEY = {"credential": "0c" * 20, "salt": "5a" * 32, "output": "99" * 32}
"""What a passkey says, for tests that are about something else and need not wait for Argon2id."""
OTHER_KEY = {**KEY, "credential": "0d" * 20, "output": "77" * 32}


def written(device: Device) -> Device:
    assert device.start() == "none"
    device.ask("write", texts=TEXTS)
    return device


def kept(device: Device) -> bool:
    """Whether the store has all that was written, and is sound."""
    is_sound = device.ask("check") == "ok" and device.ask("count", word="nightingale") == len(TEXTS)
    return is_sound and list(device.ask("texts")) == TEXTS


def refused(device: Device, call: str, **given: Any) -> str:
    with pytest.raises(Refused) as refusal:
        device.ask(call, **given)
    return refusal.value.code


def test_without_a_lock_the_record_can_be_read_in_the_files(device: Device) -> None:
    assert set(written(device).leaks(*NEEDLES)) == set(NEEDLES), "what is looked for cannot be found"


def test_with_a_lock_no_file_says_a_word_of_it(device: Device) -> None:
    written(device).ask("set", secret=KEY)
    device.ask("open")
    device.ask("write", texts=["The nightingale again."])
    assert device.leaks(*NEEDLES) == []
    assert device.start() == "locked"
    assert refused(device, "open") == "locked"
    device.ask("unlock", secret=KEY)
    device.ask("open")
    assert device.ask("texts") == [*TEXTS, "The nightingale again."]
    assert device.ask("check") == "ok"


def test_nor_does_the_journal_of_a_transaction_that_was_cut_off(device: Device) -> None:
    written(device).ask("set", secret=KEY)
    device.ask("open")
    device.ended_at("half written", "halfWrite", texts=TEXTS[:200])
    assert device.leaks(*NEEDLES, *map(str.upper, NEEDLES)) == []
    device.start(KEY)
    assert kept(device), "the transaction was not undone"


def test_without_a_lock_that_journal_would_say_it(device: Device) -> None:
    written(device).ended_at("half written", "halfWrite", texts=TEXTS[:200])
    assert "NIGHTINGALE SANG" in device.leaks("NIGHTINGALE SANG")
    device.start()
    assert kept(device)


def test_a_passcode_opens_it_and_no_other_does(device: Device) -> None:
    written(device)
    assert refused(device, "set", secret={"passcode": "kurz5"}) == "passcode_too_short"
    device.start()
    device.ask("set", secret=PASSCODE)
    assert device.start() == "locked"
    assert refused(device, "unlock", secret=OTHER) == "wrong_secret"
    assert refused(device, "open") == "locked"
    device.ask("unlock", secret=PASSCODE)
    device.ask("open")
    assert kept(device)
    device.ask("lock")
    assert device.ask("state") == {"state": "locked", "ways": ["passcode"], "outside": False}
    assert refused(device, "open") == "locked"


def test_a_changed_passcode_takes_the_place_of_the_old_one(device: Device) -> None:
    written(device).ask("set", secret=PASSCODE, next=KEY)
    assert refused(device, "put", secret=OTHER_KEY, next=OTHER) == "wrong_secret"
    device.ask("put", secret=PASSCODE, next=OTHER)
    assert device.start() == "locked"
    assert refused(device, "unlock", secret=PASSCODE) == "wrong_secret"
    device.ask("unlock", secret=OTHER)
    device.ask("open")
    assert kept(device)
    assert device.start(KEY) == "locked", "the passkey stays as it was"
    assert kept(device)


def test_a_way_in_can_be_taken_back_but_for_the_last(device: Device) -> None:
    written(device).ask("set", secret=KEY, next=OTHER_KEY)
    device.ask("drop", secret=KEY, next=OTHER_KEY)
    assert refused(device, "drop", secret=KEY, next=KEY) == "invalid_field"
    device.start()
    assert refused(device, "unlock", secret=OTHER_KEY) == "wrong_secret"
    device.ask("unlock", secret=KEY)


def test_after_wrong_passcodes_one_waits_and_starting_anew_does_not_help(device: Device) -> None:
    written(device).ask("set", secret=PASSCODE, next=KEY)
    device.start()
    for minute in range(5):
        assert refused(device, "unlock", secret=OTHER, now=f"2026-05-04T18:3{minute}:00+02:00") == "wrong_secret"
    device.start()
    soon = "2026-05-04T18:34:10+02:00"
    assert refused(device, "unlock", secret=PASSCODE, now=soon) == "too_many_tries"
    assert device.ask("waits", now=soon) == 20
    assert device.ask("waits", now="2026-05-04T12:00:00+02:00") == 30, "a clock that was set back"
    device.ask("unlock", secret=PASSCODE, now="2026-05-04T18:34:31+02:00")
    assert device.ask("waits") == 0


def test_a_passcode_is_counted_before_it_is_looked_at(device: Device) -> None:
    """Ended while Argon2id works, it counts as well."""
    written(device).ask("set", secret=PASSCODE)
    for _ in range(5):
        device.start()
        device.page.evaluate(
            "(secret) => { void ask('unlock', { secret }); return new Promise((done) => setTimeout(done, 400)); }",
            OTHER,
        )
    device.start()
    assert device.ask("waits") > 0


def test_a_removed_lock_leaves_a_readable_store_and_no_other(device: Device) -> None:
    written(device).ask("set", secret=KEY)
    assert refused(device, "remove", secret=OTHER_KEY) == "wrong_secret"
    device.ask("remove", secret=KEY)
    device.ask("open")
    assert kept(device)
    assert device.start() == "none"
    assert kept(device)
    assert {name.removesuffix("-journal") for name in device.ask("files")} == {"/store-2.db"}


def test_everything_can_be_deleted_while_it_is_locked(device: Device) -> None:
    written(device).ask("set", secret=KEY)
    assert device.start() == "locked"
    device.ask("deleteEverything")
    assert device.start() == "none"
    assert device.ask("texts") == []


def test_deleting_everything_goes_on_where_it_was_cut_off(device: Device) -> None:
    written(device).ended_at("deleting", "deleteEverything")
    assert device.start() == "none"
    assert device.ask("texts") == []
    assert device.leaks(*NEEDLES) == []


def test_a_store_that_another_worker_has_open_is_left_as_it_is(device: Device) -> None:
    """SQLite's pool would else delete all of its files where it cannot open one of them."""
    written(device)
    assert device.page.evaluate("() => elsewhere('start')")["refused"] == "store_busy"
    assert kept(device)
    device.start()
    assert kept(device)
