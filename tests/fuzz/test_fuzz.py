"""The short form of `./run fuzz`: a few thousand inputs of each target, always the same; and it can fail."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.fuzz import __main__ as command
from tests.fuzz.cases import Case, Kept, chance_of, failure, keep, kept_in
from tests.fuzz.client_target import ClientTarget
from tests.fuzz.inputs import corpus
from tests.fuzz.inputs.change_parts import parts_of, rows_of
from tests.fuzz.misbehaving import Dawdles, Dies, Fails, Hangs, Spins, Swells
from tests.fuzz.runner import Ran, replay, run
from tests.fuzz.targets import TARGETS, target_of
from tests.schemas import forging

from intersession.sync import inbox
from intersession_schemas import codec, crdt
from intersession_schemas.changes import Change, read_change
from intersession_schemas.crdt import document, edits
from intersession_schemas.errors import DocumentError
from intersession_schemas.messages import Accepted
from intersession_server.log import checks
from intersession_server.sync.events import Effect, Persist, Send
from intersession_server.sync.session import ServerSession

INPUTS = {"codec": 8_000, "seam": 1_000, "server": 1_000, "client": 2_000}


def quiet(_: Ran | Kept) -> None:
    """Nobody looks on."""


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_that_is_sent_does_harm(target: str) -> None:
    ran = run(target, INPUTS[target], 1, 1, quiet, quiet)
    assert not [(one.number, one.what, one.where) for one in ran.findings]
    assert ran.inputs >= INPUTS[target]


def test_real_stores_take_no_harm() -> None:
    """They are few in a short run, so some are run here."""
    target = ClientTarget(stores=1.0)
    found = [first_of(target, number) for number in range(6)]
    assert not [(one.number, one.what, one.where) for one in found if one]


def first_of(target: Any, number: int) -> Kept | None:
    return failure("client", target.run, target.make(chance_of("client", 2, number)), 2, number)


# -- what is mutated ---------------------------------------------------------------------------------------------------


def test_a_change_that_is_taken_apart_is_put_together_as_it_was() -> None:
    """Otherwise every mutant would say more than it should, and few would get past the first door."""
    for story in corpus.stories():
        for change in story.changes:
            parts = parts_of(change)
            parts.columns = sorted(forging.operations(rows_of(parts)).items())
            assert parts.body() == forging.body_of(change)


def test_mutants_come_through_the_doors_and_are_refused_at_them() -> None:
    outcomes = {"taken": 0, "refused": 0}
    seam = target_of("seam")
    for number in range(200):
        for _, data in seam.make(chance_of("seam", 1, number)).inputs:
            try:
                read_change(data)
                outcomes["taken"] += 1
            except DocumentError:
                outcomes["refused"] += 1
    assert min(outcomes.values()) > 0.2 * sum(outcomes.values())


@pytest.mark.parametrize("target", TARGETS)
def test_a_case_is_made_again_from_its_number(target: str) -> None:
    made = [target_of(target).make(chance_of(target, 7, 12)) for _ in range(2)]
    assert made[0] == made[1] != target_of(target).make(chance_of(target, 7, 13))


# -- what has to be noticed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "what", "hangs"),
    [
        (Fails, "Broken: as it was meant to", 5.0),
        (Hangs, "Hung: ", 0.5),
        (Spins, "Hung: ", 0.5),
        (Dies, "Ended: ", 5.0),
        (Swells, r"Broken: it took \d{3} megabytes", 5.0),
        (Dawdles, r"Broken: it took 1\.\d s", 5.0),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_what_misbehaves_is_found_kept_and_found_again(target: type, what: str, hangs: float, tmp_path: Path) -> None:
    name = f"{target.__module__}:{target.__name__}"
    ran = run(name, 24, 1, 2, quiet, quiet, most=1, hangs=hangs)
    first = ran.findings[0]
    assert re.match(what, first.what)
    keep(tmp_path / "kept", first)
    (kept,) = kept_in(tmp_path / "kept")
    assert kept == first
    assert target_of(name).make(chance_of(name, kept.seed, kept.number)) == kept.case
    again = replay(kept, hangs=hangs)
    assert again is not None
    assert again.what[:4] == what[:4]
    assert replay(Kept(name, 1, 0, "", "", Case((("", b"\0"),)))) is None


def test_after_one_that_hangs_the_others_are_tried() -> None:
    name = f"{Dies.__module__}:{Dies.__name__}"
    ran = run(name, 20, 1, 1, quiet, quiet, most=99)
    assert len(ran.findings) > 1
    assert ran.inputs >= 20


def test_the_command_says_what_failed_and_exits_with_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = Kept("codec", 4, 17, "Broken: x", "codec.py:1 f", Case((("up", b"\xc0"),)))

    def failing(target: str, inputs: int, seed: int, workers: int, tell: Any, kept: Any) -> Ran:
        kept(found)
        return Ran(target, inputs, 10, 1.0, [found])

    monkeypatch.setattr(command, "run", failing)
    path = tmp_path / "kept"
    assert command.main(["--target", "codec", "--keep", str(path)]) == 1
    assert "codec --seed 4, number 17: Broken: x (codec.py:1 f)" in capsys.readouterr().out
    assert command.main(["--replay", str(path)]) == 0
    assert "is well  codec" in capsys.readouterr().out
    monkeypatch.setattr(command, "run", lambda target, *_: Ran(target))
    assert command.main(["--keep", str(path)]) == 0
    assert command.main(["--inputs", "0"]) == 2


# -- with one safeguard taken out, each target fails -------------------------------------------------------------------


def expect(target: Any, name: str, *words: str, cases: int = 400) -> None:
    for number in range(cases):
        found = failure(name, target.run, target.make(chance_of(name, 1, number)), 1, number)
        if found is not None:
            assert any(word in found.what for word in words), found.what
            return
    raise AssertionError("nothing was found without this safeguard")


def test_codec_without_a_word_for_text_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "_UNDECODABLE", (msgspec.MsgspecError, RecursionError))
    expect(target_of("codec"), "codec", "UnicodeDecodeError")


def test_codec_that_lets_the_decoder_speak(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "_explain", lambda data, failure, known: failure)
    expect(target_of("codec"), "codec", "ValidationError", "DecodeError")


@contextlib.contextmanager
def nothing_mended() -> Iterator[None]:
    yield


def test_seam_without_a_net_for_panics(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (document, edits):
        monkeypatch.setattr(module, "mending", nothing_mended)
    expect(target_of("seam"), "seam", "PanicException", "Exception: ")


def test_seam_that_applies_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    apply = crdt.Document.apply

    def one_by_one(self: crdt.Document, changes: Sequence[bytes | Change]) -> None:
        for one in changes:
            apply(self, [one])

    monkeypatch.setattr(crdt.Document, "apply", one_by_one)
    expect(target_of("seam"), "seam", "left something behind", cases=1_000)


def test_server_without_persist_before_send(monkeypatch: pytest.MonkeyPatch) -> None:
    read_on = ServerSession._read_on

    def accept_at_once(self: ServerSession, now: float) -> list[Effect]:
        effects = read_on(self, now)
        return [*effects, *(Send(Accepted(one.id, 1)) for one in effects if isinstance(one, Persist))]

    monkeypatch.setattr(ServerSession, "_read_on", accept_at_once)
    expect(target_of("server"), "server", "before it was on disk")


def test_server_without_the_access_check_on_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "may_read_page", lambda *_, **__: True)
    expect(target_of("server"), "server", "may not be read", "were read for")


def test_client_that_forgets_what_it_could_not_use(monkeypatch: pytest.MonkeyPatch) -> None:
    take = inbox._take_row

    def forget(store: Any, stream: Any, row: Any) -> bool:
        try:
            return take(store, stream, row)
        except DocumentError:
            return False

    monkeypatch.setattr(inbox, "_take_row", forget)
    expect(ClientTarget(stores=1.0), "client", "the cursor moved past")
