"""What is kept here works anywhere: no place that only one machine has, no index that only some can reach."""

from __future__ import annotations

import re

import pytest
from tests.project.workspace import ROOT, kept_files

# In pieces, so that this file does not find itself.
HOSTS = re.compile(
    "|".join(["py" + r"pi\.org", "python" + r"hosted\.org", "npm" + r"js\.(org|com)", "deb" + r"ian\.org/debian"])
)
PLACES = re.compile(r"(?<![\w.~>}-])/(" + "|".join(["work", "root", "tmp", "home/[a-z]", "Users/[a-zA-Z]"]) + ")/")
ADDRESS = re.compile("[a-z+]+:" + "//", re.IGNORECASE)
SETTINGS = {".lock", ".toml", ".cfg", ".ini", ".yml", ".yaml", ".npmrc", ".conf"}
LOCKS = {"package.json", "package-lock.json", "run", ".gitignore", ".npmrc"}


def texts() -> list[tuple[str, str]]:
    """Path and content of every kept file that is text."""
    found = []
    for path in kept_files():
        content = path.read_bytes()
        if b"\0" not in content[:8000]:
            found.append((path.relative_to(ROOT).as_posix(), content.decode("utf-8")))
    assert found
    return found


def lines_with(pattern: re.Pattern[str], content: str) -> list[int]:
    return [number for number, line in enumerate(content.splitlines(), 1) if pattern.search(line)]


@pytest.mark.parametrize("pattern", [HOSTS, PLACES], ids=["no package index", "no place of one machine"])
def test_nothing_kept_names(pattern: re.Pattern[str]) -> None:
    found = {name: lines_with(pattern, content) for name, content in texts()}
    assert not {name: lines for name, lines in found.items() if lines}


def test_settings_and_locks_hold_no_address() -> None:
    chosen = [(n, c) for n, c in texts() if "." + n.rpartition(".")[2] in SETTINGS or n.split("/")[-1] in LOCKS]
    assert {"requirements.lock", "pyproject.toml", "run"} <= {name for name, _ in chosen}
    found = {name: lines_with(ADDRESS, content) for name, content in chosen}
    assert not {name: lines for name, lines in found.items() if lines}


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (HOSTS, "index-url = https://" + "py" + "pi.org/simple"),
        (HOSTS, '"resolved": "https://registry.' + "npm" + 'js.org/x/-/x-1.0.0.tgz"'),
        (PLACES, "    # via -r /" + "tmp/requirements.in"),
        (PLACES, 'DATA = "/' + 'work/data"'),
        (ADDRESS, "file:" + "///wheels"),
    ],
)
def test_it_would_be_noticed(pattern: re.Pattern[str], line: str) -> None:
    assert lines_with(pattern, f"first\n{line}\n") == [2]
