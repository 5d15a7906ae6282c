"""What the screens say: nothing that no screen says any more, and the same places to fill in, in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from client_sdk.web.node import PACKAGE

APP = PACKAGE / "app"
BY_CODE = {"errors", "more"}
"""Sections whose words are looked up by a code or a name."""
BY_STATE = {("sharing", state) for state in ("erased", "kept", "refused", "waiting")}


def keys() -> Iterator[tuple[str, str]]:
    """The words of the screens: by section, the names in it."""
    section = ""
    for line in (APP / "words" / "en.ts").read_text("utf-8").splitlines():
        if found := re.match(r"  (\w+): \{", line):
            section = found[1]
        for name in re.findall(r"(\w+):", line[line.index("{") :]) if re.match(r"  tabs: \{", line) else []:
            yield section, name
        if found := re.match(r"    (\w+):", line):
            yield section, found[1]


def test_every_word_is_said_somewhere() -> None:
    sources = "".join(path.read_text("utf-8") for path in APP.rglob("*.ts*") if path.parent.name != "words")
    said = set(re.findall(r"words\.(\w+)\.(\w+)", sources))
    tabs = {("tabs", name) for name in re.findall(r'tab: "(\w+)"', sources)}
    unsaid = {one for one in keys() if one[0] not in BY_CODE} - said - tabs - BY_STATE
    assert not unsaid


def test_modules_can_be_read_at_one_sitting() -> None:
    long = {path.name: len(path.read_text("utf-8").splitlines()) for path in APP.rglob("*.ts*")}
    texts = {"en.ts", "de.ts"}  # one list of words a language, to be read beside one another
    assert {name for name, lines in long.items() if lines >= 400} <= texts
