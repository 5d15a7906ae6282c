"""Erasures in the server's session: answered when they are on disk, within the limits of pushes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.server.sync.talk import DOCUMENT, STREAM, Talk, closes, offer, push, sent

from intersession_schemas.errors import CloseCode, ErrorCode, RefusalCode
from intersession_schemas.messages import Accepted, Erase, Erased, Error, Push, Rejected
from intersession_schemas.streams import Audience
from intersession_server.sync.events import ErasurePersisted, Persist, Persisted, PersistErasure, PersistFailed, Send

READ_AT = [datetime(2026, 3, 2, tzinfo=UTC)]


def erase(id_: int = 1) -> Erase:
    return Erase(id_, STREAM, DOCUMENT, "symptom_log")


def opened() -> Talk:
    talk = Talk()
    talk.open(offer())
    return talk


def test_an_erasure_is_answered_when_it_is_on_disk_and_not_before() -> None:
    talk = opened()
    assert talk.get(erase(7)) == [PersistErasure(7, STREAM, DOCUMENT, "symptom_log")]
    assert sent(talk.feed(ErasurePersisted(7, 3, True, READ_AT))) == [Erased(7, 3, True, READ_AT)]


def test_a_refused_one_is_rejected_with_the_code() -> None:
    talk = opened()
    talk.get(erase(7))
    (rejected,) = sent(talk.feed(PersistFailed(7, RefusalCode.NOT_WRITER)))
    assert isinstance(rejected, Rejected)
    assert (rejected.id, rejected.code, rejected.document, rejected.retry_after) == (7, "not_writer", DOCUMENT, None)


def test_pushes_and_erasures_have_their_ids_and_their_limit_in_common() -> None:
    talk = opened()
    talk.get(erase(1))
    assert closes(talk.get(push(1))) == [CloseCode.PROTOCOL_ERROR]
    talk = opened()
    talk.get(push(1))
    assert closes(talk.get(erase(1))) == [CloseCode.PROTOCOL_ERROR]
    talk = opened()
    talk.get(push(1))
    talk.get(erase(2))
    assert talk.get(erase(3)) == talk.get(push(4)) == []
    erased, third = talk.feed(ErasurePersisted(2, 4, False, []))
    assert (erased, isinstance(third, PersistErasure) and third.id) == (Send(Erased(2, 4)), 3)
    accepted, fourth = talk.feed(Persisted(1, 3))
    assert (accepted, isinstance(fourth, Persist) and fourth.id) == (Send(Accepted(1, 3)), 4)


def test_before_hello_it_is_a_protocol_error() -> None:
    (error,) = sent(Talk().get(erase()))
    assert isinstance(error, Error)
    assert error.code == ErrorCode.PROTOCOL_ERROR


@pytest.mark.parametrize("audience", [Audience.VAULT, Audience.RECORD])
def test_what_a_push_replaces_is_handed_on(audience: Audience) -> None:
    """Whether it may is judged where the push is appended."""
    talk = Talk()
    talk.open(offer(audience=audience))
    (change,) = push().changes
    (persist,) = talk.get(Push(1, STREAM, DOCUMENT, "symptom_log", [change], [b"r" * 32]))
    assert isinstance(persist, Persist)
    assert persist.replaces == (b"r" * 32,)
