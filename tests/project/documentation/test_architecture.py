"""The ways that the architecture page walks along are there: each module it names, and what it says is called in it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from tests.project.workspace import ROOT

PAGE = ROOT / "docs" / "explanation" / "architecture.md"
SOURCES = {
    "schemas": ROOT / "schemas/src/intersession_schemas",
    "sdk": ROOT / "client_sdk/src/intersession",
    "server": ROOT / "server/src/intersession_server",
}
WAYS = ("An edit", "A token", "A cursor", "An answer")
_NAMED = re.compile(r"`(schemas|sdk|server)/([\w/]+\.py): ([\w.]+)`")


def named(text: str) -> list[tuple[str, str, str]]:
    """What a text names: source folder, module, and the class or function in it."""
    return _NAMED.findall(" ".join(text.split()))


def is_there(module: Path, name: str) -> bool:
    """Whether the module defines that name, itself or as part of a class."""
    if not module.is_file():
        return False
    body: list[ast.stmt] = ast.parse(module.read_text("utf-8")).body
    for part in name.split("."):
        found = [one for one in body if getattr(one, "name", None) == part]
        if not found:
            return False
        body = getattr(found[0], "body", [])
    return True


@pytest.mark.parametrize("way", WAYS)
def test_each_step_of_a_way_is_in_the_code(way: str) -> None:
    (section,) = [one for one in PAGE.read_text("utf-8").split("\n### ") if one.startswith(way)]
    steps = named(section.split("\n## ")[0])
    assert len(steps) > 5
    assert not [step for step in steps if not is_there(SOURCES[step[0]] / step[1], step[2])]


def test_a_step_that_is_not_there_is_found() -> None:
    assert named("`sdk/diary/journal.py:\n  Journal.edit`") == [("sdk", "diary/journal.py", "Journal.edit")]
    module = SOURCES["sdk"] / "diary/journal.py"
    assert is_there(module, "Journal.edit")
    assert not is_there(module, "Journal.no_such_call")
    assert not is_there(module.with_name("no_such_module.py"), "Journal")
