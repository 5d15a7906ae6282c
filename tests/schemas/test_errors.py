"""Errors are data: codes for programs, texts for people, and each code explained."""

from __future__ import annotations

import re

import pytest

from intersession_schemas import errors
from intersession_schemas.errors import (
    CLOSE_REASONS,
    NOT_FINAL,
    REFUSAL_TEXT,
    STREAM_STOPPED_TEXT,
    CloseCode,
    DocumentError,
    ErrorCode,
    IntersessionError,
    InvalidField,
    RefusalCode,
    WireError,
)

ALL = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, IntersessionError)]


def test_every_error_is_one_of_ours_and_stands_in_the_tree() -> None:
    for error in ALL:
        assert error.__name__ in (errors.__doc__ or "")
    with pytest.raises(IntersessionError):
        raise DocumentError("text")


def test_a_code_is_given_or_that_of_its_class() -> None:
    assert DocumentError("text").code == RefusalCode.BAD_CHANGE
    assert WireError("text").code == ErrorCode.PROTOCOL_ERROR
    assert InvalidField("text").code == "invalid_field"
    error = DocumentError("text", code=RefusalCode.TOO_LARGE)
    assert (error.code, str(error), DocumentError.code) == ("too_large", "text", "bad_change")


def test_an_invalid_field_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="text"):
        raise InvalidField("text")


def test_codes_are_plain_words() -> None:
    for code in (*RefusalCode, *ErrorCode):
        assert code.value == code.name.lower() == str(code)


def test_every_refusal_is_explained_in_sentences() -> None:
    assert REFUSAL_TEXT.keys() == set(RefusalCode)
    assert all(text.endswith(".") and text[0].isupper() for text in REFUSAL_TEXT.values())
    assert len(set(REFUSAL_TEXT.values())) == len(REFUSAL_TEXT)


JARGON = r"automerge|checksum|\bactor|sequence|\bseq\b|stream|document|operation|\bid\b|push|replica|\blog\b|byte"


@pytest.mark.parametrize("text", [*REFUSAL_TEXT.values(), *STREAM_STOPPED_TEXT.values()])
def test_what_a_person_reads_says_what_happened_and_what_to_do_without_jargon(text: str) -> None:
    assert re.search(JARGON, text, re.IGNORECASE) is None
    assert len(re.findall(r"[.;:] [A-Z]?|\.$", text)) >= 2, "what happened, and what to do"
    assert any(
        re.search(rf"\b{word}\b", text, re.IGNORECASE)
        for word in ("ask", "update", "enter", "write", "split", "close", "check", "tell", "nothing to do")
    )


def test_what_may_be_sent_again_says_so() -> None:
    assert {refusal.value for refusal in NOT_FINAL} == {
        "missing_dependency",
        "busy",
        "rate_limited",
        "storage_failed",
        "storage_full",
        "log_diverged",
    }
    assert all("again" in REFUSAL_TEXT[refusal] for refusal in NOT_FINAL)


def test_close_codes_are_private_ones_with_short_fixed_reasons() -> None:
    codes = {value for name, value in vars(CloseCode).items() if name.isupper()}
    assert codes == CLOSE_REASONS.keys()
    assert all(4000 <= code <= 4999 for code in codes - {CloseCode.GOING_AWAY})
    assert CloseCode.GOING_AWAY == 1001
    assert all(0 < len(reason.encode()) <= 123 for reason in CLOSE_REASONS.values())
    assert len(set(CLOSE_REASONS.values())) == len(CLOSE_REASONS)
