"""One house: what a page's style sheet says is about that page alone, and about something that is there."""

from __future__ import annotations

import importlib.resources
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

WEB = Path(str(importlib.resources.files("intersession_server.web")))
SHEETS: Mapping[str, str] = {
    file.name: re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.S)
    for file in sorted((WEB / "static" / "styles").iterdir())
}
_CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")
_WRITTEN = re.compile(r"""class(?:_?=|['"]?: ?|List\.\w+\()\s*[bf]?\\?["']((?:\{%.*?%\}|\{\{.*?\}\}|[^"'])*)["']""")
_TEMPLATE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{[^{}]*\}")


def selectors(sheet: str) -> Iterator[str]:
    """Every selector of a style sheet, those of a list one by one, without what stands in parentheses."""
    for found in re.finditer(r"([^{};]+)\{", sheet):
        listed = found.group(1).strip()
        while "(" in listed and not listed.startswith("@"):
            listed = re.sub(r"\([^()]*\)", "", listed)
        if not listed.startswith("@"):
            yield from (one.strip() for one in listed.split(","))


def defined(sheet: str) -> set[str]:
    """The classes that a style sheet says something about wherever they stand: `.week`, not `.brief .week`."""
    alone = (one for one in selectors(sheet) if not re.search(r"[\s>+~]", one))
    return {name for one in alone for name in _CLASS.findall(one)}


def written() -> tuple[set[str], set[str]]:
    """The classes that templates, scripts and Python write, and the beginnings of those that end in a value."""
    whole: set[str] = set()
    beginnings: set[str] = set()
    scripts = (WEB / "static").glob("*.js")
    for file in (*WEB.rglob("*.html"), *WEB.rglob("*.py"), *scripts):
        text = file.read_text()
        for attribute in _WRITTEN.findall(text):
            within = " ".join(re.findall(r"['\"]([\w -]+)['\"]", " ".join(_TEMPLATE.findall(attribute))))
            for token in (_TEMPLATE.sub("\0", attribute) + " " + within).split():
                start, ends_in_value, _ = token.partition("\0")
                (beginnings if ends_in_value else whole).add(start)
                whole.add(start)
        if file.suffix == ".py":  # the pictures put theirs together from words
            for quoted in re.findall(r'"([^"\n]*)"', text):
                whole |= set(re.findall(r"[\w-]+", quoted))
                beginnings |= set(re.findall(r"([\w-]+-)\{", quoted))
    return whole, {one for one in beginnings if one.endswith("-")}


@pytest.mark.parametrize("name", [name for name in SHEETS if name.startswith("5")])
def test_a_class_of_one_page_is_defined_for_no_other(name: str) -> None:
    elsewhere: defaultdict[str, list[str]] = defaultdict(list)
    for other, sheet in SHEETS.items():
        if other != name:
            for one in defined(sheet):
                elsewhere[one].append(other)
    assert {one: elsewhere[one] for one in defined(SHEETS[name]) if one in elsewhere} == {}


def test_every_class_of_the_style_sheets_is_used() -> None:
    whole, beginnings = written()
    named = {one for sheet in SHEETS.values() for found in selectors_whole(sheet) for one in _CLASS.findall(found)}
    dead = {one for one in named - whole if not any(one.startswith(start) for start in beginnings)}
    assert dead == set()


def selectors_whole(sheet: str) -> Iterator[str]:
    """What stands before each block of a style sheet, with what is in parentheses."""
    return (found for found in re.findall(r"([^{};]+)\{", sheet) if not found.strip().startswith(("@media", "@page")))


def test_what_is_hidden_is_hidden_whatever_else_is_said_of_it() -> None:
    assert "[hidden] { display: none !important; }" in SHEETS["20-base.css"]
