"""The simulation can fail: with one safeguard taken out on purpose, some of its 500 runs do."""

from __future__ import annotations

from itertools import islice

import pytest
from tests.simulation.fleet import play
from tests.simulation.test_convergence import SEEDS

from intersession_schemas.messages import Accepted, Erased, Push
from intersession_server.log import checks
from intersession_server.sync.events import Effect, Persist, Send
from intersession_server.sync.inbox import PushReading
from intersession_server.sync.session import ServerSession


def first_failure() -> tuple[int, list[str]] | None:
    """The first of the test run's seeds that goes wrong, and how; a run that cannot be finished has gone wrong too."""
    failing = ((seed, violations) for seed in range(SEEDS) if (violations := play(seed)[0]))
    return next(islice(failing, 1), None)


def expect_failure(*words: str) -> None:
    failure = first_failure()
    assert failure is not None, f"all {SEEDS} runs passed without this safeguard"
    assert any(word in violation for violation in failure[1] for word in words), failure


@pytest.mark.timeout(600)
def test_without_deduplication(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "already_known", lambda change, facts: None)
    expect_failure("is in the log 2 times")


@pytest.mark.timeout(600)
def test_without_persist_before_send(monkeypatch: pytest.MonkeyPatch) -> None:
    push, persisted = ServerSession._push, ServerSession._persisted

    def accept_at_once(self: ServerSession, frame: Push, now: float) -> list[Effect]:
        effects = push(self, frame, now)
        accepted = [Send(Accepted(effect.id, 0)) for effect in effects if isinstance(effect, Persist)]
        return [*effects, *accepted]

    def say_nothing(self: ServerSession, id_: int, answer: Accepted | Erased) -> list[Effect]:
        effects = persisted(self, id_, answer)
        return effects if isinstance(answer, Erased) else []

    monkeypatch.setattr(ServerSession, "_push", accept_at_once)
    monkeypatch.setattr(ServerSession, "_persisted", say_nothing)
    expect_failure("were accepted and are not in the log")


@pytest.mark.timeout(600)
def test_without_the_access_check_on_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "may_read_page", lambda *_, **__: True)
    expect_failure("were read for", "without a grant was sent")


@pytest.mark.timeout(600)
def test_without_the_access_checks_on_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The session refuses unread what the append would refuse as well: both have to be gone."""

    def read_whatever_comes(self: ServerSession, push: Push, now: float) -> list[Effect]:
        self._reading_push = PushReading(push, sealed=False)
        return self._read_on(now)

    monkeypatch.setattr(ServerSession, "_push", read_whatever_comes)
    monkeypatch.setattr(checks, "may_append", lambda submission, facts: None)
    expect_failure("without a grant was accepted")


@pytest.mark.timeout(600)
def test_without_the_refusal_of_what_comes_after_an_erasure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "fits_document", lambda submission, facts: None)
    expect_failure("what was withdrawn is not what was erased", "differ", "holds other changes")
