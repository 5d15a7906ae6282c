"""The test vectors are what the code answers, have something of everything, and can be read by people."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

import msgspec
import pytest
from tests.vectors.cases import Json
from tests.vectors.files import FILES, FOLDER, SUBJECTS

from intersession_schemas.codec import DOWN_FRAMES, UP_FRAMES
from intersession_schemas.documents.care.adherence import OccurrenceState
from intersession_schemas.documents.care.agenda import DueKind
from intersession_schemas.documents.recurrence import FREQUENCIES, PARTS
from intersession_schemas.errors import ErrorCode
from intersession_schemas.instruments import INSTRUMENTS
from intersession_schemas.instruments.change import Verdict
from intersession_schemas.instruments.scoring import Level
from intersession_schemas.measures.signals.signal import SignalKind
from intersession_schemas.records.kinds import MODELS
from intersession_schemas.streams import Kind

ADVICE = "The vectors are not what the code answers: run ./run vectors, and read what has changed."
MOST_BYTES = 1_200 * 1024
README = (FOLDER / "README.md").read_text(encoding="utf-8")


@cache
def content(file: str) -> Json:
    """What a file holds."""
    return json.loads((FOLDER / file).read_text(encoding="utf-8"))


def cases(subject: str, call: str = "") -> list[dict[str, Any]]:
    """The cases of a subject, all or those of a call."""
    return [one for one in content(f"{subject}.json")["cases"] if call in ("", one["call"])]


def every_case() -> list[dict[str, Any]]:
    return [one for subject in SUBJECTS for one in cases(subject)]


def values(value: Json) -> Iterator[Json]:
    """All that is in JSON and is no list or object."""
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from values(one)
    else:
        yield value


# -- what the code answers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", FILES)
def test_a_file_is_what_the_code_answers(file: str) -> None:
    assert (FOLDER / file).read_text(encoding="utf-8") == FILES[file](), ADVICE


def test_no_file_is_left_of_a_subject_that_is_gone() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {*FILES, "README.md"}, ADVICE


# -- for people --------------------------------------------------------------------------------------------------------


def test_no_two_cases_show_the_same_and_each_says_so_in_a_sentence() -> None:
    shown = [one["shows"] for one in every_case()]
    assert sorted(shown) == sorted(set(shown))
    assert [text for text in shown if len(text) > 130 or not re.fullmatch(r"\S.*\.", text)] == []


def test_no_two_cases_are_alike_in_all_that_is_given() -> None:
    given = [json.dumps([one["call"], one["given"]], sort_keys=True) for one in every_case()]
    assert [one for one in given if given.count(one) > 1] == []


@pytest.mark.parametrize("name", SUBJECTS)
def test_the_readme_tells_of_every_call(name: str) -> None:
    section = README.partition(f"\n### {name}.json\n")[2].partition("\n##")[0]
    used = {one["call"] for one in cases(name)}
    assert used == set(SUBJECTS[name].calls)
    assert [call for call in used if f"`{call}`" not in section] == []
    assert f"[{name}.json]({name}.json)" in README


def test_the_readme_shows_a_case_that_there_is() -> None:
    shown = json.loads(README.partition("```json\n")[2].partition("```")[0])
    assert shown in every_case()


def test_the_folder_stays_small_and_its_numbers_exact() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < MOST_BYTES
    numbers = [one for file in FILES for one in values(content(file)) if isinstance(one, int | float)]
    assert max(map(abs, numbers)) < 2**53


# -- something of everything -------------------------------------------------------------------------------------------


def test_every_kind_of_document_is_written() -> None:
    written = {one["given"]["kind"] for one in cases("layout", "create") if "holds" in one["expected"]}
    assert written == {kind.value for kind in MODELS}
    assert set(Kind) - set(MODELS) == {Kind.VAULT_KEY}
    assert cases("sealing", "wrap")


def test_every_frame_is_written_with_all_and_with_none_that_may_be_left_out() -> None:
    for name, frame in (UP_FRAMES | DOWN_FRAMES).items():
        given = [one["given"]["frame"] for one in cases("frames", "write") if one["given"]["frame"]["frame"] == name]
        optional = {field.name for field in msgspec.structs.fields(frame) if not field.required}
        assert any(optional.isdisjoint(one) for one in given), name
        assert optional <= set().union(*given), name


def test_frames_are_refused_with_every_code_of_theirs() -> None:
    codes = {one["expected"]["refused"]["code"] for one in cases("frames") if "refused" in one["expected"]}
    assert codes == {ErrorCode.PROTOCOL_ERROR, ErrorCode.UNKNOWN_FRAME, ErrorCode.FRAME_TOO_LARGE}


def test_every_instrument_is_scored_and_told() -> None:
    scored = {one["given"]["instrument"] for one in cases("scores", "score") if "scheme" in one["expected"]}
    assert scored == set(INSTRUMENTS)
    assert [one["key"] for one in content("instruments.json")["instruments"]] == list(INSTRUMENTS)


def test_every_verdict_and_level_occurs() -> None:
    verdicts = {one["expected"].get("verdict") for one in cases("scores", "change")} - {None}
    assert set(get_args(Verdict)) - verdicts == {"reliable change, direction not stated"}  # of practices' own only
    levels = {one["expected"].get("level") for one in cases("scores", "score")} - {None}
    assert levels == set(get_args(Level))


def test_every_kind_of_signal_occurs_and_not_only_where_there_is_one() -> None:
    told = [[signal["kind"] for signal in one["expected"]] for one in cases("signals", "signals")]
    assert {kind for kinds in told for kind in kinds} == set(get_args(SignalKind))
    assert sum(not kinds for kinds in told) >= 10


def test_every_part_of_a_rule_occurs() -> None:
    rules = [one["expected"]["rule"] for one in cases("recurrence", "due")]
    parts = {part for rule in rules for part in rule.split(";")}
    assert {part.partition("=")[0] for part in parts} == set(PARTS)
    assert {f"FREQ={frequency}" for frequency in FREQUENCIES} <= parts


def test_every_state_of_an_occurrence_and_every_kind_of_due_occurs() -> None:
    states = {view["state"] for one in cases("adherence") for view in one["expected"].get("occurrences", [])}
    assert states == set(get_args(OccurrenceState))
    kinds = {due["kind"] for call in ("due", "upcoming") for one in cases("agenda", call) for due in one["expected"]}
    assert kinds == set(get_args(DueKind))
