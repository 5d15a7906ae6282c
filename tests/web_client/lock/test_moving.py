"""A store moves whole, wherever it is cut off; and what is damaged or out of its place is noticed."""

from __future__ import annotations

import pytest
from tests.web_client.lock.device import Device, Refused
from tests.web_client.lock.test_lock import KEY, NEEDLES, OTHER_KEY, TEXTS, kept, written

pytestmark = pytest.mark.page

BEFORE = ["begun", "copied"]
AFTER = ["half named", "named", "erased"]
SAH_HEADER, SEALED_BLOCK = 4096, 4136
"""Bytes that SQLite's pool has before the content of a file, and those of a block that is sealed."""
IOERR_DATA = 8202
STORE = "/store-1.db"


@pytest.mark.parametrize("point", [*BEFORE, *AFTER])
def test_a_lock_that_is_being_set_leaves_one_whole_store(device: Device, point: str) -> None:
    written(device).ended_at(point, "set", secret=KEY)
    assert device.start(KEY) == ("none" if point in BEFORE else "locked")
    assert kept(device)
    if point in BEFORE:
        device.ask("set", secret=KEY)
        device.start(KEY)
        assert kept(device)
    assert device.leaks(*NEEDLES) == []


@pytest.mark.parametrize("point", [*BEFORE, *AFTER])
def test_a_lock_that_is_being_removed_leaves_one_whole_store(device: Device, point: str) -> None:
    written(device).ask("set", secret=KEY)
    device.ended_at(point, "remove", secret=KEY)
    assert device.start(KEY) == ("locked" if point in BEFORE else "none")
    assert kept(device)
    assert bool(device.leaks(*NEEDLES)) == (point in AFTER)


def test_a_lock_can_be_set_again_and_has_another_key(device: Device) -> None:
    written(device).ask("set", secret=KEY)
    device.ask("remove", secret=KEY)
    device.ask("set", secret=OTHER_KEY)
    device.start()
    with pytest.raises(Refused) as refusal:
        device.ask("unlock", secret=KEY)
    assert refusal.value.code == "wrong_secret"
    device.ask("unlock", secret=OTHER_KEY)
    device.ask("open")
    assert kept(device)
    assert device.leaks(*NEEDLES) == []


def page_at(number: int) -> int:
    return SAH_HEADER + number * SEALED_BLOCK


def checked(device: Device) -> str:
    """What is said of a store that is opened and read as a whole: `ok`, or what is wrong."""
    try:
        device.start(KEY)
        said: str = device.ask("check")
    except Refused as refusal:
        return refusal.code
    # SQLite goes on looking, and names a page that it could not get with the code of a block that is not as it was.
    return "damaged" if f"error code={IOERR_DATA}" in said else said


@pytest.mark.parametrize(
    ("first", "second"), [(page_at(0) + 2_000, None), (page_at(9) + 700, None), (page_at(3), page_at(9))],
    ids=["the first page", "another page", "two pages that changed places"],
)  # fmt: skip
def test_a_page_that_is_not_as_it_was_is_noticed(device: Device, first: int, second: int | None) -> None:
    written(device).ask("set", secret=KEY)
    device.spoil(STORE, first, second, SEALED_BLOCK)
    assert "damaged" in checked(device)
    device.end()
    device.ask("deleteEverything")
    assert device.start() == "none"
    assert device.ask("texts") == []


def test_a_damaged_store_is_not_moved_and_stays_where_it_is(device: Device) -> None:
    written(device).ask("set", secret=KEY)
    device.spoil(STORE, page_at(9) + 700)
    device.start()
    with pytest.raises(Refused) as refusal:
        device.ask("remove", secret=KEY)
    assert refusal.value.code == "damaged"
    assert {name.removesuffix("-journal") for name in device.ask("files")} == {STORE}
    assert device.leaks(*NEEDLES) == [], "a copy that was begun is left"
    assert device.start() == "locked"


def test_a_first_page_that_a_power_cut_tore_is_put_right_by_the_journal(device: Device) -> None:
    written(device).ask("set", secret=KEY)
    device.ask("open")
    device.ended_at("half written", "halfWrite", texts=TEXTS[:200])
    device.spoil(STORE, page_at(0) + 99)
    device.start(KEY)
    assert kept(device)


def test_a_journal_whose_beginning_was_torn_had_changed_nothing(device: Device) -> None:
    written(device).ask("set", secret=KEY)
    device.ask("open")
    device.ended_at("half written", "slightWrite", texts=TEXTS[:2])
    device.spoil(f"{STORE}-journal", page_at(0) + 99)
    device.start(KEY)
    assert kept(device)


@pytest.mark.parametrize("seed", range(4))
def test_a_sealed_file_reads_as_what_was_written(device: Device, seed: int) -> None:
    assert device.page.evaluate("(seed) => compared(seed, 300)", seed) is None
