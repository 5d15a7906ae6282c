"""Codes, passphrases and addresses as phones, keyboards and mails write them; texts that a merge made too long.

Any spelling of a code: tests/schemas/test_typed.py. Every field over its limit:
tests/client_sdk/documents/test_over_the_limit.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.end_to_end.support.practice import Invitation, Practice

from intersession import InvalidField, PairingRefused, Tracker, WrongPassphrase
from intersession.cli import main
from intersession.sealing import recovery_code
from intersession.sync.addresses import server_url


@contextmanager
def two_devices(practice: Practice, folder: Path, client: Invitation) -> Iterator[tuple[Tracker, Tracker]]:
    with practice.tracker(folder / "1.db", client) as one, practice.tracker(folder / "2.db", client.person) as two:
        yield one, two


WRITTEN: dict[str, Callable[[str], str]] = {
    "with an en dash": lambda code: code.replace("-", "–"),
    "with an em dash and spaces": lambda code: f" {code.replace('-', ' — ')} ",
    "in full width": lambda code: "".join(chr(ord(one) + 0xFEE0) for one in code),
    "in small letters, in one word": lambda code: code.replace("-", "").lower(),
    "with letters for digits": lambda code: code.replace("0", "o").replace("1", "l"),
    "with spaces between": lambda code: " ".join(code),
    "with what cannot be seen": lambda code: f"\ufeff{code[:2]}\u200b{code[2:]}\u00ad",
    "in quotes, with a full stop": lambda code: f"“{code}”.",
    "in Cyrillic look-alikes": lambda code: code.translate(str.maketrans("ABCEHKMPTX", "АВСЕНКМРТХ")),
}


@pytest.mark.parametrize("how", WRITTEN)
def test_a_pairing_code_is_taken_however_it_is_written(practice: Practice, tmp_path: Path, how: str) -> None:
    client = practice.add_client(how)
    with Tracker.open(tmp_path / "t.db") as tracker:
        tracker.pair(practice.server.url, WRITTEN[how](client.code), share_by_default=True)
        assert tracker.status().paired is not None


def test_the_command_takes_it_too_and_a_wrong_one_is_refused(practice: Practice, tmp_path: Path) -> None:
    def pair(code: str) -> str:
        words = ["--store", str(tmp_path / "c.db"), "pair", practice.server.url, code, "--share"]
        return CliRunner().invoke(main, words).output

    client = practice.add_client("By command")
    wrong = client.code[:-1] + ("A" if client.code[-1] != "A" else "B")
    assert "Wrong pairing code" in pair(wrong)
    assert "Wrong pairing code" in pair("日本語")
    pair(WRITTEN["in full width"](client.code))
    with Tracker.open(tmp_path / "c.db") as tracker:
        assert tracker.pairing is not None


def test_a_recovery_code_and_a_passphrase_are_read_alike(practice: Practice, tmp_path: Path) -> None:
    client = practice.add_client("Vault")
    with two_devices(practice, tmp_path, client) as (one, two):
        one.sync()
        code = one.vault.create("mein Schlüssel ２")
        one.journal.write("Mine.", shared=False)
        one.sync()
        two.sync()
        two.vault.unlock(WRITTEN["in full width"](code))
        assert [entry.text for entry in two.journal.entries()] == ["Mine."]
        two.vault.lock()
        two.vault.unlock("mein Schlu\u0308ssel 2")
        with pytest.raises(WrongPassphrase):
            two.vault.unlock(code[:-1])


@pytest.mark.parametrize("how", WRITTEN)
def test_a_recovery_code_is_read_however_it_is_written(how: str) -> None:
    code = bytes(range(recovery_code.CODE_BYTES))
    assert recovery_code.read(WRITTEN[how](recovery_code.written(code))) == code


@pytest.mark.parametrize(
    "written",
    [
        " https://practice.example/ ", "HTTPS://practice.example", "https://practice.example\u200b", "\ufeffhttps://practice.example",
        "“https://practice.example”.", "<https://practice.example>", "https：//practice．example", "https://practice.example,",
    ],
)  # fmt: skip
def test_an_address_is_read_however_a_mail_has_it(written: str) -> None:
    assert server_url(written) == "https://practice.example"


@pytest.mark.parametrize(
    "written", ["practice.example", "", "https://", "http://practice.example", "https://a:b@c.example"]
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(InvalidField):
        server_url(written)


# -- limits ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("over", ["text", "section"])
def test_what_two_devices_made_too_long_is_shortened_step_by_step(
    practice: Practice, tmp_path: Path, over: str
) -> None:
    client = practice.add_client(f"Limits {over}")
    with two_devices(practice, tmp_path, client) as (one, two):
        inside = "m" * 10_000
        entry = one.journal.write(inside) if over == "text" else one.journal.write(sections={"How?": inside})

        def said(tracker: Tracker) -> str:
            found = tracker.journal.get(entry.id)
            return found.text if over == "text" else found.sections[0].text

        def say(tracker: Tracker, text: str) -> None:
            if over == "text":
                tracker.journal.edit(entry.id, text=text)
            else:
                tracker.journal.edit(entry.id, sections={"How?": text})

        one.sync()
        two.sync()
        for tracker, letter in ((one, "x"), (two, "y")):
            say(tracker, said(tracker) + letter * 7_900)
        for tracker in (one, two, one):
            tracker.sync()
        text = said(one)
        assert len(text) == 25_800
        for shorter in (text[:-1], text[:-2] + "!", text[5_000:-3], text[:17_000]):
            say(one, shorter)
            assert said(one) == shorter
        one.sync()
        two.sync()
        assert said(two) == text[:17_000]
        with pytest.raises(InvalidField):
            say(one, "z" * 18_001)
        say(one, "z" * 18_000)


def test_tags_that_two_devices_made_too_many_go_one_by_one(practice: Practice, tmp_path: Path) -> None:
    client = practice.add_client("Tags")
    with two_devices(practice, tmp_path, client) as (one, two):
        entry = one.journal.write("x", tags=["both"])
        one.sync()
        two.sync()
        for tracker, letter in ((one, "a"), (two, "b")):
            tracker.journal.edit(entry.id, tags=["both", *(f"{letter}{n}" for n in range(25))])
        for tracker in (one, two, one):
            tracker.sync()
        tags = list(one.journal.get(entry.id).tags)
        assert len(tags) == 51
        with pytest.raises(InvalidField):
            one.journal.edit(entry.id, tags=[*tags, "more"])
        for fewer in (tags[:-1], tags[:-10], tags[:3]):
            assert len(one.journal.edit(entry.id, tags=fewer).tags) == len(fewer)


def test_a_pairing_code_is_used_once(practice: Practice, tmp_path: Path) -> None:
    client = practice.add_client("Once")
    with (
        practice.tracker(tmp_path / "one.db", client),
        Tracker.open(tmp_path / "two.db") as two,
        pytest.raises(PairingRefused),
    ):
        two.pair(practice.server.url, client.code, share_by_default=True)
