"""What is typed or chosen stays with the app: no control has a browser keep it in files of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from client_sdk.web.node import PACKAGE

CONTROL = re.compile(r"<(?:input|textarea|select)\b(.*?)/>", re.DOTALL)


def without_it(source: str) -> Iterator[str]:
    """Controls that leave it to the browser what it keeps."""
    yield from (match.group() for match in CONTROL.finditer(source) if "autocomplete=" not in match.group(1))


def test_every_control_says_what_a_browser_may_keep() -> None:
    """Else it keeps a form's content to put it back after a restart, readable whatever the app's lock."""
    sources: dict[Path, str] = {path: path.read_text("utf-8") for path in (PACKAGE / "app").rglob("*.tsx")}
    assert sum(len(CONTROL.findall(text)) for text in sources.values()) >= 10
    assert {path.name: found for path, text in sources.items() if (found := list(without_it(text)))} == {}


def test_one_that_does_not_is_noticed() -> None:
    source = '<input type="radio" onChange={() => choose(1)} /><textarea\n  autocomplete="off"\n  value={text}\n/>'
    assert list(without_it(source)) == ['<input type="radio" onChange={() => choose(1)} />']
