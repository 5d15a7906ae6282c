"""The reference pages say what the code says: every command, option and setting, and none that is gone."""

from __future__ import annotations

import inspect
import re

import pytest
from tests.project.documentation.public_types import public_callables, reachable
from tests.project.documentation.reference_pages import FILES, FOLDER, PAGES
from tests.project.documentation.sdk_page import sdk_page, without_a_word

import intersession
from intersession import errors, testing


@pytest.mark.parametrize("file", FILES)
def test_a_file_is_as_the_code_makes_it(file: str) -> None:
    """If this fails: `.venv/bin/python -m tests.project.documentation.reference_pages`, and read what has changed."""
    assert (FOLDER / file).read_text(encoding="utf-8") == FILES[file]()


def test_no_schema_is_left_of_a_kind_that_is_gone() -> None:
    there = {f"schemas/{path.name}" for path in (FOLDER / "schemas").iterdir()}
    assert there == {file for file in FILES if file.startswith("schemas/")}


def test_every_public_name_of_the_sdk_has_its_words() -> None:
    assert without_a_word() == []


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_left_without_a_word(page: str) -> None:
    rows = [line for line in PAGES[page]().splitlines() if line.startswith("| `")]
    assert rows
    assert [row for row in rows if row.rstrip(" |").endswith("`") and "--version" not in row] == []


def test_every_type_that_an_app_meets_is_public_and_on_the_page() -> None:
    public = {name: getattr(intersession, name) for name in intersession.__all__}
    met = reachable(public)
    assert {one.__qualname__: where for one, where in met.items() if one not in public.values()} == {}
    headings = set(re.findall(r"^##+ `([\w.]+)`$", sdk_page(), re.MULTILINE))
    assert set(public) - headings == set()
    assert {f"intersession.testing.{name}" for name in testing.__all__} - headings == set()


def test_every_error_is_exported() -> None:
    assert set(errors.__all__) - set(intersession.__all__) == set()


def test_no_public_call_takes_whatever_is_given() -> None:
    """Keywords have names, or a `TypedDict` that names them; pass-through calls name the call they stand for."""
    faces = reachable({name: getattr(intersession, name) for name in intersession.__all__})
    calls = [(one, name, function) for one in faces for name, function in public_callables(one)]
    taken = [
        (f"{one.__name__}.{name}", parameter.annotation)
        for one, name, function in calls
        for parameter in inspect.signature(function).parameters.values()
        if parameter.kind is parameter.VAR_KEYWORD
    ]
    assert [call for call, hint in taken if not re.match(r"Unpack\[|P\.kwargs", hint)] == []
